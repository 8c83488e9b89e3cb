"""The exchange: each outcome once, exactly once under any repetition, and bodies that are not whole."""

import gzip
import hashlib
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select

from server.database import db
from server.models import Duplicate, HeldItem, Submission, SubmissionVersion, Town, Violation
from sync.ledger import Entry, find_break
from tests.server.conftest import SignIn
from tests.server.town import (
    WEST,
    Phone,
    check_answers,
    content_digest,
    digest_of,
    make_item,
    new_id,
    publish_form,
    put_row,
    register_answers,
)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def register(cadre: Phone, **changes: object) -> dict[str, object]:
    return make_item("register", register_answers(), cursor=cadre.cursor, **changes)


def test_accepts_a_new_record_with_a_receipt(cadre: Phone) -> None:
    item = register(cadre)
    outcome = cadre.sync(item)["outcomes"][0]
    assert outcome["outcome"] == "accepted"
    receipt = outcome["receipt"]
    assert receipt["digest"] == digest_of(item)
    assert (receipt["instance_id"], receipt["epoch"]) == (item["instance_id"], cadre.epoch)
    assert receipt["received_at"] == "2016-10-15T04:00:00.000Z"
    assert "problem" not in outcome


def test_answers_the_same_receipt_to_the_same_record(cadre: Phone) -> None:
    item = register(cadre)
    first, again = cadre.sync(item)["outcomes"][0], cadre.sync(item)["outcomes"][0]
    assert again["outcome"] == "resent"
    assert again["receipt"] == first["receipt"]


def test_takes_no_number_for_a_batch_sent_again(town_app: Flask, cadre: Phone) -> None:
    item = register(cadre)
    cursor = cadre.sync(item)["cursor"]
    assert cadre.sync(item)["cursor"] == cursor


def test_keeps_both_on_conflict(town_app: Flask, cadre: Phone) -> None:
    item = register(cadre)
    other = make_item("register", register_answers("别人(演示)"), instance_id=item["instance_id"])
    cadre.sync(item)
    first, again = cadre.sync(other)["outcomes"][0], cadre.sync(other)["outcomes"][0]
    assert (first["outcome"], first["problem"]["code"]) == ("conflict", "content_conflict")
    assert first["receipt"] == again["receipt"]
    assert first["receipt"]["digest"] == digest_of(other)
    with town_app.app_context():
        assert db.session.scalars(select(HeldItem.payload)).all() == [other["payload"]]
        assert db.session.scalars(select(SubmissionVersion.payload)).all() == [item["payload"]]


def test_adds_a_version_to_what_it_replaces(town_app: Flask, cadre: Phone) -> None:
    first = register(cadre)
    second = make_item("register", register_answers("更正(演示)"), replaces=first["instance_id"])
    assert cadre.outcomes(first, second) == ["accepted", "new_version"]
    with town_app.app_context():
        submission = db.session.scalars(select(Submission)).one()
        assert submission.root_id == first["instance_id"]
        assert submission.current_id == second["instance_id"]
        assert submission.review_state == "received"


def test_keeps_both_when_an_older_version_is_replaced(town_app: Flask, cadre: Phone) -> None:
    first = register(cadre)
    second, third = (
        make_item("register", register_answers(name), replaces=first["instance_id"]) for name in ("甲", "乙")
    )
    answer = cadre.sync(first, second, third)
    assert [one["outcome"] for one in answer["outcomes"]] == ["accepted", "new_version", "conflict"]
    assert answer["outcomes"][2]["problem"]["code"] == "version_conflict"


def test_marks_a_reviewed_record_as_edited(town_app: Flask, cadre: Phone) -> None:
    item = register(cadre)
    cadre.sync(item)
    with town_app.app_context():
        db.session.scalars(select(Submission)).one().review_state = "returned"
        db.session.commit()
    cadre.sync(make_item("register", register_answers(), replaces=item["instance_id"]))
    with town_app.app_context():
        assert db.session.scalars(select(Submission.review_state)).one() == "edited"


def test_decides_each_item_alone(town_app: Flask, cadre: Phone) -> None:
    good, unknown = register(cadre), register(cadre, status="approved")
    outside = make_item("register", register_answers(village=WEST))
    bad_id = {**register(cadre), "instance_id": "1"}
    late = make_item("register", register_answers(), version="99")
    answer = cadre.sync(unknown, outside, bad_id, {}, 7, late, good, good)
    assert [(one["outcome"], one.get("problem", {}).get("code")) for one in answer["outcomes"]] == [
        ("refused", "field_unknown"),
        ("held", "out_of_scope"),
        ("refused", "id_invalid"),
        ("refused", "id_missing"),
        ("refused", "id_missing"),
        ("held", "form_version_unknown"),
        ("accepted", None),
        ("resent", None),
    ]
    assert answer["outcomes"][0]["problem"]["field"] == "status"
    assert (count(town_app, Submission), count(town_app, HeldItem)) == (1, 2)


