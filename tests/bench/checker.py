"""The checker over F02 records and the compiler over the form of the WHO, in this process, on one core.

The records are those of `load`: each told of another household and complete, so that nearly all rules run.
The parts of a check are timed by running a checker that ends before the next part. Processor time is counted,
so that a busy machine costs little.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from forms import Checker, Equals, Lists, compile_form, load_checker
from forms.errors import ErrorList
from forms.python import PARTS
from forms.workbook import read_workbook, to_xform
from server.app import create_app
from server.config import Config
from server.database import db
from server.models import FormVersion
from tests.bench.load import FORM_ID, build, make_reader
from tests.corpus.folder import real_folder
from tests.serving import run_command

NAME = "checker: F02 records on one core"
COMPILE = "compiler: the form of the WHO, after pyxform"
RUNS = 5
WORKBOOK = "webforms__whova_form.xlsx"
XFORM = "phone-peers/forms/whova.xml"
Record = tuple[dict[str, Any], Lists, dict[str, Any]]


class Asked:
    """Lists that note what they are asked."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.asked: list[tuple[str, Equals]] = []

    def rows(self, list_name: str, equals: Equals) -> Sequence[Mapping[str, str]]:
        self.asked.append((list_name, equals))
        return self.lists.rows(list_name, equals)


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        done = run_command(data, "demo", "load", "--as-of", "2016-10-15")
        if done.returncode:
            raise RuntimeError(done.stderr)
        return {**time_checker(create_app(Config(data=data))), **time_compiler()}


def time_checker(app: Flask) -> dict[str, float]:
    batches = build(app)
    with app.app_context():
        records = [
            (
                content["answers"],
                make_reader(batch.user_id).lists_at(content["meta"]["lists_cursor"]),
                content["meta"],
            )
            for batch in batches
            for item in batch.items
            for content in [orjson.loads(item["payload"])]
        ]
        source = db.session.scalars(db.select(FormVersion.python).filter_by(form_id=FORM_ID)).one()
        seconds = [time_records(load_checker(part), records) for part in cut(source)]
        asking = time_asking(load_checker(source), records)
        db.session.remove()
        db.engine.dispose()
    each = 1_000_000 / len(records)
    spent = [(end - start) * each for start, end in zip([0.0, *seconds], seconds, strict=False)]
    return {
        NAME: len(records) / seconds[-1],
        **{f"checker: F02 record, {name} | µs": took for name, took in zip(PARTS, spent, strict=True)},
        "checker: F02 record, of these looking up in lists | µs": asking * each,
    }


def cut(source: str) -> list[str]:
    """Give a checker that ends after each part of the whole."""
    marks = [f"    # {name}\n" for name in PARTS[1:]]
    return [*(source.partition(mark)[0] for mark in marks), source]


def time_records(checker: Checker, records: Sequence[Record]) -> float:
    def check_all() -> None:
        for answers, lists, meta in records:
            checker.check(answers, lists, meta)

    check_all()  # indexes are made, conversions remembered
    return time_least(check_all)


def time_asking(checker: Checker, records: Sequence[Record]) -> float:
    asked = []
    for answers, lists, meta in records:
        noting = Asked(lists)
        checker.check(answers, noting, meta)
        asked.append((lists, noting.asked))

    def ask_all() -> None:
        for lists, asks in asked:
            for list_name, equals in asks:
                lists.rows(list_name, equals)

    return time_least(ask_all)


def time_least(work: Callable[[], object], runs: int = RUNS) -> float:
    """Processor seconds of the quickest run."""
    took = []
    for _ in range(runs):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return min(took)


def time_compiler() -> dict[str, float]:
    """Where the form is: the whole of it from the workbook, else only what comes after pyxform."""
    folder = real_folder()
    if folder is not None and (folder / WORKBOOK).is_file():
        source = (folder / WORKBOOK).read_bytes()
        pyxform = time_least(lambda: convert(source), 2)
        whole = time_least(lambda: compile_form(source, WORKBOOK, is_draft=True, default_version="1"), 2)
        return {COMPILE: whole - pyxform, "compiler: the form of the WHO, pyxform itself | s": pyxform}
    if folder is not None and (folder.parent / XFORM).is_file():
        source = (folder.parent / XFORM).read_bytes()
        return {COMPILE: time_least(lambda: compile_form(source, "whova.xml", is_draft=True), 2)}
    return {}


def convert(source: bytes) -> str:
    errors = ErrorList()
    return to_xform(read_workbook(source, WORKBOOK, errors), errors)
