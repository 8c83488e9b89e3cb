"""All tables, so that one import gives Alembic and the tests the whole schema."""

from server.models.entity import Departure, Entity, EntityChange, EntityIdentifier, EntityList, Serial
from server.models.event import Attendance, Card, CheckIn, Event, EventSession, RosterEntry, SigningKey
from server.models.form import Form, FormAssignment, FormDraft, FormFile, FormVersion, review_levels
from server.models.pairing import Contact, Mute, Pairing, Task, TaskBatch, Ticket
from server.models.people import Enrolment, Throttle
from server.models.reminder import CalendarFeed, Deadline, Lease, Message, MessageText, Reminder, Workday
from server.models.submission import (
    UNREVIEWED,
    Decision,
    Duplicate,
    File,
    HeldItem,
    Submission,
    SubmissionFile,
    SubmissionKey,
    SubmissionVersion,
    Violation,
)
from server.models.town import Audit, DeskSession, Device, Town, User, UserRole

__all__ = [
    "UNREVIEWED",
    "Attendance",
    "Audit",
    "CalendarFeed",
    "Card",
    "CheckIn",
    "Contact",
    "Deadline",
    "Decision",
    "Departure",
    "DeskSession",
    "Device",
    "Duplicate",
    "Enrolment",
    "Entity",
    "EntityChange",
    "EntityIdentifier",
    "EntityList",
    "Event",
    "EventSession",
    "File",
    "Form",
    "FormAssignment",
    "FormDraft",
    "FormFile",
    "FormVersion",
    "HeldItem",
    "Lease",
    "Message",
    "MessageText",
    "Mute",
    "Pairing",
    "Reminder",
    "RosterEntry",
    "Serial",
    "SigningKey",
    "Submission",
    "SubmissionFile",
    "SubmissionKey",
    "SubmissionVersion",
    "Task",
    "TaskBatch",
    "Throttle",
    "Ticket",
    "Town",
    "User",
    "UserRole",
    "Violation",
    "Workday",
    "review_levels",
]
