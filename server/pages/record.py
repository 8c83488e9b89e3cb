"""One record: every answer with what belongs beside it, its history, and the decision on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.actions.doubts import conflicts_of, pairs_of
from server.actions.records import (
    Version,
    decisions_of,
    files_arrived,
    get_submission,
    next_waiting,
    previous_check,
    read_version,
    register_values,
    user_names,
    versions_of,
    violations_of,
)
from server.actions.reveal import may_reveal, reveal
from server.actions.review import Verdict, decide
from server.models import Decision, Submission, SubmissionVersion, User, Violation
from server.outline import Outline, pick, plain_path
from server.pages.answers import Lens, Reader, Section, only_changed
from server.pages.blocked import why_not_record
from server.pages.door import desk_blueprint, in_language, language, visitor
from server.pages.queue import form_titles, village_names
from server.pages.sides import cells_in, names_of_rows
from server.problems import Problem

LEVEL_ORDER = "EWQ"
UNCHECKED = "N"  # a value that can't be computed again: no finding
COMMENT_FIELD = "comment:"

record_pages = desk_blueprint("record", "queue")


@record_pages.get("/records/<root_id>")
def show(root_id: str) -> str:
    """A record as it stands, sensitive answers masked."""
    return show_record(root_id)


@record_pages.post("/records/<root_id>/reveal")
def open_masked(root_id: str) -> str:
    """The same page with sensitive answers open, after the reason is in the audit log."""
    submission = get_submission(visitor().user, root_id)
    reveal(visitor().user, "submission", root_id, submission.village, request.form.get("reason", ""))
    return show_record(root_id, is_open=True)


@record_pages.post("/records/<root_id>/decision")
def take_decision(root_id: str) -> Response | tuple[str, int]:
    """Approve, return or reject the version that was on the screen."""
    get_submission(visitor().user, root_id)  # in scope, or unknown
    try:
        decide(visitor().user, root_id, read_verdict(request.form))
    except Problem as problem:
        return show_record(root_id, problem=problem), problem.status
    return redirect(url_for("desk_record.show", root_id=root_id))


def read_verdict(values: Mapping[str, str]) -> Verdict:
    comments = {
        name.removeprefix(COMMENT_FIELD): text
        for name, text in values.items()
        if name.startswith(COMMENT_FIELD)
    }
    return Verdict(
        values.get("instance_id", ""), values.get("action", ""), values.get("comment", ""), comments
    )


def show_record(root_id: str, *, is_open: bool = False, problem: Problem | None = None) -> str:
    user = visitor().user
    submission = get_submission(user, root_id)
    versions = versions_of(submission)
    row = choose_version(versions, request.values.get("version") or submission.current_id)
    version = read_version(row)
    beside = choose_beside(user, submission, versions, version)
    decisions = decisions_of(submission)
    violations = violations_of(submission.town_id, row.instance_id)
    trees = [version.answers, *([beside.answers] if beside else [])]
    checked = [one for one in violations if one.level != UNCHECKED]
    lens = Lens(
        language=language(),
        is_open=is_open,
        names=names_of_rows(submission.town_id, version.outline, trees),
        violations=by_path(checked),
        comments=comments_on(decisions),
        recomputed=row.calculated or {},
        is_compared=beside is not None,
        only_known=frozenset(beside.known) if beside and beside.known is not None else None,
    )
    reader = Reader(version.outline, lens)
    sections = reader.sections(version.answers, beside.answers if beside else None)
    shows_changes = beside is not None and request.values.get("only") == "changed"
    return render_template(
        "desk/record.html",
        submission=submission,
        version=version,
        versions=versions,
        sections=only_changed(sections) if shows_changes else sections,
        shows_changes=shows_changes,
        n_changes=sum(1 for cell in cells_in(sections) if cell.change),
        workings=reader.workings(version.answers),
        n_unchecked=len(violations) - len(checked),
        beside=beside,
        beside_kinds=list(g.beside_kinds),
        decisions=decisions,
        pairs=pairs_of(user, root_id),
        conflicts=conflicts_of(user, [one.instance_id for one in versions]),
        violations=sort_violations(checked, version.outline),
        reasons=reasons_given(checked, sections),
        arrived=files_arrived(submission.town_id, row.instance_id),
        people=user_names({row.user_id for row in versions} | {one.user_id for one in decisions}),
        forms=form_titles(),
        villages=village_names(user),
        is_open=is_open,
        may_open=may_reveal(user, submission.village) and not is_open,
        blocked=why_not_record(user, submission, row.instance_id),
        following=next_waiting(user, submission),
        problem=in_language(problem) if problem else None,
        typed=request.form if problem else {},
    )


def choose_version(versions: list[SubmissionVersion], instance_id: str) -> SubmissionVersion:
    found = next((row for row in versions if row.instance_id == instance_id), None)
    if found is None:
        raise Problem("record_unknown")
    return found


class Beside:
    """What a record is compared with: `kind` is check, version or register."""

    def __init__(
        self,
        kind: str,
        answers: Any,
        row: SubmissionVersion | None = None,
        known: Iterable[str] | None = None,
    ) -> None:
        self.kind = kind
        self.answers = answers
        self.row = row
        self.known = known


def choose_beside(
    user: User, submission: Submission, versions: list[SubmissionVersion], version: Version
) -> Beside | None:
    """By the address's `beside`; else a correction beside what it corrects, a check beside the last one."""
    asked = request.values.get("beside", "")
    candidates = [
        beside_version(versions, version),
        beside_check(user, submission),
        beside_register(submission, version.outline),
    ]
    g.beside_kinds = {found.kind: found for found in candidates if found is not None}
    if asked == "none":
        return None
    return g.beside_kinds.get(asked) or next(iter(g.beside_kinds.values()), None)


