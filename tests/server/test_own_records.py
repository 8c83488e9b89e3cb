"""A person's own record comes back to another phone of theirs, and to nobody else's."""

import hashlib

from tests.server.conftest import SignIn
from tests.server.town import Phone, make_item, register_answers


def test_gives_the_bytes_that_were_sent_with_their_receipt_and_form(cadre: Phone, sign_in: SignIn) -> None:
    item = make_item("register", register_answers())
    (outcome,) = cadre.sync(item)["outcomes"]
    other = sign_in("cadre", "another-phone")
    found = other.client.get(f"/api/v1/submissions/{item['instance_id']}", headers=other.auth).get_json()
    assert found["payload"] == item["payload"]
    assert found["receipt"] == outcome["receipt"]
    assert hashlib.sha256(found["payload"].encode()).hexdigest() == found["receipt"]["digest"]
    assert (found["form"]["form_id"], found["form"]["version"]) == ("register", item["version"])
    assert other.client.get(found["form"]["url"]).status_code == 200


def test_gives_a_version_that_was_corrected_since(cadre: Phone) -> None:
    first = make_item("register", register_answers())
    cadre.sync(first)
    second = make_item("register", register_answers(), replaces=first["instance_id"])
    assert cadre.outcomes(second) == ["new_version"]
    for item, before in ((first, ""), (second, first["instance_id"])):
        found = cadre.client.get(f"/api/v1/submissions/{item['instance_id']}", headers=cadre.auth).get_json()
        assert (found["root_id"], found["deprecated_id"]) == (first["instance_id"], before)


def test_refuses_records_of_others_and_of_nobody(cadre: Phone, sign_in: SignIn) -> None:
    item = make_item("register", register_answers())
    cadre.sync(item)
    mentor = sign_in("mentor")
    for instance_id in (item["instance_id"], "unknown"):
        answer = mentor.client.get(f"/api/v1/submissions/{instance_id}", headers=mentor.auth)
        assert (answer.status_code, answer.get_json()["problem"]["code"]) == (404, "record_unknown")


def test_refuses_whoever_is_not_signed_in(cadre: Phone) -> None:
    item = make_item("register", register_answers())
    cadre.sync(item)
    assert cadre.client.get(f"/api/v1/submissions/{item['instance_id']}").status_code == 401
