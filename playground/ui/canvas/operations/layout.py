"""Where everything of a computation graph is drawn: columns from left to right, straight lines, no overlaps.

A parameter stands above the operation that takes it, or below where the lines that leave it run upwards. An edge over
more than one column passes through the columns between in places of its own. Rows are as near to what they are joined
to as their distances allow, exactly (least squares under an order: pool adjacent violators). The same graph always gets
the same places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from playground.ui.canvas.operations.graph import Edge, Graph, Operation
from playground.ui.canvas.operations.rows import Row, arranged
from playground.ui.projector import NUMBERS, projector

Point = tuple[float, float]

#: Up to so many operations there is room for large ones.
_FEW = 26
#: Of a column's free width for each unit of height that lines between it and the next one cover.
_STEEP = 0.40
_LINE, _PADDING = 20.0, 12.0
#: From where a line meets an operation to the number at it, where many lines leave the other end.
_FROM_RIM = 34.0
#: Lines that come together from less far above and below have no room for numbers between them.
_CLOSE = 60.0
_WIDEST = 132.0


@dataclass(frozen=True)
class Measures:
    """Sizes, in units of the scene.

    Attributes:
        radius: of a circle.
        stem: from the middle of an operation to that of the parameter beside it.
        apart: free between two rows.
        reach: free between two columns.
        letter, number: heights of labels and of numbers.
    """

    radius: float
    stem: float
    apart: float
    reach: float
    letter: int
    number: int


ROOMY = Measures(24.0, 96.0, 116.0, 76.0, 17, 15)
COMPACT = Measures(18.0, 53.0, 22.0, 60.0, 16, 15)
UNITS = Measures(18.0, 60.0, 44.0, 84.0, 14, 13)
LAYERS = Measures(22.0, 84.0, 44.0, 92.0, 14, 13)
#: The same for a projector, at real size: numbers are large, and no more apart than they have to be.
PROJECTED = {
    ROOMY: Measures(28.0, 108.0, 84.0, 80.0, NUMBERS, NUMBERS),
    COMPACT: Measures(28.0, 84.0, 44.0, 84.0, NUMBERS, NUMBERS),
    UNITS: Measures(28.0, 96.0, 76.0, 112.0, NUMBERS, NUMBERS),
    LAYERS: Measures(30.0, 100.0, 70.0, 112.0, NUMBERS, NUMBERS),
}


@dataclass(frozen=True)
class Anchor:
    """Where the numbers of an edge stand: at a point of it, whose direction is (across, down).

    `side` is "along" (gradient above the line, forward below it), "over" and "under" (both on that side, where another
    line runs close by on the other), "stem" (gradient left of the line, forward right), "beside" (both right of the
    parameter) or "none" (the numbers stand at the operations instead).
    """

    at: Point
    across: float
    down: float
    side: str


@dataclass(frozen=True, eq=False)
class Layout:
    """Middles and sizes of the operations, and the courses of the edges, by key."""

    measures: Measures
    places: Mapping[str, Point]
    sizes: Mapping[str, Point]
    courses: Mapping[str, tuple[Point, ...]]
    anchors: Mapping[str, Anchor]
    below: frozenset[str]


def guessed_width(text: str) -> float:
    """About how wide a label is, in units of the letter's height, where no font is at hand."""
    return 0.58 * len(text)


def arrange(graph: Graph, width: Callable[[str], float] = guessed_width) -> Layout:
    """Place a graph; `width` says how wide a label is in a font one unit high."""
    measures = _measures(graph)
    sizes = {operation.key: _size(operation, measures, width) for operation in graph.operations}
    columns = _columns(graph)
    below = _below(graph)
    rows = _Rows(graph, measures, sizes, columns, below)
    heights = rows.placed()
    across = _across(graph, measures, sizes, columns, heights)
    places = {key: (across[columns[key]], heights[key]) for key in columns}
    for operation in graph.operations:
        if operation.host:
            x, y = places[operation.host]
            distance = _stem(operation, measures, sizes)
            places[operation.key] = (x, y + distance if operation.key in below else y - distance)
    courses = {edge.key: _course(edge, places, rows, across, heights, columns) for edge in graph.edges}
    anchors = {edge.key: _anchor(graph, edge, courses, sizes, measures) for edge in graph.edges}
    return Layout(measures, places, sizes, courses, anchors, below)