def test_holds_again_with_the_same_receipt(town_app: Flask, cadre: Phone) -> None:
    item = make_item("register", register_answers(), version="99")
    first, again = cadre.sync(item)["outcomes"], cadre.sync(item)["outcomes"]
    assert first == again
    assert count(town_app, HeldItem) == 1


@pytest.mark.parametrize(
    ("payload", "code"),
    [("not json", "payload_unreadable"), ('{"answers":{},"answers":{}}', "payload_unreadable")],
)
def test_holds_what_it_cannot_read(cadre: Phone, payload: str, code: str) -> None:
    item = {**register(cadre), "payload": payload}
    outcome = cadre.sync(item)["outcomes"][0]
    assert (outcome["outcome"], outcome["problem"]["code"]) == ("held", code)
    assert cadre.sync(item)["outcomes"][0] == outcome


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"form_id": "check"}, "envelope_mismatch"),
        ({"instance_id": new_id()}, "envelope_mismatch"),
        ({"deprecated_id": new_id()}, "envelope_mismatch"),
        ({"payload": "x" * (1024 * 1024 + 1)}, "payload_too_large"),
        ({"payload": "\0"}, "char_invalid"),
        ({"payload": None}, "field_invalid"),
        ({"files": [{"sha256": "0" * 64, "bytes": 1, "type": "image/jpeg", "name": "a"}]}, "files_mismatch"),
        ({"files": [{"sha256": "../x", "bytes": 1, "type": "", "name": ""}]}, "field_invalid"),
        ({"org_unit": "root"}, "field_unknown"),
    ],
)
def test_refuses_a_faulty_envelope(
    town_app: Flask, cadre: Phone, change: dict[str, object], code: str
) -> None:
    outcome = cadre.sync({**register(cadre), **change})["outcomes"][0]
    assert (outcome["outcome"], outcome["problem"]["code"]) == ("refused", code)
    assert "receipt" not in outcome
    assert count(town_app, Submission) == count(town_app, HeldItem) == 0


def test_states_the_limit_that_a_record_is_over(cadre: Phone) -> None:
    outcome = cadre.sync({**register(cadre), "payload": "x" * (1024 * 1024 + 1)})["outcomes"][0]
    assert "1048576" in outcome["problem"]["message_zh"]
    assert "1048576" in outcome["problem"]["message_en"]


def test_64_parallel_copies_are_one_record(town_app: Flask, cadre: Phone) -> None:
    body = cadre.body(register(cadre))

    def send(_: int) -> bytes:
        phone = Phone(town_app.test_client(), cadre.username, cadre.device_id, cadre.token)
        response = phone.post(body)
        assert response.status_code == 200
        return orjson.dumps(response.get_json()["outcomes"][0]["receipt"])

    with ThreadPoolExecutor(16) as pool:
        receipts = set(pool.map(send, range(64)))
    assert len(receipts) == 1
    assert count(town_app, Submission) == count(town_app, SubmissionVersion) == 1


def test_64_parallel_contents_under_one_id_are_all_kept(town_app: Flask, cadre: Phone) -> None:
    instance_id = new_id()

    def send(number: int) -> str:
        phone = Phone(town_app.test_client(), cadre.username, cadre.device_id, cadre.token)
        item = make_item("register", register_answers(f"户{number}"), instance_id=instance_id)
        return str(phone.post(phone.body(item)).get_json()["outcomes"][0]["outcome"])

    with ThreadPoolExecutor(16) as pool:
        outcomes = sorted(pool.map(send, range(64)))
    assert outcomes == ["accepted"] + ["conflict"] * 63
    assert (count(town_app, SubmissionVersion), count(town_app, HeldItem)) == (1, 63)


def test_chains_everything_received(town_app: Flask, cadre: Phone) -> None:
    cadre.sync(register(cadre), make_item("register", register_answers(), version="9"), register(cadre))
    with town_app.app_context():
        stored = [*db.session.scalars(select(SubmissionVersion)), *db.session.scalars(select(HeldItem))]
        entries = sorted(
            (Entry(s.seq, s.instance_id, s.digest, s.received_at, s.chain) for s in stored),
            key=lambda e: e.seq,
        )
        assert len(entries) == 3
        assert find_break(entries) is None
        assert db.session.scalars(select(Town.chain_head)).one() == entries[-1].chain


def test_stores_violations_and_never_blocks_on_them(town_app: Flask, cadre: Phone) -> None:
    item = make_item("check", check_answers("h-1", amount=5000), cursor=cadre.cursor)
    assert cadre.outcomes(item) == ["accepted"]
    with town_app.app_context():
        submission = db.session.scalars(select(Submission)).one()
        found = db.session.scalars(select(Violation)).all()
        assert [(one.path, one.code, one.level) for one in found] == [("amount", "constraint", "E")]
        assert (submission.n_errors, submission.subject_id) == (1, "h-1")


