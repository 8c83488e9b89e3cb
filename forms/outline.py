"""Resolved definition -> the JSON that desk, export and store read: nodes, choices, entities, lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forms.definition import LAST_SAVED, Definition, EntityDeclaration, Node, Text
from forms.expression import Call, Expression, Number, String
from forms.media import named_files
from forms.tree import Tree

# What stands for a part of a text that is computed while filling.
DYNAMIC = "…"
YES_NO = (Number(1), Number(0), String("1"), String("0"))
SEXES = (String("M"), String("F"))
ALWAYS = Call("true", ())


def outline(form: Definition) -> dict[str, Any]:
    """Say what a form is, without its expressions."""
    tree = Tree(form.nodes)
    settings = {name.removeprefix("ly:"): value for name, value in form.extra.items()}
    return {
        "form_id": form.form_id,
        "version": form.version,
        "title": plain(form.title),
        "languages": list(form.languages),
        "default_language": form.default_language,
        "purpose": _by_language(form, settings.get("purpose", ""), settings.get("purpose_en", "")),
        "retention_days": int(settings.get("retention_days") or 0),
        "settings": settings,
        "nodes": [_node(node, form, tree) for node in form.nodes[1:]],
        "choices": _choices(form),
        "entities": [_entity(each, tree, settings) for each in form.entities],
        "lists": [
            {"name": use.name, "columns": list(use.columns), "keys": list(use.keys)}
            for use in form.lists
            if use.name != LAST_SAVED
        ],
        "media": named_files(form),
        "subject": next((tree.path(node.id) for node in form.nodes if node.extra.get("ly:subject")), ""),
    }


def plain(text: Text | None) -> dict[str, str]:
    """A text by language, `…` for each computed part."""
    if text is None:
        return {}
    return {
        language: "".join(part if isinstance(part, str) else DYNAMIC for part in parts).strip()
        for language, parts in text.by_language.items()
    }


def _node(node: Node, form: Definition, tree: Tree) -> dict[str, Any]:
    extra = node.extra
    return {
        "path": tree.path(node.id),
        "name": node.name,
        "kind": node.kind,
        "parent": tree.path(node.parent) if node.parent > 0 else "",
        "type": node.type,
        "control": node.control,
        "media_type": node.media_type,
        "label": plain(node.label),
        "list": node.itemset.list_name if node.itemset else "",
        "class": extra.get("ly:class", ""),
        "purpose": _by_language(form, extra.get("ly:purpose", ""), extra.get("ly:purpose_en", "")),
        "subject": extra.get("ly:subject", ""),
        "save_to": node.save_to,
        "rule": extra.get("ly:rule", ""),
        "level": extra.get("ly:level", ""),
        "is_note": _is_note(node, form),
        "is_yes_no": _is_yes_no(node.calculation),
        "is_sex": _is_sex(node.calculation),
    }


def _is_note(node: Node, form: Definition) -> bool:
    """A note only shows text: nobody may ever fill it, and nothing computes it or puts an answer there."""
    is_text = node.control == "input" and node.type == "string" and node.read_only == ALWAYS
    is_put = node.calculation is not None or node.default != ""
    return is_text and not is_put and all(action.target != node.id for action in form.actions)


def _is_yes_no(calculation: Expression | None) -> bool:
    """A calculation that gives 1 or 0, as `if(…, 1, 0)`, says yes or no."""
    if isinstance(calculation, Call) and calculation.name == "if" and len(calculation.arguments) == 3:
        return all(each in YES_NO for each in calculation.arguments[1:])
    return False


def _is_sex(calculation: Expression | None) -> bool:
    """A calculation that gives M or F, as `sexof(…)` does, or beside them what a list says."""
    results = list(_results(calculation))
    texts = [each for each in results if isinstance(each, String | Number) and each != String("")]
    return all(sex in texts for sex in SEXES) and all(text in SEXES for text in texts)


def _results(expression: Expression | None) -> Iterator[Expression]:
    """What an expression may give, through every `if`."""
    if isinstance(expression, Call) and expression.name == "if" and len(expression.arguments) == 3:
        for branch in expression.arguments[1:]:
            yield from _results(branch)
    elif expression is not None:
        yield expression


def _choices(form: Definition) -> dict[str, list[dict[str, Any]]]:
    """Name and label of every choice, from the columns that the selects say; else from those names."""
    said = {each.list_name: (each.value, each.label) for node in form.nodes if (each := node.itemset)}
    return {
        name: [_choice(form, row, *said.get(name, ("name", "label"))) for row in rows]
        for name, rows in form.choice_lists.items()
        if name in said or all("name" in row for row in rows)
    }


def _choice(form: Definition, row: dict[str, str | Text], value: str, label: str) -> dict[str, Any]:
    text = row.get(label, "")
    shown = plain(text) if isinstance(text, Text) else _by_language(form, text, "")
    return {"name": row.get(value, ""), "label": shown}


def _entity(entity: EntityDeclaration, tree: Tree, settings: dict[str, str]) -> dict[str, Any]:
    creates, updates = entity.create_if is not None, entity.update_if is not None
    return {
        "list_name": entity.list_name,
        "container": tree.path(entity.container) if entity.container else "",
        "kind": "both" if creates and updates else "update" if updates else "create",
        "properties": {name: tree.path(node) for name, node in entity.save_to.items()},
        "when": settings.get("entities_when") or "receipt",
    }


def _by_language(form: Definition, default: str, english: str) -> dict[str, str]:
    texts = {form.default_language: default, "en": english}
    return {language: text for language, text in texts.items() if text}
