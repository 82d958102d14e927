"""Nudge: one number is moved a little, and everything that depends on it moves too, beside what the slopes predicted.

The new values are the walk's, computed anew. The prediction is δ times the slope of every value by that number, carried
forward through the network (forward-mode differentiation), which is no part of training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.engine.derivation import parameter_of
from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.engine.optimizers import Hyper, penalty, penalty_gradient, weight_mask
from playground.engine.program import Array, Instruction, Program
from playground.engine.walk import Buffers, Walk

#: How far a number is moved.
DELTA = 0.01


@dataclass(frozen=True, eq=False)
class Nudge:
    """What moving one number by `delta` does.

    Attributes:
        before, after: every buffer, [samples, units].
        predicted: the change of every buffer that the slopes predict.
        losses_before, losses_after, losses_predicted: the loss of each row, and its predicted change, [samples].
        loss_before, loss_after, loss_predicted: their means.
        penalty_before, penalty_after, penalty_predicted: the penalty, which has no rows.
    """

    parameter: str
    index: tuple[int, ...]
    delta: float
    before: Buffers
    after: Buffers
    predicted: Buffers
    losses_before: Array
    losses_after: Array
    losses_predicted: Array
    penalty_before: float
    penalty_after: float
    penalty_predicted: float

    @property
    def loss_before(self) -> float:
        """The mean loss with the number where it was."""
        return float(self.losses_before.sum() / len(self.losses_before))

    @property
    def loss_after(self) -> float:
        """The mean loss with the number moved."""
        return float(self.losses_after.sum() / len(self.losses_after))

    @property
    def loss_predicted(self) -> float:
        """δ · ∂L/∂w, the change of the mean loss that its slope predicts."""
        return float(self.losses_predicted.sum() / len(self.losses_predicted))

    def change(self, buffer: str) -> Array:
        """How far a buffer has really moved, [samples, units]."""
        return self.after[buffer] - self.before[buffer]


def nudge(
    program: Program,
    values: Array,
    x: Array,
    y: Array,
    parameter: str,
    index: tuple[int, ...],
    delta: float = DELTA,
    hyper: Hyper | None = None,
    masks: Mapping[str, Array] | None = None,
) -> Nudge:
    """Move one number of the flat vector `values`, which is left as it is.

    Raises KeyError for an unknown parameter and IndexError for an index outside its shape.
    """
    held = parameter_of(program, parameter, index)
    hyper = hyper or Hyper()
    loss, mask = LOSSES[program.loss], weight_mask(program)
    moved = values.copy()
    program.views(moved)[parameter][index] += delta
    with np.errstate(all="ignore"):
        walk = Walk(program, values.copy())
        before = walk.forward(x, masks)
        after = Walk(program, moved).forward(x, masks)
        predicted: Buffers = {program.input: np.zeros_like(x)}
        for one in program.instructions:
            predicted[one.output] = _carried(walk, one, before, predicted, masks or {})
            if parameter in one.parameters:
                own = before[one.inputs[0]][:, index[0]] if held.role == "weight" else 1.0
                predicted[one.output][:, index[-1]] += own * delta
        outputs = before[program.prediction]
        expected = (loss.gradient(outputs, y) * predicted[program.prediction]).sum(axis=1)
        slope = program.views(penalty_gradient(values, mask, hyper))[parameter][index]
        return Nudge(
            parameter,
            index,
            delta,
            before,
            after,
            predicted,
            loss.value(outputs, y),
            loss.value(after[program.prediction], y),
            expected,
            penalty(values, mask, hyper),
            penalty(moved, mask, hyper),
            float(slope) * delta,
        )


def _carried(walk: Walk, one: Instruction, values: Buffers, changes: Buffers, masks: Mapping[str, Array]) -> Array:
    """How far an instruction's output moves when its inputs move by `changes`, to first order."""
    inputs: Sequence[Array] = [values[name] for name in one.inputs]
    moving = [changes[name] for name in one.inputs]
    output = values[one.output]
    if one.op == "dense":
        return moving[0] @ walk.parameters[one.parameters[0]]
    if one.op == "concat":
        return np.concatenate(moving, axis=1)
    if one.op == "dropout":
        mask = masks.get(one.output)
        return moving[0].copy() if mask is None else moving[0] * mask
    # Element by element, or, as softmax, by a Jacobian that is its own transpose: to_inputs is the way forward too.
    total = np.zeros_like(output)
    for place, change in enumerate(moving):
        total += OPS[one.op].to_inputs(change, inputs, output, ())[place]
    return total
