"""Number helpers of the runtime: IEEE doubles in and out, NaN and infinity where Python would raise."""

from __future__ import annotations

import math
import random as _random
from collections.abc import Callable, Sequence
from functools import lru_cache

_NAN = math.nan
_MOST_PLACES = 300.0  # beyond, ten to that power is no number


def truth_num(value: float) -> bool:
    return value == value and value != 0.0


def is_number(value: float) -> bool:
    """Whether a number is not NaN."""
    return value == value


def divide(dividend: float, divisor: float) -> float:
    if divisor != 0.0:
        return dividend / divisor
    if dividend == 0.0 or dividend != dividend:
        return _NAN
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)


def modulo(dividend: float, divisor: float) -> float:
    if divisor == 0.0 or not math.isfinite(dividend) or divisor != divisor:
        return _NAN
    return math.fmod(dividend, divisor)


def total(values: Sequence[float]) -> float:
    """Add from the left, as the phone does (`sum` and `fsum` round otherwise); an empty value makes NaN."""
    result = 0.0
    for value in values:
        result += value
    return result


def largest(values: Sequence[float]) -> float:
    if not values or any(value != value for value in values):
        return _NAN
    return 0.0 + max(values)  # of 0 and -0 neither is the larger


def smallest(values: Sequence[float]) -> float:
    if not values or any(value != value for value in values):
        return _NAN
    return 0.0 + min(values)


def round_half_up(value: float, places: float = 0.0) -> float:
    """Round, halves towards plus infinity as XPath says; `places` may be negative."""
    if not math.isfinite(value) or places != places:
        return value if places == places else _NAN
    if places == 0.0:
        return _nearest(value)
    if abs(places) > _MOST_PLACES:
        return value if places > 0.0 else 0.0
    scale = _scale(places)
    shifted = value * scale
    return divide(_nearest(shifted), scale) if math.isfinite(shifted) else value


@lru_cache(maxsize=64)
def _scale(places: float) -> float:
    return pow(10.0, truncate(places))


def _nearest(value: float) -> float:
    lower = float(math.floor(value))
    rounded = lower + 1.0 if value - lower >= 0.5 else lower
    return rounded or math.copysign(rounded, value)


def truncate(value: float) -> float:
    return math.copysign(math.trunc(value), value) if math.isfinite(value) else value


def floor(value: float) -> float:
    return math.copysign(math.floor(value), value) if math.isfinite(value) else value


def ceiling(value: float) -> float:
    return math.copysign(math.ceil(value), value) if math.isfinite(value) else value


def absolute(value: float) -> float:
    return abs(value)


def sqrt(value: float) -> float:
    return math.sqrt(value) if value >= 0.0 else _NAN


def pow(base: float, exponent: float) -> float:
    """Raise as IEEE does; where Python raises, JavaScript has infinity or NaN."""
    if exponent != exponent or (abs(base) == 1.0 and math.isinf(exponent)):
        return _NAN
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0.0 and exponent % 2.0 == 1.0 else math.inf
    except ValueError:
        if base != 0.0:
            return _NAN
        return math.copysign(math.inf, base) if exponent % 2.0 == 1.0 else math.inf


def _guarded(function: Callable[[float], float], value: float) -> float:
    try:
        return function(value)
    except OverflowError:
        return math.inf
    except ValueError:
        return _NAN


def exp(value: float) -> float:
    return _guarded(math.exp, value)


def exp10(value: float) -> float:
    return pow(10.0, value)


def log(value: float) -> float:
    return -math.inf if value == 0.0 else _guarded(math.log, value)


def log10(value: float) -> float:
    return -math.inf if value == 0.0 else _guarded(math.log10, value)


def sin(value: float) -> float:
    return _guarded(math.sin, value)


def cos(value: float) -> float:
    return _guarded(math.cos, value)


def tan(value: float) -> float:
    return _guarded(math.tan, value)


def asin(value: float) -> float:
    return _guarded(math.asin, value)


def acos(value: float) -> float:
    return _guarded(math.acos, value)


def atan(value: float) -> float:
    return math.atan(value)


def atan2(y: float, x: float) -> float:
    return math.atan2(y, x)


def random() -> float:
    return _random.random()  # noqa: S311 - an author's random(), not a secret