def beside_version(versions: list[SubmissionVersion], version: Version) -> Beside | None:
    before = next((row for row in versions if row.instance_id == version.row.deprecated_id), None)
    return Beside("version", read_version(before).answers, before) if before else None


def beside_check(user: User, submission: Submission) -> Beside | None:
    row = previous_check(user, submission)
    return Beside("check", read_version(row).answers, row) if row else None


def beside_register(submission: Submission, outline: Outline) -> Beside | None:
    """The subject's list row as answers, for the questions the form saves to it."""
    values = register_values(submission, outline)
    if not values:
        return None
    answers: dict[str, Any] = {}
    for path, value in values.items():
        *groups, name = path.split("/")
        scope = answers
        for group in groups:
            scope = scope.setdefault(group, {})
        node = outline.by_path.get(path)
        scope[name] = value.split() if node and node.type == "select_multiple" else value
    return Beside("register", answers, known=values)


def by_path(violations: list[Violation]) -> dict[str, list[Violation]]:
    found: dict[str, list[Violation]] = defaultdict(list)
    for violation in violations:
        found[violation.path.strip("/")].append(violation)
    return found


def comments_on(decisions: list[Decision]) -> dict[str, list[str]]:
    """Path -> comments of all returns, oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for decision in decisions:
        for path, text in decision.comments.items():
            found[path.strip("/")].append(text)
    return found


def sort_violations(violations: list[Violation], outline: Outline) -> list[tuple[Violation, str, str]]:
    """(violation, the question's words or '' where no answer is shown, message), the gravest first."""
    here = language()
    ordered = sorted(violations, key=lambda one: (LEVEL_ORDER.find(one.level), one.ordinal))
    return [(one, shown_label(one.path.strip("/"), outline), pick(one.message, here)) for one in ordered]


def reasons_given(violations: list[Violation], sections: list[Section]) -> dict[str, str]:
    """Path -> what the sender wrote, where a warning asks for a reason; masked as on the page."""
    asked = {one.path.strip("/") for one in violations if one.level == "W"}
    cells = [cell for cell in cells_in(sections) if cell.path in asked]
    return {cell.path: cell.text for cell in cells if cell.node.type == "string" and not cell.is_masked}


def shown_label(path: str, outline: Outline) -> str:
    node = outline.by_path.get(plain_path(path))
    if node is None:
        return path
    return node.words(language()) if node.label and not node.is_working else ""
