"""Where cards stand when nobody has placed them: in columns from left to right, as values flow.

A position is the top left corner of a card, on the 4-px grid. A node's column is the longest way to it, so every wire
leads to the right. Cards of one column are stacked around a common middle line, in the order of what feeds them; where
a wire passes a column on its way to a later one, the cards give way to it downwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from playground.document.edits import on_grid
from playground.document.model import Document, Network
from playground.document.shapes import order, reached, sources_of, targets_of

Place = tuple[float, float]
#: The width and height of a node's card, by its id.
Size = Callable[[str], Place]

#: Between two columns; before a column of activations, which are joints of the layer they follow; between two cards.
COLUMN_GAP = 64.0
JOINT_GAP = 24.0
CARD_GAP = 32.0
#: Between a wire that passes a column and the cards that give way to it; wires further apart are let pass as they may.
LANE_GAP = 28.0
MOST_LANES = 96.0
_CLEAR = 12.0
#: So much two cards that touch may lie over each other, since both are on the grid.
_TOUCHING = 4.0

_CARD: Place = (120.0, 96.0)
_JOINT: Place = (72.0, 96.0)


def usual_size(network: Network) -> Size:
    """Sizes for a caller that has none: activations narrow, all others alike."""
    joints = {node.id for node in network.nodes if node.kind == "activation"}
    return lambda id: _JOINT if id in joints else _CARD


def positions(network: Network, size: Size | None = None) -> dict[str, Place]:
    """A place for every node: its own where it has one, else one that fits in; all tidy where none has."""
    size = size or usual_size(network)
    placed = {node.id: node.position for node in network.nodes if node.position is not None}
    if not placed:
        return tidy(network, size)
    size, sources, targets = _measured(network, size), sources_of(network), targets_of(network)
    for id in dict.fromkeys((*order(network), *(node.id for node in network.nodes))):
        if id not in placed:
            placed[id] = _free(_beside(id, placed, sources, targets, size), id, placed, size)
    return placed


def tidy(network: Network, size: Size | None = None) -> dict[str, Place]:
    """Tidy places for all nodes, whatever their own; those without wires stand in a row below."""
    size = _measured(network, size or usual_size(network))
    sources, targets = sources_of(network), targets_of(network)
    flowing = [id for id in order(network) if sources[id] or targets[id]]
    columns = _columns(flowing, sources)
    joints = {node.id for node in network.nodes if node.kind == "activation"}
    passing = _passing(columns, sources)
    heights = [sum(size(id)[1] for id in column) + CARD_GAP * (len(column) - 1) for column in columns]
    middle: dict[str, float] = {}
    placed: dict[str, Place] = {}
    left = line = 0.0
    for index, column in enumerate(columns):
        if index:
            left += JOINT_GAP if all(id in joints for id in column) else COLUMN_GAP
        width = max(size(id)[0] for id in column)
        if len(column) > 1:
            column.sort(key=lambda id: _mean([middle[source] for source in sources[id]]))
        if not index or passing[index] != passing[index - 1]:
            alike = [ids for ids, lanes in zip(columns, passing, strict=True) if lanes == passing[index]]
            line = _below_lanes([middle[id] for id in passing[index]], [[size(id)[1] for id in ids] for ids in alike])
        top = line - heights[index] / 2.0
        for id in column:
            card = size(id)
            placed[id] = on_grid((left + (width - card[0]) / 2.0, top))
            middle[id] = top + card[1] / 2.0
            top += card[1] + CARD_GAP
        left += width
    _row_below([node.id for node in network.nodes if node.id not in placed], placed, size)
    return placed


def _measured(network: Network, size: Size) -> Size:
    """The sizes of all cards, each measured once."""
    return {node.id: size(node.id) for node in network.nodes}.__getitem__


def make_room(document: Document, id: str, size: Size | None = None) -> Document:
    """Place a node that was put on a wire, and move what follows it to the right as far as it now needs.

    A node that was put over one that feeds it stands beside that one instead.
    Where no card has been placed by hand nothing is written: then all stand tidily of themselves.
    """
    network = document.network
    size = size or usual_size(network)
    others = Network(tuple(node for node in network.nodes if node.id != id), network.wires)
    if all(node.position is None for node in others.nodes):
        return document
    places = positions(others, size)
    sources, targets = sources_of(network), targets_of(network)
    if network.node(id).position is None:
        places[id] = on_grid(_beside(id, places, sources, targets, size))
    else:
        places[id] = _beyond(network.node(id).position or (0.0, 0.0), size(id), sources[id], places, size)
    following = reached(targets, id) - {id}
    starts = [places[target][0] for target in targets[id]]
    room = min(starts, default=math.inf) - (places[id][0] + size(id)[0])
    if room < JOINT_GAP:
        for later in following:
            places[later] = on_grid((places[later][0] + COLUMN_GAP - room, places[later][1]))
    nodes = tuple(node.placed(places[node.id]) for node in network.nodes)
    return replace(document, network=replace(network, nodes=nodes))


def _beyond(place: Place, card: Place, feeding: Iterable[str], places: Mapping[str, Place], size: Size) -> Place:
    """A place for a card, to the right of those that feed it and that it would cover; a joint may touch its layer."""
    x, y = place
    for id in feeding:
        (left, top), (width, height) = places[id], size(id)
        if left < x + card[0] and x < left + width - _TOUCHING and top < y + card[1] and y < top + height:
            x = left + width + JOINT_GAP
    return on_grid((x, y))


def _columns(flowing: Iterable[str], sources: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Nodes by the longest way to them; `flowing` has each after its sources."""
    column: dict[str, int] = {}
    columns: list[list[str]] = []
    for id in flowing:
        feeding = sources[id]
        at = 1 + (column[feeding[0]] if len(feeding) == 1 else max((column[one] for one in feeding), default=-1))
        column[id] = at
        if at == len(columns):
            columns.append([])
        columns[at].append(id)
    return columns


