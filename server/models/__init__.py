"""All tables, so that one import gives Alembic and the tests the whole schema."""

from server.models.entity import Departure, Entity, EntityChange, EntityIdentifier, EntityList, Serial
from server.models.form import Form, FormVersion
from server.models.submission import (
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
from server.models.town import Audit, DeskSession, Device, Town, User

__all__ = [
    "Audit",
    "Decision",
    "Departure",
    "DeskSession",
    "Device",
    "Duplicate",
    "Entity",
    "EntityChange",
    "EntityIdentifier",
    "EntityList",
    "File",
    "Form",
    "FormVersion",
    "HeldItem",
    "Serial",
    "Submission",
    "SubmissionFile",
    "SubmissionKey",
    "SubmissionVersion",
    "Town",
    "User",
    "Violation",
]
