"""What a region plot shows of a data set: which part of the input space, which points, and the colours of outputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from playground.data.prepare import inputs
from playground.data.slice import centres, line, plane, target_range
from playground.data.table import Array, Dataset, Indices, Range, Table
from playground.ui.plots.contour import contour
from playground.ui.plots.picture import STRENGTH, Colors, class_colors, signed_colors
from playground.ui.plots.points import Points
from playground.ui.plots.words import axis_text, class_text, column_text
from playground.ui.theme import Theme
from playground.ui.translation import tr

#: Cells along each side of the picture; points along a line; most points drawn.
CELLS, LINE_POINTS, MOST_POINTS = 100, 200, 5000
#: Cells along each side of the map of a single unit: the same slice, in the same order, coarser.
MAP_SIDE = 48
#: Values to regress are drawn in so many shades.
SHADES = 15


@dataclass(frozen=True)
class Scene:
    """A part of the input space.

    Attributes:
        columns: the one or two columns along the axes, as places in the table.
        held: raw values, [columns of the table]: those of the other columns are the ones that are held still.
        horizontal, vertical: the ranges of the picture.
        names: what the axes mean.
    """

    table: Table
    columns: tuple[int, ...]
    held: Array
    horizontal: Range
    vertical: Range
    names: tuple[str, str]

    @property
    def sliced(self) -> bool:
        """Whether other columns are held still."""
        return len(self.table.columns) > len(self.columns)

    @property
    def flat(self) -> bool:
        """Whether it is a picture of a plane and not a curve."""
        return len(self.columns) == 2

    @property
    def along(self) -> Array:
        """The middles of the cells along the horizontal axis, [cells]."""
        return centres(self.horizontal, CELLS if self.flat else LINE_POINTS)

    def inputs(self, dataset: Dataset, side: int = CELLS) -> Array:
        """Every cell as the dataset's network takes it, [side², features]; from the lowest row of the picture up.

        Raises UserError where a value is far outside of what the scaling was fitted to.
        """
        if not self.flat:
            return inputs(dataset, self.along[:, None])
        across, up = (self.table.columns[place] for place in self.columns)
        if not set(dataset.features) <= set(self.table.columns):
            return inputs(dataset, plane(self.table, across, up, self.held, side).raw)
        # Each feature is one column: a diagonal through the picture has all the numbers there are. With many columns
        # this is several times as fast as to transform and scale every cell.
        diagonal = np.tile(self.held, (side, 1))
        diagonal[:, self.columns[0]] = centres(self.horizontal, side)
        diagonal[:, self.columns[1]] = centres(self.vertical, side)
        scaled = inputs(dataset, diagonal)
        cells = np.empty((side, side, len(dataset.features)))
        cells[:] = scaled[0]
        for feature, name in enumerate(dataset.features):
            if name == across:
                cells[:, :, feature] = scaled[:, feature]
            elif name == up:
                cells[:, :, feature] = scaled[:, feature, None]
        return cells.reshape(side * side, -1)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The (row, column) of the picture under a place; for a curve row 0."""
        count = CELLS if self.flat else LINE_POINTS
        column = _place(x, self.horizontal, count)
        return (_place(y, self.vertical, CELLS) if self.flat else 0), column


def _place(value: float, span: Range, count: int) -> int:
    return min(count - 1, max(0, int((value - span[0]) / (span[1] - span[0]) * count)))


def make_scene(data: Table | Dataset, columns: tuple[str, str] | None, held: int | None) -> Scene:
    """The plane of two columns (the first two where none are chosen), or the line of a table that has only one.

    Raises UserError for an unknown column or row.
    """
    table = data.table if isinstance(data, Dataset) else data
    if len(table.columns) == 1:
        along = line(data, table.columns[0], held, 1)
        low, high = target_range(table)
        vertical = (-0.15, 1.15) if table.classes else (low, high)
        value = tr("P({name})", name=class_text(table, 1)) if table.classes else column_text(table.target)
        return Scene(table, (0,), along.raw[0], along.range, vertical, (axis_text(table, 0), value))
    first, second = columns or table.columns[:2]
    across = plane(data, first, second, held, 1)
    places = table.columns.index(first), table.columns.index(second)
    names = axis_text(table, places[0]), axis_text(table, places[1])
    return Scene(table, places, across.raw[0], across.a_range, across.b_range, names)


# --- points ----------------------------------------------------------------------------------------------------------


def point_size(count: int) -> float:
    """How high markers are, logical pixels: smaller where there are many."""
    return 9.0 if count <= 200 else 7.5 if count <= 1000 else 6.0 if count <= 2000 else 5.0


