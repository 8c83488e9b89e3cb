"""The fictional town adds up to the figures of its brief, and nobody in it can be a living person."""

from collections import Counter
from datetime import date, timedelta
from random import Random

from server.demo.businesses import businesses
from server.demo.households import CAUSES, Household, households, move
from server.demo.identifiers import credit_code, id_number, mobile
from server.demo.people import cadres, villages
from server.demo.pictures import draw
from server.demo.sampling import sample


def town() -> list[Household]:
    return households(Random(2016))


def test_the_villages_add_up() -> None:
    rows = villages()
    assert len(rows) == 13
    assert sum(row.population for row in rows) == 35_840
    assert sum(row.committee for row in rows) == 80
    assert sum(row.able for row in rows) == 51


def test_the_households_add_up() -> None:
    every = town()
    assert len(every) == 412
    assert sum(len(household.members) for household in every) == 896
    assert Counter(household.cause for household in every) == CAUSES
    assert Counter(household.village for household in every) == {
        village.code: village.low_income for village in villages()
    }


def test_the_same_seed_makes_the_same_town() -> None:
    assert town() == town()


def test_causes_fit_the_families() -> None:
    for household in town():
        healths = {member.health for member in household.members}
        assert household.cause != "disab" or "disab" in healths
        assert household.cause != "ill" or healths & {"chronic", "serious"}
        assert household.cause != "study" or any(member.student for member in household.members)


def test_no_two_people_share_a_number() -> None:
    numbers = [member.number for household in town() for member in household.members]
    assert len(numbers) == len(set(numbers))


def test_some_incomes_lie_near_the_line_and_six_below_it() -> None:
    means = [household.per_capita for household in town()]
    assert abs(sum(means) / len(means) - 7_600) < 100
    assert sum(6_000 <= mean < 6_300 for mean in means) == 22
    assert sum(mean < 6_000 for mean in means) == 6


def test_moving_the_year_keeps_ages_and_valid_numbers() -> None:
    household, moved = town()[0], town()[0]
    move(moved, timedelta(weeks=520))
    for before, after in zip(household.members, moved.members, strict=True):
        assert after.birth - before.birth == timedelta(weeks=520)
        assert after.age == before.age
        assert after.number[6:14] == f"{after.birth:%Y%m%d}"


def test_the_sample_keeps_every_village_and_a_tenth_of_each_kind() -> None:
    every, kept = town(), sample(town(), 0.1)
    assert len(kept) == 41
    assert {household.village for household in kept} == {village.code for village in villages()}
    for kind in (lambda one: one.cause, lambda one: len(one.members)):
        of_all, of_kept = Counter(map(kind, every)), Counter(map(kind, kept))
        assert all(abs(of_kept[value] - number / 10) <= 1.5 for value, number in of_all.items())


def test_the_sample_keeps_the_families_that_documents_speak_of() -> None:
    names = [household.head.name for household in sample(town(), 0.1) if household.village.endswith("01")]
    assert {"任巧云", "苏桂英", "卢云龙"} <= set(names)


def test_the_businesses_add_up() -> None:
    every = businesses(Random(2016))
    assert Counter(business.kind for business in every) == {
        "enterprise": 640,
        "individual": 1420,
        "workshop": 3000,
    }
    assert Counter(business.village for business in every) == {
        village.code: village.mass_businesses for village in villages()
    }
    assert len({business.owner.number for business in every}) == 4520
    enterprises = [business.name for business in every if business.kind == "enterprise"]
    assert len(set(enterprises)) == 640


def test_the_same_seed_draws_the_same_picture_and_another_one_another() -> None:
    assert draw("house", "a") == draw("house", "a")
    assert draw("house", "a") != draw("house", "b")


def test_identifiers_pass_their_checks_and_belong_to_nobody() -> None:
    # Source: the examples of the brief's section 10.
    assert id_number(date(1968, 3, 15), 50, "M") == "320999196803151017"
    assert credit_code("91", 1)[2:8] == "320999"
    assert mobile(5) == "10000000005"


def test_every_account_has_its_own_name() -> None:
    names = [cadre.username for cadre in cadres(Random(2016)) if cadre.username]
    assert len(names) == len(set(names))
    assert {"cadre01", "secretary01", "clerk13", "office05", "county02", "admin01"} <= set(names)
