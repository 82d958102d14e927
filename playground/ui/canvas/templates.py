"""Whole networks at one press, and blocks that go into one: joined, and as wide as the data and the neighbours ask for.

Each is one undo step. A whole network takes the place of the one before; the Input and the Loss stay, with what was
chosen for them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from playground.document import edits
from playground.document.catalog import title
from playground.document.check import expected_outputs
from playground.document.model import Document, Network, Node, Wire
from playground.document.shapes import node_widths
from playground.messages import Message, UserError, message
from playground.ui.canvas import actions
from playground.ui.canvas.placeable import PLACEABLES, Template
from playground.ui.canvas.standing import bowed, roomy
from playground.ui.session import Session

#: The hidden layer before a residual block on an empty canvas.
_BEFORE = (4,)
_BLOCK = ("dense", "activation", "dense", "add")


def use(session: Session, template: Template, after: str | None = None, wire: Wire | None = None) -> str | None:
    """Put a template on the canvas; returns the id of the node with which it ends, None where that was refused.

    A block goes after the node `after`, or on `wire`, else to the end of the chain; a network takes the place of all.
    """
    end = ""

    def edit(document: Document) -> Document:
        nonlocal end
        document, end = built(session, template, document, after, wire)
        return document

    return end if session.edit(template.text, edit) else None


def built(
    session: Session, template: Template, document: Document, after: str | None = None, wire: Wire | None = None
) -> tuple[Document, str]:
    """The document with a template in it, and the id of its last node. Raises UserError where a block has no place."""
    if template.hidden is not None:
        return _network(session, document, template.hidden)
    if not document.network.nodes:
        document, output = _network(session, document, _BEFORE)
        after = document.network.sources(output)[0]
    return _with_block(document, after, wire, _outputs(session, document), session.used_ids)


def outlook(session: Session, template: Template, after: str | None = None) -> Message:
    """What using the template would do, in a few words. Raises UserError where it has no place."""
    network = session.document.network
    if not network.nodes:
        return template.label
    if template.hidden is not None:
        return message("{network} in place of this network", network=template.label)
    changed, end = built(session, template, session.document, after)
    # The last that a block's sum takes is what the block was given.
    source = network.node(changed.network.sources(end)[-1])
    return message("{block} after {source}", block=template.label, source=title(source))


def _network(session: Session, document: Document, hidden: tuple[int, ...]) -> tuple[Document, str]:
    """A network with these hidden layers, each with tanh, and the id of its output layer."""
    start, loss = _end(session, document, "input"), _end(session, document, "loss")
    outputs = _outputs(session, replace(document, network=Network((start, loss))))
    if outputs is None:
        loss = replace(loss, fields=actions.starting_fields(session, PLACEABLES["loss"]))
        outputs = _outputs(session, replace(document, network=Network((start, loss)))) or 1
    layers: list[tuple[str, dict[str, Any]]] = []
    for units in hidden:
        layers += [("dense", {"units": units}), ("activation", {"function": "tanh"})]
    document = replace(edits.clear(document), network=Network((start,), (), document.network.extra))
    used, last = {*session.used_ids, loss.id}, start.id
    for kind, fields in [*layers, ("dense", {"units": outputs})]:
        id = edits.fresh_id(document, kind, used)
        document = edits.connect(edits.add_node(document, id, kind, **fields), last, id)
        last = id
    nodes, wires = document.network.nodes, document.network.wires
    network = replace(document.network, nodes=(*nodes, loss), wires=(*wires, Wire(last, loss.id)))
    return edits.set_network(document, network), last


def _end(session: Session, document: Document, kind: str) -> Node:
    """The one Input or Loss that there is, not placed by hand any more, or a new one."""
    known = [node for node in document.network.nodes if node.kind == kind]
    if len(known) == 1:
        return replace(known[0], position=None)
    id = edits.fresh_id(document, kind, session.used_ids)
    return Node(id, kind, actions.starting_fields(session, PLACEABLES[kind]))


def _outputs(session: Session, document: Document) -> int | None:
    return expected_outputs(document, session.table) if session.table is not None else None


def _with_block(
    document: Document, after: str | None, wire: Wire | None, outputs: int | None, used: Collection[str]
) -> tuple[Document, str]:
    """Dense, activation, Dense, and a sum with what the block was given; all as wide as that."""
    source, end = None, after
    between: list[str] = []
    for index, kind in enumerate(_BLOCK):
        id = edits.fresh_id(document, kind, used)
        fields: dict[str, Any] = {"function": "tanh"} if kind == "activation" else {}
        if kind == "dense" and source is not None:
            fields["units"] = node_widths(document.network)[source]
        if index == 0 and wire is not None:
            document = edits.insert_on_wire(document, wire, id, kind)
        else:
            document = edits.append_node(document, id, kind, end, outputs or 1, **fields)
        if index == 0:
            source = next(iter(document.network.sources(id)), None)
            document = edits.set_field(document, id, "units", _width(document, source))
        document, end = roomy(document, id), id
        between.append(id)
    assert source is not None  # else _width has refused
    assert end is not None
    return edits.connect(bowed(document, tuple(between[:-1]), source), source, end), end


def _width(document: Document, source: str | None) -> int:
    if source is None:
        raise UserError("A residual block needs a layer to follow. Add a Dense first, or start with a whole network.")
    width = node_widths(document.network)[source]
    if width is None:
        name = title(document.network.node(source))
        raise UserError("How many values {node} gives is not known yet. Connect it first.", node=name)
    return width
