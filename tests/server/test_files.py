"""Files under their digest: resumed, verified, counted, and shown only within scope."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.database import db
from server.models import File, Submission
from tests.server.conftest import SignIn
from tests.server.town import EAST, TOWN, Phone, make_item, register_answers

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
DIGEST = hashlib.sha256(PHOTO).hexdigest()


def declare(
    phone: Phone, content: bytes = PHOTO, length: int | None = None, digest: str = ""
) -> TestResponse:
    digest = digest or hashlib.sha256(content).hexdigest()
    metadata = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}"
        for key, value in {"sha256": digest, "type": "image/png"}.items()
    )
    headers = {
        **phone.auth,
        "Upload-Length": str(len(content) if length is None else length),
        "Upload-Metadata": metadata,
        "Tus-Resumable": "1.0.0",
    }
    return phone.client.post("/api/v1/files", headers=headers)


def send(phone: Phone, piece: bytes, offset: int, digest: str = DIGEST) -> TestResponse:
    headers = {**phone.auth, "Upload-Offset": str(offset), "Tus-Resumable": "1.0.0"}
    return phone.client.patch(
        f"/api/v1/files/{digest}", data=piece, content_type="application/offset+octet-stream", headers=headers
    )


def upload(phone: Phone, content: bytes = PHOTO) -> TestResponse:
    declare(phone, content)
    return send(phone, content, 0, hashlib.sha256(content).hexdigest())


def code(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json()["problem"]["code"]


def with_photo(digest: str = DIGEST, village: str = EAST) -> dict[str, Any]:
    claim = {"sha256": digest, "bytes": len(PHOTO), "type": "image/png", "name": "house.png"}
    return make_item("register", register_answers(village=village, photo=claim), files=[claim])


def test_takes_a_file_in_pieces(town_app: Flask, cadre: Phone) -> None:
    created = declare(cadre)
    assert (created.status_code, created.headers["Location"]) == (201, f"/api/v1/files/{DIGEST}")
    assert send(cadre, PHOTO[:100], 0).headers["Upload-Offset"] == "100"
    head = cadre.client.head(f"/api/v1/files/{DIGEST}", headers=cadre.auth)
    assert (head.status_code, head.headers["Upload-Offset"]) == (200, "100")
    assert head.headers["Upload-Length"] == str(len(PHOTO))
    assert code(send(cadre, PHOTO[50:], 50)) == (409, "file_offset")
    assert send(cadre, PHOTO[100:], 100).status_code == 204
    assert (Path(town_app.config["FILES"]) / DIGEST[:2] / DIGEST).read_bytes() == PHOTO
    with town_app.app_context():
        file = db.session.get_one(File, (TOWN, DIGEST))
        assert (file.bytes, file.type) == (len(PHOTO), "image/png")


def test_goes_on_where_it_stood_when_declared_again(cadre: Phone) -> None:
    declare(cadre)
    send(cadre, PHOTO[:100], 0)
    assert declare(cadre).headers["Upload-Offset"] == "100"


def test_has_nothing_more_to_take_of_a_whole_file(cadre: Phone, sign_in: SignIn) -> None:
    upload(cadre)
    for phone in (cadre, sign_in("western")):
        assert declare(phone).headers["Upload-Offset"] == str(len(PHOTO))
        assert send(phone, b"more", 0).status_code == 204


def test_keeps_uploads_of_two_people_apart(cadre: Phone, sign_in: SignIn) -> None:
    other = sign_in("mentor")
    declare(cadre)
    declare(other)
    send(cadre, PHOTO[:100], 0)
    assert send(other, b"spoilt" + PHOTO[6:], 0).status_code == 460
    assert send(cadre, PHOTO[100:], 100).status_code == 204


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", (415, "file_type")),
        (b"<!doctype html><script>alert(1)</script>", (415, "file_type")),
    ],
)
def test_refuses_other_types_by_their_bytes(cadre: Phone, content: bytes, problem: tuple[int, str]) -> None:
    assert code(upload(cadre, content)) == problem
    assert declare(cadre, content).headers["Upload-Offset"] == "0"


def test_refuses_a_picture_that_would_fill_a_browsers_memory(cadre: Phone) -> None:
    header = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + b"IHDR" + (20_000).to_bytes(4, "big") * 2
    content = header + PHOTO[24:]
    assert code(upload(cadre, content)) == (413, "file_image_too_big")
    assert declare(cadre, content).headers["Upload-Offset"] == "0"


def test_refuses_what_differs_from_its_digest(town_app: Flask, cadre: Phone) -> None:
    declare(cadre)
    assert code(send(cadre, PHOTO[:-1] + b"x", 0)) == (460, "file_digest")
    assert not (Path(town_app.config["FILES"]) / DIGEST[:2] / DIGEST).exists()
    assert code(send(cadre, PHOTO, 0)) == (404, "file_unknown")


def test_refuses_more_than_was_declared_and_more_than_the_limit(cadre: Phone) -> None:
    declare(cadre, length=10)
    assert code(send(cadre, PHOTO, 0)) == (413, "file_too_large")
    assert code(declare(cadre, length=20 * 1024 * 1024 + 1)) == (413, "file_too_large")
    assert code(declare(cadre, length=0)) == (400, "upload_invalid")


@pytest.mark.parametrize("digest", ["../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/x"])
def test_refuses_names_that_are_no_digest(cadre: Phone, digest: str) -> None:
    assert code(declare(cadre, digest=digest)) == (400, "upload_invalid")


def test_needs_a_sign_in(cadre: Phone) -> None:
    cadre.token = "none"
    assert code(declare(cadre)) == (401, "not_signed_in")
    assert code(send(cadre, PHOTO, 0)) == (401, "not_signed_in")


def test_counts_missing_files_on_both_sides(town_app: Flask, cadre: Phone) -> None:
    item = with_photo()
    answer = cadre.sync(item)
    assert answer["outcomes"][0]["receipt"]["files_missing"] == [DIGEST]
    assert [c["files_missing"] for c in answer["changes"] if c["kind"] == "submission"] == [[DIGEST]]
    upload(cadre)
    assert [c["files_missing"] for c in cadre.sync()["changes"] if c["kind"] == "submission"] == [[]]
    assert cadre.sync(item)["outcomes"][0]["receipt"]["files_missing"] == []
    with town_app.app_context():
        assert db.session.get_one(Submission, (TOWN, item["instance_id"])).n_files_missing == 0


def test_knows_a_file_that_came_before_its_record(cadre: Phone) -> None:
    upload(cadre)
    assert cadre.sync(with_photo())["outcomes"][0]["receipt"]["files_missing"] == []


def test_names_a_file_whose_row_was_lost(town_app: Flask, cadre: Phone) -> None:
    upload(cadre)
    with town_app.app_context():
        db.session.execute(db.text("DELETE FROM file"))
        db.session.commit()
    assert declare(cadre).headers["Upload-Offset"] == str(len(PHOTO))
    assert cadre.sync(with_photo())["outcomes"][0]["receipt"]["files_missing"] == []


def test_shows_a_file_only_within_scope(cadre: Phone, sign_in: SignIn) -> None:
    cadre.sync(with_photo())
    upload(cadre)
    url = f"/api/v1/files/{DIGEST}"
    with cadre.client.get(url, headers=cadre.auth) as shown:
        assert (shown.status_code, shown.data, shown.mimetype) == (200, PHOTO, "image/png")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown.headers["Cache-Control"]
    office, western = sign_in("office"), sign_in("western")
    with office.client.get(url, headers=office.auth) as shown:
        assert shown.status_code == 200
    assert code(western.client.get(url, headers=western.auth)) == (404, "file_unknown")
    assert code(western.client.get(url)) == (401, "not_signed_in")


def test_flags_a_photo_used_before(town_app: Flask, cadre: Phone) -> None:
    first, second = with_photo(), with_photo()
    cadre.sync(first)
    cadre.sync(second, make_item("register", register_answers(photo=None), replaces=first["instance_id"]))
    with town_app.app_context():
        query = db.text("SELECT instance_id FROM violation WHERE rule = 'R43'")
        assert db.session.scalars(query).all() == [second["instance_id"]]
