"""Whether a network is one linear map, and whether it has come as far as any linear map can: checked, not guessed."""

from __future__ import annotations

import numpy as np

from playground.data.table import Array
from playground.engine.walk import Walk
from playground.training.plan import Plan

LINEAR_OPS = frozenset({"dense", "identity", "dropout", "add", "concat"})
#: No slope is left where gradient and feature point the same way no more than this (cosine).
NO_SLOPE = 0.1


def is_linear(plan: Plan) -> bool:
    """Whether the whole network is one linear map of its features."""
    return all(instruction.op in LINEAR_OPS for instruction in plan.program.instructions)


def at_linear_limit(plan: Plan, values: Array) -> bool:
    """Whether no linear map does better than this linear network on the training rows.

    Every loss here is convex in the outputs, and so in the one matrix W that the stack equals. Where the gradient of
    the loss by W, xᵀ·(∂L/∂output), has vanished, the loss is the lowest that any W has. It is measured against the
    lengths of both factors: a cosine, for every feature and output, and for the bias.
    """
    data = plan.dataset
    walk = Walk(plan.program, values)
    with np.errstate(all="ignore"):
        buffers = walk.forward(data.x_train)
        upstream = walk.backward(buffers, data.y_train)[plan.program.prediction]
    x = data.x_train
    if any(parameter.role == "bias" for parameter in plan.program.parameters):
        x = np.column_stack([x, np.ones(len(x))])
    lengths = np.linalg.norm(x, axis=0)[:, None] * np.linalg.norm(upstream, axis=0)
    slopes = np.abs(x.T @ upstream)
    return bool(np.isfinite(slopes).all() and (slopes <= NO_SLOPE * lengths).all())
