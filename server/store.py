"""What sync asks and has stored, in SQL: reads before the write transaction, bulk inserts inside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, case, delete, select, update

from forms import EntityWrite
from server.access import ListAccess, Scope, read_lists
from server.checkers import LoadedForm, find_form
from server.database import db, fetch, insert_missing, insert_rows, table_of
from server.duplicates import open_again, record_duplicates
from server.levels import FirstLevels
from server.lists import PhoneLists
from server.models import (
    Entity,
    File,
    Form,
    HeldItem,
    Submission,
    SubmissionFile,
    SubmissionKey,
    SubmissionVersion,
    Town,
    Violation,
)
from server.patience import Patience
from server.quality import Case, Context, examine
from sync.decide import Kept, Outcome
from sync.store import Arrival, KnownForm, Prepared, Sender, Stored
from sync.store import Case as KnownCase

Rows = list[dict[str, Any]]

IDS: BindParameter[str] = bindparam("ids", expanding=True)
OF_TOWN: BindParameter[str] = bindparam("town_id")
DIGESTS = select(SubmissionVersion.instance_id, SubmissionVersion.digest).where(
    SubmissionVersion.town_id == OF_TOWN, SubmissionVersion.instance_id.in_(IDS)
)
VILLAGES = select(Entity.entity_id, Entity.village).where(
    Entity.town_id == OF_TOWN, Entity.list_name == bindparam("list_name"), Entity.entity_id.in_(IDS)
)
VERSIONS = select(
    SubmissionVersion.instance_id,
    SubmissionVersion.digest,
    SubmissionVersion.root_id,
    SubmissionVersion.seq,
    SubmissionVersion.received_at,
    SubmissionVersion.chain,
).where(SubmissionVersion.town_id == OF_TOWN, SubmissionVersion.instance_id.in_(IDS))
HELD = select(
    HeldItem.instance_id,
    HeldItem.digest,
    HeldItem.seq,
    HeldItem.received_at,
    HeldItem.chain,
    HeldItem.outcome,
    HeldItem.reason,
    HeldItem.files,
).where(HeldItem.town_id == OF_TOWN, HeldItem.instance_id.in_(IDS))
FILES = (
    select(SubmissionFile.instance_id, SubmissionFile.sha256)
    .where(SubmissionFile.town_id == OF_TOWN, SubmissionFile.instance_id.in_(IDS))
    .distinct()
)
IS_DEMO = select(Town.is_demo).where(Town.town_id == OF_TOWN)
CASES = select(Submission.root_id, Submission.form_id, Submission.current_id).where(
    Submission.town_id == OF_TOWN, Submission.root_id.in_(IDS)
)
PRESENT = select(File.sha256).where(
    File.town_id == OF_TOWN, File.sha256.in_(IDS), File.completed_at.is_not(None)
)


class SqlReader:
    """`sync.store.Reader` for one sender and one batch."""

    def __init__(self, scope: Scope, sender: Sender, last_seq: int) -> None:
        self.scope = scope
        self.sender = sender
        self.last_seq = last_seq
        self.access: Mapping[str, ListAccess] = read_lists(scope.town_id)
        self.loaded: dict[tuple[str, str], LoadedForm] = {}
        self._forms: dict[tuple[str, str], KnownForm | None] = {}
        self._lists: dict[int, PhoneLists] = {}
        self._created: dict[tuple[str, str], str] = {}
        self._added: list[EntityWrite] = []
        self._patience = Patience()

    def digests(self, instance_ids: Collection[str]) -> dict[str, str]:
        return dict(fetch(DIGESTS, {"town_id": self.scope.town_id, "ids": list(instance_ids)}))

    def find_form(self, form_id: str, version: str) -> KnownForm | None:
        key = (form_id, version)
        if key not in self._forms:
            found = find_form(form_id, version)
            self._forms[key] = found[0] if found else None
            if found:
                self.loaded[key] = found[1]
        return self._forms[key]

    def has_form(self, form_id: str) -> bool:
        return db.session.get(Form, form_id) is not None

    def lists_at(self, cursor: int) -> PhoneLists:
        if cursor not in self._lists:
            lists = PhoneLists(self.scope, self.access, cursor, self.last_seq)
            lists.add(self._added)
            self._lists[cursor] = lists
        return self._lists[cursor]

    def patience(self) -> Callable[[], bool]:
        return self._patience.begin()

    def remember(self, writes: Sequence[EntityWrite]) -> None:
        self._added += writes
        for lists in self._lists.values():
            lists.add(writes)
        for write in writes:
            rule = self.access.get(write.list_name)
            village = write.data.get(rule.village_column, "") if rule and rule.village_column else ""
            if write.kind == "create":
                self._created[write.list_name, write.entity_id] = village

    def find_villages(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        by_list: dict[str, list[str]] = defaultdict(list)
        for list_name, entity_id in keys:
            by_list[list_name].append(entity_id)
        found = dict(self._created)
        for list_name, ids in by_list.items():
            where = {"town_id": self.scope.town_id, "list_name": list_name, "ids": ids}
            for entity_id, village in fetch(VILLAGES, where):
                found[list_name, entity_id] = village
        return found

    def covers(self, village: str) -> bool:
        return self.scope.covers(village)

    def examine(self, prepared: Sequence[Prepared]) -> None:
        loaded = [self.loaded[one.item.form_id, one.item.version] for one in prepared]
        cases = [
            Case(one, form.outline, form.rules, form.pictures)
            for one, form in zip(prepared, loaded, strict=True)
        ]
        examine(cases, self.context)

    @property
    def outlines(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The outlines of the forms asked for so far."""
        return {key: form.outline for key, form in self.loaded.items()}

    @cached_property
    def context(self) -> Context:
        kinds = {
            name: {column: about["kind"] for column, about in rule.columns.items() if about.get("kind")}
            for name, rule in self.access.items()
        }
        ((is_demo,),) = fetch(IS_DEMO, {"town_id": self.scope.town_id})
        return Context(self.scope.town_id, self.scope.user_id, is_demo, kinds, self.lists_at)


