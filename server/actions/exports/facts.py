"""What the server knows of each record, as the first columns of an export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from server.actions.exports.columns import CODES, Manner
from server.actions.exports.records import AnyRow, Batch
from server.clock import TOWN_ZONE
from server.outline import pick
from server.texts import text as say

WITHOUT_ZONE = len("2016-10-15 12:00:00")


class Teller:
    """Tells a batch's facts, column by column."""

    def __init__(self, manner: Manner, people: Mapping[str, str], villages: Mapping[str, str]) -> None:
        self.manner = manner
        self.people = people
        self.villages = villages if manner.words != CODES else {}

    def columns(self, batch: Batch) -> list[list[str]]:
        """The facts' texts in the order of RECORD_KEYS."""
        told = [self.decision(batch, row) for row in batch.rows]
        found = [self.tell_findings(batch.findings.get(row.instance_id, ())) for row in batch.rows]
        rows = batch.rows
        return [
            [row.root_id for row in rows],
            [row.title for row in rows],
            [self.state(state_of(row)) for row in rows],
            [self.villages.get(row.village, row.village) for row in rows],
            [self.people.get(row.user_id, row.user_id) for row in rows],
            [in_town(row.received_at) for row in rows],
            [in_town(row.started_at) for row in rows],
            [in_town(row.ended_at) for row in rows],
            [str(row.n_errors + row.n_warnings + row.n_flags) for row in rows],
            found,
            *([one[part] for one in told] for part in range(4)),
            [str(row.n_files_missing) for row in rows],
            [row.version for row in rows],
            [row.instance_id for row in rows],
        ]

    def state(self, state: str) -> str:
        return state if self.manner.words == CODES else say(f"state_{state}", self.manner.language)

    def decision(self, batch: Batch, row: AnyRow) -> tuple[str, str, str, str]:
        """The last decision: which, by whom, when, and what was said."""
        last = batch.decisions.get(row.root_id)
        if last is None:
            return "", "", "", ""
        by = self.people.get(last.user_id, last.user_id)
        return self.state(last.decision), by, in_town(last.decided_at), last.comment

    def tell_findings(self, findings: list[AnyRow] | tuple[()]) -> str:
        """One line each: the rule and what it says; with codes only the rule."""
        return "\n".join(
            (one.rule or one.code)
            if self.manner.words == CODES
            else " ".join(filter(None, (one.rule, pick(one.message, self.manner.language) or one.code)))
            for one in findings
        )


def state_of(row: AnyRow) -> str:
    if row.is_withdrawn:
        return "withdrawn"
    return "set_aside" if row.duplicate_of else str(row.review_state)


def in_town(moment: datetime | None) -> str:
    """`2016-10-15 12:00:00` by the town's clocks."""
    return "" if moment is None else moment.astimezone(TOWN_ZONE).isoformat(" ", "seconds")[:WITHOUT_ZONE]
