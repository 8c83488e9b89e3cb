"""`make bench`: measures what can be measured, prints a table, writes build/bench.json.

`make bench ARGS="memory size"` measures only the groups named. A group is a module beside this one with a
function `measure()` that gives {line: value}; a line that no group measures is "not yet".
"""

import sys
from collections.abc import Callable

from tests.bench import (
    big,
    check_in,
    checker,
    checkout,
    codes,
    export,
    first_sync,
    ingest,
    memory,
    peers,
    phone,
    size,
    sweep,
    uploads,
)
from tests.bench.lines import Line, describe_machine, format_table, make_row, write_json

LINES = (
    # The phone: 390x844, Chromium, CPU slowed six times, median of seven.
    Line("phone: JavaScript and CSS of the first load with F02, brotli", "KB", 100),
    Line("phone: F02 interactive after it is tapped", "ms", 300),
    Line("phone: an answer settles, p95", "ms", 50),
    Line("phone: a tap that does nothing (the floor)", "ms"),
    Line("phone: cold offline start to the first row of Today", "s", 1.5),
    Line("phone: a scan is decided after decoding", "ms", 100),
    # A large form beside two open web form engines: their harness, CPU slowed six times.
    Line("WHO form: interactive from navigation", "ms", 800),
    Line("WHO form: interactive, times faster than the peers' best run", "times", 10, is_least=True),
    Line("WHO form: of which the form's own part", "ms", 250),
    Line("WHO form: an answer settles, p95", "ms", 50),
    Line("WHO form: an answer settles, the slowest", "ms", 100),
    Line("WHO form: code of the page without the form, brotli", "KB", 50),
    Line("WHO form: memory of the process above a blank page", "MB", 15),
    Line("WHO form: elements of the page, the most", "elements", 1500),
    Line("big form: 20,000 choices filtered by a parent", "ms", 10),
    Line("big form: an instance of 20 questions added to 300", "ms", 60),
    Line("big form: a tap adds to 300 and is drawn", "ms", 60),
    # The server.
    Line("server: F02 records through /api/v1/sync, batches of 50", "records/s", 800, is_least=True),
    Line("server: memory of all processes after ingest, PSS", "MB"),
    Line("server: memory of all processes after the demo is loaded, PSS", "MB", 200),
    Line("server: a cadre's first sync, a village of 1,200 households, packed", "KB", 300),
    Line("server: export to CSV", "records/s", 20_000, is_least=True),
    Line("server: 1,000 phones with 20 records each within a minute, p95", "s", 10),
    Line("server: candidates for one person among a million, p95", "ms", 5),
    Line("server: signed codes read on one core", "per s", 5_000, is_least=True),
    Line("server: sweep of a million pairings, 50,000 due", "s", 60),
    Line("server: an idle sweep of a million pairings", "ms", 50),
    Line("server: 5,000 check-ins on four phones and by themselves", "check-ins/s", 8.4, is_least=True),
    Line("uploads: a hostile one is refused, the slowest", "s", 2),
    Line("uploads: of which the processor, the most", "s", 2),
    Line("uploads: memory for it, the largest", "MB", 200),
    # The form language.
    Line("checker: F02 records on one core", "records/s", 3_000, is_least=True),
    Line("compiler: the form of the WHO, after pyxform", "s", 5),
    # The project.
    Line("make run on a clean checkout, downloads included", "s", 240),
)
GROUPS: dict[str, Callable[[], dict[str, float]]] = {
    "size": size.measure,
    "phone": phone.measure,
    "checker": checker.measure,
    "big": big.measure,
    "peers": peers.measure,
    "ingest": ingest.measure,
    "memory": memory.measure,
    "export": export.measure,
    "first_sync": first_sync.measure,
    "codes": codes.measure,
    "sweep": sweep.measure,
    "check_in": check_in.measure,
    "uploads": uploads.measure,
    "checkout": checkout.measure,
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"No group {', '.join(sorted(unknown))}; there are: {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    values: dict[str, float] = {}
    for name in names or GROUPS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        values.update(GROUPS[name]())
    lines = {line.name: line for line in LINES}
    rows = [make_row(line, values.pop(line.name, None)) for line in LINES]
    # What a group tells beyond the lines (times by phase) stands after them, without a budget.
    rows += [make_row(Line(*name.rsplit(" | ", 1)), value) for name, value in values.items()]
    print(describe_machine())
    print(format_table(rows, lines))
    print(f"written to {write_json(rows, 'bench.json')}")
    return 0


sys.exit(main(sys.argv[1:]))
