"""The computation graph of a plan, in the words of the document that the session has now."""

from __future__ import annotations

from playground.document.catalog import value
from playground.document.model import Document
from playground.training.plan import Plan
from playground.ui.canvas.face import feature_label
from playground.ui.canvas.operations.building import operations_of
from playground.ui.canvas.operations.graph import Graph

#: A target's name of so many letters is written in formulas; a longer one is C.
_LETTERS = 2


def graph_of(plan: Plan, document: Document) -> Graph:
    """The graph of a plan; `document` is the present one, whose names may be newer."""
    labels = [feature_label(name) for name in plan.dataset.features]
    return operations_of(plan.program, labels, names_of(plan, document), target_of(plan))


def made_of(plan: Plan, document: Document) -> object:
    """What `graph_of` depends on: the same graph for as long as this is equal.

    Programs count by identity; a graph keeps its own, so that no other can take its place meanwhile.
    """
    return id(plan.program), tuple(sorted(names_of(plan, document).items()))


def switched_off(plan: Plan) -> frozenset[str]:
    """The activations that are switched off, and let values pass."""
    nodes = plan.document.network.nodes
    return frozenset(node.id for node in nodes if node.kind == "activation" and value(node, "enabled") is False)


def names_of(plan: Plan, document: Document) -> dict[str, str]:
    """What the nodes are called, by id; those without a name of their own are left out."""
    nodes = {node.id: node for node in (*plan.document.network.nodes, *document.network.nodes)}
    return {id: node.name for id, node in nodes.items() if node.name}


def target_of(plan: Plan) -> str:
    """How the right answer is written in formulas."""
    name = plan.dataset.table.target
    return name if 0 < len(name) <= _LETTERS and name not in plan.dataset.features else "C"
