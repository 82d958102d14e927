"""The numbers of one sample on a computation graph: what flows forward along every edge, and the gradient back.

Forward values are the walk's own. The gradient at an operation is the sum of those on the edges that leave it; that on
an edge is the gradient at the operation it leads to, times that operation's slope there. So every factor of the chain
rule is a number of the picture, and at a parameter the result is the gradient that training uses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playground.engine.ops import OPS
from playground.engine.program import Array
from playground.engine.walk import Buffers, Walk
from playground.ui.canvas.operations.graph import Edge, Graph, Operation


@dataclass(frozen=True, eq=False)
class Readings:
    """One sample's numbers. Of a whole layer (level "layers") a number is the length ‖x‖ of its values.

    Attributes:
        loss: of the sample.
        values, gradients: by operation: what it gives, and ∂L/∂ that; a right answer has no gradient.
        forward, backward: by edge: the value on it, and the gradient that comes back along it. None comes back to the
            right answer unless it is subtracted.
    """

    loss: float
    values: Mapping[str, float]
    gradients: Mapping[str, float]
    forward: Mapping[str, float]
    backward: Mapping[str, float]


def read(
    graph: Graph, values: Array, x: Array, y: Array, share: float = 1.0, masks: Mapping[str, Array] | None = None
) -> Readings:
    """The numbers of one sample with features x, [features], and targets y, [outputs], under the flat parameters.

    Gradients are those of its own loss times `share`, which is 1/n where it is one of n rows of a batch; `masks`,
    [1, units] by buffer, are what its dropouts multiply by.
    """
    with np.errstate(all="ignore"):
        walk = Walk(graph.program, values)
        buffers = walk.forward(x[None, :], masks)
        loss = float(walk.loss.value(buffers[graph.program.prediction], y[None, :])[0])
        if graph.level == "layers":
            return _read_layers(graph, walk, buffers, y, loss, share)
        return _Reading(graph, walk, buffers, y, loss, share).readings()


class _Reading:
    """The reverse sweep over single numbers."""

    def __init__(self, graph: Graph, walk: Walk, buffers: Buffers, y: Array, loss: float, share: float) -> None:
        self.graph, self.walk, self.buffers, self.y, self.loss = graph, walk, buffers, y, loss
        self.share = share
        slope = walk.loss.gradient(buffers[graph.program.prediction], y[None, :])[0]
        self.loss_slope: list[float] = slope.tolist()
        self.values: dict[str, float] = {}
        for operation in graph.operations:
            self.values[operation.key] = self._value(operation)

    def _value(self, operation: Operation) -> float:
        """What an operation gives; its operands have been read before."""
        kind, unit = operation.kind, operation.unit or 0
        if operation.parameter is not None:
            name, index = operation.parameter
            return float(self.walk.parameters[name][index])
        operands = [self.values[edge.source] for edge in self.graph.into[operation.key]]
        if kind == "times":
            return operands[0] * operands[1]
        if kind == "plus":
            # The sum as the program has it: another order of adding would change its last digit.
            return float(self.buffers[operation.node][0, unit])
        if kind == "minus":
            return operands[0] - operands[1]
        if kind == "target":
            return float(self.y[unit])
        if kind == "loss":
            return self.loss
        return float(self.buffers[operation.node][0, unit])

    def readings(self) -> Readings:
        """Backward, in the reverse of the order in which values flow."""
        graph = self.graph
        gradients: dict[str, float] = {}
        backward: dict[str, float] = {}
        for operation in reversed(graph.operations):
            leaving = graph.out_of[operation.key]
            arrived = [backward[edge.key] for edge in leaving if edge.key in backward]
            if leaving and not arrived:
                continue
            gradients[operation.key] = arriving = math.fsum(arrived) if arrived else self.share
            for edge in graph.into[operation.key]:
                slope = self._slope(edge, operation)
                if slope is not None:
                    backward[edge.key] = arriving * slope
        forward = {edge.key: self.values[edge.source] for edge in graph.edges}
        return Readings(self.loss, self.values, gradients, forward, backward)

    def _slope(self, edge: Edge, operation: Operation) -> float | None:
        """How fast an operation's value grows with what arrives along one edge."""
        kind, unit = operation.kind, operation.unit or 0
        if kind in ("times", "multiply"):
            others = (one for one in self.graph.into[operation.key] if one is not edge)
            return math.prod(self.values[one.source] for one in others)
        if kind == "unit":
            return float(self.walk.parameters[f"{operation.node}.weight"][edge.unit, unit])
        if kind == "dropout":
            mask = self.walk.masks.get(operation.node)
            return 1.0 if mask is None else float(mask[0, unit])
        if kind == "activation":
            return self._bend(edge, operation)
        answer = self.graph.by_key[edge.source].kind == "target"
        if kind == "minus":
            return -1.0 if answer else 1.0
        if kind == "loss":
            return None if answer else self.loss_slope[self.graph.by_key[edge.source].unit or 0]
        return 1.0

    def _bend(self, edge: Edge, operation: Operation) -> float:
        """The slope of an activation; of softmax ∂aⱼ/∂zₖ = aⱼ·(δⱼₖ − aₖ)."""
        op, unit = OPS[operation.function], operation.unit or 0
        output = self.buffers[operation.node]
        taken = self.buffers[edge.buffer]
        if op.slope is not None:
            return float(op.slope(taken, output)[0, unit])
        one = np.zeros_like(output)
        one[0, unit] = 1.0
        return float(op.to_inputs(one, [taken], output, [])[0][0, edge.unit or 0])


def _read_layers(graph: Graph, walk: Walk, buffers: Buffers, y: Array, loss: float, share: float) -> Readings:
    """Whole layers at once: the lengths of their values and of their gradients."""
    program = graph.program
    upstream = {name: share * one for name, one in walk.backward(buffers, y[None, :], to_input=True).items()}
    values: dict[str, float] = {}
    gradients: dict[str, float] = {}
    backward: dict[str, float] = {}
    for operation in graph.operations:
        if operation.kind == "target":
            values[operation.key] = _length(y)
        elif operation.kind == "loss":
            values[operation.key], gradients[operation.key] = loss, share
        else:
            values[operation.key] = _length(buffers[operation.node][0])
            gradients[operation.key] = _length(upstream[operation.node][0])
    instructions = {one.output: one for one in program.instructions}
    for operation in graph.operations:
        taken = graph.into[operation.key]
        if operation.kind == "loss":
            backward[taken[0].key] = _length(upstream[program.prediction][0])
        elif taken:
            one = instructions[operation.node]
            inputs = [buffers[name] for name in one.inputs]
            inputs += [walk.masks[one.output]] if one.output in walk.masks else []
            weights = [walk.parameters[name] for name in one.parameters]
            passed = OPS[one.op].to_inputs(upstream[one.output], inputs, buffers[one.output], weights)
            for edge, gradient in zip(taken, passed, strict=True):
                backward[edge.key] = _length(np.asarray(gradient)[0])
    forward = {edge.key: values[edge.source] for edge in graph.edges}
    return Readings(loss, values, gradients, forward, backward)


def _length(numbers: Array) -> float:
    """‖x‖, or x itself where it is one number."""
    return float(numbers[0]) if numbers.size == 1 else float(np.sqrt(np.square(numbers).sum()))
