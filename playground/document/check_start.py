"""Warnings about a start from which nothing, or nothing but copies, can be learned.

Units of one layer that start alike and are weighted alike receive the same gradient for ever: they stay copies of each
other. Where all weights of two layers on top of each other are zero, every gradient of them is zero as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playground.document import edits
from playground.document.catalog import field_of, value
from playground.document.model import Document, Node
from playground.document.problem import Names, Problem, Remedy
from playground.document.shapes import nodes_of, sources_of, targets_of, trained
from playground.messages import message


def start_problems(document: Document, called: Names) -> Iterator[Problem]:
    """Every hidden layer that starts symmetric, or without any slope. Where branches merge nothing is claimed."""
    nodes = nodes_of(document.network)
    sources, targets = sources_of(document.network), targets_of(document.network)
    order, given = trained(document.network), document.parameters
    used = set(order)
    for id in order:
        node = nodes[id]
        if node.kind != "dense" or len(sources[id]) != 1 or (id not in given and value(node, "init") != "zeros"):
            continue
        zero, alike = _is_zero(node, given), _columns_alike(node, given)
        following = [next_ for next_ in _following(id, nodes, targets) if next_ in used] if zero or alike else []
        if not following:
            continue
        if zero and all(_is_zero(nodes[next_], given) for next_ in following):
            text = message(
                "{node} and {next} both start from zeros, so all units of {node} stay alike and learn nothing of "
                "their own. Start {node} at random.",
                node=called[id],
                next=called[following[0]],
            )
        elif zero and all(_is_flat_at_zero(nodes[target]) for target in targets[id]):
            text = message(
                "{node} starts from zeros, where {activation} is flat: no slope passes it, so {node} never learns. "
                "Start {node} at random.",
                node=called[id],
                activation=called[targets[id][0]],
            )
        elif alike and all(_rows_alike(nodes[next_], given) for next_ in following):
            text = message(
                "All units of {node} start alike and {next} weights them alike, so they stay copies of one another. "
                "Start {node} at random.",
                node=called[id],
                next=called[following[0]],
            )
        else:
            continue
        yield Problem(id, text, following[0], _at_random(node, called), "warning")


def _is_flat_at_zero(node: Node) -> bool:
    """Whether the node is an activation that is 0 with slope 0 where its input is 0."""
    return node.kind == "activation" and value(node, "function") == "relu" and value(node, "enabled") is True


def _following(id: str, nodes: Mapping[str, Node], targets: Mapping[str, Sequence[str]]) -> list[str]:
    """The dense nodes that take what node `id` gives, through activations alone; empty where anything else does."""
    found: list[str] = []
    seen: set[str] = set()
    front = list(targets[id])
    while front:
        at = front.pop()
        if at in seen:
            continue
        seen.add(at)
        if nodes[at].kind == "dense":
            found.append(at)
        elif nodes[at].kind == "activation":
            front += targets[at]
        else:
            return []
    return found


def _weight(node: Node, given: Mapping[str, Any]) -> Any:
    numbers = given.get(node.id)
    return numbers.get("weight") if isinstance(numbers, Mapping) else None


def _bias(node: Node, given: Mapping[str, Any]) -> Sequence[Any]:
    numbers = given.get(node.id)
    bias = numbers.get("bias") if isinstance(numbers, Mapping) else None
    return bias if isinstance(bias, Sequence) and value(node, "bias") else ()


def _is_zero(node: Node, given: Mapping[str, Any]) -> bool:
    """Whether weight and bias are all 0."""
    weight = _weight(node, given)
    if any(number != 0 for number in _bias(node, given)):
        return False
    if weight is None:
        return bool(value(node, "init") == "zeros")
    return _is_table(weight) and all(number == 0 for row in weight for number in row)


def _columns_alike(node: Node, given: Mapping[str, Any]) -> bool:
    """Whether every unit of the layer, two or more, computes the same."""
    units, weight = value(node, "units"), _weight(node, given)
    if not isinstance(units, int) or units < 2 or len(set(_bias(node, given))) > 1:
        return False
    if weight is None:
        return bool(value(node, "init") == "zeros")
    return _is_table(weight) and all(len(set(row)) == 1 for row in weight)


def _rows_alike(node: Node, given: Mapping[str, Any]) -> bool:
    """Whether the layer weights all that it takes in the same."""
    weight = _weight(node, given)
    if weight is None:
        return bool(value(node, "init") == "zeros")
    return _is_table(weight) and all(list(row) == list(weight[0]) for row in weight)


def _is_table(weight: Any) -> bool:
    return isinstance(weight, Sequence) and bool(weight) and all(isinstance(row, Sequence) for row in weight)


def _at_random(node: Node, called: Names) -> Remedy:
    """The default initialisation, and no given numbers in its way."""
    return Remedy(
        message("Start {node} at random", node=called[node.id]),
        lambda document: edits.set_field(document, node.id, "init", field_of(node, "init").default),
    )
