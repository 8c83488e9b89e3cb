"""Two versions of a form compared, question by question."""

from forms import Change, Difference, compare, compile_form

OLD = """
| survey |
| | type | name | label | relevant |
| | begin_group | home | 家庭 | |
| | integer | rooms | 房间数 | |
| | select_one yn | water | 有自来水 | ${rooms} > 0 |
| | end_group | | | |
| | text | note | 备注 | |
| choices |
| | list_name | name | label |
| | yn | y | 有 |
| | yn | n | 无 |
| settings |
| | form_id | version |
| | home | 1 |
"""
NEW = """
| survey |
| | type | name | label | relevant | required |
| | begin_group | home | 家庭 | | |
| | decimal | rooms | 房间数量 | | yes |
| | select_one yn | water | 有自来水 | ${rooms} > 1 | |
| | end_group | | | | |
| | date | seen | 日期 | | |
| choices |
| | list_name | name | label |
| | yn | y | 有 |
| | yn | well | 有井 |
| settings |
| | form_id | version |
| | home | 2 |
"""


def differences(old: str, new: str) -> list[Difference]:
    before, after = (compile_form(each.encode(), "home.md", is_draft=True) for each in (old, new))
    return compare(before.outline, before.xform, after.outline, after.xform)


def test_tells_what_was_added_removed_and_changed_and_from_what_to_what() -> None:
    rooms, water, seen, note = differences(OLD, NEW)
    assert (rooms.kind, rooms.path) == ("changed", "home/rooms")
    assert Change("label::default", "房间数", "房间数量") in rooms.changes
    assert Change("type", "int", "decimal") in rooms.changes
    assert Change("required", "", "true()") in rooms.changes
    (rule,) = (change for change in water.changes if change.what == "relevant")
    assert rule.before.endswith("> 0") and rule.after.endswith("> 1")
    assert (
        Change("choices", "n 无", "") in water.changes and Change("choices", "", "well 有井") in water.changes
    )
    assert (seen.kind, note.kind, note.path) == ("added", "removed", "note")


def test_a_form_compared_with_itself_has_no_difference() -> None:
    assert differences(OLD, OLD) == []
