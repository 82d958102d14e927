"""What trains a network, batch after batch: the contract that every engine keeps, and the walk as one of them.

An engine owns a session from its first update to its last: two engines agree to the last digits, not to the bit, and a
run must not depend on how it was cut into pieces. `train` may be called with any number of batches at a time; the order
of the rows is a pure function of seed and epoch, so nothing but the `State` is carried from call to call.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from playground.engine import losses
from playground.engine.dropout import masks
from playground.engine.optimizers import OPTIMIZERS, Hyper, frozen_mask, penalty_gradient, weight_mask
from playground.engine.program import Array, Picture, Program
from playground.engine.state import State
from playground.engine.walk import Walk
from playground.randomness import permutation, stream


@dataclass(frozen=True)
class Batching:
    """How the training rows are cut: `size` rows a batch, the last one short, shuffled anew each epoch or not."""

    size: int
    shuffle: bool = True


@dataclass(frozen=True)
class Chunk:
    """What a call of `train` did; `diverged_at` is the update that made the loss infinite, if one did."""

    batches: int
    samples: int
    diverged_at: int | None = None


def start_of_batch(state: State, batching: Batching, rows: int) -> int:
    """The first row, in the epoch's order, of the batch that comes next.

    A batch that is not there, since a state was saved with smaller batches or more rows, begins the epoch again.
    """
    start = state.batch * batching.size
    return start if start < rows else 0


def shuffled(state: State, rows: int) -> NDArray[np.int64]:
    """The order in which the state's epoch takes so many rows, where they are shuffled: of seed and epoch alone."""
    return permutation(stream(state.seed, "shuffle", state.epoch), rows)


class Engine(Protocol):
    """A program bound to its training rows."""

    name: str
    x: Array

    def train(self, state: State, hyper: Hyper, batching: Batching, batches: int) -> Chunk:
        """Train so many batches, changing `state`, over the ends of epochs if need be.

        On a loss or weight that is not finite the state goes back to the last finite one, and the chunk says at which
        update it happened.
        """

    def go_back(self, state: State) -> int:
        """Put the state before the last update in place; returns the number of the update that was taken back."""

    def order(self, state: State, batching: Batching) -> NDArray[np.int64] | None:
        """The rows' order in the state's epoch; None: as they stand."""

    def outputs(self, values: Array, x: Array) -> Array:
        """The prediction buffer for rows x, [samples, outputs]."""

    def pictures(self, values: Array, x: Array, buffers: Sequence[str]) -> Picture:
        """Some buffers for rows x as one picture for each unit, [widths, rows], float32."""

    def mean_loss(self, outputs: Array, y: Array) -> float:
        """The mean data loss of outputs against targets y; may be infinite."""


@cache
def one_blas_thread() -> threadpool_limits:
    """Hold BLAS to one thread from now on: a second one changes the last bits of larger products."""
    return threadpool_limits(limits=1, user_api="blas")


class WalkEngine:
    """The numpy walk as a training engine."""

    name = "walk"

    def __init__(self, program: Program, x: Array, y: Array) -> None:
        one_blas_thread()
        self.program = program
        self.x = x
        self.y = y
        self._mask = weight_mask(program)
        self._frozen = frozen_mask(program)
        self._order: tuple[tuple[int, int], NDArray[np.int64]] | None = None
        self._undo: State | None = None

    def train(self, state: State, hyper: Hyper, batching: Batching, batches: int) -> Chunk:
        """See `Engine.train`."""
        rows = len(self.x)
        state.batch = start_of_batch(state, batching, rows) // batching.size
        walk = Walk(self.program, state.values)
        order = self.order(state, batching)
        samples = 0
        with np.errstate(all="ignore"):
            for done in range(batches):
                start = state.batch * batching.size
                chosen = slice(start, start + batching.size) if order is None else order[start : start + batching.size]
                if not self._update(walk, state, hyper, self.x[chosen], self.y[chosen]):
                    return Chunk(done, samples, self.go_back(state))
                samples += min(batching.size, rows - start)
                state.batch += 1
                if state.batch * batching.size >= rows:
                    state.batch = 0
                    state.epoch += 1
                    order = self.order(state, batching)
        return Chunk(batches, samples)

    def outputs(self, values: Array, x: Array) -> Array:
        """See `Engine.outputs`."""
        with np.errstate(all="ignore"):
            return Walk(self.program, values).forward(x)[self.program.prediction]

    def pictures(self, values: Array, x: Array, buffers: Sequence[str]) -> Picture:
        """See `Engine.pictures`."""
        with np.errstate(all="ignore"):
            found = Walk(self.program, values).forward(x)
            return np.concatenate([found[name].T for name in buffers]).astype(np.float32)

    def mean_loss(self, outputs: Array, y: Array) -> float:
        """See `Engine.mean_loss`."""
        with np.errstate(all="ignore"):
            return losses.mean(losses.LOSSES[self.program.loss], outputs, y)

    def order(self, state: State, batching: Batching) -> NDArray[np.int64] | None:
        """See `Engine.order`."""
        if not batching.shuffle:
            return None
        key = (state.seed, state.epoch)
        if self._order is None or self._order[0] != key:
            self._order = key, shuffled(state, len(self.x))
        return self._order[1]

    def _update(self, walk: Walk, state: State, hyper: Hyper, x: Array, y: Array) -> bool:
        """One forward, backward and update; False, with `state` untouched or not finite, where a number ran away."""
        buffers = walk.forward(x, masks(self.program, state.seed, state.updates, len(x)))
        if not math.isfinite(walk.mean_loss(buffers, y)):
            return False
        walk.backward(buffers, y)
        self._undo = state.copy()
        gradient = walk.gradient
        if hyper.l1 or hyper.l2:
            gradient = gradient + penalty_gradient(state.values, self._mask, hyper)
        apply_gradient(state, gradient, hyper, self._frozen)
        # A sum is finite only where every term is, but for a sum that overflows by itself, which is as good as lost.
        return math.isfinite(float(np.dot(state.values, state.values)))

    def go_back(self, state: State) -> int:
        """See `Engine.go_back`."""
        failed = state.updates
        if self._undo is not None and self._undo.updates == failed - 1:
            state.restore(self._undo)
        return failed


def apply_gradient(state: State, gradient: Array, hyper: Hyper, frozen: NDArray[np.bool_] | None = None) -> None:
    """One update of the weights in place; slots that the optimizer does not have yet start at 0, others are dropped.

    Where `frozen` is true a number keeps its value to the bit, whatever velocity it had, and so do its slots.
    """
    optimizer = OPTIMIZERS[hyper.optimizer]
    names = optimizer.slots(hyper)
    if set(names) != set(state.slots):
        state.slots = {name: np.zeros_like(state.values) for name in names}
        state.steps = 0
    state.steps += 1
    changing = (state.values, *state.slots.values())
    kept = [array[frozen] for array in changing] if frozen is not None else []
    optimizer.update(state.values, gradient, state.slots, state.steps, hyper)
    for array, numbers in zip(changing, kept, strict=False):
        array[frozen] = numbers
    state.updates += 1
