"""Source of a compiled checker -> `Checker`, whose `check` runs a form's rules again over what a phone sent.

The source is audited before it is executed, without builtins: only generated names, literals, calls of
helpers and plain control flow pass. What the helpers with access to one run do stands in `check_run.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

from forms.check_run import RUN_HELPERS, FormFacts, Run
from forms.checked import Checked, Lists
from forms.patience import never
from forms.runtime import HELPERS

RUNTIME = 1
MAX_SOURCE = 16_000_000
_READ = re.compile(r"[vsrfpqingecl]\d+|[xtu]|answers|h_[a-zA-Z_0-9]+")
_WRITTEN = re.compile(r"[vsrfpqingcl]\d+|[tu]|RUNTIME|NODES|GENERIC|TABLES")
_PARAMETER = re.compile(r"[vsrfpqinl]\d+|x|answers")
_FUNCTION = re.compile(r"e\d+|check")
_STATEMENTS = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AugAssign, ast.Expr,
    ast.If, ast.For, ast.Try, ast.ExceptHandler, ast.Pass,
)  # fmt: skip
_EXPRESSIONS = (
    ast.Name, ast.Load, ast.Store, ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Subscript,
    ast.Call, ast.Starred, ast.Lambda, ast.ListComp, ast.comprehension, ast.IfExp, ast.BoolOp, ast.UnaryOp,
    ast.BinOp, ast.Compare,
)  # fmt: skip
_OPERATORS = (
    ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Eq, ast.NotEq, ast.Lt,
    ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
)  # fmt: skip
_ALLOWED = (*_STATEMENTS, *_EXPRESSIONS, *_OPERATORS)


class UnsafeSource(ValueError):
    """The source is not what `python.py` writes; it was altered, or the emitter has a mistake."""


class Checker:
    """The rules of one form version, ready to run; may be used by several threads."""

    def __init__(self, check: Callable[[Run, object], None], facts: FormFacts) -> None:
        """Take the compiled function and what it says about the nodes."""
        self._check = check
        self._facts = facts

    def check(
        self,
        answers: dict[str, Any],
        lists: Lists,
        meta: Mapping[str, Any],
        is_over: Callable[[], bool] = never,
    ) -> Checked:
        """Run every rule over the answers of one filling.

        Args:
            answers: nested like the form; decimals are strings.
            lists: as they were on the phone.
            meta: `started_at`, `ended_at` (ISO), `utc_offset_min`.
            is_over: asked now and then whether nobody waits any longer.

        Returns:
            What is wrong, in document order, and what the record is called, belongs to and writes.

        Raises: GivenUp.
        """
        run = Run(self._facts, lists, meta, is_over)
        self._check(run, answers)
        return run.checked


def load_checker(source: str) -> Checker:
    """Audit and compile a checker's source.

    Raises:
        UnsafeSource: it contains anything but generated code, or is for another runtime.
    """
    if len(source) > MAX_SOURCE:
        raise UnsafeSource("too long")
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnsafeSource(str(error)) from error
    audit(tree)
    space: dict[str, Any] = {"__builtins__": {}, **_HELPERS}
    exec(compile(tree, "<form>", "exec"), space)  # noqa: S102 - our own emitted code, audited, no builtins
    if space.get("RUNTIME") != RUNTIME:
        raise UnsafeSource(f"runtime {space.get('RUNTIME')!r}")
    return Checker(space["check"], FormFacts.of(space))


def audit(tree: ast.AST) -> None:
    """Refuse every construct and name that the emitter doesn't write.

    Raises: UnsafeSource.
    """
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise UnsafeSource(f"{type(node).__name__} at line {getattr(node, 'lineno', 0)}")
        if not _is_plain(node):
            raise UnsafeSource(f"{ast.dump(node)[:80]} at line {getattr(node, 'lineno', 0)}")


def _is_plain(node: ast.AST) -> bool:
    """Whether names, calls and functions are of the kind that is emitted."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return _READ.fullmatch(name) is not None
        case ast.Name(id=name):
            return _WRITTEN.fullmatch(name) is not None
        case ast.arg(arg=name, annotation=None):
            return _PARAMETER.fullmatch(name) is not None
        case ast.arguments():
            return not (node.defaults or node.kwonlyargs or node.vararg or node.kwarg or node.posonlyargs)
        case ast.FunctionDef(name=name):
            return _FUNCTION.fullmatch(name) is not None and not node.decorator_list and node.returns is None
        case ast.BinOp(op=ast.Div()):
            return isinstance(node.right, ast.Constant) and bool(node.right.value)
        case ast.Call():
            return isinstance(node.func, ast.Name) and not node.keywords
        case ast.ExceptHandler():
            return node.name is None
        case ast.arg():
            return False
    return True


_HELPERS: dict[str, Any] = {f"h_{name}": helper for name, helper in {**HELPERS, **RUN_HELPERS}.items()}