def thinned(rows: Indices, most: int) -> Indices:
    """At most `most` of these rows, taken evenly."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def points_of(scene: Scene, train: Indices, test: Indices, theme: Theme) -> list[Points]:
    """Training points filled, test points hollow, each class in its own shape and colour; at most `MOST_POINTS`.

    Values to regress are filled with the picture's own colours: circles are training points, diamonds test points.
    """
    share = min(1.0, MOST_POINTS / max(1, len(train) + len(test)))
    groups = []
    for rows, hollow in ((test, True), (train, False)):
        chosen = thinned(rows, int(share * len(rows)))
        at, targets = placed(scene, chosen), scene.table.targets[chosen]
        looks = _class_looks(scene, targets, theme) if scene.table.classes else _shades(scene, targets, theme)
        if scene.table.classes or not scene.flat:
            groups += [Points(at[mask], marker, color, hollow) for mask, marker, color in looks if mask.any()]
        else:
            marker = "diamond" if hollow else "circle"
            groups += [Points(at[mask], marker, color, rim=theme.text) for mask, _, color in looks if mask.any()]
    return groups


def nearest_row(
    scene: Scene, dataset: Dataset, at: tuple[float, float], size: tuple[float, float]
) -> tuple[int, float] | None:
    """The training row (counted among them) whose point is nearest to a place, and how far that is in pixels."""
    if not len(dataset.train):
        return None
    spans = (scene.horizontal[1] - scene.horizontal[0], scene.vertical[1] - scene.vertical[0])
    away = (placed(scene, dataset.train) - np.array(at)) / np.array(spans) * np.array(size)
    distances = np.hypot(away[:, 0], away[:, 1])
    row = int(distances.argmin())
    return row, float(distances[row])


def placed(scene: Scene, rows: Indices) -> Array:
    """Where rows of the table are drawn, [rows, 2]."""
    table = scene.table
    columns = [table.features[rows, place] for place in scene.columns]
    return np.column_stack(columns if scene.flat else [*columns, table.targets[rows]])


Look = tuple[NDArray[np.bool_], str, QColor]


def _class_looks(scene: Scene, targets: Array, theme: Theme) -> list[Look]:
    marks = [theme.classes[index % len(theme.classes)] for index in range(len(scene.table.classes))]
    return [(targets == index, mark.marker, mark.color) for index, mark in enumerate(marks)]


def _shades(scene: Scene, targets: Array, theme: Theme) -> list[Look]:
    """Values in a few shades of the picture's own colours; on a curve their height says it and one is enough."""
    if not scene.flat:
        return [(np.ones(len(targets), dtype=bool), "circle", theme.text)]
    level = value_level(scene.table)
    shade = np.rint(np.clip(targets / level, -1.0, 1.0) * (SHADES // 2)).astype(np.int64)
    looks: list[Look] = []
    for value in np.unique(shade).tolist():
        looks.append((shade == value, "circle", theme.signed(value / (SHADES // 2), STRENGTH)))
    return looks


# --- outputs ---------------------------------------------------------------------------------------------------------


def value_level(table: Table) -> float:
    """The value that has the full colour: the same on both sides of zero, so that zero is the surface's colour."""
    return max(abs(edge) for edge in target_range(table)) or 1.0


def picture_of(scene: Scene, outputs: NDArray[np.float32], theme: Theme) -> tuple[Colors, Array | None]:
    """Outputs on the plane, [cells, outputs], as colours and as the pieces of the lines between classes."""
    grid = outputs.reshape(CELLS, CELLS, outputs.shape[1])
    if len(scene.table.classes) > 2:
        return class_colors(grid, theme), _placed_pieces(scene, class_borders(grid))
    values = positive(scene.table, grid)
    if not scene.table.classes:
        return signed_colors(values / value_level(scene.table), theme), None
    lead, level = (values - grid[:, :, 0], 0.0) if grid.shape[2] == 2 else (values, 0.5)
    return signed_colors(2.0 * values - 1.0, theme), _placed_pieces(scene, contour(lead, level))


def positive(table: Table, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of two classes' outputs the positive one's, of others the first: the last axis is taken away."""
    return outputs[..., 1 if len(table.classes) == 2 and outputs.shape[-1] == 2 else 0]


def class_borders(grid: NDArray[np.float32]) -> Array:
    """The pieces of the borders between the most probable of three or more classes."""
    found = []
    for index in range(grid.shape[2]):
        others = np.delete(grid, index, axis=2).max(axis=2)
        found.append(contour(grid[:, :, index] - others, 0.0))
    return np.concatenate(found)


def _placed_pieces(scene: Scene, pieces: Array) -> Array:
    """Pieces in cells as pieces in the plot's units."""
    low = np.array([scene.horizontal[0], scene.vertical[0]])
    high = np.array([scene.horizontal[1], scene.vertical[1]])
    placed: Array = low + (pieces + 0.5) / CELLS * (high - low)
    return placed
