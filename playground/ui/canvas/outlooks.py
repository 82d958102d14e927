"""What adding a row would do, in a few words, before it is done."""

from __future__ import annotations

from playground.document import edits
from playground.document.catalog import title
from playground.messages import Message, message
from playground.ui.canvas.actions import outputs, starting_fields
from playground.ui.canvas.placeable import Placeable
from playground.ui.session import Session


def outlook(session: Session, row: Placeable, after: str | None = None) -> Message:
    """What `add` would do, in a few words ("Dense 8 after tanh"). Raises UserError where it would be refused."""
    fields, id = starting_fields(session, row), session.fresh_id(row.kind)
    network = edits.append_node(session.document, id, row.kind, after, outputs(session), **fields).network
    sources, targets = network.sources(id), network.targets(id)
    node = title(network.node(id))
    if sources and len(targets) == 1:
        return message("{node} after {source}, before {target}", node=node,
                       source=title(network.node(sources[0])), target=title(network.node(targets[0])))  # fmt: skip
    if sources:
        return message("{node} after {source}", node=node, source=title(network.node(sources[0])))
    if targets:
        return message("{node} before {target}", node=node, target=title(network.node(targets[0])))
    return node if not session.document.network.nodes else message("{node}, not connected", node=node)


def outlook_at(session: Session, row: Placeable) -> Message:
    """What `place` would do. Raises UserError where it would be refused."""
    fields, id = starting_fields(session, row), session.fresh_id(row.kind)
    network = edits.add_node(session.document, id, row.kind, **fields).network
    return message("{node} here, not connected", node=title(network.node(id)))
