"""Problems of single wires: they lead nowhere, come twice, go where none may, or form a loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from playground.document import edits
from playground.document.catalog import NodeKind, kind_of
from playground.document.model import Document, Network, Wire
from playground.document.problem import Names, Problem, Remedy
from playground.document.shapes import cycle, nodes_of, sources_of, targets_of
from playground.messages import message


def wire_problems(network: Network, called: Names) -> Iterator[Problem]:
    """Everything that is wrong with ids and single wires."""
    yield from _double_ids(network)
    yield from _bad_wires(network, called)
    yield from _loop(network, called)


def _double_ids(network: Network) -> Iterator[Problem]:
    if len(nodes_of(network)) == len(network.nodes):
        return
    for id, count in Counter(node.id for node in network.nodes).items():
        if count > 1:
            yield Problem(
                id, message("{count} nodes have the id “{id}”. Give each its own id in the file.", count=count, id=id)
            )


def _cut(wire: Wire) -> Remedy:
    return Remedy(message("Remove the wire"), lambda document: edits.disconnect(document, wire.source, wire.target))


def _all_well(network: Network) -> bool:
    """Whether every wire joins two nodes that it may join, as nearly always: then none is looked at by itself."""
    sources, targets = sources_of(network), targets_of(network)
    if sum(map(len, sources.values())) < len(network.wires):
        return False
    for node in network.nodes:
        kind, feeding = kind_of(node), sources[node.id]
        if feeding and (kind.inputs[1] == 0 or (len(feeding) > 1 and _crowded(kind, feeding))):
            return False
        if kind.outputs == 0 and targets[node.id]:
            return False
    return True


def _crowded(kind: NodeKind, feeding: tuple[str, ...]) -> bool:
    return kind.inputs[1] == 1 or len(set(feeding)) < len(feeding)


def _bad_wires(network: Network, called: Names) -> Iterator[Problem]:
    if _all_well(network):
        return
    kinds = {node.id: kind_of(node) for node in network.nodes}
    for wire, count in Counter(network.wires).items():
        if wire.source not in kinds or wire.target not in kinds:
            yield _dangling(wire, called)
            continue
        takes, gives = kinds[wire.target].inputs[1] != 0, kinds[wire.source].outputs != 0
        if count == 1 and takes and gives:
            continue
        source, target = called[wire.source], called[wire.target]
        if count > 1:
            text = message(
                "{source} feeds {target} {count} times. Keep one wire.", source=source, target=target, count=count
            )
            yield Problem(wire.target, text, wire.source, _keep_one(wire))
        if not takes:
            text = message(
                "{source} feeds {target}, which takes the data. Remove the wire.", source=source, target=target
            )
            yield Problem(wire.target, text, wire.source, _cut(wire))
        elif not gives:
            text = message(
                "{source} feeds {target}, but nothing can follow it. Remove the wire.", source=source, target=target
            )
            yield Problem(wire.source, text, wire.target, _cut(wire))
    for id, sources in sources_of(network).items():
        distinct = tuple(dict.fromkeys(sources)) if len(sources) > 1 else sources
        if kinds[id].inputs[1] == 1 and len(distinct) > 1:
            yield Problem(
                id,
                message(
                    "{node} takes one input and has {count}. Keep only {source}, or join them with Add.",
                    node=called[id],
                    count=len(distinct),
                    source=called[distinct[-1]],
                ),
                distinct[-1],
                _keep_source(id, distinct[-1], called),
            )


def _dangling(wire: Wire, called: Names) -> Problem:
    if wire.source in called:
        text = message(
            "A wire leads from {source} to “{gone}”, which is not there. Remove the wire.",
            source=called[wire.source],
            gone=wire.target,
        )
        return Problem(wire.source, text, remedy=_cut(wire))
    if wire.target in called:
        text = message(
            "A wire leads to {target} from “{gone}”, which is not there. Remove the wire.",
            target=called[wire.target],
            gone=wire.source,
        )
        return Problem(wire.target, text, remedy=_cut(wire))
    text = message(
        "A wire leads from “{source}” to “{target}”, which are not there. Remove the wire.",
        source=wire.source,
        target=wire.target,
    )
    return Problem(None, text, remedy=_cut(wire))


def _keep_one(wire: Wire) -> Remedy:
    def apply(document: Document) -> Document:
        wires = tuple(dict.fromkeys(document.network.wires))
        return edits.set_network(document, replace(document.network, wires=wires))

    return Remedy(message("Keep one wire"), apply)


def _keep_source(id: str, source: str, called: Names) -> Remedy:
    def apply(document: Document) -> Document:
        wires = tuple(wire for wire in document.network.wires if wire.target != id or wire.source == source)
        return edits.set_network(document, replace(document.network, wires=wires))

    return Remedy(message("Keep only {source}", source=called[source]), apply)


def _loop(network: Network, called: Names) -> Iterator[Problem]:
    around = cycle(network)
    if not around:
        return
    places = {node.id: place for place, node in enumerate(network.nodes)}
    first = min(range(len(around)), key=lambda i: places[around[i]])
    wire = Wire(around[first - 1], around[first])
    if len(around) == 1:
        text = message("{node} feeds itself, and a network has no loops. Remove the wire.", node=called[wire.source])
        yield Problem(wire.source, text, remedy=_cut(wire))
        return
    text = message(
        "{source} feeds {target}, which already leads to {source}: a network has no loops. Remove the wire.",
        source=called[wire.source],
        target=called[wire.target],
    )
    yield Problem(wire.source, text, wire.target, _cut(wire))
