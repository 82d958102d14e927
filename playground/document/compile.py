"""Document → program: the canvas, in an order that can be executed, with each node as one instruction.

A node's output buffer has the node's own id. An activation that is switched off becomes `identity`, so that it keeps
its place in the step-through. Nodes that do not lead from the input to the loss are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.data.table import Table
from playground.document.catalog import value
from playground.document.check import problems
from playground.document.frozen import frozen_places
from playground.document.model import Document, Node
from playground.document.shapes import order, reached, sources_of, targets_of
from playground.engine.ops import OPS
from playground.engine.program import Instruction, Parameter, Program
from playground.messages import UserError


@dataclass(frozen=True)
class Compiled:
    """A program, and what it expects of the data.

    Attributes:
        features: the input node's features, in order.
        encoding: how targets are given to the loss, see `data.table.Dataset`.
        meaning: how outputs are read, see `engine.metrics`.
    """

    program: Program
    features: tuple[str, ...]
    encoding: str
    meaning: str


def compile_network(document: Document, table: Table) -> Compiled:
    """Compile a document for the given data; raises UserError with the first problem that keeps it from training."""
    for problem in problems(document, table):
        if problem.severity == "error":
            raise UserError(problem.message)
    network = document.network
    nodes = {node.id: node for node in network.nodes}
    (first,) = (node for node in network.nodes if node.kind == "input")
    (last,) = (node for node in network.nodes if node.kind == "loss")
    sources = sources_of(network)
    on_the_way = reached(targets_of(network), first.id) & reached(sources, last.id)

    features = tuple(value(first, "features"))
    widths = {first.id: len(features)}
    instructions: list[Instruction] = []
    parameters: list[Parameter] = []
    for node in (nodes[id] for id in order(network) if id in on_the_way):
        inputs = tuple(source for source in sources[node.id] if source in widths)
        own = _parameters(node, widths[inputs[0]])
        rate = float(value(node, "rate")) if node.kind == "dropout" else 0.0
        instruction = Instruction(_op(node), node.id, inputs, node.id, tuple(parameter.name for parameter in own), rate)
        widths[node.id] = _width(instruction, [widths[name] for name in inputs], own)
        instructions.append(instruction)
        parameters += own

    loss = value(last, "function")
    (prediction,) = sources[last.id]
    shaping = prediction
    while nodes[shaping].kind == "dropout":
        (shaping,) = sources[shaping]
    encoding, meaning = _targets(loss, table, nodes[shaping])
    program = Program(
        first.id,
        tuple(instructions),
        widths,
        tuple(parameters),
        loss,
        prediction,
        input_node=first.id,
        loss_node=last.id,
    )
    return Compiled(program, features, encoding, meaning)


def same_program(old: Document, new: Document) -> bool:
    """Whether both make the same program: places, names and unknown keys are no part of it."""
    before, after = old.network, new.network
    return (
        len(before.nodes) == len(after.nodes)
        and all(
            one is other or (one.id, one.kind, one.fields) == (other.id, other.kind, other.fields)
            for one, other in zip(before.nodes, after.nodes, strict=True)
        )
        and before.wires == after.wires
        and old.parameters == new.parameters
    )


def _op(node: Node) -> str:
    if node.kind != "activation":
        return node.kind
    return str(value(node, "function")) if value(node, "enabled") else "identity"


def _parameters(node: Node, width: int) -> list[Parameter]:
    if node.kind != "dense":
        return []
    units, frozen = value(node, "units"), bool(value(node, "frozen"))
    weight = Parameter(node.id, "weight", (width, units), value(node, "init"), frozen, frozen_places(node))
    return [weight, Parameter(node.id, "bias", (units,), "zeros", frozen)] if value(node, "bias") else [weight]


def _width(instruction: Instruction, widths: Sequence[int], own: Sequence[Parameter]) -> int:
    return OPS[instruction.op].width(widths, [parameter.shape for parameter in own])


def _targets(loss: str, table: Table, last: Node) -> tuple[str, str]:
    """Encoding of the targets and meaning of the outputs.

    Half squared error and Huber take ±1 where the last node is a tanh, be it on or off; hinge always does. A dropout
    behind the last node changes nothing of what the outputs mean.
    """
    if table.task == "regression":
        return "value", "value"
    if loss == "binary_cross_entropy":
        return "zero_one", "logit"
    if loss == "softmax_cross_entropy":
        return "one_hot", "logits"
    signed = loss == "hinge" or (last.kind == "activation" and value(last, "function") == "tanh")
    if len(table.classes) == 2:
        return ("plus_minus", "score_pm") if signed else ("zero_one", "score01")
    return ("one_hot_plus_minus", "scores_pm") if signed else ("one_hot", "scores01")
