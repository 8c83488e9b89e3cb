"""A corpus: a folder of workbooks and XForms, each with what came along in `<form>-media/` beside it."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).parent / "small"  # written for these tests
_SUFFIXES = {".xlsx", ".xls", ".xml", ".md"}


@dataclass(frozen=True)
class Entry:
    """One form of a corpus."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def source(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def attachments(self) -> dict[str, bytes]:
        media = self.path.with_name(f"{self.path.stem}-media")
        return {file.name: file.read_bytes() for file in sorted(media.glob("*")) if file.is_file()}


def read_folder(folder: Path) -> list[Entry]:
    """Its forms, by name."""
    forms = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES)
    return [Entry(path) for path in forms if path.name != "README.md"]


def real_folder() -> Path | None:
    """The folder of real forms: `CORPUS`, else ../shared/corpus; None where there is none."""
    folder = ROOT / os.environ.get("CORPUS", "../shared/corpus")
    return folder if folder.is_dir() else None
