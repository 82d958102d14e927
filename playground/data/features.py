"""What a network can take in: a table's own columns, and for the plane's x1 and x2 the curved features made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.data.table import Array
from playground.messages import UserError


@dataclass(frozen=True)
class _Derived:
    """A feature computed from columns: their names, and the function of those columns, each [rows]."""

    columns: tuple[str, ...]
    function: Callable[..., Array]


_DERIVED: Mapping[str, _Derived] = {
    "x1": _Derived(("x1",), lambda first: first),
    "x2": _Derived(("x2",), lambda second: second),
    "x1^2": _Derived(("x1",), np.square),
    "x2^2": _Derived(("x2",), np.square),
    "x1*x2": _Derived(("x1", "x2"), np.multiply),
    "sin(x1)": _Derived(("x1",), np.sin),
    "sin(x2)": _Derived(("x2",), np.sin),
}

#: The features of the plane families; x1 and x2 are the first and the second column.
PLANE_FEATURES: tuple[str, ...] = tuple(_DERIVED)


def available(table_columns: Sequence[str]) -> tuple[str, ...]:
    """The features a table offers: its columns, and what can be made of columns that are called x1 and x2."""
    derived = [name for name, row in _DERIVED.items() if set(row.columns) <= set(table_columns)]
    return tuple(dict.fromkeys([*table_columns, *derived]))


def transform(names: Sequence[str], table_columns: Sequence[str], raw: Array) -> Array:
    """The named features of raw rows: [rows, columns] → C-contiguous [rows, features].

    Raises UserError where a name is unknown, none is given, or a feature is not a finite number. `raw` of another width
    than `table_columns` is a ValueError: the caller's mistake, not the user's.
    """
    if raw.ndim != 2 or raw.shape[1] != len(table_columns):
        raise ValueError(f"rows of shape {raw.shape} for {len(table_columns)} columns")
    if not names:
        raise UserError("The input has no features. Choose at least one.")
    place = {column: index for index, column in enumerate(table_columns)}
    features = np.empty((len(raw), len(names)))
    with np.errstate(over="ignore", invalid="ignore"):
        for index, name in enumerate(names):
            features[:, index] = _feature(name, place, raw)
    _check_finite(names, features)
    return features


def _feature(name: str, place: Mapping[str, int], raw: Array) -> Array:
    if name in place:
        return raw[:, place[name]]
    row = _DERIVED.get(name)
    if row is None or not set(row.columns) <= set(place):
        raise UserError(
            "The input asks for the feature “{name}”, which the data does not have. Choose among {names}.",
            name=name,
            names=listing(available(tuple(place))),
        )
    return row.function(*(raw[:, place[column]] for column in row.columns))


def _check_finite(names: Sequence[str], features: Array) -> None:
    finite = np.isfinite(features)
    if not finite.all():
        row, column = np.argwhere(~finite)[0].tolist()
        raise UserError(
            "The feature “{name}” is not a finite number in row {row}. Correct that row or leave the feature out.",
            name=names[column],
            row=row + 1,
        )


def listing(names: Sequence[str], most: int = 12) -> str:
    """Names for a sentence, cut short where there are too many to read."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, …"
