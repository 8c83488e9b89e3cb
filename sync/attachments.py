"""The files that answers name, and what kind of file some bytes are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.batch import FileClaim
from sync.shape import Shape

SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file at its place in the answers, `member[2]/photo`."""

    path: str
    claim: FileClaim


def find_files(answers: Any, shape: Shape, path: str = "") -> Iterator[NamedFile]:
    """The files at the questions of `shape`, in document order."""
    if isinstance(answers, list):
        for number, child in enumerate(answers, 1):
            yield from find_files(child, shape, f"{path}[{number}]")
    elif isinstance(answers, dict):
        for name, inner in shape.items():
            child = answers.get(name)
            here = f"{path}/{name}" if path else name
            if inner is not None:
                yield from find_files(child, inner, here)
            elif isinstance(child, dict) and (claim := read_claim(child)) is not None:
                yield NamedFile(here, claim)


def read_claim(value: dict[str, Any]) -> FileClaim | None:
    sha256, size = value.get("sha256"), value.get("bytes", 0)
    if not isinstance(sha256, str) or not SHA256.match(sha256) or type(size) is not int:
        return None
    return FileClaim(sha256, size, str(value.get("type", "")), str(value.get("name", "")))


def sniff(head: bytes) -> str:
    """The media type that the first 16 bytes show, '' when it is none that we know."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return "application/zip"  # Office documents since 2007 are zip files
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "application/x-ole-storage"  # and before
    return sniff_recording(head)


def sniff_recording(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3")):
        return "audio/mpeg"
    if head.startswith((b"\xff\xf1", b"\xff\xf9")):
        return "audio/aac"
    return ""
