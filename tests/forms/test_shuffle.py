"""The server shuffles as the phone does: a seed gives one order everywhere."""

from forms.runtime import randomize
from tests.forms.running import ROOT, run_code

SEEDS = ("42", "0.53", "-7.9", "0", "2147483647", "12345678901", "abc", "王建军", "", "9" * 400, "x" * 200)
ROWS = [{"name": str(number)} for number in range(30)]


def test_both_sides_give_the_same_order(tmp_path) -> None:
    code = f"""
      import {{ randomize }} from {(ROOT / "forms" / "runtime.ts").as_uri()!r};
      export default ({{ rows, seeds }}) => seeds.map(seed => randomize(rows, seed));
    """
    assert run_code(tmp_path, code, {"rows": ROWS, "seeds": SEEDS}) == [
        randomize(ROWS, seed) for seed in SEEDS
    ]


def test_each_row_stays_once() -> None:
    for seed in SEEDS:
        shuffled = randomize(ROWS, seed)
        assert sorted(shuffled, key=str) == sorted(ROWS, key=str)
        assert shuffled != ROWS
