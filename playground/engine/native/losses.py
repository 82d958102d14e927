"""One emitter per loss: for one vector of samples, the loss of each and its slope for every output; and softmax.

Predictions, targets and slopes are rows, one for each output, `columns` apart. Everything that has an exponential works
on logits, so that no probability is rounded to 0 or 1 before its logarithm is taken. A column whose lane in `mask` is
not set stands for no sample: its slope is written as 0, and its loss is left for the caller to drop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.engine.native import functions as f
from playground.engine.native.builder import Builder, Index, Place

ZERO = "zeroinitializer"

#: Outputs up to which a row's few instructions are written out; rows with an exponential are written out up to fewer.
SHORT_ROWS, LONG_ROWS = 16, 2


@dataclass(frozen=True)
class Samples:
    """One vector of samples: where their rows lie, and which lanes count."""

    b: Builder
    width: int
    columns: int
    prediction: Place
    target: Place
    slope: Place
    mask: str

    def rows(
        self, body: Callable[[Index, tuple[str, ...]], tuple[str, ...]], carried: tuple[str, ...], unroll: int
    ) -> tuple[str, ...]:
        """`body(offset of the row, carried)` for every output."""
        return self.b.loop(self.width, 1, lambda k, c: body(self.b.times(k, self.columns), c), carried, unroll)

    def prediction_and_target(self, row: Index) -> tuple[str, str]:
        """Both, of one output."""
        b = self.b
        return b.load(b.at(self.prediction, row)), b.load(b.at(self.target, row))

    def write(self, slope: str, row: Index) -> None:
        """The slope for one output, where the samples count."""
        self.b.store(self.b.select(self.mask, slope, ZERO), self.b.at(self.slope, row))


#: For one output of some samples: its part of the loss, and its slope.
Term = Callable[[Builder, str, str], tuple[str, str]]
LossEmitter = Callable[[Builder, int, int, Place, Place, Place, str], str]


def _summed(term: Term, unroll: int) -> LossEmitter:
    """A loss that is a sum over the outputs."""

    def emit(b: Builder, width: int, columns: int, prediction: Place, target: Place, slope: Place, mask: str) -> str:
        samples = Samples(b, width, columns, prediction, target, slope, mask)

        def row(at: Index, total: tuple[str, ...]) -> tuple[str, ...]:
            value, slope = term(b, *samples.prediction_and_target(at))
            samples.write(slope, at)
            return (value if total[0] == ZERO else b.fadd(total[0], value),)

        return samples.rows(row, (ZERO,), unroll)[0]

    return emit


def _half_squared(b: Builder, y: str, t: str) -> tuple[str, str]:
    difference = b.fsub(y, t)
    return b.fmul(b.fmul(difference, b.constant(0.5)), difference), difference


def _huber(b: Builder, y: str, t: str) -> tuple[str, str]:
    """With c = d held within ±1, both branches are c·(d − c/2)."""
    difference = b.fsub(y, t)
    held = f.clamp(b, difference, -1.0, 1.0)
    return b.fmul(held, b.fma(held, b.constant(-0.5), difference)), held


def _hinge(b: Builder, y: str, t: str) -> tuple[str, str]:
    short = b.fma(b.fneg(t), y, b.constant(1.0))
    return f.positive_part(b, short), b.select(b.compare("ogt", short, ZERO), b.fneg(t), ZERO)


def _binary_cross_entropy(b: Builder, z: str, t: str) -> tuple[str, str]:
    """max(z, 0) − z·t + ln(1 + e^−|z|), and σ(z) − t from the same exponential."""
    e, share = f.decay_and_sigmoid(b, z)
    linear = b.fma(b.fneg(z), t, f.positive_part(b, z))
    return b.fadd(linear, f.log1p_to_1(b, e)), b.fsub(share, t)


def _softmax_cross_entropy(
    b: Builder, width: int, columns: int, prediction: Place, target: Place, slope: Place, mask: str
) -> str:
    """The loss is ln Σ e^(z − max)·Σ t − Σ t·(z − max); the exponentials wait in the slope's rows for their sum."""
    samples = Samples(b, width, columns, prediction, target, slope, mask)
    largest = _largest(b, width, columns, prediction)

    def row(at: Index, sums: tuple[str, ...]) -> tuple[str, ...]:
        z, t = samples.prediction_and_target(at)
        shifted = b.fsub(z, largest)
        e = f.exp(b, shifted)
        b.store(e, b.at(slope, at))
        total, targets, right = sums
        return b.fadd(total, e), b.fadd(targets, t), b.fma(t, shifted, right)

    total, targets, right = samples.rows(row, (ZERO, ZERO, ZERO), LONG_ROWS)
    scale = b.fdiv(targets, total)

    def finish(at: Index, _: tuple[str, ...]) -> tuple[()]:
        t = b.load(b.at(target, at))
        samples.write(b.fma(b.load(b.at(slope, at)), scale, b.fneg(t)), at)
        return ()

    samples.rows(finish, (), SHORT_ROWS)
    return b.fma(f.log(b, total), targets, b.fneg(right))


