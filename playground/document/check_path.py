"""Problems of the way from the data to the loss: an end is missing, or the path between them has a gap."""

from __future__ import annotations

from collections.abc import Iterator

from playground.data.table import Table
from playground.document import edits
from playground.document.catalog import NODE_KINDS, kind_of
from playground.document.model import Document, Network, Node
from playground.document.problem import Names, Problem, Remedy, Severity
from playground.document.shapes import nodes_of, reached, sources_of, targets_of, trained
from playground.messages import message


def path_problems(document: Document, table: Table | None, called: Names) -> Iterator[Problem]:
    """Everything that keeps values from flowing from one input to one loss."""
    network = document.network
    inputs = [node for node in network.nodes if node.kind == "input"]
    losses = [node for node in network.nodes if node.kind == "loss"]
    if not network.nodes:
        yield Problem(None, message("The canvas is empty. Begin with an Input."), remedy=_add_input(table))
        return
    if not inputs:
        text = message("There is no Input. Add one: the data enter the network there.")
        yield Problem(None, text, remedy=_add_input(table))
    if not losses:
        text = message("There is no Loss. Add one: it measures how wrong the outputs are.")
        yield Problem(None, text, remedy=_add_loss(table))
    yield from _extra_ends(network, inputs, losses, called)
    if len(inputs) == len(losses) == 1 and losses[0].id not in reached(targets_of(network), inputs[0].id):
        yield _no_path(document, inputs[0], losses[0], called)
    elif losses:
        yield from _gaps(network, called)
        yield from _left_out(network, losses[0], called)
    yield from _strangers(network, called)


def fitting_loss(table: Table | None) -> str:
    """The loss that suits the data: half squared error for values, cross-entropy for classes."""
    if table is not None and table.task == "regression":
        return "half_squared"
    return "binary_cross_entropy" if table is None or len(table.classes) <= 2 else "softmax_cross_entropy"


def _add_input(table: Table | None) -> Remedy:
    features = table.columns if table is not None else ("x1", "x2")

    def apply(document: Document) -> Document:
        return edits.append_node(document, edits.fresh_id(document, "input"), "input", features=features)

    return Remedy(message("Add Input"), apply)


def _add_loss(table: Table | None) -> Remedy:
    def apply(document: Document) -> Document:
        return edits.append_node(document, edits.fresh_id(document, "loss"), "loss", function=fitting_loss(table))

    return Remedy(message("Add Loss"), apply)


def removal(id: str, called: Names) -> Remedy:
    """Take a node away; a chain closes over it."""
    return Remedy(message("Remove {node}", node=called[id]), lambda document: edits.remove(document, [id]))


def _extra_ends(network: Network, inputs: list[Node], losses: list[Node], called: Names) -> Iterator[Problem]:
    sources, targets = sources_of(network), targets_of(network)
    for ends in (inputs, losses):
        wired = [node for node in ends if sources[node.id] or targets[node.id]]
        for node in ends:
            kept = (wired or ends)[0]
            if node is kept:
                continue
            if node.kind == "input":
                text = message(
                    "{kept} and {extra} both take the data, and a network has one input. Remove {extra}.",
                    kept=called[kept.id],
                    extra=called[node.id],
                )
            else:
                text = message(
                    "{kept} and {extra} both measure the loss, and a network has one. Remove {extra}.",
                    kept=called[kept.id],
                    extra=called[node.id],
                )
            yield Problem(node.id, text, kept.id, removal(node.id, called))


def _no_path(document: Document, start: Node, loss: Node, called: Names) -> Problem:
    """Name the two nodes where the path breaks off, if there is only one such pair."""
    network = document.network
    sources, targets = sources_of(network), targets_of(network)
    flowing = {start.id} | reached(targets, start.id)
    waiting = {loss.id} | reached(sources, loss.id)
    ends = [node.id for node in network.nodes if node.id in flowing and not targets[node.id] and kind_of(node).outputs]
    heads = [node.id for node in network.nodes if node.id in waiting and not sources[node.id] and node.id != start.id]
    if len(ends) == len(heads) == 1 and edits.refusal(document, ends[0], heads[0]) is None:
        end, head = ends[0], heads[0]
        text = message(
            "No path leads from {input} to {loss}. Connect {end} to {head}.",
            input=called[start.id],
            loss=called[loss.id],
            end=called[end],
            head=called[head],
        )
        label = message("Connect {end} to {head}", end=called[end], head=called[head])
        return Problem(head, text, end, Remedy(label, lambda document: edits.connect(document, end, head)))
    text = message(
        "No path leads from {input} to {loss}. Draw wires from one to the other.",
        input=called[start.id],
        loss=called[loss.id],
    )
    return Problem(loss.id, text, start.id)


def _gaps(network: Network, called: Names) -> Iterator[Problem]:
    """Nodes of the path that have fewer inputs than they need."""
    sources, nodes = sources_of(network), nodes_of(network)
    for id in trained(network):
        least = kind_of(nodes[id]).inputs[0]
        count = len(sources[id])
        if count == 0 and least > 0:
            yield Problem(id, message("Nothing feeds {node}. Connect a node to it.", node=called[id]))
        elif count < least:
            text = message(
                "{node} has {count} input and needs {least}. Connect another node to it, or remove it.",
                node=called[id],
                count=count,
                least=least,
            )
            yield Problem(id, text, remedy=removal(id, called))


def _left_out(network: Network, loss: Node, called: Names) -> Iterator[Problem]:
    """Nodes that values may enter but never leave towards the loss: trained without them."""
    used = {loss.id} | reached(sources_of(network), loss.id)
    for node in network.nodes:
        if node.id not in used and node.kind not in ("input", "loss") and node.kind in NODE_KINDS:
            text = message(
                "{node} does not lead to {loss}, so it is left out of training.",
                node=called[node.id],
                loss=called[loss.id],
            )
            yield Problem(node.id, text, loss.id, severity="warning")


def _strangers(network: Network, called: Names) -> Iterator[Problem]:
    """Placeholders: kinds that a newer version, or a typing mistake, put into the file."""
    used = set(trained(network))
    for node in network.nodes:
        if node.kind not in NODE_KINDS:
            text = message(
                "This version does not know the kind “{kind}”, so {node} cannot be trained. Remove it or replace it.",
                kind=node.kind,
                node=called[node.id],
            )
            severity: Severity = "error" if node.id in used else "warning"
            yield Problem(node.id, text, remedy=removal(node.id, called), severity=severity)
