"""The walk: a program executed one instruction at a time, forward and backward.

It is the reference for every other way of running a program, it serves the step-through (a walk held between two
instructions) and the gradient check, and it trains where there is no compiled engine. Nothing is thrown away: every
buffer and every upstream gradient of a pass can be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from playground.engine import losses
from playground.engine.ops import OPS
from playground.engine.program import Array, Instruction, Program

Buffers = dict[str, Array]


class Walk:
    """One program over one flat vector of parameters, which may be changed in place between passes.

    Attributes:
        parameters: each parameter as a shaped view into `values`.
        gradient: the flat gradient of the last backward pass, of the mean batch loss, penalty not included;
            `gradients` are the shaped views into it.
        masks: what the dropouts of the last forward pass multiplied by, by buffer; empty where nothing was dropped.
    """

    def __init__(self, program: Program, values: Array) -> None:
        self.program = program
        self.values = values
        self.parameters = program.views(values)
        self.gradient = np.zeros_like(values)
        self.gradients = program.views(self.gradient)
        self.loss = losses.LOSSES[program.loss]
        self.masks: Mapping[str, Array] = {}

    def forward(self, x: Array, masks: Mapping[str, Array] | None = None) -> Buffers:
        """Every buffer of a forward pass over x, [samples, features].

        `masks` are for training (`dropout.masks`); without them nothing is dropped.
        """
        self.masks = masks or {}
        buffers = {self.program.input: x}
        for instruction in self.program.instructions:
            self.forward_one(instruction, buffers)
        return buffers

    def forward_one(self, instruction: Instruction, buffers: Buffers) -> None:
        """Execute one instruction: its output is added to `buffers`."""
        inputs = self._inputs(instruction, buffers)
        parameters = [self.parameters[name] for name in instruction.parameters]
        buffers[instruction.output] = OPS[instruction.op].forward(inputs, parameters)

    def _inputs(self, instruction: Instruction, buffers: Buffers) -> list[Array]:
        """What an operation takes: its input buffers, and after them its mask where it has one."""
        inputs = [buffers[name] for name in instruction.inputs]
        mask = self.masks.get(instruction.output)
        return inputs if mask is None else [*inputs, mask]

    def mean_loss(self, buffers: Buffers, targets: Array) -> float:
        """The mean loss over the samples of a forward pass."""
        return losses.mean(self.loss, buffers[self.program.prediction], targets)

    def backward(self, buffers: Buffers, targets: Array, *, to_input: bool = False) -> Buffers:
        """The gradient of the mean loss at every buffer; the parameters' gradients land in `gradient`.

        The gradient at the program's input is only computed where `to_input` asks for it.
        """
        prediction = self.program.prediction
        upstream = {prediction: losses.mean_gradient(self.loss, buffers[prediction], targets)}
        for instruction in reversed(self.program.instructions):
            if instruction.output in upstream:
                self.backward_one(instruction, buffers, upstream, to_input=to_input)
        return upstream

    def backward_one(
        self, instruction: Instruction, buffers: Buffers, upstream: Buffers, *, to_input: bool = True
    ) -> None:
        """Pass the gradient that arrived at an instruction on to its parameters and inputs (added where paths join)."""
        op = OPS[instruction.op]
        arriving = upstream[instruction.output]
        inputs = self._inputs(instruction, buffers)
        if instruction.parameters:
            op.to_parameters(arriving, inputs, [self.gradients[name] for name in instruction.parameters])
        if not to_input and instruction.inputs == (self.program.input,):
            return
        parameters = [self.parameters[name] for name in instruction.parameters]
        passed = op.to_inputs(arriving, inputs, buffers[instruction.output], parameters)
        for name, gradient in zip(instruction.inputs, passed, strict=True):
            upstream[name] = upstream[name] + gradient if name in upstream else gradient
