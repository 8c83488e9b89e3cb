"""The lines of a benchmark: what is measured, in which unit, against which budget."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

BUILD = Path(__file__).parent.parent.parent / "build"


@dataclass(frozen=True)
class Line:
    """A figure to reach; `is_least` says that more is better."""

    name: str
    unit: str
    budget: float | None = None
    is_least: bool = False

    def judge(self, value: float) -> bool | None:
        if self.budget is None:
            return None
        return value >= self.budget if self.is_least else value <= self.budget


@dataclass(frozen=True)
class Row:
    """A line with what was measured; no value means not yet."""

    name: str
    value: float | None
    unit: str
    budget: float | None
    met: bool | None
    note: str = ""


def make_row(line: Line, value: float | None, note: str = "") -> Row:
    met = None if value is None else line.judge(value)
    return Row(line.name, value, line.unit, line.budget, met, note)


def format_table(rows: list[Row], lines: dict[str, Line]) -> str:
    """The rows as a table for the terminal."""
    texts = [format_row(row, lines.get(row.name)) for row in rows]
    widths = [max(len(text[column]) for text in texts) for column in range(3)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {budget:<{widths[2]}}  {verdict}".rstrip()
        for name, value, budget, verdict in texts
    )


def format_row(row: Row, line: Line | None) -> tuple[str, str, str, str]:
    value = "not yet" if row.value is None else f"{row.value:,.4g} {row.unit}"
    if row.value is not None and abs(row.value) >= 1000:
        value = f"{row.value:,.0f} {row.unit}"
    sign = "≥" if line and line.is_least else "≤"
    budget = "" if row.budget is None else f"{sign} {row.budget:,g} {row.unit}"
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    return row.name, value, budget, f"{verdict} {row.note}".strip()


def describe_machine() -> str:
    with Path("/proc/meminfo").open() as file:
        gigabytes = int(file.readline().split()[1]) / 1024 / 1024
    return (
        f"{os.cpu_count()} CPUs, {gigabytes:.0f} GB, {platform.system()}, Python {platform.python_version()}"
    )


def write_json(rows: list[Row], name: str) -> Path:
    BUILD.mkdir(exist_ok=True)
    path = BUILD / name
    path.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")
    return path
