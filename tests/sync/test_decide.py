"""The table of design section 4, row by row, and that every combination of facts has an answer."""

from itertools import product

import pytest

from sync.decide import Decision, Facts, Kept, Outcome, Replaces, decide

NEW = Facts(digest="a")


@pytest.mark.parametrize(
    ("facts", "outcome", "kept", "reason"),
    [
        (NEW, Outcome.ACCEPTED, Kept.SUBMISSION, ""),
        (Facts(digest="a", known_digest="a"), Outcome.RESENT, Kept.NOTHING, ""),
        (Facts(digest="b", known_digest="a"), Outcome.CONFLICT, Kept.APART, "content_conflict"),
        (Facts(digest="a", replaces=Replaces.CURRENT), Outcome.NEW_VERSION, Kept.VERSION, ""),
        (Facts(digest="a", replaces=Replaces.OLDER), Outcome.CONFLICT, Kept.APART, "version_conflict"),
        (Facts(digest="a", replaces=Replaces.UNKNOWN), Outcome.HELD, Kept.APART, "base_unknown"),
        (Facts(digest="a", replaces=Replaces.OTHER_FORM), Outcome.HELD, Kept.APART, "base_other_form"),
        (Facts(digest="a", hold="out_of_scope"), Outcome.HELD, Kept.APART, "out_of_scope"),
        (Facts(digest="a", refusal="id_invalid"), Outcome.REFUSED, Kept.NOTHING, "id_invalid"),
        (Facts(digest="a", kept_apart=Outcome.HELD), Outcome.HELD, Kept.NOTHING, ""),
        (
            Facts(digest="b", known_digest="a", kept_apart=Outcome.CONFLICT),
            Outcome.CONFLICT,
            Kept.NOTHING,
            "",
        ),
    ],
)
def test_decides_as_the_table_says(facts: Facts, outcome: Outcome, kept: Kept, reason: str) -> None:
    assert decide(facts) == Decision(outcome, kept, reason)


@pytest.mark.parametrize(
    "hold", ["sender_revoked", "form_closed", "form_version_unknown", "payload_unreadable"]
)
def test_answers_resent_even_where_a_new_record_would_be_held(hold: str) -> None:
    assert decide(Facts(digest="a", known_digest="a", hold=hold)).outcome is Outcome.RESENT


def test_keeps_a_held_item_only_once() -> None:
    assert decide(Facts(digest="a", hold="form_closed", kept_apart=Outcome.HELD)).kept is Kept.NOTHING


def test_never_overwrites_and_never_drops_silently() -> None:
    for facts in every_combination():
        decision = decide(facts)
        if decision.kept is Kept.NOTHING:
            is_stored = facts.known_digest == facts.digest or facts.kept_apart is not None
            assert is_stored or decision.outcome is Outcome.REFUSED
        if facts.known_digest:
            assert decision.kept in {Kept.NOTHING, Kept.APART}


def every_combination() -> list[Facts]:
    return [
        Facts("a", known, apart, refusal, hold, replaces)
        for known, apart, refusal, hold, replaces in product(
            ("", "a", "b"),
            (None, Outcome.HELD, Outcome.CONFLICT),
            ("", "id_invalid"),
            ("", "form_closed"),
            Replaces,
        )
    ]
