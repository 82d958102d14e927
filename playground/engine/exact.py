"""Numbers as they are written by hand: a fraction where one is exact, else every digit; and the same for LaTeX."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

#: How a number is written.
Write = Callable[[float], str]

#: Fractions with a larger denominator are no easier to read than their digits.
LARGEST_DENOMINATOR = 64
_LARGEST_WHOLE = 2**53


def exact(value: float) -> str:
    """A number in full: 8, 9/2, −1/4, 1.94; what is read back is the very same float.

    Every float is a fraction over a power of two; it is written as one where the denominator is at most 64.
    """
    special = _special(value)
    if special is not None:
        return special
    fraction = Fraction(value)
    if fraction.denominator == 1 and abs(fraction.numerator) <= _LARGEST_WHOLE:
        return _signed(str(fraction.numerator))
    if 1 < fraction.denominator <= LARGEST_DENOMINATOR and abs(fraction.numerator) < 1000:
        return _signed(f"{fraction.numerator}/{fraction.denominator}")
    return _signed(repr(float(value)))


def decimal(value: float) -> str:
    """A number in full without fractions, for a spreadsheet's eye: 4.5, 1.94, 8."""
    special = _special(value)
    if special is not None:
        return special
    whole = value == int(value) and abs(value) <= _LARGEST_WHOLE
    return _signed(str(int(value)) if whole else repr(float(value)))


def rounded(value: float) -> str:
    """A number with up to six digits, for a line that has to stay short."""
    special = _special(value)
    return _signed(f"{value + 0.0:.6g}") if special is None else special


def with_fraction(value: float) -> str:
    """A number beside its fraction where it has one: "9/2 = 4.5"; else as `exact` has it."""
    found = exact(value)
    return f"{found} = {decimal(value)}" if "/" in found else found


def in_latex(written: str) -> str:
    """A written number as LaTeX: a fraction bar, a power of ten, a minus that keeps close to its number."""
    text = written.replace("−", "-")
    sign, size = ("-", text[1:]) if text.startswith("-") else ("", text)
    if "/" in size:
        above, below = size.split("/")
        size = rf"\frac{{{above}}}{{{below}}}"
    elif "e" in size:
        digits, power = size.split("e")
        size = rf"{digits}\cdot 10^{{{int(power)}}}"
    elif size == "∞":
        size = r"\infty"
    return f"{{-{size}}}" if sign else size


def _special(value: float) -> str | None:
    """What is no finite number."""
    if math.isnan(value):
        return "–"
    return ("∞" if value > 0 else "−∞") if math.isinf(value) else None


def _signed(text: str) -> str:
    return "0" if text in ("-0", "-0.0") else text.replace("-", "−")