def test_checks_against_the_list_as_the_phone_had_it(town_app: Flask, cadre: Phone) -> None:
    put_row(town_app, "line", "2016", "2016", amount="9000")
    before = make_item("check", check_answers("h-1", amount=8000), cursor=cadre.cursor)
    cadre.sync()
    after = make_item("check", check_answers("h-1", year="2017", amount=8000), cursor=cadre.cursor)
    cadre.sync(before, after)
    with town_app.app_context():
        broken = db.session.scalars(select(Violation.instance_id)).all()
        assert broken == [after["instance_id"]]


def test_holds_records_of_a_closed_form_and_of_a_revoked_phone(
    town_app: Flask, cadre: Phone, sign_in: SignIn
) -> None:
    other = sign_in("mentor")
    with town_app.app_context():
        db.session.execute(db.text("UPDATE form SET is_closed = 1 WHERE form_id = 'check'"))
        db.session.execute(
            db.text("UPDATE device SET revoked_at = '2016-10-14' WHERE device_id = 'device-mentor'")
        )
        db.session.commit()
    closed = cadre.sync(make_item("check", check_answers("h-1"), cursor=cadre.cursor))["outcomes"][0]
    assert (closed["outcome"], closed["problem"]["code"]) == ("held", "form_closed")
    answer = other.sync(register(other))
    assert (answer["outcomes"][0]["outcome"], answer["outcomes"][0]["problem"]["code"]) == (
        "held",
        "sender_revoked",
    )
    assert answer["changes"] == []


def test_holds_what_a_role_may_not_send(sign_in: SignIn) -> None:
    outcome = sign_in("auditor").sync(make_item("register", register_answers()))["outcomes"][0]
    assert (outcome["outcome"], outcome["problem"]["code"]) == ("held", "sender_not_allowed")


def test_accepts_an_older_version_of_an_open_form(town_app: Flask, cadre: Phone) -> None:
    publish_form(town_app, "register", "2")
    assert cadre.outcomes(register(cadre)) == ["accepted"]


def test_pairs_the_same_content_and_the_same_key(town_app: Flask, cadre: Phone) -> None:
    first = make_item("check", check_answers("h-1", amount=7000), cursor=cadre.cursor)
    copy = make_item("check", check_answers("h-1", amount=7000), cursor=cadre.cursor)
    keyed = make_item("check", check_answers("h-1", amount=7001), cursor=cadre.cursor)
    cadre.sync(first, copy)
    cadre.sync(keyed)
    with town_app.app_context():
        pairs = {(d.left_id, d.right_id, d.kind) for d in db.session.scalars(select(Duplicate))}
    ids = [str(item["instance_id"]) for item in (first, copy, keyed)]
    assert pairs == {
        (ids[0], ids[1], "content"),
        (ids[0], ids[2], "business_key"),
        (ids[1], ids[2], "business_key"),
    }


def test_pairs_nothing_with_a_withdrawn_record(town_app: Flask, cadre: Phone) -> None:
    first = make_item("check", check_answers("h-1"), cursor=cadre.cursor)
    cadre.sync(first)
    cadre.sync(withdrawals=[first["instance_id"]])
    cadre.sync(make_item("check", check_answers("h-1"), cursor=cadre.cursor))
    assert count(town_app, Duplicate) == 0


def test_withdraws_before_review_only(town_app: Flask, cadre: Phone, sign_in: SignIn) -> None:
    mine, reviewed = register(cadre), register(cadre)
    cadre.sync(mine, reviewed)
    with town_app.app_context():
        db.session.get_one(Submission, ("town-1", reviewed["instance_id"])).review_state = "approved"
        db.session.commit()
    wishes = [str(mine["instance_id"]), str(reviewed["instance_id"]), new_id()]
    answer = cadre.sync(withdrawals=wishes)
    codes = [(one["outcome"], one.get("problem", {}).get("code")) for one in answer["withdrawals"]]
    assert codes == [("withdrawn", None), ("refused", "withdrawal_late"), ("refused", "withdrawal_unknown")]
    assert [c["is_withdrawn"] for c in answer["changes"] if c["kind"] == "submission"] == [True]
    assert cadre.sync(withdrawals=wishes[:1])["withdrawals"][0]["outcome"] == "withdrawn"
    assert sign_in("mentor").sync(withdrawals=wishes[:1])["withdrawals"][0]["outcome"] == "refused"


