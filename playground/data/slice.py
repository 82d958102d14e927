"""The part of the input space that a picture can show: a plane of two columns, or a line along one.

All other columns are held still, at the mean of the training rows or at the values of a chosen row. Ranges depend on
the table alone, so that a picture's axes never move while a network trains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.data.features import listing
from playground.data.table import Array, Dataset, Range, Table
from playground.messages import UserError

#: The robust range of a column with many rows: heavy tails would squeeze everything else into a corner.
ROBUST_ROWS = 200
ROBUST_PERCENTILES = (1.0, 99.0)
MARGIN = 0.08


@dataclass(frozen=True)
class Plane:
    """A grid of raw rows, [resolution², columns], at the centres of square cells.

    Row `j·resolution + i` is the i-th cell along `column_a` (from the left) and the j-th along `column_b` (from below):
    outputs of it, reshaped to [resolution, resolution], are a row-major picture whose first row is the lowest.
    """

    column_a: str
    column_b: str
    raw: Array
    a_range: Range
    b_range: Range
    resolution: int


@dataclass(frozen=True)
class Line:
    """Raw rows, [resolution, columns], at the centres of cells along one column; `at` is that column, [resolution]."""

    column: str
    raw: Array
    at: Array
    range: Range


def centres(span: Range, count: int) -> Array:
    """The centres of `count` equal cells: 50 on [−1, 1] start at −0.98."""
    low, high = span
    return low + (high - low) * (np.arange(count) + 0.5) / count


def column_range(table: Table, column: str) -> Range:
    """The fixed range in which a column is drawn: the family's, or one that holds nearly all of the rows.

    With many rows 1 % at either end may lie outside. A column that is never negative starts at 0 or above.
    """
    place = _place(table, column)
    if table.extent is not None:
        return table.extent[place]
    return _padded(table.features[:, place])


def target_range(table: Table) -> Range:
    """The fixed range of the values to regress, for colours and axes; (0, 1) for classes."""
    if table.classes:
        return (0.0, 1.0)
    if table.extent is not None and len(table.columns) == 1:
        return table.extent[1]
    return _padded(table.targets)


def held_values(data: Table | Dataset, held: int | Array | None = None) -> Array:
    """Raw values [columns] for the columns that a picture holds still.

    `held` is a row of the table, the values themselves, or None: the mean of the training rows (of all rows, where only
    a table is given). Raises UserError where there is no such row.
    """
    table = data.table if isinstance(data, Dataset) else data
    if held is None:
        rows = table.features[data.train] if isinstance(data, Dataset) else table.features
        mean: Array = rows.mean(axis=0)
        return mean
    if not isinstance(held, int):
        values: Array = np.array(held, dtype=np.float64)
        if values.shape != (len(table.columns),):
            raise ValueError(f"values of shape {values.shape} for {len(table.columns)} columns")
        return values
    if not 0 <= held < len(table.features):
        raise UserError("There is no row {row}. Choose from 0 to {last}.", row=held, last=len(table.features) - 1)
    row: Array = table.features[held].copy()
    return row


def plane(
    data: Table | Dataset, column_a: str, column_b: str, held: int | Array | None = None, resolution: int = 100
) -> Plane:
    """The plane of two columns through the held values; raises UserError for an unknown column or row."""
    table = data.table if isinstance(data, Dataset) else data
    first, second = _place(table, column_a), _place(table, column_b)
    if first == second:
        raise UserError("“{column}” is chosen for both axes. Choose another column for one.", column=column_a)
    a_range, b_range = column_range(table, column_a), column_range(table, column_b)
    raw = np.tile(held_values(data, held), (resolution * resolution, 1))
    raw[:, first] = np.tile(centres(a_range, resolution), resolution)
    raw[:, second] = np.repeat(centres(b_range, resolution), resolution)
    return Plane(column_a, column_b, raw, a_range, b_range, resolution)


def line(data: Table | Dataset, column: str, held: int | Array | None = None, resolution: int = 200) -> Line:
    """The line along one column through the held values: for tables of one column, and for curves."""
    table = data.table if isinstance(data, Dataset) else data
    place, span = _place(table, column), column_range(table, column)
    at = centres(span, resolution)
    raw = np.tile(held_values(data, held), (resolution, 1))
    raw[:, place] = at
    return Line(column, raw, at, span)


def _place(table: Table, column: str) -> int:
    if column not in table.columns:
        raise UserError(
            "The data has no column “{column}”. Choose among {names}.", column=column, names=listing(table.columns)
        )
    return table.columns.index(column)


def _padded(values: Array) -> Range:
    low, high = float(values.min()), float(values.max())
    smallest = low
    if len(values) >= ROBUST_ROWS:
        inner_low, inner_high = np.percentile(values, ROBUST_PERCENTILES).tolist()
        if inner_high > inner_low:
            low, high = inner_low, inner_high
    if high <= low:
        return low - 1.0, high + 1.0
    margin = MARGIN * (high - low)
    padded_low = low - margin
    return (max(padded_low, 0.0) if smallest >= 0 else padded_low), high + margin
