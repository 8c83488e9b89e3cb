"""The helpers alone: what can't be said in one expression, and what must hold for every value."""

from __future__ import annotations

import inspect
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import dates, digests, geo, items, numbers, runtime
from forms.functions import CONVERSIONS, FUNCTIONS

FINITE = st.floats(allow_nan=False, allow_infinity=False)


class Evening:
    """Half past midnight in the town, still the day before in UTC."""

    now = datetime(2016, 10, 14, 16, 30, tzinfo=UTC)
    utc_offset_min = 480


@given(FINITE)
def test_text_of_a_number_reads_back_and_has_no_exponent(value: float) -> None:
    written = runtime.text(value)
    assert "e" not in written
    assert float(written) == value
    assert runtime.num(written) == value


@given(FINITE, st.integers(-5, 5))
def test_rounding_is_never_off_by_more_than_half_a_step(value: float, places: int) -> None:
    rounded = numbers.round_half_up(value, float(places))
    assert math.isclose(rounded, value, abs_tol=0.5000001 * 10.0**-places, rel_tol=1e-12)


@given(st.integers(-700_000, 2_900_000))
def test_dates_read_back(day: int) -> None:
    assert dates.days(dates.date_of_days(float(day))) == float(day)


@given(st.text())
def test_numbers_of_any_text_raise_nothing(value: str) -> None:
    assert isinstance(runtime.num(value), float)
    assert isinstance(dates.date(value), str)
    assert isinstance(dates.format_date_time(value, value), str)
    assert isinstance(dates.decimal_time(value), float)


@given(st.text(), st.floats(), st.floats())
def test_cutting_any_text_anywhere_raises_nothing(value: str, start: float, end: float) -> None:
    assert runtime.substr(value, start, end) in value
    assert runtime.substring(value, start, end) in value


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_pattern_raises(value: str, pattern: str) -> None:
    assert runtime.regex(value, pattern) in (True, False)


@given(st.floats(), st.floats())
def test_arithmetic_gives_a_number_whatever_it_is_given(one: float, other: float) -> None:
    for helper in (numbers.divide, numbers.modulo, numbers.pow, numbers.atan2, numbers.round_half_up):
        assert isinstance(helper(one, other), float)
    for single in ("sqrt", "exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin", "acos", "floor"):
        assert isinstance(getattr(numbers, single)(one), float)


def test_today_is_by_the_zone_of_the_phone() -> None:
    assert dates.today(Evening()) == "2016-10-15"
    assert dates.now(Evening()) == "2016-10-15T00:30:00.000+08:00"


def test_universal_days_of_a_date_begin_at_the_phones_midnight() -> None:
    assert dates.decimal_date_time(Evening(), "1970-01-01") == -480 / 1440


def test_date_and_time_of_one_day_compare_as_expected() -> None:
    written = ("2016-10-15", "2016-10-15T00:30:00.000+08:00", "2016-10-16")
    day, moment, next_day = map(runtime.num, written)
    assert day < moment < next_day


def test_a_square_of_a_hundredth_degree_has_its_area() -> None:
    square = ["33 120; 33 120.01; 33.01 120.01; 33.01 120; 33 120"]
    assert geo.area(square) == pytest.approx(1_039_000, rel=0.01)


def test_a_hundredth_degree_of_latitude_has_its_length() -> None:
    assert geo.distance(["33 120 0 0", "33.01 120 0 0"]) == pytest.approx(1113.2, rel=0.01)


def test_places_that_are_none_have_no_length() -> None:
    assert math.isnan(geo.distance(["here", "there"]))
    assert geo.area(["33 120"]) == 0.0


def test_zero_keeps_its_sign_through_rounding() -> None:
    assert numbers.divide(1.0, numbers.round_half_up(-0.3)) == -math.inf


def test_every_function_of_the_table_has_its_helper() -> None:
    named = {*CONVERSIONS, *(each.helper for each in FUNCTIONS.values() if each.helper)}
    assert named == set(runtime.HELPERS)


@pytest.mark.parametrize("name", [name for name, each in FUNCTIONS.items() if each.helper])
def test_helpers_take_what_the_table_says(name: str) -> None:
    function = FUNCTIONS[name]
    taken = inspect.signature(runtime.HELPERS[function.helper]).parameters
    least = [each for each in taken.values() if each.default is each.empty]
    # Answers and weights apart; other further arguments are rewritten, or gathered in one list.
    gathered = 2 if name == "weighted-checklist" else int(function.rest not in ("", "any"))
    assert len(least) <= len(function.arguments) + gathered + function.needs_scope == len(taken)


@given(st.floats(-89, 89), st.floats(-179, 179), st.floats(0, 5000))
def test_a_scattered_point_stays_within_its_range(latitude: float, longitude: float, range_m: float) -> None:
    moved = geo.geo_scatter(f"{latitude:.7f} {longitude:.7f} 3 5", range_m)
    grain_m = 0.5  # a distance is an arc cosine, which near 0 tells points apart by decimetres only
    assert geo.distance([f"{latitude:.7f} {longitude:.7f}", moved]) <= range_m * 1.01 + grain_m


@given(st.text(), st.floats(), st.floats())
def test_moving_any_date_by_anything_raises_nothing(value: str, years: float, hours: float) -> None:
    assert isinstance(dates.add_date(value, years, 0.0, hours, hours), str)
    assert isinstance(dates.add_date("2016-10-15", years, years, hours, hours), str)
    assert isinstance(dates.months_between(value, "2016-10-15"), float)
    assert isinstance(dates.date_of_timestamp(Evening(), years), str)


@given(st.text(), st.text(), st.floats())
def test_items_of_any_text_raise_nothing(value: str, separator: str, index: float) -> None:
    assert isinstance(items.item_at(separator, value, index), str)
    assert isinstance(items.rank_value(index, value), float)
    assert isinstance(items.is_luhn(value, index), bool)
    assert isinstance(digests.base64_decode(value), str)
    assert isinstance(runtime.format_number(index), str)
    assert isinstance(geo.intersects(value), bool)
