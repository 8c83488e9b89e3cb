"""The desk's texts: one meaning for each key, whichever module it stands in."""

import re
from collections import Counter
from pathlib import Path

SERVER = Path(__file__).parents[2] / "server"
KEY = re.compile(r'^    "(\w+)": \(', re.MULTILINE)


def test_no_key_is_written_twice() -> None:
    modules = [SERVER / "texts.py", *SERVER.glob("*_texts.py")]
    keys = Counter(key for path in modules for key in KEY.findall(path.read_text(encoding="utf-8")))
    assert keys["account"] == 1
    assert [key for key, n in keys.items() if n > 1] == []