LOSSES: Mapping[str, LossEmitter] = {
    "half_squared": _summed(_half_squared, SHORT_ROWS),
    "binary_cross_entropy": _summed(_binary_cross_entropy, LONG_ROWS),
    "softmax_cross_entropy": _softmax_cross_entropy,
    "hinge": _summed(_hinge, SHORT_ROWS),
    "huber": _summed(_huber, SHORT_ROWS),
}


# --- softmax ---------------------------------------------------------------------------------------------------------


def _largest(b: Builder, width: int, columns: int, source: Place) -> str:
    """The largest of the rows in each column. A NaN is passed over here and comes back with z − max."""

    def row(k: Index, best: tuple[str, ...]) -> tuple[str, ...]:
        z = b.load(b.at(source, b.times(k, columns)))
        return (b.select(b.compare("ogt", z, best[0]), z, best[0]),)

    return b.loop(width, 1, row, (b.constant(-math.inf),), unroll=SHORT_ROWS)[0]


def softmax_forward(b: Builder, width: int, columns: int, source: Place, target: Place) -> None:
    """e^zₖ / Σ e^z over the rows of one vector of columns, the largest taken off first."""
    largest = _largest(b, width, columns, source)

    def raise_(k: Index, total: tuple[str, ...]) -> tuple[str, ...]:
        at = b.times(k, columns)
        e = f.exp(b, b.fsub(b.load(b.at(source, at)), largest))
        b.store(e, b.at(target, at))
        return (b.fadd(total[0], e),)

    total = b.loop(width, 1, raise_, (ZERO,), unroll=LONG_ROWS)[0]
    scale = b.fdiv(b.constant(1.0), total)

    def share(k: Index, _: tuple[str, ...]) -> tuple[()]:
        place = b.at(target, b.times(k, columns))
        b.store(b.fmul(b.load(place), scale), place)
        return ()

    b.loop(width, 1, share, unroll=SHORT_ROWS)


def softmax_backward(
    b: Builder, width: int, columns: int, value: Place, upstream: Place, arrive: Callable[[Index, str], None]
) -> None:
    """The Jacobian diag(a) − a·aᵀ applied to upstream u: row k is aₖ·(uₖ − Σ a·u), and goes to `arrive(k, row)`."""

    def weigh(k: Index, total: tuple[str, ...]) -> tuple[str, ...]:
        at = b.times(k, columns)
        return (b.fma(b.load(b.at(value, at)), b.load(b.at(upstream, at)), total[0]),)

    total = b.loop(width, 1, weigh, (ZERO,), unroll=SHORT_ROWS)[0]

    def pass_back(k: Index, _: tuple[str, ...]) -> tuple[()]:
        at = b.times(k, columns)
        arrive(k, b.fmul(b.load(b.at(value, at)), b.fsub(b.load(b.at(upstream, at)), total)))
        return ()

    b.loop(width, 1, pass_back, unroll=SHORT_ROWS)
