"""The gradient check: every parameter's analytic gradient against a central difference of the loss, in float64.

A parameter at a corner, where a ReLU's input crosses 0, a hinge loss its margin, or an L1-penalised weight lies at 0
within the difference, has no derivative there: it is counted as a corner and not as an error. So is one at a seam,
where two curves meet with one slope (ELU at 0, Huber's loss at a distance of 1): a difference across it is no better
than its step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from playground.engine.ops import OPS
from playground.engine.optimizers import Hyper, penalty, penalty_gradient, weight_mask
from playground.engine.program import Array, Program
from playground.engine.walk import Buffers, Walk

#: Half the width of the difference, for a parameter of size 1 or less; it grows with the parameter.
STEP = 1e-5
#: The largest relative error that still passes.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Worst:
    """The largest relative error of one parameter, and the index at which it was found."""

    max_relative_error: float
    worst_index: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """What a check found; `checked` and `corners` count single numbers."""

    max_relative_error: float
    checked: int
    corners: int
    parameters: Mapping[str, Worst]

    @property
    def ok(self) -> bool:
        """Whether every gradient agrees."""
        return self.max_relative_error < TOLERANCE


def relative_error(analytic: Array, numeric: Array, loss: float) -> Array:
    """|a − n| / max(|a|, |n|, 10⁻³·max(1, |L|)), element by element."""
    floor = 1e-3 * max(1.0, abs(loss))
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
    error: Array = np.abs(analytic - numeric) / size
    return error


def gradient_check(
    program: Program, values: Array, x: Array, y: Array, hyper: Hyper, stop: Callable[[], bool] = lambda: False
) -> Report:
    """Check all parameters on rows x with targets y, the penalty included; `values` is left as it was.

    `stop` is asked before each number; where it says so the report is of those that were checked until then.
    """
    walk = Walk(program, values.copy())
    mask = weight_mask(program)
    buffers = walk.forward(x)
    loss = walk.mean_loss(buffers, y) + penalty(walk.values, mask, hyper)
    walk.backward(buffers, y)
    analytic = walk.gradient + penalty_gradient(walk.values, mask, hyper)

    numeric = np.zeros(program.size)
    corner = np.zeros(program.size, dtype=bool)
    reached = program.size
    for index in range(program.size):
        if stop():
            reached = index
            break
        middle = walk.values[index]
        step = STEP * max(1.0, abs(middle))
        sides: list[tuple[float, Buffers]] = []
        for place in (middle + step, middle - step):
            walk.values[index] = place
            side = walk.forward(x)
            sides.append((walk.mean_loss(side, y) + penalty(walk.values, mask, hyper), side))
        walk.values[index] = middle
        (above, above_buffers), (below, below_buffers) = sides
        numeric[index] = (above - below) / (2.0 * step)
        at_zero_weight = bool(hyper.l1) and mask[index] > 0 and abs(middle) <= step
        corner[index] = at_zero_weight or _crosses_a_kink(walk, above_buffers, below_buffers, y)

    errors = np.where(corner, 0.0, relative_error(analytic, numeric, loss))
    errors[reached:] = 0.0
    found = {}
    for parameter in program.parameters:
        own = errors[program.slices[parameter.name]].reshape(parameter.shape)
        place = np.unravel_index(int(own.argmax()), own.shape)
        found[parameter.name] = Worst(float(own.max()), tuple(int(i) for i in place))
    worst = float(errors.max()) if program.size else 0.0
    return Report(worst, reached - int(corner.sum()), int(corner.sum()), found)


def _crosses_a_kink(walk: Walk, above: Buffers, below: Buffers, y: Array) -> bool:
    """Whether an input of a kinked operation, or what the loss turns at, lies on other sides of 0 in the two passes."""
    prediction, corner = walk.program.prediction, walk.loss.corner
    if corner is not None and np.any((corner(above[prediction], y) > 0.0) != (corner(below[prediction], y) > 0.0)):
        return True
    for instruction in walk.program.instructions:
        if OPS[instruction.op].kinked:
            (name,) = instruction.inputs
            if np.any((above[name] > 0.0) != (below[name] > 0.0)):
                return True
    return False
