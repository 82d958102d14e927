"""The order in which a concat takes its inputs: what moves one, and which one a wire is, in words."""

from __future__ import annotations

from playground.document import edits
from playground.document.catalog import title
from playground.document.model import Network, Wire
from playground.messages import message
from playground.ui.session import Session
from playground.ui.translation import tr


def move_input(session: Session, wire: Wire, step: int) -> bool:
    """Have a concat take the input that comes by this wire so many places later, or earlier."""
    text = message("reorder the inputs of {node}", node=title(session.document.network.node(wire.target)))
    return session.edit(text, lambda document: edits.move_input(document, wire.target, wire.source, step))


def order_entries(network: Network, wire: Wire) -> list[tuple[str, int, bool]]:
    """What moves a wire among those that a concat takes: words, a step, whether there is a place for it to go."""
    if not edits.has_order(network, wire.target):
        return []
    sources, name = network.sources(wire.target), title(network.node(wire.target))
    return [
        (tr("Earlier in {node}", node=name), -1, wire.source != sources[0]),
        (tr("Later in {node}", node=name), 1, wire.source != sources[-1]),
    ]


def place_words(network: Network, wire: Wire) -> list[str]:
    """Which of the inputs of a concat a wire is; nothing where their order makes no difference."""
    if not edits.has_order(network, wire.target):
        return []
    sources = network.sources(wire.target)
    return [tr("input {number} of {count}", number=sources.index(wire.source) + 1, count=len(sources))]
