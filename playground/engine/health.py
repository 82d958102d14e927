"""States of a network that keep it from learning, read off one forward and backward pass, and that pass's gradient.

A *dead* unit of a ReLU gives 0 for every row, so no gradient reaches its weights. A *saturated* one of a tanh or
sigmoid lies on the flat ends of its curve for nearly all rows. A gradient *vanishes* or *explodes* where a layer's
weights get far less, or far more, of it than is of use. Units *alike* have the same weights in and get the same
gradient: they stay alike for ever (Goodfellow et al. 2016, Deep Learning, section 8.4).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from playground.engine.ops import OPS
from playground.engine.optimizers import Hyper, penalty_gradient, weight_mask
from playground.engine.program import Array, Instruction, Program
from playground.engine.walk import Buffers, Walk

Kind = Literal["dead", "saturated", "vanishing", "exploding", "alike"]

#: Rows on which a unit of a tanh or sigmoid must be flat to be called saturated, and what is called flat: a slope
#: below this part of the curve's steepest. A unit that draws an edge through the data is flat on up to 97 % of them in
#: the built-in experiments, solved and trained three times as long as they ask for; one that is stuck, on all.
SATURATED_SHARE, FLAT = 0.98, 0.05
_STEEPEST = {"tanh": 1.0, "sigmoid": 0.25}
#: Root mean square gradient of a layer's weights, against that of the layer with the largest: below, it vanishes. Ten
#: layers of tanh or ReLU stay above 0.007, the built-in experiments above 0.005; four of sigmoid fall below 0.0002.
VANISHING = 1e-3
#: Root mean square gradient of a layer's weights: above, it explodes. A step at any usual rate throws weights away.
EXPLODING = 1e3
#: Columns of weights that differ by no more than this part of their size are alike: a wide product may sum its columns
#: in different orders, which in 10,000 updates makes 1e-8 of what was equal to the bit. So are gradients that differ by
#: no more than what rounding leaves of terms that cancel.
ALIKE, _ROUNDING = 1e-6, 1e-15
#: No gradient to speak of: the network has learned all there is, and nothing vanishes on its way.
_LEARNED = 1e-7


@dataclass(frozen=True)
class UnitState:
    """One thing that is the matter with a node.

    Attributes:
        node: an activation's ("dead", "saturated") or a dense layer's.
        units: which of its units, from 0; all of them for a gradient.
        share: of the rows on which it is so, or how large the gradient is (against the largest that does not explode,
            for "vanishing"); 1 for "alike".
    """

    node: str
    kind: Kind
    units: tuple[int, ...]
    share: float


@dataclass(frozen=True)
class Examination:
    """What one pass tells: the flat gradient of the mean loss with the penalty, and the states that were found."""

    gradient: Array
    states: tuple[UnitState, ...]


def examine(program: Program, values: Array, x: Array, y: Array, hyper: Hyper | None = None) -> Examination:
    """Run rows x, [rows, features], with targets y forward and backward, and look; nothing is dropped."""
    with np.errstate(all="ignore"):
        walk = Walk(program, values)
        buffers = walk.forward(x)
        walk.backward(buffers, y)
        gradient = walk.gradient
        if hyper is not None and (hyper.l1 or hyper.l2):
            gradient += penalty_gradient(values, weight_mask(program), hyper)
        states = (*_units(program, buffers), *_gradients(program, walk), *_alike(walk))
    return Examination(gradient, states)


def _units(program: Program, buffers: Buffers) -> Iterator[UnitState]:
    for instruction in program.instructions:
        z, a = buffers[instruction.inputs[0]], buffers[instruction.output]
        if instruction.op == "relu":
            flat, kind, least = (a == 0.0).mean(axis=0), "dead", 1.0
        elif instruction.op in _STEEPEST:
            slope = OPS[instruction.op].slope
            assert slope is not None
            if instruction.output == program.prediction:
                # The output is meant to lie at the ends of its curve.
                continue
            limit = FLAT * _STEEPEST[instruction.op]
            flat, kind, least = (slope(z, a) < limit).mean(axis=0), "saturated", SATURATED_SHARE
        else:
            continue
        found = np.flatnonzero(flat >= least)
        if len(found):
            yield UnitState(instruction.node, kind, tuple(found.tolist()), float(flat[found].min()))  # type: ignore[arg-type]


def _gradients(program: Program, walk: Walk) -> Iterator[UnitState]:
    sizes = {
        instruction.node: _rms(walk.gradients[instruction.parameters[0]])
        for instruction in program.instructions
        if instruction.parameters
    }
    usual = max((size for size in sizes.values() if size <= EXPLODING), default=0.0)
    for node, size in sizes.items():
        units = tuple(range(program.widths[node]))
        if size > EXPLODING:
            yield UnitState(node, "exploding", units, size)
        elif usual >= _LEARNED and size < VANISHING * usual:
            yield UnitState(node, "vanishing", units, size / usual)


def _rms(gradient: Array) -> float:
    """The root mean square, also of numbers whose squares are none; the largest number there is where one is not."""
    largest = float(np.abs(gradient).max(initial=0.0))
    if not math.isfinite(largest):
        return sys.float_info.max
    return largest * float(np.sqrt(np.mean((gradient / largest) ** 2))) if largest > 0.0 else 0.0


def _alike(walk: Walk) -> Iterator[UnitState]:
    """Dense layers of which all units are the same, weights in and out: each then gets the same gradient."""
    for instruction in walk.program.instructions:
        if instruction.parameters and walk.program.widths[instruction.output] > 1:
            if instruction.output == walk.program.prediction or not _same_columns(walk, instruction):
                continue
            units = tuple(range(walk.program.widths[instruction.output]))
            yield UnitState(instruction.node, "alike", units, 1.0)


def _same_columns(walk: Walk, instruction: Instruction) -> bool:
    """Whether all units have the same weights in and get the same gradient; never where one of those is no number."""
    for name in instruction.parameters:
        for array, rounding in ((walk.parameters[name], 0.0), (walk.gradients[name], _ROUNDING)):
            differences, size = np.abs(array - array[..., :1]), float(np.abs(array).max(initial=0.0))
            if not float(differences.max(initial=0.0)) <= max(ALIKE * size, rounding):
                return False
    return True
