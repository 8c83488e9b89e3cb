"""Walks forms at random in the phone's engine and ODK Web Forms', and has each record checked."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from forms import CompiledForm, load_checker
from forms.attachments import read_attachments
from forms.errors import ErrorList
from tests.corpus.folder import Entry
from tests.corpus.oracle import for_oracle
from tests.forms.running import PHONE, node
from tests.forms.town import Lists, Rows

MAIN = PHONE / "test" / "walks" / "main.ts"
NOW = "2016-10-15T02:20:00Z"
META = {"started_at": NOW, "ended_at": NOW, "utc_offset_min": 0}
PHONES_CODES = {"required", "type", "choice", "constraint"}
# A form whose walk takes longer than its budget and this ends with a message.
GRACE_S = 120

Form = tuple[Entry, CompiledForm]


@dataclass(frozen=True)
class Pace:
    """How far to walk each form."""

    seeds: tuple[int, ...]
    steps: int
    budget_s: float = 60


@dataclass(frozen=True)
class Walk:
    """What one walk through one form showed."""

    name: str
    seed: int
    steps: int = 0
    crash: str = ""
    refusal: str = ""  # why the oracle can't open the form
    differences: list[dict[str, str]] = field(default_factory=list)  # from the oracle
    trail: list[str] = field(default_factory=list)  # what was done before the walk ended with a difference
    disagreements: list[str] = field(default_factory=list)  # of the checker

    @property
    def faults(self) -> list[str]:
        """What no row of docs/differences.md explains."""
        unknown = [str(each) for each in self.differences if not each["known"]]
        trail = [f"after {', '.join(self.trail[-TRAIL:])}"] if unknown else []
        return [*filter(None, [self.crash]), *unknown, *trail, *self.disagreements]

    @property
    def known(self) -> list[str]:
        """The rows that were met."""
        return sorted({each["known"] for each in self.differences} - {""})


TRAIL = 6


def walk_all(forms: Iterable[Form], pace: Pace) -> Iterator[list[Walk]]:
    """Walk each form, two at a time, in their order."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(lambda each: walk(each, pace), forms)


def walk(form: Form, pace: Pace) -> list[Walk]:
    """Walk one form once for each seed."""
    entry, compiled = form
    try:
        lines = list(_run({"now": NOW, "cases": [_case(entry, compiled, pace)]}, pace))
    except (subprocess.SubprocessError, OSError) as error:
        return [Walk(entry.name, 0, crash=str(error)[:200])]
    return [_judge(entry, compiled, line) for line in lines]


def _judge(entry: Entry, form: CompiledForm, line: dict[str, Any]) -> Walk:
    records = line.pop("records", [])
    return Walk(**line, disagreements=list(disagreements(form, lists_of(entry), records)))


def _case(entry: Entry, form: CompiledForm, pace: Pace) -> dict[str, Any]:
    return {
        "name": entry.name,
        "javascript": form.javascript,
        "xform": form.xform,
        "oracle": for_oracle(form.xform),
        "lists": lists_of(entry),
        "files": {name: source.decode("utf-8", "replace") for name, source in entry.attachments.items()},
        "seeds": pace.seeds,
        "steps": pace.steps,
        "budget_ms": round(pace.budget_s * 1000),
    }


def lists_of(entry: Entry) -> Rows:
    """The rows of the lists that came along."""
    rows = read_attachments(entry.attachments, ErrorList()).rows
    return {name: [dict(row) for row in each] for name, each in rows.items()}


def _run(request: dict[str, Any], pace: Pace) -> Iterator[dict[str, Any]]:
    """Run the walker under Node; it gives a line for each walk, among what the oracle has to say."""
    done = subprocess.run(
        [node(), "--no-warnings", str(MAIN)],
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TZ": "UTC"},
        timeout=pace.budget_s * len(pace.seeds) + GRACE_S,
        check=True,
    )
    return (json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"name"'))


def disagreements(form: CompiledForm, lists: Rows, records: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Where the checker finds other violations, values, names or rows than the phone did."""
    checker = load_checker(form.python)
    for index, record in enumerate(records):
        checked = checker.check(record["answers"], Lists(lists), META)
        found = {f"{one.path}:{one.code}" for one in checked.violations if one.code in PHONES_CODES}
        for each in sorted(found ^ set(record["errors"])):
            yield f"record {index}: {each} only by {'the checker' if each in found else 'the phone'}"
        for path, value in checked.calculated.items():
            yield f"record {index}: {path} is {value!r} by the checker"
        if checked.instance_name != record["name"]:
            yield f"record {index}: called {checked.instance_name!r} by the checker, not {record['name']!r}"
        yield from _other_rows(index, [asdict(each) for each in checked.entities], record["entities"])


def _other_rows(index: int, ours: list[dict[str, Any]], phones: list[dict[str, Any]]) -> Iterator[str]:
    """Rows that only one of both writes; in which order doesn't matter."""
    for who, some, others in (("the checker", ours, phones), ("the phone", phones, ours)):
        yield from (f"record {index}: {each} only by {who}" for each in some if each not in others)
