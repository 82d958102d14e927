"""The raw data in the user's own units, and the same data prepared for a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.messages import Message

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Range = tuple[float, float]
Extent = tuple[Range, Range]


@dataclass(frozen=True)
class Table:
    """Raw rows: what the user sees on the axes.

    Attributes:
        columns: names of the feature columns; `features` is [rows, columns], raw.
        target: the target column's name.
        targets: [rows], the class index, or the value where `task` is "regression".
        classes: sorted class names, of two the second is the positive one; empty for regression.
        axes: the meaning of each column in words, for plots; empty where the column's name says it.
        extent: fixed plot range of a two-column family, (low, high) for both axes each; None: taken from the rows. Of
            a one-column family the second is the range of the target.
        notes: what was done to the rows on the way (dropped, renamed, guessed).
        drawn: whether each row was drawn by itself, so that rows which are alike (no noise) are no copies.
    """

    columns: tuple[str, ...]
    features: Array
    target: str
    targets: Array
    task: str
    classes: tuple[str, ...] = ()
    axes: tuple[Message, ...] = ()
    extent: Extent | None = None
    notes: tuple[Message, ...] = ()
    drawn: bool = False


@dataclass(frozen=True)
class Scaling:
    """`(x − offset) / scale` for each feature after its transform, fitted on the training rows only.

    `constant` counts the features that never vary there: their offset is the value itself and their scale is 1.
    """

    kind: str
    offset: Array
    scale: Array
    constant: tuple[int, ...] = ()

    def apply(self, features: Array) -> Array:
        """Scale features of shape [rows, features]."""
        return (features - self.offset) / self.scale


@dataclass(frozen=True)
class Dataset:
    """A table made ready for a network: split, transformed, scaled, with targets as the loss wants them.

    Attributes:
        table: the raw rows; `train` and `test` index them, ascending (data order).
        features: the input node's features ("x1", "x1^2", a column's name, …).
        encoding: how targets are given: "zero_one", "plus_minus", "one_hot", "one_hot_plus_minus" or "value".
        x_train, y_train, x_test, y_test: [rows, features] and [rows, outputs], C-contiguous float64.
        notes: what the user should know about how it was made.
    """

    table: Table
    features: tuple[str, ...]
    scaling: Scaling
    encoding: str
    train: Indices
    test: Indices
    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    notes: tuple[Message, ...] = ()
