"""`make corpus`: compiles every form of CORPUS as publishing does and prints what came out of each.

Then each is walked at random beside ODK Web Forms' engine. `make corpus ARGS=--keep` only compiles, and
writes down which forms do: `make test` fails when one no longer does.
"""

import sys

from tests.corpus.compiling import KEPT, Outcome, compile_all
from tests.corpus.folder import read_folder, real_folder
from tests.corpus.table import summary, table, walk_summary, walk_table
from tests.corpus.walking import Pace, walk_all

PACE = Pace(seeds=(1,), steps=300, budget_s=90)


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
    return walk_those(outcomes)


def walk_those(outcomes: list[Outcome]) -> int:
    """Walk each form that compiled; fails when something differs that nothing explains."""
    forms = [(outcome.entry, outcome.form) for outcome in outcomes if outcome.form is not None]
    walks = [one for each in walk_all(forms, PACE) for one in each]
    print("", walk_table(walks), "", walk_summary(walks), sep="\n")
    return int(any(one.faults for one in walks))


def keep(outcomes: list[Outcome]) -> None:
    """Write down which forms compile."""
    names = [outcome.entry.name for outcome in outcomes if outcome.form is not None]
    KEPT.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{len(names)} forms written to {KEPT.name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
