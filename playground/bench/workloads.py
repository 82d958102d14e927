"""The workloads: small programs with made-up rows of the sizes that people use, built as the engine takes them.

Only speed is measured, so the rows are random numbers from a fixed stream, of the class of their largest input; what
matters are widths, operations, loss, the number of rows and the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.engine.optimizers import Hyper
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.randomness import normal, stream

#: Plain SGD, for all of them.
HYPER = Hyper("sgd", 0.03)


@dataclass(frozen=True)
class Workload:
    """One network and the way it is fed.

    Attributes:
        widths: inputs, then the units of each layer.
        activations: after each layer, "" for none.
        rows: of the training set; the last batch is short where `batch` does not divide them.
        gridded: the side of each grid on which every neuron's output is drawn; only for networks of two inputs.
    """

    name: str
    widths: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    rows: int
    batch: int
    gridded: tuple[int, ...] = ()


def _tanh(name: str, widths: tuple[int, ...], batch: int = 10, gridded: tuple[int, ...] = (100, 256)) -> Workload:
    return Workload(name, widths, ("tanh",) * (len(widths) - 1), "half_squared", 500, batch, gridded)


_RELU = ("relu", "relu", "")

_ROWS = (
    _tanh("w1", (2, 4, 2, 1)),
    _tanh("w2", (2, 8, 8, 8, 1)),
    _tanh("w3", (2, 8, 8, 8, 8, 8, 8, 1)),
    _tanh("w3_batch1", (2, 8, 8, 8, 8, 8, 8, 1), batch=1, gridded=()),
    Workload("w4", (57, 64, 32, 1), _RELU, "binary_cross_entropy", 4601, 32),
    Workload("w5", (64, 128, 64, 10), _RELU, "softmax_cross_entropy", 1797, 64),
)

#: Every workload by its name.
WORKLOADS: Mapping[str, Workload] = {workload.name: workload for workload in _ROWS}


def program_of(workload: Workload) -> Program:
    """The chain of dense layers and activations."""
    widths = {"in": workload.widths[0]}
    instructions: list[Instruction] = []
    parameters: list[Parameter] = []
    last = "in"
    for number, (units, function) in enumerate(zip(workload.widths[1:], workload.activations, strict=True), start=1):
        node = f"h{number}"
        own = (
            Parameter(node, "weight", (widths[last], units), "glorot_uniform"),
            Parameter(node, "bias", (units,), "zeros"),
        )
        parameters += own
        steps = [Instruction("dense", node, (last,), node, tuple(parameter.name for parameter in own))]
        if function:
            steps.append(Instruction(function, f"a{number}", (node,), f"a{number}"))
        for step in steps:
            widths[step.output] = units
        instructions += steps
        last = steps[-1].output
    return Program("in", tuple(instructions), widths, tuple(parameters), workload.loss, last)


def rows_of(workload: Workload) -> tuple[Array, Array]:
    """Inputs [rows, features] and targets [rows, outputs]: ±1, 0/1 or one-hot, as the loss takes them."""
    inputs = normal(stream(0, "bench inputs"), (workload.rows, workload.widths[0]))
    outputs = workload.widths[-1]
    classes = inputs[:, : max(2, outputs)].argmax(axis=1)
    if workload.loss == "softmax_cross_entropy":
        return inputs, np.eye(outputs)[classes]
    zero_one = classes[:, None].astype(np.float64)
    return inputs, zero_one if workload.loss == "binary_cross_entropy" else 2.0 * zero_one - 1.0


def grid(side: int, edges: Sequence[float] = (-1.0, 1.0)) -> Array:
    """The cell centres of a square picture, [side², 2]."""
    low, high = edges
    centres = low + (np.arange(side) + 0.5) * (high - low) / side
    across, up = np.meshgrid(centres, centres)
    return np.column_stack([across.ravel(), up.ravel()])
