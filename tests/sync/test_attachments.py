"""Files in answers, and what their first bytes show."""

import pytest

from sync.attachments import find_files, sniff
from sync.shape import make_shape

SHA = "a" * 64
SHAPE = make_shape(["photo", "home/door", "member/face"])


def test_finds_files_at_their_paths() -> None:
    photo = {"sha256": SHA, "bytes": 3, "type": "image/jpeg", "name": "a.jpg"}
    answers = {"photo": photo, "home": {"door": photo}, "member": [{"name": "x"}, {"face": photo}]}
    assert [named.path for named in find_files(answers, SHAPE)] == ["photo", "home/door", "member[2]/face"]


def test_takes_no_file_without_a_digest() -> None:
    assert not list(find_files({"photo": {"sha256": "../../etc/passwd", "bytes": 1}}, SHAPE))


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"PK\x03\x04\x14\x00\x06\x00", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"<svg onload=alert(1)>", ""),
        (b"<!doctype html>", ""),
        (b"MZ\x90\x00", ""),
        (b"", ""),
    ],
)
def test_tells_types_by_their_first_bytes(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type
