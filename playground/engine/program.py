"""A network as a straight list of instructions over named buffers: the one thing that everything reads.

Training runs it, the step-through holds it between two instructions, the exporters map it instruction by instruction,
the gradient check perturbs it. A buffer holds one array of shape [samples, width]; parameters lie side by side in one
flat vector, and `Program.views` gives each its shape.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: What is drawn: numbers of a size that a picture needs.
Picture = NDArray[np.float32]


@dataclass(frozen=True)
class Parameter:
    """One array of numbers that training changes.

    A weight is [inputs, units], a bias is [units]. `init` names a row of `initializers.INITIALIZERS`. Penalties act on
    weights only. A frozen parameter keeps its value; one with a `mask` keeps those of its numbers that stand at these
    places of the flattened array, ascending, while the others train.
    """

    node: str
    role: str
    shape: tuple[int, ...]
    init: str
    frozen: bool = False
    mask: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The name by which files and the command line know it, for example `h1.weight`."""
        return f"{self.node}.{self.role}"

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    @property
    def penalised(self) -> bool:
        """Whether L1 and L2 act on it: weights yes, biases never."""
        return self.role == "weight"


@dataclass(frozen=True)
class Instruction:
    """One step of the forward pass: `output = op(inputs, parameters)`, on behalf of a node of the canvas.

    `op` names a row of `ops.OPS`; `inputs` and `output` name buffers; `parameters` name parameters of the program.
    `rate` is the probability with which a dropout sets a value to 0 while it trains; other operations have none.
    """

    op: str
    node: str
    inputs: tuple[str, ...]
    output: str
    parameters: tuple[str, ...] = ()
    rate: float = 0.0


@dataclass(frozen=True)
class Program:
    """A network ready to run.

    Attributes:
        input: the buffer that takes the features, [samples, features].
        instructions: in an order in which every buffer is written before it is read.
        widths: the width of every buffer, the input's included.
        parameters: in the order in which they lie in the flat vector.
        loss: a row of `losses.LOSSES`; `loss_node` is its node, `prediction` the buffer it compares with the targets.
        input_node: the node that stands for the input.
    """

    input: str
    instructions: tuple[Instruction, ...]
    widths: Mapping[str, int]
    parameters: tuple[Parameter, ...]
    loss: str
    prediction: str
    input_node: str = "in"
    loss_node: str = "loss"

    @cached_property
    def slices(self) -> Mapping[str, slice]:
        """Where each parameter lies in the flat vector."""
        places, start = {}, 0
        for parameter in self.parameters:
            places[parameter.name] = slice(start, start + parameter.size)
            start += parameter.size
        return places

    @cached_property
    def size(self) -> int:
        """How many numbers the parameters hold together."""
        return sum(parameter.size for parameter in self.parameters)

    def views(self, vector: Array) -> dict[str, Array]:
        """Each parameter as a shaped view into a flat vector of `size` numbers: writing to one writes to the other."""
        if vector.shape != (self.size,):
            raise ValueError(f"a vector of shape {vector.shape} where the program has {self.size} parameters")
        return {p.name: vector[self.slices[p.name]].reshape(p.shape) for p in self.parameters}

    def flat(self, arrays: Mapping[str, Array]) -> Array:
        """The flat vector of named arrays; raises ValueError where a shape does not fit."""
        vector = np.empty(self.size)
        for name, view in self.views(vector).items():
            if np.shape(arrays[name]) != view.shape:
                raise ValueError(f"{name} has shape {np.shape(arrays[name])}, the program expects {view.shape}")
            view[...] = arrays[name]
        return vector