class SqlWriter:
    """`sync.store.Writer` inside `write_transaction()`, the town's counter row locked."""

    def __init__(self, sender: Sender, *, is_release: bool = False) -> None:
        self.sender = sender
        self.is_release = is_release  # what is let in now must not be answered from where it was kept
        self.town_id = sender.town_id
        self.levels = FirstLevels(sender.user_id)

    def find_stored(self, instance_ids: Collection[str]) -> list[Stored]:
        versions = self.fetch(VERSIONS, instance_ids)
        apart = () if self.is_release else self.fetch(HELD, instance_ids)
        named: dict[str, list[str]] = {row.instance_id: [] for row in versions} | self.files_of(
            [row.instance_id for row in versions]
        )
        declared = {row.instance_id: [claim["sha256"] for claim in row.files] for row in apart}
        present = self.find_present(
            {digest for files in (named, declared) for ids in files.values() for digest in ids}
        )
        return [
            *(
                as_stored(row, [one for one in named[row.instance_id] if one not in present])
                for row in versions
            ),
            *(
                as_apart(row, [one for one in declared[row.instance_id] if one not in present])
                for row in apart
            ),
        ]

    def files_of(self, instance_ids: Collection[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for instance_id, sha256 in self.fetch(FILES, instance_ids):
            found[instance_id].append(sha256)
        return found

    def find_cases(self, root_ids: Collection[str]) -> list[KnownCase]:
        return [KnownCase(*row) for row in self.fetch(CASES, root_ids)]

    def find_present(self, digests: Collection[str]) -> set[str]:
        return {sha256 for (sha256,) in self.fetch(PRESENT, digests)}

    def fetch(self, statement: Executable, ids: Collection[str]) -> Sequence[Any]:
        return fetch(statement, {"town_id": self.town_id, "ids": list(ids)}) if ids else ()

    def write(self, arrivals: Sequence[Arrival]) -> None:
        apart = [one for one in arrivals if one.decision.kept is Kept.APART]
        stored = [one for one in arrivals if one.decision.kept is not Kept.APART]
        insert_rows(HeldItem, [self.held_row(one) for one in apart])
        insert_rows(SubmissionVersion, [self.version_row(one) for one in stored])
        insert_rows(Violation, [row for one in stored for row in self.violation_rows(one)])
        insert_rows(SubmissionFile, [row for one in stored for row in self.file_rows(one)])
        new = [one for one in stored if one.decision.kept is Kept.SUBMISSION]
        insert_rows(Submission, [self.submission_row(one) for one in new])
        self.move_on([one for one in stored if one.decision.kept is Kept.VERSION])
        self.write_keys(stored)
        record_duplicates(self.town_id, stored)

    def held_row(self, one: Arrival) -> dict[str, Any]:
        item = one.prepared.item
        files = [
            {"sha256": claim.sha256, "bytes": claim.bytes, "type": claim.type, "name": claim.name}
            for claim in item.files
        ]
        return {
            **self.envelope(one),
            "deprecated_id": item.deprecated_id,
            "outcome": one.decision.outcome.value,
            "reason": one.decision.reason,
            "village": one.prepared.village,
            "files": files,
            "state": "open",
            "decided_by": "",
            "decided_at": None,
            "decided_seq": 0,
            "comment": "",
            "taken_as": "",
        }

    def envelope(self, one: Arrival) -> dict[str, Any]:
        item = one.prepared.item
        return {
            "town_id": self.town_id,
            "instance_id": item.instance_id,
            "digest": item.digest,
            "form_id": item.form_id,
            "version": item.version,
            "payload": item.payload,
            "user_id": self.sender.user_id,
            "device_id": self.sender.device_id,
            "seq": one.seq,
            "chain": one.chain,
            "received_at": one.received_at,
        }

    def version_row(self, one: Arrival) -> dict[str, Any]:
        prepared = one.prepared
        meta = prepared.payload.meta if prepared.payload else None
        return {
            **self.envelope(one),
            "root_id": one.root_id,
            "deprecated_id": prepared.item.deprecated_id,
            "fingerprint": prepared.fingerprint,
            "calculated": prepared.checked.calculated if prepared.checked else {},
            "started_at": meta.started_at if meta else None,
            "ended_at": meta.ended_at if meta else None,
        }

    def violation_rows(self, one: Arrival) -> Rows:
        return [
            {
                "town_id": self.town_id,
                "instance_id": one.prepared.item.instance_id,
                "ordinal": ordinal,
                "path": violation.path,
                "code": violation.code,
                "rule": violation.rule,
                "level": violation.level,
                "message": violation.message,
            }
            for ordinal, violation in enumerate(one.prepared.violations)
        ]

    def file_rows(self, one: Arrival) -> Rows:
        return [
            {
                "town_id": self.town_id,
                "instance_id": one.prepared.item.instance_id,
                "path": named.path,
                "sha256": named.claim.sha256,
                "name": named.claim.name,
                "type": named.claim.type,
            }
            for named in one.prepared.files
        ]

    def submission_row(self, one: Arrival) -> dict[str, Any]:
        return {
            "town_id": self.town_id,
            "root_id": one.root_id,
            "form_id": one.prepared.item.form_id,
            "approved_id": "",
            "review_state": "received",
            "user_id": self.sender.user_id,
            "received_at": one.received_at,
            "is_archived": False,
            **self.current_state(one),
        }

    def current_state(self, one: Arrival) -> dict[str, Any]:
        """The columns of a submission that speak of its current version, whose review begins anew."""
        item = one.prepared.item
        level = self.levels.find((item.form_id, item.version), one.prepared.village)
        return current_state(one) | {"review_level": level, "passed_level": ""}

    def move_on(self, versions: Sequence[Arrival]) -> None:
        """Let submissions point to their new versions; what was reviewed before is `edited` now."""
        if not versions:
            return
        open_again(self.town_id, [one.root_id for one in versions])
        state = case((Submission.review_state == "received", "received"), else_="edited")
        statement = (
            update(table_of(Submission))
            .where(Submission.town_id == self.town_id, Submission.root_id == bindparam("b_root_id"))
            .values(
                review_state=state,
                **{name: bindparam(f"b_{name}") for name in self.current_state(versions[0])},
            )
        )
        rows = [
            {
                "b_root_id": one.root_id,
                **{f"b_{name}": value for name, value in self.current_state(one).items()},
            }
            for one in versions
        ]
        db.session.connection().execute(statement, rows)

    def write_keys(self, stored: Sequence[Arrival]) -> None:
        replaced = [one.root_id for one in stored if one.decision.kept is Kept.VERSION]
        if replaced:
            db.session.execute(
                delete(SubmissionKey).where(
                    SubmissionKey.town_id == self.town_id, SubmissionKey.root_id.in_(replaced)
                )
            )
        rows = [
            {
                "town_id": self.town_id,
                "form_id": one.prepared.item.form_id,
                "key": key,
                "root_id": one.root_id,
            }
            for one in stored
            for key in (one.prepared.checked.keys if one.prepared.checked else ())
        ]
        insert_missing(SubmissionKey, rows)


def current_state(one: Arrival) -> dict[str, Any]:
    """The columns of a submission that speak of its current version."""
    prepared = one.prepared
    subject = prepared.checked.subject if prepared.checked and prepared.checked.subject else ("", "")
    levels = [violation.level for violation in prepared.violations]
    return {
        "current_id": prepared.item.instance_id,
        "title": prepared.title,
        "village": prepared.village,
        "subject_list": subject[0],
        "subject_id": subject[1],
        "started_at": prepared.payload.meta.started_at if prepared.payload else None,
        "changed_at": one.received_at,
        "seq": one.seq,
        "n_errors": levels.count("E"),
        "n_warnings": levels.count("W"),
        "n_flags": levels.count("Q"),
        "n_files_missing": len(one.files_missing),
        "is_withdrawn": False,
        "duplicate_of": "",
    }


def as_stored(row: Any, missing: list[str]) -> Stored:
    return Stored(row.instance_id, row.digest, row.root_id, row.seq, row.received_at, row.chain, missing)


def as_apart(row: Any, missing: list[str]) -> Stored:
    outcome = Outcome(row.outcome)
    return Stored(
        row.instance_id, row.digest, "", row.seq, row.received_at, row.chain, missing, outcome, row.reason
    )
