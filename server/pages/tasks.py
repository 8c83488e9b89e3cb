"""Tasks at the desk: made from a list after a look at who gets what, followed by village and by person."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import Scope
from server.actions.entities import desk_writer
from server.actions.records import names_of
from server.actions.task_filters import DONE, Facet, Filter, facets, readable
from server.actions.task_views import (
    MENTOR,
    VILLAGE,
    Plan,
    Progress,
    get_batch,
    list_batches,
    make_batch,
    preview,
    progress_by,
    start_forms,
    tasks_of,
)
from server.actions.tasks import cancel, reassign
from server.actions.vocabulary import column_words
from server.clock import today
from server.database import db, write_transaction
from server.models import Task
from server.outline import pick
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.pages.pairings import persons_of
from server.pages.queue import form_titles, village_names
from server.problems import Problem

MAKERS = frozenset({"town_office", "town_leader", "village_head", "village_clerk"})
MAX_SHOWN = 500

task_pages = desk_blueprint("tasks", "tasks")


@task_pages.get("/tasks")
def show() -> str:
    """The batches of tasks and how far they are."""
    scope = visitor().scope
    batches = list_batches(scope)
    ids = [batch.batch_id for batch in batches]
    return render_template(
        "desk/tasks.html",
        batches=batches,
        progress=progress_by(scope, Task.batch_id.expression, Task.batch_id.in_(ids)),
        nothing=Progress(),
        forms=form_titles(),
        may_make=scope.has(MAKERS),
    )


@task_pages.get("/tasks/new")
def show_new() -> str:
    """Choose form, rows, day and how they find their person; then see who gets what."""
    return show_plan()


def show_plan(problem: Problem | None = None) -> str:
    user, scope = visitor().user, visitor().scope
    if not scope.has(MAKERS):
        raise Problem("not_allowed")
    plan, forms = read_plan(), start_forms()
    list_name = forms[plan.form_id][1] if plan.form_id in forms else ""
    seen = None
    if list_name and plan.due_on:
        try:
            seen = preview(scope, list_name, plan, left_out())
        except Problem as too_many:
            problem = problem or too_many
    persons = {one.person for one in seen.assignments} if seen else set()
    here = language()
    return render_template(
        "desk/task_new.html",
        here="tasks",
        plan=plan,
        forms={form_id: pick(title, here) for form_id, (title, _) in forms.items()},
        list_name=list_name,
        facets=in_words(list_name, facets(scope, list_name, plan.chosen.village)) if list_name else [],
        chosen=dict(plan.chosen.wheres),
        done=DONE,
        villages=village_names(user),
        seen=seen,
        names=names_of(user.town_id, "person", persons),
        persons=persons_of(user.town_id),
        ways=(MENTOR, VILLAGE),
        max_shown=MAX_SHOWN,
        problem=in_language(problem) if problem else None,
    )


def in_words(list_name: str, found: list[Facet]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(column, its name, its values with their words) of each column to choose by."""
    here, words, shown = language(), column_words(), []
    places = village_names(visitor().user)
    for facet in found:
        told = words.get(f"{list_name}#{facet.column}", {})
        values = [
            (value, pick(told.get(value, {}), here) or places.get(value, value)) for value in facet.values
        ]
        shown.append((facet.column, pick(facet.label, here) or facet.column, values))
    return shown


def read_plan() -> Plan:
    values = request.values
    wheres = (
        (name.removeprefix("where_"), value) for name, value in values.items() if name.startswith("where_")
    )
    chosen = Filter(
        village=values.get("village", ""),
        text=values.get("q", "").strip()[:50],
        wheres=tuple((name, value) for name, value in wheres if value),
        done=done if (done := values.get("done", "")) in DONE else "",
        done_on=values.get("done_on", ""),
        mentor=values.get("mentor", ""),
    )
    return Plan(
        form_id=values.get("form", ""),
        title=values.get("title", "").strip()[:100],
        due_on=values.get("due_on", ""),
        assign=values.get("assign", MENTOR),
        chosen=readable(chosen),
    )


def left_out() -> frozenset[str]:
    return frozenset(request.values.getlist("left_out"))


@task_pages.post("/tasks/new")
def take_new() -> Response | tuple[str, int]:
    """Make the batch that was looked at."""
    scope, plan, forms = visitor().scope, read_plan(), start_forms()
    try:
        if plan.form_id not in forms:
            raise Problem("field_invalid", field="form")
        batch_id = make_batch(scope, forms[plan.form_id][1], plan, left_out())
    except Problem as problem:
        db.session.rollback()
        return show_plan(problem), problem.status
    flash(say("tasks_made"))
    return redirect(url_for("desk_tasks.show_batch", batch_id=batch_id))


@task_pages.get("/tasks/<batch_id>")
def show_batch(batch_id: str) -> str:
    """One batch: progress by village and by person, and what is open."""
    user, scope = visitor().user, visitor().scope
    batch = get_batch(scope, batch_id)
    by_person = progress_by(scope, Task.person.expression, Task.batch_id == batch_id)
    state = request.args.get("state", "open")
    rows = tasks_of(scope, batch_id, state if state in ("open", "done", "cancelled") else "")
    return render_template(
        "desk/task_batch.html",
        here="tasks",
        batch=batch,
        state=state,
        rows=rows[:MAX_SHOWN],
        n_rows=len(rows),
        by_village=progress_by(scope, Task.village.expression, Task.batch_id == batch_id),
        by_person=by_person,
        names=names_of(user.town_id, "person", {*by_person, *(row.person for row in rows)}),
        labels=names_of(user.town_id, batch.list_name, {row.entity_id for row in rows}),
        villages=village_names(user),
        forms=form_titles(),
        persons=persons_of(user.town_id) if scope.has(MAKERS) else [],
        may_make=scope.has(MAKERS),
        today=today().isoformat(),
    )


@task_pages.post("/tasks/<batch_id>/changes")
def take_changes(batch_id: str) -> Response:
    """Cancel the chosen tasks, or give them to somebody else."""
    scope, values = visitor().scope, request.form
    get_batch(scope, batch_id)  # in scope, or unknown
    n = change(scope, batch_id, values.get("action", ""), values.getlist("task"), values)
    flash(say("tasks_changed", n=n))
    return redirect(url_for("desk_tasks.show_batch", batch_id=batch_id))


def change(scope: Scope, batch_id: str, action: str, ids: list[str], values: dict[str, str]) -> int:
    with write_transaction():
        writer = desk_writer(scope.town_id, scope.user_id)
        seen = tasks_of(scope, batch_id, "open", ids)
        tasks = [task for task in seen if scope.has_at(MAKERS, task.village)]
        if action == "cancel":
            n = cancel(writer, tasks, values.get("note", "").strip()[:500])
        elif action == "reassign" and values.get("person"):
            n = reassign(writer, tasks, values["person"])
        else:
            raise Problem("field_invalid", field="person")
        writer.save()
    return n