def _passing(columns: list[list[str]], sources: Mapping[str, tuple[str, ...]]) -> list[frozenset[str]]:
    """For each column the nodes whose wires pass it on their way to a later one."""
    column = {id: index for index, ids in enumerate(columns) for id in ids}
    passing: list[set[str]] = [set() for _ in columns]
    for id, end in column.items():
        for source in sources[id]:
            if source in column:
                for index in range(column[source] + 1, end):
                    passing[index].add(source)
    return [frozenset(lanes) for lanes in passing]


def _below_lanes(lanes: list[float], columns: list[list[float]]) -> float:
    """The middle line of columns (of heights) that wires pass: below these, so that a wire around a card is seen.

    0 where no card would lie on a wire; and where they are too far apart, so that there is no such place.
    """
    if not lanes or max(lanes) - min(lanes) > MOST_LANES:
        return 0.0
    tallest, hit = 0.0, False
    for heights in columns:
        whole = sum(heights) + CARD_GAP * (len(heights) - 1)
        tallest, top = max(tallest, whole), -whole / 2.0
        for height in heights:
            hit = hit or any(top - _CLEAR < lane < top + height + _CLEAR for lane in lanes)
            top += height + CARD_GAP
    return max(lanes) + LANE_GAP + tallest / 2.0 if hit else 0.0


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _row_below(ids: Iterable[str], placed: dict[str, Place], size: Size) -> None:
    bottom = max((placed[id][1] + size(id)[1] + COLUMN_GAP for id in placed), default=0.0)
    left = min((place[0] for place in placed.values()), default=0.0)
    for id in ids:
        placed[id] = on_grid((left, bottom))
        left += size(id)[0] + CARD_GAP


def _beside(
    id: str,
    placed: Mapping[str, Place],
    sources: Mapping[str, tuple[str, ...]],
    targets: Mapping[str, tuple[str, ...]],
    size: Size,
) -> Place:
    """To the right of what feeds the node, else to the left of what it feeds, else below everything."""
    width, height = size(id)
    before = [source for source in sources[id] if source in placed]
    after = [target for target in targets[id] if target in placed]
    beside = before or after
    if not beside:
        return (
            min((place[0] for place in placed.values()), default=0.0),
            max((placed[other][1] + size(other)[1] + CARD_GAP for other in placed), default=0.0),
        )
    middle = _mean([placed[other][1] + size(other)[1] / 2.0 for other in beside])
    if before:
        left = max(placed[other][0] + size(other)[0] for other in before) + COLUMN_GAP
    else:
        left = min(placed[other][0] for other in after) - COLUMN_GAP - width
    return (left, middle - height / 2.0)


def _free(place: Place, id: str, placed: Mapping[str, Place], size: Size) -> Place:
    """The place, or the nearest one below it where the card covers no other."""
    left, top = on_grid(place)
    width, height = size(id)
    while True:
        lowest = top
        for other, (x, y) in placed.items():
            other_width, other_height = size(other)
            apart = x >= left + width or left >= x + other_width or y >= lowest + height or lowest >= y + other_height
            if not apart:
                lowest = y + other_height + CARD_GAP
        if lowest == top:
            return on_grid((left, top))
        top = lowest
