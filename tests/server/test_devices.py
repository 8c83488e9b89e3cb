"""Phones and enrolment codes at the desk: found, revoked, allowed again, wiped when nothing would be lost."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Device
from server.qr import draw_picture
from tests.server.admin import OTHER_TOWN, acts, found_other_town, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk
from tests.server.town import TOWN, Phone, make_item, register_answers


@pytest.fixture
def admin(town_app: Flask) -> Desk:
    hire(town_app, "admin", "admin")
    return sign_in_at_desk(town_app, "admin")


def says(phone: Phone, **device: object) -> dict[str, object]:
    """What a phone tells about itself in one exchange, and the answer."""
    told = {"device_id": phone.device_id, "app_version": "1", "n_unsent": 0, **device}
    return phone.sync(device=told)


def device_of(app: Flask, device_id: str) -> Device:
    with app.app_context():
        found = db.session.get_one(Device, (TOWN, device_id))
        db.session.expunge(found)
        return found


def enrol(app: Flask, code: str, device_id: str = "device-scanned") -> int:
    body = {"code": code, "device_id": device_id}
    return app.test_client().post("/api/v1/enrolments", json=body).status_code


def codes_in(page: str) -> list[str]:
    return [code.replace(" ", "") for code in re.findall(r"<figcaption>([^<]+)</figcaption>", page)]


class TestSlips:
    def test_one_slip_for_each_person_chosen(self, town_app: Flask, admin: Desk) -> None:
        page = admin.post("/desk/enrolments", {"user_id": ["u-cadre", "u-mentor"], "hours": "24"}).text
        first, second = codes_in(page)
        assert enrol(town_app, first, "device-one") == enrol(town_app, second, "device-two") == 201
        assert [row[:2] for row in acts(town_app, "make_code")] == [
            ("u-admin", "u-cadre"),
            ("u-admin", "u-mentor"),
        ]

    def test_the_picture_holds_a_link_with_the_code_behind_a_hash(self, admin: Desk) -> None:
        page = admin.post("/desk/enrolments", {"user_id": "u-cadre"}).text
        assert draw_picture(f"http://localhost/n#{codes_in(page)[0]}") in page

    def test_no_address_shows_a_code_again(self, admin: Desk) -> None:
        code = codes_in(admin.post("/desk/enrolments", {"user_id": "u-cadre"}).text)[0]
        for address in ("/desk/enrolments", "/desk/people/u-cadre", "/desk/devices", "/desk/audit"):
            page = admin.page(address)
            assert code not in page.replace(" ", "")
            assert code[:5] not in page

    @pytest.mark.parametrize(("hours", "alive"), [("1", False), ("4", True), ("nonsense", True)])
    def test_the_lifetime_is_chosen(
        self, town_app: Flask, admin: Desk, clock: SetClock, hours: str, alive: bool
    ) -> None:
        code = codes_in(admin.post("/desk/enrolments", {"user_id": "u-cadre", "hours": hours}).text)[0]
        clock.advance(hours=2)
        assert (enrol(town_app, code) == 201) == alive

    def test_nobody_chosen_is_said(self, admin: Desk) -> None:
        assert admin.post("/desk/enrolments").status_code == 400

    def test_a_code_is_withdrawn_from_its_persons_page(self, town_app: Flask, admin: Desk) -> None:
        code = codes_in(admin.post("/desk/enrolments", {"user_id": "u-cadre"}).text)[0]
        address = re.search(r"/desk/enrolments/[^/]+/withdrawal", admin.page("/desk/people/u-cadre"))
        assert address
        assert admin.post(address[0]).status_code == 302
        assert enrol(town_app, code) == 410
        assert "/withdrawal" not in admin.page("/desk/people/u-cadre")

    def test_finds_who_has_no_phone(self, admin: Desk, cadre: Phone) -> None:
        page = admin.page("/desk/enrolments?phone=none")
        assert 'value="u-mentor"' in page and 'value="u-cadre"' not in page
        admin.post(f"/desk/devices/{cadre.device_id}/revoking")
        assert 'value="u-cadre"' in admin.page("/desk/enrolments?phone=none")

    def test_another_towns_people_get_none(self, town_app: Flask, admin: Desk) -> None:
        found_other_town(town_app)
        hire(town_app, "stranger", "field", OTHER_TOWN)
        assert admin.post("/desk/enrolments", {"user_id": "u-stranger"}).status_code == 400
        assert "u-stranger" not in admin.page("/desk/enrolments")


class TestArrival:
    def test_the_page_is_open_and_light_and_knows_no_code(self, town_app: Flask) -> None:
        answer = town_app.test_client().get("/n")
        assert answer.status_code == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert len(answer.data) < 5_000
        assert not re.search(r"<script>|\son\w+=|style=", answer.text)


class TestDevices:
    def test_shows_what_phones_tell(self, admin: Desk, cadre: Phone) -> None:
        says(
            cadre, n_unsent=3, n_drafts=2, bytes_used=5_200_000, bytes_free=21_000_000_000, app_version="0.9"
        )
        page = admin.page("/desk/devices")
        row = re.sub(
            r"<[^>]+>|\s+", " ", page[page.index("u-cadre") : page.index("</tr>", page.index("u-cadre"))]
        )
        for words in ("cadre", "Test", "0.9", "3", "2", "已用 5.2 MB，可用 21 GB", "使用中"):
            assert words in row

    def test_filters_by_state_and_text(
        self, town_app: Flask, admin: Desk, sign_in: SignIn, clock: SetClock
    ) -> None:
        says(sign_in("mentor", "device-old"), n_drafts=1)
        clock.advance(days=8)
        says(sign_in("cadre", "device-new"))
        admin = sign_in_at_desk(town_app, "admin")
        admin.post("/desk/devices/device-old/revoking")

        def found(query: str) -> list[str]:
            page = admin.page(f"/desk/devices?{query}")
            return [name for name in ("device-old", "device-new") if f"/{name}/" in page]

        assert found("") == ["device-old", "device-new"]
        assert found("state=unsent") == found("state=quiet") == found("state=revoked") == ["device-old"]
        assert found("state=active") == found("q=cadre") == ["device-new"]
        assert found("state=wipe") == found("q=nobody") == []
        assert found("state=nonsense") == ["device-old", "device-new"]

    def test_pages_through_many(self, town_app: Flask, admin: Desk, clock: SetClock) -> None:
        with town_app.app_context(), write_transaction() as session:
            for n in range(51):
                device = Device(
                    town_id=TOWN, device_id=f"device-{n:03}", user_id="u-cadre", name=f"Phone {n:03}"
                )
                device.token_digest, device.enrolled_at = f"digest {n}", clock.now()
                device.last_seen_at = clock.now() - timedelta(minutes=n)
                session.add(device)
        assert "Phone 049" in admin.page("/desk/devices") and "Phone 050" not in admin.page("/desk/devices")
        assert "Phone 050" in admin.page("/desk/devices?page=2")

    def test_another_towns_phones_are_not_there(self, town_app: Flask, cadre: Phone) -> None:
        found_other_town(town_app)
        hire(town_app, "neighbour", "admin", OTHER_TOWN)
        neighbour = sign_in_at_desk(town_app, "neighbour")
        assert cadre.device_id not in neighbour.page("/desk/devices")
        for act in ("revoking", "allowing", "wipe", "wipe-cancelling"):
            assert neighbour.post(f"/desk/devices/{cadre.device_id}/{act}").status_code == 404
        assert says(cadre)["wipe"] is False

    def test_a_revoked_phone_may_be_allowed_again(self, town_app: Flask, admin: Desk, cadre: Phone) -> None:
        admin.post(f"/desk/devices/{cadre.device_id}/revoking")
        assert cadre.outcomes(make_item("register", register_answers())) == ["held"]
        admin.post(f"/desk/devices/{cadre.device_id}/allowing")
        assert cadre.outcomes(make_item("register", register_answers())) == ["accepted"]
        assert [row[1] for row in acts(town_app, "allow")] == [cadre.device_id]


class TestWipe:
    def test_a_phone_is_told_until_it_has_done_it(self, town_app: Flask, admin: Desk, cadre: Phone) -> None:
        assert says(cadre)["wipe"] is False
        admin.post(f"/desk/devices/{cadre.device_id}/wipe")
        assert says(cadre)["wipe"] is True
        assert says(cadre, wipe="waits", n_drafts=1)["wipe"] is True
        assert device_of(town_app, cadre.device_id).wipe == "waits"
        assert says(cadre, wipe="done")["wipe"] is False
        assert device_of(town_app, cadre.device_id).wipe == "done"
        assert cadre.post(cadre.body()).status_code == 401
        assert acts(town_app, "wipe") == [("u-cadre", cadre.device_id, {})]
        assert "已清除" in admin.page("/desk/devices?state=wipe").split("<tbody>")[1]

    def test_a_revoked_phone_is_told_too_and_hands_in_first(self, admin: Desk, cadre: Phone) -> None:
        admin.post(f"/desk/devices/{cadre.device_id}/revoking")
        admin.post(f"/desk/devices/{cadre.device_id}/wipe")
        answer = cadre.sync(make_item("register", register_answers()))
        assert answer["outcomes"][0]["outcome"] == "held"
        assert answer["wipe"] is True

    def test_it_is_taken_back(self, town_app: Flask, admin: Desk, cadre: Phone) -> None:
        admin.post(f"/desk/devices/{cadre.device_id}/wipe")
        says(cadre, wipe="waits")
        admin.post(f"/desk/devices/{cadre.device_id}/wipe-cancelling")
        assert says(cadre, wipe="waits")["wipe"] is False
        assert device_of(town_app, cadre.device_id).wipe == ""

    @pytest.mark.parametrize("told", ["waits", "done"])
    def test_a_phone_that_was_not_asked_says_nothing(self, town_app: Flask, cadre: Phone, told: str) -> None:
        assert says(cadre, wipe=told, n_drafts=1)["wipe"] is False
        assert device_of(town_app, cadre.device_id).wipe == ""
        assert says(cadre)["wipe"] is False

    def test_signing_in_does_not_take_it_back(self, admin: Desk, cadre: Phone, sign_in: SignIn) -> None:
        admin.post(f"/desk/devices/{cadre.device_id}/wipe")
        assert says(sign_in("cadre", cadre.device_id))["wipe"] is True

    def test_a_wiped_phone_may_begin_anew(self, admin: Desk, cadre: Phone, sign_in: SignIn) -> None:
        admin.post(f"/desk/devices/{cadre.device_id}/wipe")
        says(cadre, wipe="done")
        again = sign_in("cadre", cadre.device_id)
        assert says(again)["wipe"] is False
        assert "已清除" not in admin.page("/desk/devices?q=cadre").split("<tbody>")[1]

    @pytest.mark.parametrize(
        "device", [{"wipe": "asked"}, {"wipe": 1}, {"n_drafts": -1}, {"bytes_free": 2**53 + 1}, {"bytes": 1}]
    )
    def test_refuses_what_no_phone_says(self, cadre: Phone, device: dict[str, object]) -> None:
        told = {"device_id": cadre.device_id, **device}
        assert cadre.post(cadre.body(device=told)).status_code == 400