class TestBodies:
    """What happens to a body that is not what it says."""

    def refusal(self, response: object) -> tuple[int, str]:
        return response.status_code, response.get_json()["problem"]["code"]  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"{", "json_invalid"),
            (b"[]", "request_invalid"),
            (b'{"cursor":0,"cursor":1}', "json_duplicate_key"),
            (b'{"device":{"device_id":"x"},"role":"admin"}', "field_unknown"),
            (b'{"device":{"device_id":"device-cadre"},"cursor":-1}', "request_invalid"),
            (b'{"device":{"device_id":"device-cadre"},"cursor":true}', "request_invalid"),
            (b'{"device":{"device_id":"device-cadre"},"limit":1000000}', "request_invalid"),
            (b'{"device":{"device_id":"device-mentor"}}', "request_invalid"),
        ],
    )
    def test_refuses_what_is_not_a_batch(self, cadre: Phone, raw: bytes, code: str) -> None:
        assert self.refusal(cadre.post(raw)) == (400, code)

    def test_refuses_a_body_cut_anywhere(self, town_app: Flask, cadre: Phone) -> None:
        whole = gzip.compress(orjson.dumps(cadre.body(register(cadre))), mtime=0)
        for length in range(1, len(whole), 7):
            cut = cadre.post(
                whole[:length], **{"Content-Encoding": "gzip", "Content-Digest": content_digest(whole)}
            )
            assert self.refusal(cut) == (400, "digest_mismatch")
        assert count(town_app, Submission) == 0

    @pytest.mark.parametrize("tail", [b"\0", b"more", gzip.compress(b"{}", mtime=0)])
    def test_refuses_anything_after_the_gzip(self, cadre: Phone, tail: bytes) -> None:
        packed = gzip.compress(orjson.dumps(cadre.body())) + tail
        assert self.refusal(cadre.post(packed, **{"Content-Encoding": "gzip"})) == (400, "gzip_invalid")

    def test_refuses_gzip_that_ends_early(self, cadre: Phone) -> None:
        packed = gzip.compress(orjson.dumps(cadre.body()))[:-4]
        assert self.refusal(cadre.post(packed, **{"Content-Encoding": "gzip"})) == (400, "gzip_invalid")

    def test_refuses_a_bomb_and_states_the_limit(self, cadre: Phone) -> None:
        bomb = gzip.compress(b" " * (64 * 1024 * 1024))
        response = cadre.post(bomb, **{"Content-Encoding": "gzip"})
        assert self.refusal(response) == (413, "unpacked_too_large")
        assert "16777216" in response.get_json()["problem"]["message_en"]

    def test_refuses_a_packed_body_over_the_limit(self, cadre: Phone) -> None:
        response = cadre.post(b" " * (2 * 1024 * 1024 + 1))
        assert self.refusal(response) == (413, "body_too_large")

    def test_refuses_too_many_items(self, cadre: Phone) -> None:
        assert self.refusal(cadre.post(cadre.body(*[{}] * 201))) == (413, "too_many_items")

    def test_needs_length_digest_and_type(self, cadre: Phone) -> None:
        raw = orjson.dumps(cadre.body())
        send = cadre.client.post
        plain = {"headers": cadre.auth, "content_type": "application/json"}
        assert self.refusal(send("/api/v1/sync", data=raw, **plain)) == (400, "digest_missing")
        assert self.refusal(cadre.post(raw, **{"Content-Digest": content_digest(b"x")})) == (
            400,
            "digest_mismatch",
        )
        assert self.refusal(send("/api/v1/sync", **plain)) == (411, "length_required")
        assert self.refusal(send("/api/v1/sync", data=raw, headers=cadre.auth)) == (
            415,
            "content_type_unknown",
        )
        assert self.refusal(cadre.post(raw, **{"Content-Encoding": "br"})) == (415, "encoding_unknown")

    def test_takes_a_plain_body_too(self, cadre: Phone) -> None:
        assert cadre.post(orjson.dumps(cadre.body())).status_code == 200

    def test_digest_is_over_the_packed_body(self, cadre: Phone) -> None:
        packed = gzip.compress(orjson.dumps(cadre.body()), mtime=0)
        assert hashlib.sha256(packed).digest() != hashlib.sha256(gzip.decompress(packed)).digest()
        assert cadre.post(packed, **{"Content-Encoding": "gzip"}).status_code == 200


def test_packs_a_long_answer_for_who_takes_it(sign_in: SignIn) -> None:
    phone = sign_in("cadre")
    plain = phone.post(phone.body())
    packed = phone.post(phone.body(), **{"Accept-Encoding": "gzip, deflate"})
    assert (plain.content_encoding, packed.content_encoding) == (None, "gzip")
    told, unpacked = plain.get_json(), orjson.loads(gzip.decompress(packed.data))
    assert unpacked["changes"] == told["changes"]
    assert len(packed.data) < len(plain.data) / 2
