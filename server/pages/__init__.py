"""The desk: pages for people who review, publish and administer."""

from __future__ import annotations

from flask import Blueprint

from server.pages import (
    account,
    attend,
    audit,
    cards,
    devices,
    doubts,
    enrolments,
    event,
    events,
    exports,
    forms,
    hand_over,
    held,
    inbox,
    lists,
    pair,
    pairings,
    people,
    people_imports,
    queue,
    record,
    reminders,
    session,
    sheets,
    start,
    tasks,
    tickets,
)


def blueprints() -> list[Blueprint]:
    return [
        session.session,
        session.leaving,
        account.account_pages,
        queue.queue_pages,
        record.record_pages,
        doubts.doubt_pages,
        pair.pair_pages,
        pairings.pairing_pages,
        tickets.ticket_pages,
        hand_over.hand_over_pages,
        tasks.task_pages,
        held.held_pages,
        exports.export_pages,
        start.start_pages,
        forms.form_pages,
        lists.list_pages,
        cards.card_pages,
        people.people_pages,
        people_imports.people_import_pages,
        enrolments.enrolment_pages,
        devices.device_pages,
        audit.audit_pages,
        inbox.inbox_pages,
        reminders.reminder_pages,
        events.event_pages,
        event.event_page,
        sheets.sheet_pages,
        attend.attend,
    ]
