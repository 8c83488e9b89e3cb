"""Holds who may import whom, counting the imports inside functions too."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("forms", "sync", "server")

# Lower layers first; a module imports from its own layer and from lower ones.
LAYERS = (
    "config clock patience database problems wall_codes attendance setup qr codes sealing certificates"
    " terminator card_texts"
    " ids browsers outline passwords working_days cadence icalendar reminder_words channels channel_child"
    " texts account_texts admin_texts publishing_texts"
    " contact_rules pairing_kinds enrolment_texts pairing_texts place_texts reminder_texts event_texts pinyin"
    " archives tables",
    "models",
    "schemas store access permissions audit counter migrations planner demo changes checkers duplicates"
    " event_changes form_changes inbox_changes leave_changes levels record_changes lists snapshots rows"
    " quality identifiers table_lists workdays",
    "actions",
    "api pages jobs statics arrival lan",
    "cli",
    "app",
    "scheduler",
    "serve access_page",
)
# Heavy libraries that may be imported inside a function: (file, library).
LAZY = {
    ("forms/workbook.py", "pyxform"),
    ("server/pinyin.py", "pypinyin"),
}


@dataclass(frozen=True)
class Import:
    file: str
    module: str
    imported: str
    line: int
    is_lazy: bool


def read_modules() -> dict[str, Path]:
    paths = (path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
    return {name_module(path): path for path in paths if not {"node_modules", "versions"} & set(path.parts)}


def name_module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = read_modules()


def read_imports(name: str) -> Iterator[Import]:
    path = MODULES[name]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    file = str(path.relative_to(ROOT))
    typing_only = {id(node) for block in find_typing_blocks(tree) for node in ast.walk(block)}
    lazy = {id(node) for function in find_functions(tree) for node in ast.walk(function)}
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        for imported in find_imported(node):
            yield Import(file, name, imported, node.lineno, id(node) in lazy)


def find_functions(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def find_typing_blocks(tree: ast.AST) -> list[ast.AST]:
    blocks = (node for node in ast.walk(tree) if isinstance(node, ast.If))
    return [node for node in blocks if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"]


def find_imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    assert node.level == 0, f"a relative import in line {node.lineno}"
    names = [f"{node.module}.{alias.name}" for alias in node.names]
    return [name if name in MODULES else str(node.module) for name in names]


IMPORTS = [found for name in MODULES for found in read_imports(name)]


def test_forms_and_sync_stay_pure() -> None:
    allowed = {"forms": {"forms"}, "sync": {"sync", "forms"}, "server": set(OURS)}
    strays = [
        found
        for found in IMPORTS
        if found.imported.split(".")[0] in OURS
        and found.imported.split(".")[0] not in allowed[found.module.split(".")[0]]
    ]
    assert strays == []


def test_pure_packages_know_no_server_library() -> None:
    impure = {"flask", "sqlalchemy", "flask_sqlalchemy", "waitress", "alembic"}
    pure = [found for found in IMPORTS if not found.module.startswith("server")]
    assert [found for found in pure if found.imported.split(".")[0] in impure] == []


def test_other_packages_use_the_faces() -> None:
    strays = [
        found
        for found in IMPORTS
        if found.imported.startswith(("forms.", "sync."))
        and found.imported.split(".")[0] != found.module.split(".")[0]
        and not found.imported.startswith("sync.")
    ]
    assert strays == []


def find_layer(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "server" or len(parts) < 2:
        return None
    return next((number for number, names in enumerate(LAYERS) if parts[1] in names.split()), None)


def test_every_server_module_has_a_layer() -> None:
    unknown = [name for name in MODULES if name.startswith("server.") and find_layer(name) is None]
    assert unknown == []


def test_layers_are_kept() -> None:
    strays = []
    for found in IMPORTS:
        own, other = find_layer(found.module), find_layer(found.imported)
        if own is not None and other is not None and other > own:
            strays.append(found)
    assert strays == []


def test_imports_stand_at_the_top() -> None:
    lazy = {(found.file, found.imported.split(".")[0]) for found in IMPORTS if found.is_lazy}
    assert lazy - LAZY == set()


def test_there_are_no_cycles() -> None:
    graph: dict[str, list[str]] = {name: [] for name in MODULES}
    for found in IMPORTS:
        if found.imported in MODULES:
            graph[found.module].append(found.imported)
    assert find_cycle(graph) == []


def find_cycle(graph: dict[str, list[str]]) -> list[str]:
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in graph[name]:
            if other != name and (cycle := walk(other, [*path, name])):
                return cycle
        done.add(name)
        return []

    return next((cycle for name in graph if (cycle := walk(name, []))), [])
