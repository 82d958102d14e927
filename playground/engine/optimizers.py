"""Optimizers: how the weights use the gradient that backpropagation computed. Each as PyTorch defines it.

A row changes the flat vector of weights in place; its slots are vectors of the same shape. The penalty's gradient is
added before the optimizer sees it (`add_penalty`), on weights only, and does not depend on batch or data size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.program import Array, Program


@dataclass(frozen=True)
class Hyper:
    """What can change while a network trains. `nesterov` is a way of using SGD's momentum, idle where that is 0."""

    optimizer: str = "sgd"
    learning_rate: float = 0.03
    momentum: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    nesterov: bool = False


@dataclass(frozen=True)
class Optimizer:
    """One row: which slots it keeps and how it changes `values`, given the gradient, the slots and its step number."""

    name: str
    formula: str
    slots: Callable[[Hyper], tuple[str, ...]]
    update: Callable[[Array, Array, Mapping[str, Array], int, Hyper], None]


def _sgd(values: Array, gradient: Array, slots: Mapping[str, Array], step: int, hyper: Hyper) -> None:
    """Momentum: v ← βv + g, w ← w − ηv: the rate stands outside the velocity. Nesterov's: w ← w − η(g + βv)."""
    if hyper.momentum:
        velocity = slots["velocity"]
        velocity *= hyper.momentum
        velocity += gradient
        gradient = gradient + hyper.momentum * velocity if hyper.nesterov else velocity
    values -= hyper.learning_rate * gradient


_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8


def _adam(values: Array, gradient: Array, slots: Mapping[str, Array], step: int, hyper: Hyper) -> None:
    """Kingma and Ba 2015, algorithm 1, with PyTorch's place for ε: outside the root of the corrected square."""
    mean, square = slots["mean"], slots["square"]
    mean *= _BETA1
    mean += (1.0 - _BETA1) * gradient
    square *= _BETA2
    square += (1.0 - _BETA2) * gradient * gradient
    rate = hyper.learning_rate / (1.0 - _BETA1**step)
    values -= rate * mean / (np.sqrt(square / (1.0 - _BETA2**step)) + _EPSILON)


_RMSPROP_DECAY, _ADAGRAD_EPSILON = 0.99, 1e-10


def _rmsprop(values: Array, gradient: Array, slots: Mapping[str, Array], step: int, hyper: Hyper) -> None:
    """Tieleman and Hinton 2012, lecture 6.5, with PyTorch's α = 0.99 and its ε outside the root."""
    square = slots["square"]
    square *= _RMSPROP_DECAY
    square += (1.0 - _RMSPROP_DECAY) * gradient * gradient
    values -= hyper.learning_rate * gradient / (np.sqrt(square) + _EPSILON)


def _adagrad(values: Array, gradient: Array, slots: Mapping[str, Array], step: int, hyper: Hyper) -> None:
    """Duchi, Hazan and Singer 2011: every weight's rate falls with the squares of all its gradients so far."""
    total = slots["square_sum"]
    total += gradient * gradient
    values -= hyper.learning_rate * gradient / (np.sqrt(total) + _ADAGRAD_EPSILON)


#: Every optimizer by its name.
OPTIMIZERS: Mapping[str, Optimizer] = {
    "sgd": Optimizer("sgd", "w ← w − η·g", lambda hyper: ("velocity",) if hyper.momentum else (), _sgd),
    "adam": Optimizer("adam", "w ← w − η·m̂ / (√v̂ + ε)", lambda hyper: ("mean", "square"), _adam),
    "rmsprop": Optimizer("rmsprop", "w ← w − η·g / (√v + ε)", lambda hyper: ("square",), _rmsprop),
    "adagrad": Optimizer("adagrad", "w ← w − η·g / (√Σg² + ε)", lambda hyper: ("square_sum",), _adagrad),
}


def weight_mask(program: Program) -> Array:
    """1 where a penalty acts, 0 elsewhere, as a flat vector."""
    mask = np.zeros(program.size)
    for parameter in program.parameters:
        if parameter.penalised:
            mask[program.slices[parameter.name]] = 1.0
    return mask


def frozen_mask(program: Program) -> NDArray[np.bool_] | None:
    """True where a number keeps its value, as a flat vector; None where nothing is frozen."""
    if not any(parameter.frozen or parameter.mask for parameter in program.parameters):
        return None
    mask = np.zeros(program.size, dtype=np.bool_)
    for parameter in program.parameters:
        own = mask[program.slices[parameter.name]]
        own[list(parameter.mask)] = True
        own |= parameter.frozen
    return mask


def penalty(values: Array, mask: Array, hyper: Hyper) -> float:
    """l1·Σ|w| + (l2/2)·Σw² over the weights."""
    weights = values * mask
    # A penalty that is off is 0 also where the weights are so large that their sum overflows: 0·∞ is no number.
    absolute = hyper.l1 * np.abs(weights).sum() if hyper.l1 else 0.0
    square = 0.5 * hyper.l2 * (weights * weights).sum() if hyper.l2 else 0.0
    return float(absolute + square)


def penalty_gradient(values: Array, mask: Array, hyper: Hyper) -> Array:
    """The penalty's slope, a flat vector; the slope of |w| at 0 is 0."""
    slope: Array = mask * (hyper.l1 * np.sign(values) + hyper.l2 * values)
    return slope
