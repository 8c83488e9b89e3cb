"""Macros expand to standard XPath; libxml2 with a few ODK functions says what the expansion means."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from forms.macros import expand

TODAY = "2016-10-15"

# What ODK adds to XPath 1.0, as far as the expansions use it.
ODK: dict[str, Callable[..., Any]] = {
    "regex": lambda _, text, pattern: re.fullmatch(pattern, text) is not None,
    "substr": lambda _, text, start, end: text[int(start) : int(end)],
    "int": lambda _, number: number if math.isnan(number) else float(math.trunc(number)),
    "if": lambda _, test, yes, no: yes if test else no,
    "abs": lambda _, number: abs(number),
    "today": lambda _: TODAY,
}


def value(expression: str, x: str = "", on: str = "") -> Any:
    """Evaluate `expression` after expansion, `${x}` and `${on}` standing for texts."""
    text = expand(expression).replace("${x}", f"'{x}'").replace("${on}", f"'{on}'")
    functions = {(None, name): function for name, function in ODK.items()}
    return etree.XPathEvaluator(etree.Element("form"), extensions=functions)(text)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",  # the two of the standard
        "440524188001010014",
        "11010519491231002x",
        "320999196803151017",
        "320999201602290014",
        "320999200002290016",
        "320999201610150062",  # born today
    ],
)
def test_accepts_real_id_numbers(number: str) -> None:
    assert value("idok(${x})", number) is True


@pytest.mark.parametrize(
    "number",
    [
        "",
        "110105194912310021",  # check character
        "32099919680315101",
        "3209991968031510177",
        "32099919680315101７",
        "320999********1017",
        "320999201502290017",  # right check character, no such day
        "32099919000229001X",
        "320999201613010014",
        "320999201604310015",
        "320999201600100010",
        "320999201601000011",
        "320999201610160068",  # tomorrow
        "020999196803151010",
    ],
)
def test_rejects_wrong_id_numbers(number: str) -> None:
    assert value("idok(${x})", number) is False


@pytest.mark.parametrize(
    ("number", "sex", "birth"),
    [
        ("320999196803151017", "M", "1968-03-15"),
        ("32099919710820002X", "F", "1971-08-20"),
        ("32099919710820002X43", "F", "1971-08-20"),  # a disability certificate begins with the ID number
        ("", "", ""),
        ("320999********1017", "", ""),
    ],
)
def test_reads_sex_and_birth_from_an_id_number(number: str, sex: str, birth: str) -> None:
    assert value("sexof(${x})", number) == sex
    assert value("birthof(${x})", number) == birth


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2000-10-15", "2016-10-15", 16),
        ("2000-10-16", "2016-10-15", 15),
        ("2000-10-15", "2016-10-15T09:30:00.000+08:00", 16),
        ("2016-10-01", "2016-10-15", 0),
        ("2012-02-29", "2016-02-28", 3),
        ("320999196803151017", "2016-10-15", 48),
        ("", "2016-10-15", ""),
        ("2000-10-15", "", ""),
    ],
)
def test_age_counts_full_years(born: str, on: str, years: int | str) -> None:
    assert value("age(${x}, ${on})", born, on) == years


def test_age_without_a_birth_date_compares_false() -> None:
    assert value("age(${x}, ${on}) < 16", "", "2016-10-15") is False
    assert value("age(${x}, ${on}) >= 16", "", "2016-10-15") is False


@pytest.mark.parametrize(
    ("code", "ok"),
    [
        ("91350100M000100Y43", True),  # the standard's vector
        ("91350100m000100y43", True),
        ("9135 0100 m000 100y 43", True),
        ("91320999MA1DEM015B", True),
        ("92320999MA1DEM0233", True),
        ("93320999MA1DEM031T", True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("9135O100M000100Y43", False),  # the letter O is not in the alphabet
        ("", False),
    ],
)
def test_credit_code(code: str, ok: bool) -> None:
    assert value("usccok(${x})", code) is ok


@pytest.mark.parametrize(
    ("phone", "ok"),
    [
        ("13912345678", True),
        ("0515-85212345", True),
        ("051585212345", True),
        ("010-1234567", True),
        ("12912345678", False),
        ("1391234567", False),
        ("10030000001", False),  # no real mobile begins with 10: a form that plays the demo allows it itself
        ("85212345", False),
    ],
)
def test_phone(phone: str, ok: bool) -> None:
    assert value("phoneok(${x})", phone) is ok


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+86 139-1234-5678", "13912345678"),
        ("139 1234 5678", "13912345678"),
        ("0515-8521 2345", "0515-85212345"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_plain(typed: str, kept: str) -> None:
    assert value("phoneof(${x})", typed) == kept
    assert value("phoneok(phoneof(${x}))", typed) is (kept != "")


@pytest.mark.parametrize(
    ("account", "ok"),
    [
        ("6228480000000000018", True),  # 19 digits
        ("6228480000000000019", False),
        ("4111111111111111", True),  # 16 digits
        ("4111111111111112", False),
        ("411111111111111", False),
        ("1234567890", False),
    ],
)
def test_card_number(account: str, ok: bool) -> None:
    assert value("luhnok(${x})", account) is ok


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("10850", "10,850.00"),
        ("5600", "5,600.00"),
        ("999.995", "1,000.00"),
        ("0", "0.00"),
        ("0.005", "0.01"),
        ("-1234.5", "-1,234.50"),
        ("1000.07", "1,000.07"),
        ("", ""),
        ("NaN", ""),
    ],
)
def test_money_has_two_decimals(number: str, text: str) -> None:
    assert value("money(${x})", number) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        ("10850", "9600", "+13%"),
        ("5600", "8000", "-30%"),
        ("9337", "9600", "-2.7%"),
        ("9600", "9600", "0%"),
        ("9600", "0", ""),
        ("9600", "", ""),
        ("", "9600", ""),
    ],
)
def test_change_is_in_percent_of_before(now: str, before: str, text: str) -> None:
    assert value("change(${x}, ${on})", now, before) == text


def test_expands_nested_arguments() -> None:
    assert value("idok(substr(${x}, 0, 18)) and string-length(${x}) = 20", "11010519491231002X43") is True
    assert value("age(birthof(${x}), ${on})", "320999196803151017", TODAY) == 48


@pytest.mark.parametrize(
    "expression",
    [
        "${page} > 3",
        "myage(1, 2)",
        "average(/data/age)",
        "lang:age(1, 2)",
        "sum(${age}) + unknown(idok)",
        "'idok(1)' = \"age(1, 2)\"",
        "age(1)",  # a wrong number of arguments is for the lint to report
        "idok(${x}",
        "count(instance('x')/root/item[name = ')'])",
        "it's age",
    ],
)
def test_leaves_everything_else_alone(expression: str) -> None:
    assert expand(expression) == expression


def test_expands_beside_literals_that_look_like_calls() -> None:
    inner = expand("sexof('a,(b')")
    assert inner.startswith("if(regex(substr('a,(b', 0, 17)")
    assert expand("concat('age(', sexof('a,(b'), ')')") == f"concat('age(', {inner}, ')')"


def test_expansion_needs_no_macro_and_no_pipe() -> None:
    one = ("idok", "sexof", "birthof", "usccok", "phoneok", "luhnok", "money")
    for call in [*(f"{name}(.)" for name in one), "age(., today())", "change(., 1)"]:
        text = expand(call)
        assert "|" not in text  # a cell of a markdown table
        assert expand(text) == text
