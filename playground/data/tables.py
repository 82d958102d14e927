"""The user's own rows as a table: names made distinct, missing values dropped, the task and the classes found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from playground.data.cells import Cell, class_name, distinct, in_class_order, is_missing, number
from playground.data.features import listing
from playground.data.table import Array, Range, Table
from playground.messages import Message, UserError, message

Rows = Sequence[Sequence[Cell]]

TASKS = ("classification", "regression")
#: More different words than this in a target are names or sentences, not classes.
MOST_CLASSES = 256
#: Up to this many whole numbers, used again and again, may be classes; more are amounts.
MOST_NUMBERED_CLASSES = 20


@dataclass(frozen=True)
class Guess:
    """What a target column seems to ask for; where not `certain`, the user should be asked."""

    task: str
    certain: bool


def guess_task(cells: Sequence[Cell]) -> Guess:
    """Classes or values? Words, −1, 0, 1, or any two numbers used again and again are classes; fractions are values.

    A few whole numbers (1 to 5) may be either: classes, but not certainly.
    """
    values = [number(cell) for cell in cells if not is_missing(cell)]
    if any(value is None for value in values):
        return Guess("classification", certain=True)
    found = {value for value in values if value is not None}
    repeated = len(values) >= 2 * len(found)
    if found <= {-1.0, 0.0, 1.0} or (len(found) == 2 and repeated):
        return Guess("classification", certain=True)
    if all(value.is_integer() for value in found) and len(found) <= MOST_NUMBERED_CLASSES:
        return Guess("classification" if repeated else "regression", certain=False)
    return Guess("regression", certain=True)


def build_table(
    columns: Sequence[str],
    rows: Rows,
    target: str | None = None,
    task: str | None = None,
    classes: Sequence[str] = (),
) -> Table:
    """A table of the user's rows.

    Args:
        columns: names; without any they are c1, c2, …
        rows: as wide as the columns; numbers, and words in the target column.
        target: the target column's name, by default the last.
        task: "classification" or "regression"; None: guessed, with a note where the guess is not certain.
        classes: names that a project has stored: kept, even those of no row, if every row's class is among them.

    Returns:
        The table, with notes on what was renamed, dropped and guessed.

    Raises:
        UserError: no rows, a ragged row, an unknown target, a feature that is not a finite number, a task that does not
            suit the target, or fewer than 2 classes.
    """
    names, notes = _names(columns, rows)
    place = _target_place(names, target)
    _check_widths(rows, len(names))
    kept = [index for index, row in enumerate(rows) if not any(map(is_missing, row))]
    notes += _dropped_notes(names, rows, len(kept))
    if not kept:
        raise UserError("The table has no complete rows. Add rows in which every column has a value.")
    own = [index for index in range(len(names)) if index != place]
    features = np.column_stack([_numbers(names, rows, kept, index) for index in own])
    cells = [rows[index][place] for index in kept]
    if task is None:
        guess = guess_task(cells)
        task, notes = guess.task, notes + ([] if guess.certain else [_doubt(names[place], guess.task)])
    if task == "regression":
        found: tuple[str, ...] = ()
        targets = _numbers(names, rows, kept, place, regression=True)
    elif task == "classification":
        targets, found = _classes(names[place], cells, classes)
    else:
        raise UserError("There is no task “{task}”. Choose among {names}.", task=task, names=", ".join(TASKS))
    columns_ = tuple(names[index] for index in own)
    return Table(columns_, features, names[place], targets, task, found, notes=tuple(notes))


def painted_table(
    columns: Sequence[str], rows: Rows, target: str | None = None, task: str | None = None, classes: Sequence[str] = ()
) -> Table:
    """Points that the user painted: a table shown on [−1, 1], or as far as its points reach.

    Raises UserError as `build_table` does.
    """
    table = build_table(columns, rows, target, task, classes)
    if len(table.columns) != 2:
        return table
    edge = max(1.0, math.ceil(10 * float(np.abs(table.features).max())) / 10)
    around: Range = (-edge, edge)
    return replace(table, extent=(around, around))


def _names(columns: Sequence[str], rows: Rows) -> tuple[tuple[str, ...], list[Message]]:
    """The columns' names, distinct, and a note where one had to be changed."""
    if not rows:
        raise UserError("The table has no rows. Add some before training.")
    given = tuple(name.strip() for name in columns) or ("",) * len(rows[0])
    filled = tuple(name or f"c{index}" for index, name in enumerate(given, start=1))
    if len(filled) < 2:
        raise UserError("The table has {count} column. It needs a feature and a target at least.", count=len(filled))
    names = distinct(filled)
    renamed = [f"{old} → {new}" for old, new in zip(filled, names, strict=True) if old != new]
    if not renamed:
        return names, []
    return names, [message("Two columns had the same name; renamed: {names}.", names=listing(renamed))]