def _measures(graph: Graph) -> Measures:
    if graph.level != "single":
        found = UNITS if graph.level == "units" else LAYERS
    else:
        found = ROOMY if len(graph.operations) <= _FEW else COMPACT
    return PROJECTED[found] if projector.on else found


def line_height(letter: int) -> float:
    """How high a line of words in a box is."""
    return max(_LINE, 1.15 * letter)


def _size(operation: Operation, measures: Measures, width: Callable[[str], float]) -> Point:
    side = 2.0 * measures.radius
    if operation.lines or operation.kind == "loss":
        lines = [operation.label, *operation.lines]
        # The last line of a loss is its value.
        count = len(lines) + (1 if operation.kind == "loss" else 0)
        widest = max(width(line) * measures.letter for line in lines)
        return max(widest + 2.0 * _PADDING, 2.2 * side), max(count * line_height(measures.letter) + _PADDING, side)
    if operation.kind == "activation":
        return side, side
    return max(side, min(width(operation.text) * measures.letter + _PADDING, _WIDEST)), side


def _columns(graph: Graph) -> dict[str, int]:
    """The column of every operation that has a place of its own: one further than the last that it waits for."""
    columns: dict[str, int] = {}
    for operation in graph.operations:
        if not operation.host:
            before = [columns[edge.source] for edge in graph.into[operation.key] if edge.source in columns]
            columns[operation.key] = max(before) + 1 if before else 0
    for operation in graph.operations:
        if operation.kind == "target" and not operation.host:
            columns[operation.key] = min(columns[edge.target] for edge in graph.out_of[operation.key]) - 1
    return columns


