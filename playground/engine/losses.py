"""Losses: how wrong a prediction is, per sample, and the slope of that. The mean over a batch is taken in `mean`, once.

Predictions and targets are [samples, outputs] and must have the same shape; nothing is broadcast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from playground.engine.ops import sigmoid, softmax
from playground.engine.program import Array


@dataclass(frozen=True)
class Loss:
    """One row of the table.

    Attributes:
        value: the loss of each sample, [samples].
        gradient: ∂(a sample's loss)/∂prediction, [samples, outputs].
        logits: whether it takes logits and applies its own sigmoid or softmax.
        corner: a number for every output that changes its sign where the slope, or how fast it changes, jumps.
    """

    name: str
    formula: str
    slope_formula: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    logits: bool
    corner: Callable[[Array, Array], Array] | None = None


def _bce(z: Array, t: Array) -> Array:
    """−t·ln σ(z) − (1−t)·ln(1−σ(z)) from the logit z, without overflow: max(z,0) − z·t + ln(1 + e^−|z|)."""
    terms: Array = np.maximum(z, 0.0) - z * t + np.log1p(np.exp(-np.abs(z)))
    total: Array = terms.sum(axis=1)
    return total


def _softmax_ce(z: Array, t: Array) -> Array:
    """−Σ t·ln softmax(z), by ln Σ e^(z − max) so that no e^z overflows."""
    shifted = z - z.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(shifted).sum(axis=1))
    value: Array = log_total * t.sum(axis=1) - (shifted * t).sum(axis=1)
    return value


def _huber(y: Array, t: Array) -> Array:
    """½·d² up to |d| = 1 and |d| − ½ beyond: with c = d held within ±1, both are c·(d − c/2)."""
    d = y - t
    held = np.clip(d, -1.0, 1.0)
    total: Array = (held * (d - 0.5 * held)).sum(axis=1)
    return total


_ROWS = (
    Loss(
        "half_squared",
        "½·Σ(y − t)²",
        "y − t",
        lambda y, t: 0.5 * ((y - t) ** 2).sum(axis=1),
        lambda y, t: y - t,
        logits=False,
    ),
    Loss("binary_cross_entropy", "−t·ln p − (1 − t)·ln(1 − p)", "p − t", _bce, lambda z, t: sigmoid(z) - t, True),
    Loss(
        "softmax_cross_entropy",
        "−Σ t·ln p",
        "p − t",
        _softmax_ce,
        lambda z, t: softmax(z) * t.sum(axis=1, keepdims=True) - t,
        logits=True,
    ),
    Loss(
        "hinge",
        "Σ max(0, 1 − t·y)",
        "−t if t·y < 1, else 0",
        lambda y, t: np.maximum(1.0 - t * y, 0.0).sum(axis=1),
        lambda y, t: np.where(t * y < 1.0, -t, 0.0),
        logits=False,
        corner=lambda y, t: 1.0 - t * y,
    ),
    Loss(
        "huber",
        "Σ ½·(y − t)² if |y − t| ≤ 1, else |y − t| − ½",
        "y − t, held within ±1",
        _huber,
        lambda y, t: np.clip(y - t, -1.0, 1.0),
        logits=False,
        corner=lambda y, t: 1.0 - np.abs(y - t),
    ),
)

#: Every loss by its name.
LOSSES: Mapping[str, Loss] = {row.name: row for row in _ROWS}


def mean(loss: Loss, prediction: Array, target: Array) -> float:
    """The mean loss over the samples; raises ValueError where the shapes differ."""
    _same_shape(prediction, target)
    return float(loss.value(prediction, target).sum() / len(target))


def mean_gradient(loss: Loss, prediction: Array, target: Array) -> Array:
    """∂(mean loss)/∂prediction, [samples, outputs]: here, and nowhere else, the batch is averaged."""
    _same_shape(prediction, target)
    gradient: Array = loss.gradient(prediction, target) / len(target)
    return gradient


def _same_shape(prediction: Array, target: Array) -> None:
    if prediction.shape != target.shape:
        raise ValueError(f"predictions of shape {prediction.shape} against targets of shape {target.shape}")
