"""From a project's settings to a table, and from a table to the arrays that a network is trained and tested with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from playground.data.families import FAMILIES
from playground.data.features import listing, transform
from playground.data.scaling import fit
from playground.data.splitting import split
from playground.data.table import Array, Dataset, Indices, Scaling, Table
from playground.data.tables import build_table, painted_table
from playground.messages import UserError

#: The kinds of data whose rows are the project's own.
OWN_ROWS = ("table", "painted")


def make_table(
    kind: str,
    samples: int,
    noise: float,
    seed: int,
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[Any]] = (),
    target: str | None = None,
    task: str | None = None,
    classes: Sequence[str] = (),
) -> Table:
    """The raw rows of a project's data; `columns` to `classes` are for the kinds that hold their own rows.

    Raises UserError where the kind is unknown or the rows cannot be used.
    """
    if kind == "table":
        return build_table(columns, rows, target, task, classes)
    if kind == "painted":
        return painted_table(columns, rows, target, task, classes)
    if kind not in FAMILIES:
        raise UserError(
            "There is no kind of data “{kind}”. Choose among {names}.",
            kind=kind,
            names=", ".join([*FAMILIES, *OWN_ROWS]),
        )
    return FAMILIES[kind].make(samples, noise, seed)


def _zero_one(index: Array, count: int) -> Array:
    return index[:, None]


def _plus_minus(index: Array, count: int) -> Array:
    return 2.0 * index[:, None] - 1.0


def _one_hot(index: Array, count: int) -> Array:
    return np.eye(count)[index.astype(np.int64)]


def _one_hot_plus_minus(index: Array, count: int) -> Array:
    return 2.0 * _one_hot(index, count) - 1.0


#: How classes are given to a loss: (class index [rows], number of classes) → [rows, outputs].
_ENCODINGS: Mapping[str, Callable[[Array, int], Array]] = {
    "zero_one": _zero_one,
    "plus_minus": _plus_minus,
    "one_hot": _one_hot,
    "one_hot_plus_minus": _one_hot_plus_minus,
}


def target_array(table: Table, rows: Indices, encoding: str) -> Array:
    """The targets of some rows as a loss wants them: C-contiguous [rows, outputs].

    `encoding` is one of `Dataset.encoding`. Raises UserError where it does not suit the table: a value to regress has
    no classes, words are no values, and one output tells only two classes apart.
    """
    targets = table.targets[rows]
    if encoding == "value":
        if table.classes:
            raise UserError(
                "“{target}” holds classes ({names}), not values. Choose classification.",
                target=table.target,
                names=listing(table.classes),
            )
        return np.ascontiguousarray(targets[:, None])
    if encoding not in _ENCODINGS:
        raise ValueError(f"no encoding {encoding!r}")
    if not table.classes:
        raise UserError(
            "“{target}” holds values, not classes. Choose the loss half squared or Huber.", target=table.target
        )
    if encoding in ("zero_one", "plus_minus") and len(table.classes) != 2:
        raise UserError(
            "One output tells 2 classes apart, “{target}” has {count} ({names}). Give the last layer {count} units.",
            target=table.target,
            count=len(table.classes),
            names=listing(table.classes),
        )
    return np.ascontiguousarray(_ENCODINGS[encoding](targets, len(table.classes)))


def prepare(
    table: Table, *, features: Sequence[str], test_fraction: float, seed: int, scaling: str, encoding: str
) -> Dataset:
    """Split, transform and scale a table, and encode its targets. `seed` is the data's; it decides the split.

    Raises UserError where nothing can be learned from it: no rows, fewer than 2 classes among the training rows, an
    unknown feature or scaling.
    """
    if len(table.features) == 0:
        raise UserError("The data has no rows. Add some before training.")
    parts = split(table, test_fraction, seed)
    _check_classes(table, parts.train)
    raw_features = transform(features, table.columns, table.features)
    fitted, scaling_notes = fit(scaling, features, raw_features[parts.train])
    return Dataset(
        table=table,
        features=tuple(features),
        scaling=fitted,
        encoding=encoding,
        train=parts.train,
        test=parts.test,
        x_train=_scaled(fitted, features, raw_features[parts.train]),
        y_train=target_array(table, parts.train, encoding),
        x_test=_scaled(fitted, features, raw_features[parts.test]),
        y_test=target_array(table, parts.test, encoding),
        notes=(*table.notes, *parts.notes, *scaling_notes),
    )


def inputs(dataset: Dataset, raw_rows: Array) -> Array:
    """New raw rows [rows, columns] as the dataset's network takes them, [rows, features]: transformed, then scaled."""
    features = transform(dataset.features, dataset.table.columns, raw_rows)
    return _scaled(dataset.scaling, dataset.features, features)


def _scaled(scaling: Scaling, names: Sequence[str], features: Array) -> Array:
    with np.errstate(over="ignore"):
        scaled = np.ascontiguousarray(scaling.apply(features))
    finite = np.isfinite(scaled).all(axis=0)
    if not finite.all():
        raise UserError(
            "“{name}” has a value far outside what its scaling was fitted to. Correct it or choose another scaling.",
            name=names[int(np.argmin(finite))],
        )
    return scaled


def _check_classes(table: Table, train: Indices) -> None:
    if not table.classes:
        return
    found = [table.classes[index] for index in np.unique(table.targets[train]).astype(np.int64).tolist()]
    if len(found) < 2:
        raise UserError(
            "Training needs at least 2 classes, found {count} ({names}). Add rows of another class.",
            count=len(found),
            names=listing(found),
        )
