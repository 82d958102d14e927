"""Given parameters: the numbers that a project may bring along instead of starting from its seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from playground.messages import Message, message


def misfit(values: Mapping[str, Any], inputs: int, units: int, bias: bool) -> Message | None:
    """What is wrong with the given numbers of a dense node that takes `inputs` values and gives `units`, or None.

    The weight must be [inputs, units], the bias [units], both of finite numbers; a missing one comes from the seed.
    """
    weight, shift = values.get("weight"), values.get("bias")
    if weight is not None:
        shape = weight_shape(weight)
        if shape is None:
            return message("its given weights are not a table of numbers")
        if shape != (inputs, units):
            return message(
                "its given weights are {rows} × {columns} and must be {inputs} × {units}",
                rows=shape[0],
                columns=shape[1],
                inputs=inputs,
                units=units,
            )
    if shift is not None:
        if not bias:
            return message("it has given biases but its bias is off")
        if not is_row(shift):
            return message("its given biases are not a list of numbers")
        if len(shift) != units:
            return message("it has {count} given biases and must have {units}", count=len(shift), units=units)
    return None


def weight_shape(weight: Any) -> tuple[int, int] | None:
    """Rows and columns of nested sequences of finite numbers; None for anything else."""
    if not isinstance(weight, (list, tuple)) or not weight or not all(is_row(row) for row in weight):
        return None
    lengths = {len(row) for row in weight}
    return (len(weight), lengths.pop()) if len(lengths) == 1 else None


def is_row(row: Any) -> bool:
    """Whether this is a sequence of finite numbers."""
    if not isinstance(row, (list, tuple)):
        return False
    return all(isinstance(number, (int, float)) and math.isfinite(number) for number in row)
