"""Ways out of the server, tried against local servers: what is taken, what fails, what is never reached."""

import email
import json
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from flask import Flask

from server import channels
from server.actions.digests import deliver
from server.actions.outgoing import MAX_TRIES, send_waiting, try_again
from server.actions.sweep import sweep
from server.channel_child import is_public
from server.channels import Channel, ChannelError, Letter, read_channels, send
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Audit, Message, Town
from tests.server.listening import mail_server, robot
from tests.server.reminders import in_town, put_pairing, staff_town, walk
from tests.server.town import TOWN

HERE = ("127.0.0.1",)
TITLE, BODY = "领雁提醒：王帮扶(演示)，您有1项", "您结对帮扶的吴小妹(演示)本期尚未走访，请于9月30日前完成。"


def letter(url: str, allow: tuple[str, ...] = HERE) -> Letter:
    return Letter(url, TITLE, BODY, allow)


def test_a_gateway_takes_title_text_and_key() -> None:
    with robot() as heard:
        url = f"json://127.0.0.1:{heard.port}/sms?+X-Idempotency-Key={{key}}"
        assert send(letter(Channel("sms", url).fill({}, "", "town/p-1"))) == ""
    ((path, headers, body),) = heard.requests
    said = json.loads(body)
    assert (path, said["title"], said["message"]) == ("/sms", TITLE, BODY)
    assert headers["X-Idempotency-Key"] == "town/p-1"


def test_mail_arrives_in_chinese() -> None:
    with mail_server() as heard:
        url = f"mailto://127.0.0.1:{heard.port}?from=office@example.org&to=mentor@example.org"
        assert send(letter(url)) == ""
    message = email.message_from_string(heard.letters[0])
    assert str(make_header(decode_header(message["Subject"]))) == TITLE
    texts = [part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart()]
    assert any(BODY in text for text in texts)


def test_an_answer_of_500_is_a_failure() -> None:
    with robot(500) as heard:
        assert send(letter(f"json://127.0.0.1:{heard.port}/")) == "failed"
    assert len(heard.requests) == 1


def test_an_address_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "CHILD_S", 3)
    with robot(wait_s=5) as heard:
        assert send(letter(f"json://127.0.0.1:{heard.port}/")) == "timeout"


def test_a_redirect_is_not_followed() -> None:
    with robot() as inner, robot(302, f"http://127.0.0.1:{inner.port}/secret") as outer:
        assert send(letter(f"json://127.0.0.1:{outer.port}/")) == "failed"
    assert (len(outer.requests), inner.requests) == (1, [])


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 localhost 2130706433 0x7f000001 127.1 0.0.0.0 [::1] [::ffff:7f00:1]".split(),
)
def test_no_private_address_is_reached_unless_the_operator_allowed_it(host: str) -> None:
    with robot() as heard:
        assert send(letter(f"json://{host}:{heard.port}/", ())) in {"not_allowed", "unknown"}
    assert heard.requests == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.1/", "syslog://127.0.0.1", "nonsense"]
)
def test_other_schemes_are_unknown(url: str) -> None:
    assert send(letter(url)) == "unknown"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("2400:3200::1", True),
    ],
)
def test_public_addresses(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def configure(app: Flask, text: str) -> None:
    (Path(app.config["DATA"]) / channels.FILE).write_text(text, encoding="utf-8")


def test_channels_come_from_the_file_and_the_environment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINGYAN_CHANNEL_ROBOT", "wecombot://a-secret-key")
    configure(app, 'allow = ["10.0.0.7"]\n[channels]\nsms = "json://10.0.0.7/{phone}"\n')
    with app.app_context():
        found = read_channels()
    assert sorted(found) == ["robot", "sms"]
    assert found["sms"].allow == ("10.0.0.7",)
    assert "secret" not in repr(found)
    assert not found["sms"].reaches({})
    assert found["sms"].fill({"phone": "100/../1"}, "", "") == "json://10.0.0.7/100%2F..%2F1"


def test_a_broken_file_is_told_without_its_words(app: Flask) -> None:
    configure(app, 'robot = "wecombot://a-secret-key\n')
    with app.app_context(), pytest.raises(ChannelError) as caught:
        read_channels()
    assert "secret" not in str(caught.value)


@pytest.fixture
def sending(town_app: Flask, clock: SetClock) -> Flask:
    """A town outside the demo whose sending is on, with one pairing due."""
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    with town_app.app_context(), write_transaction() as session:
        town = session.get_one(Town, TOWN)
        town.is_demo, town.is_sending = False, True
        put_pairing()
    return town_app


def waiting() -> Message:
    return db.session.query(Message).filter_by(channel="gate").populate_existing().one()


def test_a_digest_goes_out_with_a_name_and_nothing_else_personal(sending: Flask, clock: SetClock) -> None:
    with robot() as heard:
        point_at(sending, heard.port)
        walk(sending, clock, "2016-09-26T18:00", "2016-09-27T09:00")
    ((_, _, body),) = heard.requests
    said = json.loads(body)
    assert (said["title"], said["message"]) == (TITLE, BODY)
    assert "10000000001" not in body.decode()
    with sending.app_context():
        assert waiting().state == "sent"
        assert db.session.query(Audit).filter_by(action="send").count() == 1


def test_nothing_goes_out_while_sending_is_off_or_in_the_demo(sending: Flask, clock: SetClock) -> None:
    with robot() as heard:
        point_at(sending, heard.port)
        with sending.app_context(), write_transaction() as session:
            session.get_one(Town, TOWN).is_demo = True
        walk(sending, clock, "2016-09-26T18:00", "2016-09-27T09:00")
    assert heard.requests == []


def test_tries_come_at_growing_distances_and_end_until_somebody_asks_again(
    sending: Flask, clock: SetClock
) -> None:
    walk(sending, clock, "2016-09-26T18:00", "2016-09-27T08:00")
    with sending.app_context(), robot(500) as broken, robot() as mended:
        point_at(sending, broken.port)
        from_digest(clock)
        pauses = []
        for _ in range(MAX_TRIES):
            clock.at = waiting().next_try_at
            assert send_waiting(clock.at) == 1
            if waiting().next_try_at:
                pauses.append((waiting().next_try_at - clock.at).total_seconds())
        assert (waiting().state, waiting().problem) == ("given_up", "failed")
        assert len(broken.requests) == MAX_TRIES
        assert all(30 <= pause for pause in pauses)
        assert pauses[2] > pauses[0] * 4
        assert send_waiting(clock.at) == 0
        point_at(sending, mended.port)
        try_again(TOWN, waiting().message_id, "u-clerk", clock.at)
        assert send_waiting(clock.at) == 1
        assert (waiting().state, len(mended.requests)) == ("sent", 1)


def point_at(app: Flask, port: int) -> None:
    configure(app, f'allow = ["127.0.0.1"]\n[channels]\ngate = "json://127.0.0.1:{port}/"\n')


def from_digest(clock: SetClock) -> None:
    """Make the digest, and send nothing yet."""
    clock.at = in_town("2016-09-27T08:30")
    sweep(clock.at)
    assert deliver(clock.at) == 2  # the inbox and the gateway
