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
    assert (rule.before, rule.after) == ("${rooms} > 0", "${rooms} > 1")
    assert (
        Change("choices", "n 无", "") in water.changes and Change("choices", "", "well 有井") in water.changes
    )
    assert (seen.kind, note.kind, note.path) == ("added", "removed", "note")


def test_a_form_compared_with_itself_has_no_difference() -> None:
    assert differences(OLD, OLD) == []


COLUMNS = ("label", "hint", "guidance_hint", "constraint_message")
SPOKEN = f"""
| survey |
| | type | name | {" | ".join(f"{column}::中文 (zh)" for column in COLUMNS)} | constraint | appearance |
| | integer | rooms | 房间数 | {{hint}} | {{guidance}} | {{message}} | . > 0 | {{appearance}} |
| settings |
| | form_id | version |
| | home | 1 |
"""


def test_hints_messages_and_appearances_are_compared_too() -> None:
    first = {"hint": "含厨房", "guidance": "问清楚", "message": "请填正数", "appearance": "w1"}
    second = {"hint": "不含厨房", "guidance": "", "message": "请填大于零的数", "appearance": ""}
    (rooms,) = differences(SPOKEN.format(**first), SPOKEN.format(**second))
    assert {(change.what, change.before, change.after) for change in rooms.changes} == {
        ("hint::中文 (zh)", "含厨房", "不含厨房"),
        ("guidance_hint::中文 (zh)", "问清楚", ""),
        ("constraint_message::中文 (zh)", "请填正数", "请填大于零的数"),
        ("appearance", "w1", ""),
    }
    plain = OLD.replace("| label | relevant |", "| label | hint |")
    (water,) = differences(plain, plain.replace("${rooms} > 0", "看水表"))
    assert [(change.what, change.after) for change in water.changes] == [("hint", "看水表")]