def _check_widths(rows: Rows, width: int) -> None:
    for index, row in enumerate(rows, start=1):
        if len(row) != width:
            raise UserError(
                "Row {row} of the table has {found} values, the table has {width} columns. Make them equal.",
                row=index,
                found=len(row),
                width=width,
            )


def _target_place(names: Sequence[str], target: str | None) -> int:
    if target is None:
        return len(names) - 1
    if target not in names:
        raise UserError(
            "There is no target column “{target}”. Choose among {names}.", target=target, names=listing(names)
        )
    return names.index(target)


def _dropped_notes(names: Sequence[str], rows: Rows, kept: int) -> list[Message]:
    """Says how many rows are incomplete, and in which columns."""
    if kept == len(rows):
        return []
    counts = Counter(name for row in rows for name, cell in zip(names, row, strict=True) if is_missing(cell))
    where = listing([f"{name} ({counts[name]})" for name in names if counts[name]])
    return [
        message(
            "{dropped} of {rows} rows dropped: values are missing in {columns}.",
            dropped=len(rows) - kept,
            rows=len(rows),
            columns=where,
        )
    ]


def _numbers(names: Sequence[str], rows: Rows, kept: Sequence[int], place: int, regression: bool = False) -> Array:
    """One column of the kept rows as finite numbers; raises UserError at the first cell that is none."""
    values = np.empty(len(kept))
    for at, index in enumerate(kept):
        cell = rows[index][place]
        value = number(cell)
        if value is None:
            raise _not_a_number(names[place], index + 1, cell, regression)
        values[at] = value
    if not np.isfinite(values).all():
        index = kept[int(np.argmin(np.isfinite(values)))]
        raise UserError(
            "Row {row}, column {column}: {value} is too large for a number here. Correct it or remove the row.",
            row=index + 1,
            column=names[place],
            value=str(rows[index][place])[:40],
        )
    return values


def _not_a_number(column: str, row: int, cell: Cell, regression: bool) -> UserError:
    value = str(cell)[:40]
    if regression:
        return UserError(
            "Row {row}, column {column}: “{value}” is not a number, so it can't be regressed. Choose classification.",
            row=row,
            column=column,
            value=value,
        )
    return UserError(
        "Row {row}, column {column}: “{value}” is not a number. Features must be numbers: correct it, leave the column "
        "out or make it the target.",
        row=row,
        column=column,
        value=value,
    )


def _classes(column: str, cells: Sequence[Cell], stored: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """Class indices of the rows and the class names, sorted."""
    labels = [class_name(cell) for cell in cells]
    found = in_class_order(labels)
    if len(found) < 2:
        raise UserError(
            "Training needs at least 2 classes, found {count} ({names}). Add rows of another class.",
            count=len(found),
            names=listing(found),
        )
    if len(found) > MOST_CLASSES:
        raise UserError(
            "“{column}” holds {count} different values, too many for classes (at most {most}). Choose another target.",
            column=column,
            count=len(found),
            most=MOST_CLASSES,
        )
    names = in_class_order(stored) if set(found) <= set(stored) else found
    index = {name: float(place) for place, name in enumerate(names)}
    return np.array([index[label] for label in labels]), names


def _doubt(column: str, task: str) -> Message:
    if task == "classification":
        return message("The whole numbers in “{column}” are taken for classes. If they are amounts, choose regression.",
                       column=column)  # fmt: skip
    return message("The whole numbers in “{column}” are taken for amounts. If they are classes, choose classification.",
                   column=column)  # fmt: skip
