"""Arrays and figures as strict JSON has them: what is not finite is null."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from playground.data.table import Array


def plain(value: float | None) -> float | None:
    """A figure, or None where it does not apply or is not finite."""
    return None if value is None or not math.isfinite(value) else float(value)


def nested(array: Array) -> Any:
    """An array as nested lists, with None for what is not finite."""
    values = np.asarray(array, dtype=np.float64)
    if np.isfinite(values).all():
        return values.tolist()
    cells = values.astype(object)
    cells[~np.isfinite(values)] = None
    return cells.tolist()


def factor(array: Array) -> Any:
    """A factor of the chain rule: a plain number where it is one, else nested lists."""
    return plain(float(array.reshape(-1)[0])) if array.size == 1 else nested(array)
