"""Tuned numpy as a yardstick: a dense chain trained with everything preallocated and as few calls as numpy allows.

At these sizes a call costs more than its arithmetic, so calls are what is saved. Rows are columns here, [units, batch]:
with a last row of ones below each layer's values the bias is one more column of the weight, and neither its sum nor its
gradient takes a call. All parameters lie in one vector and are stepped by two calls; the slopes of all activations are
taken together. Views into the buffers are made once, for whole batches and for the short last one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from playground.bench.workloads import Workload
from playground.engine.program import Array
from playground.engine.training_engine import one_blas_thread


def _tanh_slopes(values: Array, slopes: Array) -> None:
    np.multiply(values, values, out=slopes)
    np.subtract(1.0, slopes, out=slopes)


def _relu(values: Array, out: Array) -> None:
    np.maximum(values, 0.0, out=out)


def _relu_slopes(values: Array, slopes: Array) -> None:
    np.sign(values, out=slopes)  # relu leaves nothing below 0


#: By name: the activation, and the slopes of a whole buffer of its values.
_ACTIVATIONS: Mapping[str, tuple[Callable[..., object], Callable[[Array, Array], None]]] = {
    "tanh": (np.tanh, _tanh_slopes),
    "relu": (_relu, _relu_slopes),
}


def _half_squared(output: Array, target: Array, slope: Array, scratch: Array) -> float:
    """Slope y − t in place, the loss ½Σ(y − t)² returned."""
    np.subtract(output, target, out=slope)
    flat = slope.reshape(-1)
    return 0.5 * float(flat.dot(flat))


def _binary_cross_entropy(logits: Array, target: Array, slope: Array, scratch: Array) -> float:
    """Slope σ(z) − t, by way of tanh, and the loss ln(1 + e^z) − t·z."""
    np.logaddexp(0.0, logits, out=scratch)
    np.multiply(target, logits, out=slope)
    np.subtract(scratch, slope, out=scratch)
    loss = float(np.add.reduce(scratch, axis=None))
    np.multiply(logits, 0.5, out=scratch)
    np.tanh(scratch, out=scratch)
    np.multiply(scratch, 0.5, out=scratch)
    np.subtract(scratch, target, out=slope)
    np.add(slope, 0.5, out=slope)
    return loss


def _softmax_cross_entropy(logits: Array, target: Array, slope: Array, scratch: Array) -> float:
    """Slope softmax(z) − t, and the loss ln Σe^z − Σt·z, both from logits less their largest."""
    np.subtract(logits, np.maximum.reduce(logits, axis=0), out=logits)
    np.exp(logits, out=slope)
    totals = np.add.reduce(slope, axis=0)
    np.divide(slope, totals, out=slope)
    np.subtract(slope, target, out=slope)
    np.multiply(target, logits, out=scratch)
    return float(np.add.reduce(np.log(totals))) - float(np.add.reduce(scratch, axis=None))


_LOSSES: Mapping[str, Callable[[Array, Array, Array, Array], float]] = {
    "half_squared": _half_squared,
    "binary_cross_entropy": _binary_cross_entropy,
    "softmax_cross_entropy": _softmax_cross_entropy,
}


class _Batch:
    """Buffers and views for batches of one size.

    `values` holds every layer's [units + 1, batch] below one another, the last row of each 1; `slopes` is its twin.
    """

    def __init__(self, workload: Workload, size: int) -> None:
        self.size = size
        widths = workload.widths[1:]
        starts = np.cumsum([0, *(width + 1 for width in widths)])
        self.values = np.ones((starts[-1], size))
        self.slopes = np.empty_like(self.values)
        self.with_ones = [self.values[start:end] for start, end in pairwise(starts)]
        self.outputs = [whole[:-1] for whole in self.with_ones]
        self.slope = [self.slopes[start : start + width] for start, width in zip(starts, widths, strict=False)]
        self.deltas = [np.empty((width, size)) for width in widths]
        self.scratch = np.empty((widths[-1], size))


class NumpyChain:
    """A chain of dense layers with tanh or relu throughout, or with plain logits at its end, under plain SGD."""

    def __init__(self, workload: Workload, values: Array, learning_rate: float) -> None:
        """`values` is the program's flat vector, each layer's weight [inputs, units] before its bias."""
        one_blas_thread()
        self.workload = workload
        self.learning_rate = learning_rate
        self._activate, self._slopes = _ACTIVATIONS[workload.activations[0]]
        self._active = [bool(name) for name in workload.activations]
        self._loss = _LOSSES[workload.loss]
        self._parameters = np.empty(values.size)
        self._gradient = np.empty(values.size)
        shapes = [(units, inputs + 1) for inputs, units in pairwise(workload.widths)]
        self._layers = _views(self._parameters, shapes)
        self._gradients = _views(self._gradient, shapes)
        self._back = [layer[:, :-1].T for layer in self._layers]
        start = 0
        for layer in self._layers:
            units, columns = layer.shape
            layer[...] = values[start : start + layer.size].reshape(columns, units).T
            start += layer.size
        self._whole = _Batch(workload, workload.batch)
        rest = workload.rows % workload.batch
        self._rest = _Batch(workload, rest) if rest else None
        self._x = np.ones((workload.rows, workload.widths[0] + 1))
        self._y = np.empty((workload.rows, workload.widths[-1]))
        self._cuts = [
            (self._x[start : start + workload.batch].T, self._y[start : start + workload.batch].T)
            for start in range(0, workload.rows, workload.batch)
        ]

    @property
    def values(self) -> Array:
        """The parameters as the program lays them out."""
        return np.concatenate([layer.T.ravel() for layer in self._layers])

    def epoch(self, x: Array, y: Array, order: NDArray[np.int64]) -> float:
        """Train every row once, in this order; returns the summed loss. `x` has a last column of ones."""
        np.take(x, order, axis=0, out=self._x, mode="clip")  # "clip" writes without a buffer in between
        np.take(y, order, axis=0, out=self._y, mode="clip")
        cuts = self._cuts
        loss = 0.0
        for x_batch, y_batch in cuts[:-1] if self._rest else cuts:
            loss += self._update(self._whole, x_batch, y_batch)
        if self._rest:
            loss += self._update(self._rest, *cuts[-1])
        return loss

    def _update(self, batch: _Batch, x: Array, y: Array) -> float:
        dot, multiply, activate = np.dot, np.multiply, self._activate
        below = x
        for layer, output, active, whole in zip(
            self._layers, batch.outputs, self._active, batch.with_ones, strict=True
        ):
            dot(layer, below, out=output)
            if active:
                activate(output, out=output)
            below = whole
        delta = batch.deltas[-1]
        loss = self._loss(batch.outputs[-1], y, delta, batch.scratch)
        self._slopes(batch.values, batch.slopes)
        if self._active[-1]:
            multiply(delta, batch.slope[-1], out=delta)
        for k in range(len(self._layers) - 1, 0, -1):
            dot(delta, batch.with_ones[k - 1].T, out=self._gradients[k])
            delta = dot(self._back[k], delta, out=batch.deltas[k - 1])
            multiply(delta, batch.slope[k - 1], out=delta)
        dot(delta, x.T, out=self._gradients[0])
        multiply(self._gradient, -self.learning_rate / batch.size, out=self._gradient)
        np.add(self._parameters, self._gradient, out=self._parameters)
        return loss


def _views(vector: Array, shapes: list[tuple[int, int]]) -> list[Array]:
    """Arrays of these shapes, side by side in a vector."""
    ends = np.cumsum([rows * columns for rows, columns in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes, strict=True)]
