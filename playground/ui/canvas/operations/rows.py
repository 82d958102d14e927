"""The rows of columns: in which order they stand, and how high, so that lines between them are short and straight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: So often the columns are gone through, there and back.
_SWEEPS = 6


@dataclass(eq=False)
class Row:
    """Something that takes a place in a column.

    Attributes:
        group: rows of one group stay together, in their order.
        up, down: the room that it needs above and below its middle.
        before, after: what it is joined to in the column before and after.
        passing: whether it is only a line on its way.
    """

    key: str
    group: str
    up: float
    down: float
    before: list[Row] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)
    passing: bool = False
    y: float = 0.0


def arranged(columns: Sequence[list[Row]]) -> dict[str, float]:
    """Order the rows of each column (in place) and give each its height, on whole numbers, the middle at 0."""
    for column in columns:
        _stack(column)
    for _ in range(_SWEEPS):
        for column in columns[1:]:
            _order(column, forward=True)
        for column in reversed(columns[:-1]):
            _order(column, forward=False)
    for column in columns:
        _stack(column)
    for _ in range(_SWEEPS):
        for column in columns:
            _settle(column, [_mean(row.before, row.y) for row in column])
        for index in range(len(columns) - 2, -1, -1):
            _settle(columns[index], _wished(columns[index], first=index == 0))
    for column in columns[1:]:
        _settle(column, [_mean(row.before, row.y) for row in column])
    rows = [row for column in columns for row in column]
    if not rows:
        return {}
    top, bottom = min(row.y - row.up for row in rows), max(row.y + row.down for row in rows)
    return {row.key: round(round(row.y - (top + bottom) / 2.0, 3)) for row in rows}


def _stack(column: Sequence[Row]) -> None:
    _settle(column, [0.0] * len(column))


def _order(column: list[Row], *, forward: bool) -> None:
    """Groups in the order of what they are joined to; where that is the same, lines that pass run above."""
    groups: dict[str, list[Row]] = {}
    for row in column:
        groups.setdefault(row.group, []).append(row)
    if len(groups) < 2:
        return
    place = {group: index for index, group in enumerate(groups)}

    def middle(group: str) -> float:
        linked = [other for row in groups[group] for other in (row.before if forward else row.after)]
        return _mean(linked, sum(row.y for row in groups[group]) / len(groups[group]))

    ranked = sorted(groups, key=lambda group: (round(middle(group), 3), not groups[group][0].passing, place[group]))
    column[:] = [row for group in ranked for row in groups[group]]
    _stack(column)


def _wished(column: Sequence[Row], *, first: bool) -> list[float]:
    """Where rows would stand for the sake of what follows; the inputs of a layer spread over all of it."""
    following = [other.y for row in column for other in row.after]
    if first and following and all(len(row.after) > 1 for row in column):
        low, high = min(following), max(following)
        return [low + (high - low) * (index + 0.5) / len(column) for index in range(len(column))]
    return [_mean(row.after, row.y) for row in column]


def _mean(rows: Sequence[Row], otherwise: float) -> float:
    return sum(row.y for row in rows) / len(rows) if rows else otherwise


def _settle(column: Sequence[Row], wished: Iterable[float]) -> None:
    """Put the rows of a column as near to the wished heights as their order and room allow, in the least squares.

    With the room between rows taken off, heights have only to rise: isotonic regression by pooling.
    """
    offsets, offset = [], 0.0
    for index, row in enumerate(column):
        offset += column[index - 1].down + row.up if index else 0.0
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        pools.append((wish - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (high, many), (low, few) = pools[-2], pools[-1]
            pools[-2:] = [((high * many + low * few) / (many + few), many + few)]
    heights = [height for height, count in pools for _ in range(count)]
    for row, height, offset in zip(column, heights, offsets, strict=True):
        row.y = height + offset
