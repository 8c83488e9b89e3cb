"""Records exported to CSV by a served desk, the demo's own copied many times; and what the server then holds.

The budget's line is the enterprise visit (F05, 40 questions and the demands as a second file). The exit check
(F02), 130 columns and a row of 30 for each member, stands below it.
"""

import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from server.actions.demo import PASSWORD
from server.outline import Outline
from tests.bench.memory import find_family, read_pss
from tests.http_desk import HttpDesk
from tests.serving import Served, run_command, serve

NAME = "server: export to CSV"
FORMS = {"enterprise_visit": NAME, "exit_check": f"{NAME}, F02 with members | records/s"}
LEAST = 20_000  # records of each form
PIECE_BYTES = 1 << 16
VARIED = ("string", "int", "integer", "decimal")  # types of answers that differ between copies
LIMITS = {
    "enterprise_visit": "server: the same records read by bare SQL and orjson | records/s",
    "exit_check": "server: the same, F02 with members | records/s",
}
BARE = """
SELECT payload FROM submission JOIN submission_version
    ON submission_version.town_id = submission.town_id
    AND submission_version.instance_id = submission.current_id
WHERE submission.form_id = ? ORDER BY submission.received_at DESC
"""
COPIED = {  # table -> the column that holds the current version's id
    "submission": "current_id",
    "submission_version": "instance_id",
    "violation": "instance_id",
}


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        done = run_command(data, "demo", "load")
        if done.returncode:
            raise RuntimeError(done.stderr)
        numbers = {form_id: multiply(data, form_id) for form_id in FORMS}
        with serve(data) as served, watch_memory(served) as peak:
            desk = Desk(served, "office01", PASSWORD)
            rates = {name: numbers[form_id] / desk.export(form_id) for form_id, name in FORMS.items()}
        limits = {name: read_bare(data, form_id) for form_id, name in LIMITS.items()}
        return {**rates, **limits, f"{NAME}, most memory of all processes, PSS | MB": max(peak)}


def read_bare(data: Path, form_id: str) -> float:
    """The records a second that SQLite and the JSON reader alone give: no export can be faster."""
    database = sqlite3.connect(data / "lingyan.sqlite")
    started = time.perf_counter()
    n_records = sum(1 for (payload,) in database.execute(BARE, (form_id,)) if orjson.loads(payload))
    seconds = time.perf_counter() - started
    database.close()
    return n_records / seconds


def multiply(data: Path, form_id: str) -> int:
    """Copy every record of a form under new ids until there are enough; the number there is then."""
    database = sqlite3.connect(data / "lingyan.sqlite")
    database.row_factory = sqlite3.Row
    ids = database.execute(
        "SELECT root_id, current_id FROM submission WHERE form_id = ?", (form_id,)
    ).fetchall()
    outlines = database.execute("SELECT outline FROM form_version WHERE form_id = ?", (form_id,))
    varied = {path for row in outlines for path in find_varied(row["outline"])}
    n_copies = -(-LEAST // len(ids))
    with database:
        for names in ids:
            copy_record(database, tuple(names), n_copies - 1, varied)
    database.close()
    return len(ids) * n_copies


def find_varied(text: str) -> list[str]:
    """Paths of an outline's free answers: texts and numbers, and no choice or village."""
    outline = Outline(orjson.loads(text))
    nodes = [node for node in outline.nodes if node.type in VARIED and not node.choice_list]
    return [f"/{node.path}" for node in nodes]


def copy_record(database: sqlite3.Connection, ids: tuple[str, ...], n_copies: int, varied: Set[str]) -> None:
    """Copy a record, by its root's and its current version's id, so that no two copies say the same.

    What an export tells once for a batch would otherwise be told once for all copies of a record. Each came
    a day after the one before: an export goes by the time of receipt, and copies don't stand together in it.
    """
    renamed = [{one: str(uuid.uuid4()) for one in ids} for _ in range(n_copies)]
    for table, key in COPIED.items():
        rows = database.execute(f"SELECT * FROM {table} WHERE {key} = ?", (ids[1],)).fetchall()  # noqa: S608
        copies = [copy_row(row, names, n, varied) for n, names in enumerate(renamed, 1) for row in rows]
        if copies:
            places = ", ".join("?" * len(copies[0]))
            database.executemany(f"INSERT INTO {table} VALUES ({places})", copies)  # noqa: S608


def copy_row(row: sqlite3.Row, names: Mapping[str, str], n: int, varied: Set[str]) -> list[Any]:
    values = {name: names.get(row[name], row[name]) for name in row.keys()}
    if "received_at" in values:
        received_at = datetime.fromisoformat(values["received_at"]) + timedelta(days=n)
        values["received_at"] = received_at.isoformat(" ", "microseconds")
    if "payload" in values:
        content = orjson.loads(values["payload"])
        content["answers"] = vary(content["answers"], "", n, varied)
        values["payload"] = orjson.dumps(content).decode()
    return list(values.values())


def vary(answer: Any, path: str, n: int, varied: Set[str]) -> Any:
    """The answers with every text and every number made another."""
    if isinstance(answer, dict):
        return {name: vary(inner, f"{path}/{name}", n, varied) for name, inner in answer.items()}
    if isinstance(answer, list):
        return [vary(inner, path, n, varied) for inner in answer]
    if path not in varied or not isinstance(answer, str | int | float):
        return answer
    return f"{answer}{n}" if isinstance(answer, str) else answer + n


@contextmanager
def watch_memory(served: Served) -> Iterator[list[float]]:
    """Megabytes of the server's processes, sampled while the block runs."""
    found: list[float] = []
    over = threading.Event()

    def sample() -> None:
        while not over.wait(0.2):
            found.append(sum(read_pss(pid) for pid in find_family(served.process.pid)) / 1024)

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


class Desk(HttpDesk):
    """The town office at the desk."""

    def export(self, form_id: str) -> float:
        """The seconds from asking to the last byte."""
        token = self.token(f"/desk/exports?form={form_id}&state=all")
        wish = {"csrf": token, "form": form_id, "state": "all", "file_type": "csv", "words": "zh"}
        started = time.perf_counter()
        answer = self.ask("POST", "/desk/exports", {**wish, "reason": "measuring the export"})
        if answer.status != 200:
            raise RuntimeError(answer.read().decode()[:500])
        while answer.read(PIECE_BYTES):
            pass
        return time.perf_counter() - started
