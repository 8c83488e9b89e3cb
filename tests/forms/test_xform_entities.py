"""What a form declares of entities -> what its containers create and update, and the ids of new rows."""

from forms import compile_form, load_checker
from forms.expression import parse
from tests.forms.compiled import MORNING, Lists
from tests.forms.test_xform import ALWAYS, child, definition_of, node, path, survey

ENTITIES = "| entities |\n| | list_name | entity_id | create_if | update_if | label |\n"


def test_reads_an_entity_of_the_whole_form() -> None:
    form = definition_of(
        survey("type | name | label | save_to", "text | a | A | full_name", "integer | n | N | |")
        + ENTITIES
        + "| | person | ${a} | ${n} = 1 | ${n} = 2 | concat(${a}, 'x') |"
    )
    [entity] = form.entities
    assert (entity.list_name, entity.container, entity.entity_id) == ("person", 0, path("a"))
    assert entity.create_if == parse("/data/n = 1")
    assert entity.update_if == parse("/data/n = 2")
    assert entity.label == parse("concat(/data/a , 'x')")
    assert entity.save_to == {"full_name": node(form, "a").id}
    assert node(form, "a").save_to == "full_name"


def test_reads_entities_of_two_containers_from_where_they_stand() -> None:
    form = definition_of(
        survey(
            "type | name | label | save_to",
            "text | a | A | household#head",
            "begin_repeat | r | R | |",
            "text | b | B | member#full",
            "end_repeat",
        )
        + ENTITIES
        + "| | household | ${a} | | true() | ${a} |\n| | member | | | | ${b} |"
    )
    household, member = form.entities
    assert (household.create_if, household.update_if) == (None, ALWAYS)
    assert (member.container, member.entity_id) == (node(form, "r").id, parse("_entity_id"))
    assert (member.create_if, member.update_if) == (ALWAYS, None)
    assert member.label == child("b")
    assert member.save_to == {"full": node(form, "b").id}


CREATES = """
| survey | | | | |
| | type | name | label | save_to |
| | text | _entity_id | Taken | |
| | begin_repeat | m | M | |
| | text | who | Who | person#who |
| | end_repeat | | | |
| entities | | |
| | list_name | label |
| | person | ${who} |
"""


def test_the_id_of_a_new_row_is_an_answer() -> None:
    form = compile_form(CREATES.encode(), "f.md", is_draft=True)
    assert [(each["path"], each["control"]) for each in form.outline["nodes"]][-1] == ("m/_entity_id", "")
    answers = {"m": [{"who": "An", "_entity_id": "u1"}, {"who": "Bo", "_entity_id": "u2"}]}
    checked = load_checker(form.python).check(answers, Lists(), MORNING)
    assert [(each.entity_id, each.label) for each in checked.entities] == [("u1", "An"), ("u2", "Bo")]
    assert checked.violations == []


TAKES_OR_CREATES = """
| survey | | | | |
| | type | name | label | save_to |
| | csv-external | person | | |
| | begin_repeat | m | M | |
| | text | known | Known | |
| | text | who | Who | person#who |
| | end_repeat | | | |
| entities | | | | | |
| | list_name | label | entity_id | create_if | update_if |
| | person | ${who} | if(${known} = '', uuid(), ${known}) | ${known} = '' | ${known} != '' |
"""


def test_the_id_that_a_formula_makes_by_chance_is_an_answer_too() -> None:
    form = compile_form(TAKES_OR_CREATES.encode(), "f.md", is_draft=True)
    answers = {"m": [{"who": "An", "_entity_id": "u1"}, {"known": "p7", "who": "Bo", "_entity_id": "p7"}]}
    checked = load_checker(form.python).check(answers, Lists(), MORNING)
    assert [(each.entity_id, each.kind) for each in checked.entities] == [("u1", "create"), ("p7", "update")]
    assert {each.code for each in checked.violations} == {"not_checked"}