def _below(graph: Graph) -> frozenset[str]:
    """The parameters that stand below: those of the lower half of a unit's products, whose lines run upwards."""
    found = []
    for operation in graph.operations:
        if operation.kind == "plus":
            terms = [edge.source for edge in graph.into[operation.key]]
            products = [term for term in terms if graph.by_key[term].kind == "times"]
            for product in products[(len(products) + 1) // 2 :]:
                found += [edge.source for edge in graph.into[product] if graph.by_key[edge.source].host == product]
    return frozenset(found)


def _stem(operation: Operation, measures: Measures, sizes: Mapping[str, Point]) -> float:
    """From the middle of the host to that of what stands beside it."""
    extra = sizes[operation.host][1] / 2.0 - measures.radius
    return measures.stem + max(extra, 0.0)


class _Rows:
    """The rows of every column: its operations, and the places through which longer edges pass."""

    def __init__(
        self, graph: Graph, measures: Measures, sizes: Mapping[str, Point], columns: Mapping[str, int],
        below: frozenset[str],
    ) -> None:  # fmt: skip
        self.graph, self.measures, self.sizes = graph, measures, sizes
        self.columns: list[list[Row]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
        self.names: dict[tuple[str, int], str] = {}
        rows: dict[str, Row] = {}
        beside: dict[str, list[Operation]] = {}
        for operation in graph.operations:
            beside.setdefault(operation.host, []).append(operation)
        for operation in graph.operations:
            key = operation.key
            if key in columns:
                up, down = self._extents(operation, beside.get(key, ()), below)
                rows[key] = Row(key, f"{operation.node} {operation.kind == 'target'}", up, down)
                self.columns[columns[key]].append(rows[key])
        self._join(columns, rows)

    def _extents(self, operation: Operation, beside: Sequence[Operation], below: frozenset[str]) -> Point:
        """How far an operation reaches up and down, with what stands beside it."""
        measures, half = self.measures, self.sizes[operation.key][1] / 2.0
        reach = [half + measures.apart / 2.0] * 2
        for one in beside:
            side = 1 if one.key in below else 0
            room = _stem(one, measures, self.sizes) + measures.radius + 4.0
            reach[side] = max(reach[side], room)
        return reach[0], reach[1]

    def _join(self, columns: Mapping[str, int], rows: Mapping[str, Row]) -> None:
        """Link rows of neighbouring columns; an edge over more columns gets a thin row in each between."""
        for operation in self.graph.operations:
            key = operation.key
            if key not in columns:
                continue
            targets = [edge.target for edge in self.graph.out_of[key] if edge.target in columns]
            last, at = rows[key], columns[key]
            for column in range(at + 1, max((columns[target] for target in targets), default=at) + 1):
                for target in targets:
                    if columns[target] == column:
                        last.after.append(rows[target])
                        rows[target].before.append(last)
                if any(columns[target] > column for target in targets):
                    through = Row(f"{key} through {column}", f"{operation.node} passing", 12.0, 12.0, passing=True)
                    self.names[key, column] = through.key
                    self.columns[column].append(through)
                    last.after.append(through)
                    through.before.append(last)
                    last = through

    def placed(self) -> dict[str, float]:
        """The height of every row, with the middle at 0."""
        return arranged(self.columns)


def _across(
    graph: Graph, measures: Measures, sizes: Mapping[str, Point], columns: Mapping[str, int],
    heights: Mapping[str, float],
) -> list[float]:  # fmt: skip
    """The middle of every column: further apart where lines between them climb steeply."""
    count = max(columns.values(), default=-1) + 1
    half = [0.0] * count
    climb = [0.0] * count
    place = {operation.key: columns.get(operation.host or operation.key, 0) for operation in graph.operations}
    for operation in graph.operations:
        half[place[operation.key]] = max(half[place[operation.key]], sizes[operation.key][0] / 2.0)
    for edge in graph.edges:
        if edge.source in columns and edge.target in columns and columns[edge.target] == columns[edge.source] + 1:
            rise = abs(heights[edge.source] - heights[edge.target])
            climb[columns[edge.source]] = max(climb[columns[edge.source]], rise)
    middles = [half[0]] if count else []
    for column in range(1, count):
        reach = measures.reach * (1.4 if column == 1 and graph.level == "single" else 1.0)
        middles.append(middles[-1] + half[column - 1] + half[column] + max(reach, _STEEP * climb[column - 1]))
    return [round(middle) for middle in middles]


def _course(
    edge: Edge, places: Mapping[str, Point], rows: _Rows, across: Sequence[float], heights: Mapping[str, float],
    columns: Mapping[str, int],
) -> tuple[Point, ...]:  # fmt: skip
    points = [places[edge.source]]
    if edge.source in columns and edge.target in columns:
        for column in range(columns[edge.source] + 1, columns[edge.target]):
            points.append((across[column], heights[rows.names[edge.source, column]]))
    return (*points, places[edge.target])


def _anchor(
    graph: Graph, edge: Edge, courses: Mapping[str, Sequence[Point]], sizes: Mapping[str, Point], measures: Measures
) -> Anchor:
    """Near the end that the edge has for itself: many lines run together at the other."""
    course = courses[edge.key]
    many_out = len(graph.out_of[edge.source]) > 1
    rivals = [one for one in graph.into[edge.target] if not graph.by_key[one.source].host and one is not edge]
    start, end = course[:2] if rivals and not many_out else course[-2:]
    first = _rim(start, end, sizes[edge.source]) if start == course[0] else start
    last = _rim(end, start, sizes[edge.target]) if end == course[-1] else end
    across, down = last[0] - first[0], last[1] - first[1]
    share, side = 0.5, "along"
    if abs(down) > 1.0 and many_out:
        share = max(1.0 - _FROM_RIM / max((across * across + down * down) ** 0.5, 1.0), 0.5)
    elif abs(down) > 1.0 and rivals:
        share = 0.4
    if abs(down) > 1.0 and rivals and abs(start[1] - end[1]) < _CLOSE:
        share, side = 0.5, "over" if start[1] < end[1] else "under"
    at = (first[0] + share * across, first[1] + share * down)
    if graph.by_key[edge.source].host:
        others = [courses[one.key] for one in graph.into[edge.target] if one is not edge]
        level = len(others) == 1 and abs(others[0][-1][1] - others[0][-2][1]) < 1.0
        length = (across * across + down * down) ** 0.5
        side = "stem" if level and length > 2.0 * measures.number else "beside"
        at = at if side == "stem" else (course[0][0] + sizes[edge.source][0] / 2.0, course[0][1])
    elif many_out and rivals and graph.level == "units":
        side = "none"
    return Anchor(at, across, down, side)


def _rim(middle: Point, towards: Point, size: Point) -> Point:
    """Where a line from the middle of an operation leaves it."""
    across, down = towards[0] - middle[0], towards[1] - middle[1]
    if abs(size[0] - size[1]) < 1.0:
        share = size[1] / 2.0 / max((across * across + down * down) ** 0.5, 1e-9)
    else:
        share = min(size[0] / 2.0 / max(abs(across), 1e-9), size[1] / 2.0 / max(abs(down), 1e-9))
    share = min(share, 0.49)
    return middle[0] + share * across, middle[1] + share * down
