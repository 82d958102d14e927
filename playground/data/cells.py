"""Single cells of a user's table: what is a number, what is missing, what a class is called."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from typing import TypeAlias

#: A raw value as the user has it, in a project file or a CSV.
Cell: TypeAlias = "int | float | bool | str | None"

#: How people write that a value is missing; upper and lower case count the same.
MISSING = frozenset({"", "na", "n/a", "nan", "?"})

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_CODE = re.compile(r"0\d+", re.ASCII)


def is_missing(cell: Cell) -> bool:
    """Whether a cell says that there is no value; never a number, 0 included."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return cell.strip().casefold() in MISSING
    return isinstance(cell, float) and math.isnan(cell)


def number(cell: Cell) -> float | None:
    """A cell's number, or None where it is not one; an infinite one is returned as it is.

    Stricter than `float`: no "1_000", no "infinity", no digits of other scripts.
    """
    if isinstance(cell, str):
        text = cell.strip()
        return float(text) if _NUMBER.fullmatch(text) else None
    if cell is None:
        return None
    try:
        return float(cell)
    except OverflowError:
        return math.inf


def shortest(text: str) -> Cell:
    """A cell of a text file as an int, a float or the text itself, so that it can be written out again as it was.

    "007" stays text: it is a code, and as a number it would lose its zeros.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text) or _CODE.fullmatch(text):
        return text
    value = float(text)
    if not math.isfinite(value):
        return text
    return int(text) if text.lstrip("+-").isdigit() else value


def class_name(cell: Cell) -> str:
    """What a class is called: 1, 1.0 and "1" are the class "1"; other words are themselves."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and _CODE.fullmatch(cell.strip()):
        return cell.strip()
    value = number(cell)
    if value is None or not math.isfinite(value):
        return str(cell).strip()
    if isinstance(cell, int):
        return str(cell)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def in_class_order(names: Iterable[str]) -> tuple[str, ...]:
    """Distinct class names, sorted: numbers by value, words by code point, numbers before words."""

    def key(name: str) -> tuple[bool, float, str]:
        value = number(name)
        return value is None, value or 0.0, name

    return tuple(sorted(set(names), key=key))


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names made distinct: a second "id" becomes "id_2", or the next number that is free; "a" and "A" are two names."""
    wanted = list(names)
    taken: set[str] = set()
    result = []
    for name in wanted:
        free = name if name not in taken else _next_free(name, taken | set(wanted))
        taken.add(free)
        result.append(free)
    return tuple(result)


def _next_free(name: str, taken: Collection[str]) -> str:
    count = 2
    while f"{name}_{count}" in taken:
        count += 1
    return f"{name}_{count}"
