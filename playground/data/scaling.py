"""Bringing features to a common size, fitted on the training rows only: the test rows must not help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from playground.data.features import listing
from playground.data.table import Array, Scaling
from playground.messages import Message, UserError, message

#: A column whose values differ by less than this share of their size varies by rounding only.
ROUNDING = 1e-12
#: Nor is a difference this small one: its square, which a deviation needs, would be 0.
SMALLEST = 1e-150


def _none(features: Array) -> tuple[Array, Array]:
    return np.zeros(features.shape[1]), np.ones(features.shape[1])


def _standardise(features: Array) -> tuple[Array, Array]:
    return features.mean(axis=0), features.std(axis=0)


def _min_max(features: Array) -> tuple[Array, Array]:
    low = features.min(axis=0)
    return low, features.max(axis=0) - low


#: Each kind as features [rows, features] → (offset, scale): mean 0 and deviation 1, or from 0 to 1.
SCALINGS: Mapping[str, Callable[[Array], tuple[Array, Array]]] = {
    "none": _none,
    "standardise": _standardise,
    "min_max": _min_max,
}


def fit(kind: str, names: Sequence[str], features: Array) -> tuple[Scaling, tuple[Message, ...]]:
    """Fit a scaling to training features [rows, features]; also says which features are constant.

    A constant feature gets its own value as the offset and 1 as the scale: exactly 0 on every training row, and a later
    value that differs by 1 becomes 1. Raises UserError for an unknown kind or numbers too large to scale.
    """
    if kind not in SCALINGS:
        raise UserError("There is no scaling “{kind}”. Choose among {names}.", kind=kind, names=", ".join(SCALINGS))
    with np.errstate(over="ignore", invalid="ignore"):
        offset, scale = SCALINGS[kind](features)
    finite = np.isfinite(offset) & np.isfinite(scale)
    if not finite.all():
        raise UserError(
            "The feature “{name}” has numbers too large to be scaled. Give it in a larger unit.",
            name=names[int(np.argmin(finite))],
        )
    if kind == "none":
        return Scaling(kind, offset, scale), ()
    low, high = features.min(axis=0), features.max(axis=0)
    still = (high - low) <= np.maximum(ROUNDING * np.maximum(np.abs(low), np.abs(high)), SMALLEST)
    offset, scale = np.where(still, low, offset), np.where(still, 1.0, scale)
    constant = tuple(np.flatnonzero(still).tolist())
    return Scaling(kind, offset, scale, constant), _notes([names[index] for index in constant])


def _notes(constant: Sequence[str]) -> tuple[Message, ...]:
    if not constant:
        return ()
    return (message("The same in every training row, so of no use here: {names}.", names=listing(constant)),)
