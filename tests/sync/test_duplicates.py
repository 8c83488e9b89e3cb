"""Fingerprints: the same content is found again, other content is not."""

from sync.duplicates import fingerprint
from sync.shape import make_shape

ENTERED = make_shape(["head", "member/name", "photo", "n"])


def test_ignores_made_up_ids_and_spacing_and_full_width() -> None:
    one = {"head": "周建国", "uuid": "1", "member": [{"name": "Ａ１ ", "m_key": "x"}], "n": 3}
    other = {"member": [{"m_key": "y", "name": "A1"}], "head": " 周建国", "n": 3, "uuid": "2"}
    assert fingerprint(one, ENTERED) == fingerprint(other, ENTERED) != ""


def test_sees_another_answer_another_order_and_another_photo() -> None:
    base = {"member": [{"name": "a"}, {"name": "b"}], "photo": {"sha256": "1", "name": "x"}}
    turned = {"member": [{"name": "b"}, {"name": "a"}], "photo": {"sha256": "1", "name": "x"}}
    renamed = {"member": [{"name": "a"}, {"name": "b"}], "photo": {"sha256": "1", "name": "y"}}
    retaken = {"member": [{"name": "a"}, {"name": "b"}], "photo": {"sha256": "2", "name": "x"}}
    assert fingerprint(base, ENTERED) == fingerprint(renamed, ENTERED)
    assert len({fingerprint(one, ENTERED) for one in (base, turned, retaken)}) == 3


def test_has_none_for_nothing_entered() -> None:
    assert fingerprint({"uuid": "1", "head": " "}, ENTERED) == ""
