"""`make corpus`: compiles every form of CORPUS as publishing does and prints what came out of each.

`make corpus ARGS=--keep` also writes down which forms compile: `make test` fails when one no longer does.
"""

import sys

from tests.corpus.compiling import KEPT, Outcome, compile_all
from tests.corpus.folder import read_folder, real_folder
from tests.corpus.table import summary, table


def main(options: list[str]) -> int:
    folder = real_folder()
    if folder is None:
        print("There is no folder of forms: make corpus CORPUS=/path/to/forms", file=sys.stderr)
        return 2
    outcomes = list(compile_all(read_folder(folder)))
    print(table(outcomes), "", summary(outcomes), sep="\n")
    if "--keep" in options:
        keep(outcomes)
    return 0


def keep(outcomes: list[Outcome]) -> None:
    """Write down which forms compile."""
    names = [outcome.entry.name for outcome in outcomes if outcome.form is not None]
    KEPT.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{len(names)} forms written to {KEPT.name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
