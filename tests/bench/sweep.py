"""A million pairings, 50,000 of them due today: one sweep, an idle one, and what bare SQL takes for the same.

The pairings are rows of our own tables, made by SQL; the sweep is the engine's own.
"""

import os
import resource
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from server.actions.reminding import remind
from server.actions.sweep import sweep
from server.app import create_app
from server.clock import TOWN_ZONE, SetClock
from server.config import Config
from server.database import db
from server.migrations import upgrade
from server.models import Reminder

PAIRINGS, DUE, MENTORS, VILLAGES = 1_000_000, 50_000, 10_000, 200
DUE_ON, LATER = date(2016, 9, 30), date(2016, 10, 31)
MORNING = datetime(2016, 9, 27, 8, 30, tzinfo=TOWN_ZONE)
KB = 1024
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"
TOWN = f"""INSERT INTO town (town_id, name, epoch, seq, chain_head, is_demo, is_sending, county)
VALUES ('t', '演示镇', 'e', 0, '', 0, 0, '');
{NUMBERS.format(count=MENTORS)} INSERT INTO entity
(town_id, list_name, entity_id, label, data, village, pinyin, version, is_unreviewed, is_deleted, seq,
 updated_at)
SELECT 't', 'person', 'p' || i, '帮扶人' || i || '(演示)', '{{}}', '', '', 1, 0, 0, 0, '2016-01-01' FROM n;
{NUMBERS.format(count=DUE)} INSERT INTO entity
(town_id, list_name, entity_id, label, data, village, pinyin, version, is_unreviewed, is_deleted, seq,
 updated_at)
SELECT 't', 'household', 'h' || i, '户主' || i || '(演示)', '{{}}', '', '', 1, 0, 0, 0, '2016-01-01' FROM n;
{NUMBERS.format(count=PAIRINGS)} INSERT INTO pairing
(town_id, pairing_id, pairing_no, kind, mentor_list, mentor_id, mentor_2, mentor_unit, mentee_list, mentee_id,
 village, start_on, end_plan_on, ended_on, end_reason, goal, agreement, cadence_n, cadence_unit, supervisor,
 state, is_mentee_agreed, is_posted, is_neglected, n_missed, last_contact_on, due_on, replaces, root_id, seq,
 updated_at)
SELECT 't', 'pair' || i, '', 'hand_in_hand', 'person', 'p' || (i % {MENTORS}), '', '', 'household',
 'h' || (i % {DUE}), 'v' || (i % {VILLAGES}), '2016-01-01', '', '', '', '', '', 1, 'month', '', 'active',
 1, 1, 0, 0, '', '', '', '', 0, '2016-01-01' FROM n;
{NUMBERS.format(count=PAIRINGS)} INSERT INTO deadline
(town_id, subject_kind, subject_id, due_on, state, stage, remind_at, closed_at, why_closed, listed_on)
SELECT 't', 'pairing', 'pair' || i, CASE WHEN i % {PAIRINGS // DUE} = 0 THEN '{DUE_ON}' ELSE '{LATER}' END,
 'open', 'before', CASE WHEN i % {PAIRINGS // DUE} = 0 THEN '2016-09-27 00:30:00.000000'
 ELSE '2016-10-26 00:30:00.000000' END, NULL, '', '' FROM n;
"""  # noqa: S608 - its parts are the constants above
BARE = """CREATE TABLE claimed AS SELECT town_id, subject_id, due_on, stage FROM deadline
WHERE remind_at <= '2016-09-27 00:30:00.000000';
UPDATE deadline SET stage = 'due', remind_at = '2016-09-30 10:00:00.000000'
WHERE remind_at <= '2016-09-27 00:30:00.000000';
"""


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        app = create_app(Config(data=data, is_testing=True, clock=SetClock(MORNING)))
        upgrade(app)
        fill(data / "lingyan.sqlite")
        bare_s = time_bare(data / "lingyan.sqlite")
        fill_again(data / "lingyan.sqlite")
        with app.app_context():
            before_kb = peak_kb()
            sweep_s = timed(lambda: sweep(MORNING))
            grown_mb = (peak_kb() - before_kb) / KB
            count = db.session.query(Reminder).count()
            if count != DUE:
                raise AssertionError(f"{count} reminders were made of {DUE} pairings due")
            db.session.rollback()
            idle = sorted(timed(lambda: sweep(MORNING)) for _ in range(7))
            round_s = timed(lambda: remind(MORNING + timedelta(minutes=1), "bench"))
            db.session.remove()
            db.engine.dispose()
    return {
        "server: sweep of a million pairings, 50,000 due": sweep_s,
        "server: an idle sweep of a million pairings": idle[3] * 1000,
        "server: memory that the sweep adds at its peak | MB": grown_mb,
        "server: the same 50,000 claimed by bare SQL in one statement | s": bare_s,
        "server: the digests of those 50,000, 10,000 people | s": round_s,
        "machine: load average of the last minute | ": os.getloadavg()[0],
    }


def fill(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(TOWN)
        connection.execute("ANALYZE")
    connection.close()


def time_bare(path: Path) -> float:
    """The raw limit: the same rows found and moved on, with nothing decided and no reminder made."""
    with sqlite3.connect(path) as connection:
        taken_s = timed(lambda: connection.executescript(BARE))
    connection.close()
    return taken_s


def fill_again(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE deadline SET stage = 'before', remind_at = '2016-09-27 00:30:00.000000'"
            " WHERE stage = 'due'"
        )
        connection.execute("DROP TABLE claimed")
    connection.close()


def timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
