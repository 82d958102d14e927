"""One forward, backward and update, with everything kept: what `trace` prints and the microscope shows.

The numbers are the walk's own. The chain rule for one parameter is read off the same pass: at each node upstream (the
gradient that arrived), local (the node's own slope) and downstream (what it passes on, upstream × local).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.engine.optimizers import Hyper, frozen_mask, penalty, penalty_gradient, weight_mask
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.training_engine import apply_gradient
from playground.engine.walk import Buffers, Walk


@dataclass(frozen=True)
class ParameterTrace:
    """One parameter's arrays, each of its own shape; `gradient` is what the optimizer receives, penalty included."""

    value: Array
    gradient: Array
    penalty_gradient: Array
    updated: Array


@dataclass(frozen=True)
class Trace:
    """A whole pass.

    Attributes:
        loss: the mean data loss of the rows; `penalty` apart.
        values, gradients: by node, [samples, units]; a gradient is that of the mean loss.
        parameters: by the program's names.
    """

    program: Program
    loss: float
    penalty: float
    samples: int
    values: Buffers
    gradients: Buffers
    parameters: Mapping[str, ParameterTrace]
    targets: Array


@dataclass(frozen=True)
class Link:
    """One factor of the chain rule: at `node`, by `rule`, downstream = upstream × local.

    Arrays are [samples, units]. At a dense node on the way local is its weight [inputs, units]; at the parameter's own
    node upstream and local are the columns of its unit and input, [samples], and downstream is their product summed.
    """

    node: str
    rule: str
    upstream: Array
    local: Array
    downstream: Array


def trace(
    program: Program, state: State, x: Array, y: Array, hyper: Hyper, masks: Mapping[str, Array] | None = None
) -> Trace:
    """Run rows x with targets y through the network once and update a copy of the state; `state` is left as it was.

    With the `masks` of an update (`dropout.masks`) it is that update; without them nothing is dropped.
    """
    after = state.copy()
    walk = Walk(program, state.values)
    buffers = walk.forward(x, masks)
    gradients = walk.backward(buffers, y, to_input=True)
    mask = weight_mask(program)
    extra = penalty_gradient(state.values, mask, hyper)
    apply_gradient(after, walk.gradient + extra, hyper, frozen_mask(program))
    flats = (state.values, walk.gradient + extra, extra, after.values)
    views = [program.views(flat.copy()) for flat in flats]
    parameters = {p.name: ParameterTrace(*(view[p.name] for view in views)) for p in program.parameters}
    loss = walk.mean_loss(buffers, y)
    return Trace(program, loss, penalty(state.values, mask, hyper), len(x), buffers, gradients, parameters, targets=y)


def chain(traced: Trace, parameter: str, index: tuple[int, ...]) -> tuple[Link, ...]:
    """The chain rule from the loss back to one number of a parameter, every node on a way between them once.

    Raises KeyError for an unknown parameter and IndexError for an index outside its shape.
    """
    program = traced.program
    owner = next((p for p in program.parameters if p.name == parameter), None)
    if owner is None:
        raise KeyError(parameter)
    if len(index) != len(owner.shape) or any(not 0 <= i < n for i, n in zip(index, owner.shape, strict=True)):
        raise IndexError(f"{parameter} has no element {list(index)}, its shape is {list(owner.shape)}")
    links = [_loss_link(traced)]
    behind = _behind(program, owner.node)
    for instruction in reversed(program.instructions):
        if instruction.node in behind:
            links.append(_link(traced, instruction, behind | {owner.node}))
        elif instruction.node == owner.node:
            links.append(_own_link(traced, instruction, owner, index))
    return tuple(links)


def _behind(program: Program, node: str) -> set[str]:
    """The nodes whose value depends on that of `node`."""
    found: set[str] = set()
    for instruction in program.instructions:
        if any(name == node or name in found for name in instruction.inputs):
            found.add(instruction.output)
    return found


def _loss_link(traced: Trace) -> Link:
    loss = LOSSES[traced.program.loss]
    arrived = traced.gradients[traced.program.prediction]
    return Link(traced.program.loss_node, loss.slope_formula, np.ones((1, 1)), arrived, arrived)


def _link(traced: Trace, instruction: Instruction, on_path: set[str]) -> Link:
    """A node on the way: what it passes on to its input on the path (the first one, where several lie on it)."""
    op = OPS[instruction.op]
    values = traced.values
    upstream = traced.gradients[instruction.output]
    inputs = [values[name] for name in instruction.inputs]
    parameters = [traced.parameters[name].value for name in instruction.parameters]
    passed = op.to_inputs(upstream, inputs, values[instruction.output], parameters)
    chosen = next(k for k, name in enumerate(instruction.inputs) if name in on_path)
    rule = op.slope_formula
    if instruction.op == "dense":
        rule, local = "∂z/∂x = W", parameters[0]
    elif op.slope is not None:
        local = np.asarray(op.slope(inputs[0], values[instruction.output]), dtype=np.float64)
    else:
        ones = np.ones_like(upstream)
        local = op.to_inputs(ones, inputs, values[instruction.output], parameters)[chosen]
    return Link(instruction.node, rule, upstream, local, np.asarray(passed[chosen]))


def _own_link(traced: Trace, instruction: Instruction, owner: Parameter, index: tuple[int, ...]) -> Link:
    """The parameter's own node: the unit's upstream times the input that the weight multiplies, or 1 for a bias."""
    arriving = traced.gradients[instruction.output][:, index[-1]]
    if owner.role == "weight":
        local, rule = traced.values[instruction.inputs[0]][:, index[0]], "∂z/∂w = x"
    else:
        local, rule = np.ones_like(arriving), "∂z/∂b = 1"
    return Link(instruction.node, rule, arriving, local, np.array((arriving * local).sum()))
