"""5,000 people check in as fast as they can: half on four organisers' phones, half by themselves.

Afterwards every one of them must be there once, and every check-in must be kept: the overlaps of the phones
are merged, nothing is lost, nothing counts twice.
"""

import sqlite3
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from forms import compile_form
from server.access import Post, scope_of
from server.actions.events import Plan, make_event, move_event
from server.actions.forms import publish
from server.actions.rosters import Guest, add_guests
from server.actions.users import Account, insert_town, insert_user
from server.app import create_app
from server.clock import TOWN_ZONE
from server.config import Config
from server.database import db, write_transaction
from server.migrations import upgrade
from server.models import Event, User
from server.passwords import digest_password
from server.wall_codes import WallCode, slot_of, write_code
from tests.server.town import content_digest, make_item, new_id
from tests.serving import Served, serve

N_PEOPLE, N_PHONES, BATCH, OVERLAP = 5000, 4, 50, 25
N_SCANNED = N_PEOPLE // 2
PASSWORD = "lingyan-demo"
LIBRARY = Path(__file__).parents[2] / "forms" / "library"
COUNTS = {
    "present": "SELECT count(DISTINCT attendee_id) FROM attendance",
    "attendance": "SELECT count(*) FROM attendance",
    "check-ins": "SELECT count(*) FROM check_in",
    "merged": "SELECT count(*) FROM check_in WHERE state = 'merged'",
}
LINE = "server: 5,000 check-ins on four phones and by themselves"
BROWSERS = 8  # at once


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        event_id, key = prepare(data)
        with serve(data, LAN="0") as served:
            began = time.monotonic()
            with ThreadPoolExecutor(N_PHONES + BROWSERS) as pool:
                phones = [pool.submit(scan_all, served, event_id, number) for number in range(N_PHONES)]
                own = [pool.submit(check_in, served, event_id, key, n) for n in range(N_SCANNED, N_PEOPLE)]
                n_sent = sum(done.result() for done in phones)
                for done in own:
                    done.result()
            took_s = time.monotonic() - began
        check(data, n_sent + N_PEOPLE - N_SCANNED)
    return {LINE: (n_sent + N_PEOPLE - N_SCANNED) / took_s}


def prepare(data: Path) -> tuple[str, str]:
    """A town, four organisers, an open event with everybody expected; its id and key."""
    app = create_app(Config(data=data, is_testing=True))
    upgrade(app)
    with app.app_context():
        with write_transaction() as session:
            town_id = insert_town(session, "溱东镇(演示)", is_demo=True)
            for number in range(N_PHONES):
                account = Account(f"o{number}", f"组织者{number}", (Post("town_office", ""),), f"p{number}")
                insert_user(session, town_id, account, digest_password(PASSWORD))
        publish(compile_form((LIBRARY / "check_in.md").read_bytes(), "check_in.md"))
        scope = scope_of(db.session.query(User).filter_by(username="o0").one())
        event_id = make_event(scope, plan())
        guests = [
            Guest(f"学员{n:05}", "草舍", "", f"1000000{n:04}", list_name="person", entity_id=f"g{n}")
            for n in range(N_PEOPLE)
        ]
        add_guests(scope, event_id, guests)
        move_event(scope, event_id, "open")
        key = db.session.query(Event).one().wall_key
        db.session.remove()
        db.engine.dispose()
    return event_id, key


def plan() -> Plan:
    start_at = datetime.now(TOWN_ZONE) - timedelta(minutes=5)
    helpers = tuple(f"p{number}" for number in range(N_PHONES))
    return Plan("大会", "meeting", "会场", start_at, start_at + timedelta(hours=5), "p0", helpers=helpers)


def scan_all(served: Served, event_id: str, number: int) -> int:
    """One phone's quarter and the first people of the next one's, in batches; how many it sent."""
    device, token = f"device-{number}", ""
    body = {"username": f"o{number}", "password": PASSWORD, "device_id": device, "device_name": "bench"}
    token = post(served, "/api/v1/sessions", body)["token"]
    answer = sync(served, device, token, {"epoch": "", "cursor": 0}, [])
    quarter = N_SCANNED // N_PHONES
    mine = [n % N_SCANNED for n in range(number * quarter, (number + 1) * quarter + OVERLAP)]
    for at in range(0, len(mine), BATCH):
        items = [scan(event_id, n) for n in mine[at : at + BATCH]]
        answer = sync(served, device, token, answer, items)
        outcomes = {one["outcome"] for one in answer["outcomes"]}
        if outcomes != {"accepted"}:
            raise AssertionError(f"a scan was {outcomes}")
    return len(mine)


def sync(served: Served, device: str, token: str, before: Any, items: list[dict[str, Any]]) -> Any:
    """One exchange, going on where the one before ended."""
    request = {
        "device": {"device_id": device, "app_version": "1", "n_unsent": 0},
        "epoch": before["epoch"],
        "cursor": before["cursor"],
        "items": items,
        "have": {"forms": {}},
    }
    return post(served, "/api/v1/sync", request, token)


def scan(event_id: str, number: int) -> dict[str, Any]:
    told = {"event": event_id, "session": 1, "direction": "in", "way": "badge", "nonce": new_id()}
    return make_item(
        "check_in", {**told, "attendee": f"person:g{number}", "attendee_name": f"学员{number:05}"}
    )


def check_in(served: Served, event_id: str, key: str, number: int) -> None:
    """As a browser does: show the code of this moment, then a name with the ticket."""
    code = write_code(key, WallCode(event_id, 1, "in", slot_of(datetime.now(UTC))))
    ticket = post(served, "/api/v1/check-in/open", {"code": code})["ticket"]
    told = post(
        served, "/api/v1/check-in", {"ticket": ticket, "name": f"学员{number:05}", "phone": f"{number:04}"}
    )
    if told["is_again"]:
        raise AssertionError(f"{number} was there already")


def post(served: Served, path: str, body: Any, token: str = "") -> Any:
    raw = orjson.dumps(body)
    headers = {"Content-Type": "application/json", "Content-Digest": content_digest(raw)}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(served.url + path, raw, headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return orjson.loads(answer.read())


def check(data: Path, n_sent: int) -> None:
    """Everybody is there once, every check-in is kept, and exactly the overlaps were merged."""
    with sqlite3.connect(data / "lingyan.sqlite") as connection:
        found = {name: connection.execute(query).fetchone()[0] for name, query in COUNTS.items()}
    wanted = {"present": N_PEOPLE, "attendance": N_PEOPLE, "check-ins": n_sent, "merged": n_sent - N_PEOPLE}
    if found != wanted:
        raise AssertionError(f"{found} instead of {wanted}")
