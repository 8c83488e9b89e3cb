"""What the server knows of each record, as the first columns of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.actions.exports.columns import CODES, Manner
from server.actions.exports.records import AnyRow, Batch
from server.outline import pick
from server.texts import text as say


class Teller:
    """Tells a batch's facts, column by column."""

    def __init__(self, manner: Manner, people: Mapping[str, str], villages: Mapping[str, str]) -> None:
        self.manner = manner
        self.people = people
        self.villages = villages if manner.words != CODES else {}

    def columns(self, batch: Batch) -> list[Sequence[str]]:
        """The facts' texts in the order of RECORD_KEYS."""
        facts, findings = batch.facts, batch.findings
        states = zip(facts["is_withdrawn"], facts["duplicate_of"], facts["review_state"], strict=True)
        counts = zip(facts["n_errors"], facts["n_warnings"], facts["n_flags"], strict=True)
        decided = [self.decision(batch.decisions.get(one)) for one in facts["root_id"]]
        return [
            facts["root_id"],
            facts["title"],
            [self.state(state_of(*one)) for one in states],
            [self.villages.get(one, one) for one in facts["village"]],
            [self.people.get(one, one) for one in facts["user_id"]],
            facts["received_at"],
            facts["started_at"],
            facts["ended_at"],
            [str(sum(one)) for one in counts],
            [self.tell_findings(findings[one]) if one in findings else "" for one in facts["instance_id"]],
            *zip(*decided, strict=True),
            [str(one) for one in facts["n_files_missing"]],
            facts["version"],
            facts["instance_id"],
        ]

    def state(self, state: str) -> str:
        return state if self.manner.words == CODES else say(f"state_{state}", self.manner.language)

    def decision(self, last: AnyRow | None) -> tuple[str, str, str, str]:
        """The last decision: which, by whom, when, and what was said."""
        if last is None:
            return "", "", "", ""
        by = self.people.get(last.user_id, last.user_id)
        return self.state(last.decision), by, last.decided_at, last.comment

    def tell_findings(self, findings: list[AnyRow]) -> str:
        """One line each: the rule and what it says; with codes only the rule."""
        return "\n".join(
            (one.rule or one.code)
            if self.manner.words == CODES
            else " ".join(filter(None, (one.rule, pick(one.message, self.manner.language) or one.code)))
            for one in findings
        )


def state_of(is_withdrawn: bool, duplicate_of: str, review_state: str) -> str:
    if is_withdrawn:
        return "withdrawn"
    return "set_aside" if duplicate_of else review_state
