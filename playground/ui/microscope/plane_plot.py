"""The loss over two numbers, from above: shades and lines of equal height, and the step across them.

Both axes have the same scale: only then is the way downhill at right angles to the lines that it crosses.
"""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.data.table import Array
from playground.engine.descent import Plane
from playground.engine.exact import rounded
from playground.ui import theme as themes
from playground.ui.microscope.contour_lines import ContourLines, veil_of
from playground.ui.microscope.descent_words import said
from playground.ui.microscope.heights import height_colors, levels_of, shades
from playground.ui.microscope.reading import ReadingFrame, line_item, near
from playground.ui.plots.contour import contour
from playground.ui.plots.picture import Picture

#: How far the way downhill is shown, and how far beyond the step, in pixels; twice the length of the step's head.
_DOWNHILL, _BEYOND, _HEAD = 44.0, 26.0, 26
#: Where the names of the axes stand, in pixels from their corners.
_NAMES = (24.0, 10.0)


class PlanePlot(ReadingFrame):
    """Lines of equal height with their heights; the present numbers a circle, the step an arrow, the last ones dots.

    The way downhill is dashed; a hollow diamond is where another optimizer would land.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self.picture, self.lines = Picture(QRectF()), ContourLines()
        self.downhill, self.trail, self.step = line_item(), line_item(), line_item()
        self.way = line_item()
        self._found: Plane | None = None
        self._levels: Array = np.empty(0)
        super().__init__(parent)
        self.there.setSize(_HEAD)
        items = (self.picture, self.lines, self.trail, self.before, self.downhill, self.way, self.step, self.here,
                 self.other, self.there)  # fmt: skip
        for level, item in enumerate((*items, *self.lines.labels, *self.names.values(), self.cross)):
            item.setZValue(level)
            self.box.addItem(item, ignoreBounds=True)
        self.themed()

    def themed(self, theme: object = None) -> None:
        """Take the present theme."""
        super().themed(theme)
        now = themes.themes.current()
        self.downhill.setPen(pg.mkPen(now.gradient, width=2, style=Qt.PenStyle.DashLine))
        self.trail.setPen(pg.mkPen(now.text, width=1, style=Qt.PenStyle.DotLine))
        self.step.setPen(pg.mkPen(now.accent, width=2))
        self.way.setPen(pg.mkPen(now.text, width=1, style=Qt.PenStyle.DotLine))
        self.before.setBrush(now.text)
        self.lines.set_colors(now)
        for name in self.names.values():
            name.fill = pg.mkBrush(veil_of(now))
        self._paint_heights()

    # --- what can be read --------------------------------------------------------------------------

    @property
    def levels(self) -> Array:
        """The heights that have a line."""
        return self._levels

    def grid_lines(self) -> tuple[Array, ...]:
        """The places of the surface along both axes."""
        return () if self._found is None else self._found.places

    def height(self, place: tuple[int, ...]) -> float:
        """The height of the surface there."""
        assert self._found is not None, "somebody reads"
        return float(self._found.heights[place[1], place[0]])

    def start(self) -> tuple[float, ...]:
        """The present numbers."""
        return () if self._found is None else self._found.at

    # --- what is shown -----------------------------------------------------------------------------

    def clear_plane(self) -> None:
        """Show nothing."""
        self._found, self._levels = None, np.empty(0)
        self.read_anew()
        self.picture.set_colors(None)
        self.lines.clear_lines()
        for item in (self.downhill, self.trail, self.step, self.way):
            item.clear()
        self.clear_points()

    def show_plane(self, found: Plane, trail: Array, names: tuple[str, str], other: tuple[float, ...] = ()) -> None:
        """Show a plane; `trail` has a row for each of the last steps, `other` is where another optimizer leads."""
        finer = self._found is not None and _same(self._found, found)
        self._found = found
        self._levels = levels_of(found)
        self._set_ranges()
        self._paint_heights()
        self._draw_lines()
        self._draw_steps(found, trail, other)
        self.show_names(f"{names[0]} →", f"{names[1]} ↑")
        self.read_anew(keep=finer)

    def _set_ranges(self) -> None:
        """All of the plane, both axes to the same scale."""
        if self._found is None:
            return
        across, up = self._found.places
        width, height = across[-1] - across[0], up[-1] - up[0]
        unit = max(width / max(self.box.width(), 1.0), height / max(self.box.height(), 1.0))
        ranges = []
        for line, pixels in ((across, self.box.width()), (up, self.box.height())):
            middle, half = 0.5 * (line[0] + line[-1]), 0.5 * unit * max(pixels, 1.0)
            ranges.append((float(middle - half), float(middle + half)))
        self.box.setRange(xRange=ranges[0], yRange=ranges[1], padding=0.0)
        self.put_ticks()

    def _paint_heights(self) -> None:
        found = self._found
        if found is None:
            return
        across, up = found.places
        half = 0.5 * (across[1] - across[0]), 0.5 * (up[1] - up[0])
        corner = QPointF(across[0] - half[0], up[0] - half[1])
        self.picture.set_rect(QRectF(corner, QPointF(across[-1] + half[0], up[-1] + half[1])))
        finite = found.heights[np.isfinite(found.heights)]
        low = float(min(finite.min(initial=found.height), found.height))
        self.picture.set_colors(height_colors(shades(found.heights, self._levels, low), themes.themes.current()))

    def _draw_lines(self) -> None:
        found = self._found
        assert found is not None, "there is something to draw"
        across, up = found.places
        origin, cell = np.array([across[0], up[0]]), np.array([across[1] - across[0], up[1] - up[0]])

        def pieces(level: float) -> Array:
            placed: Array = origin + contour(found.heights, level) * cell
            return placed

        lines = [(said(rounded(float(level))), pieces(float(level))) for level in self._levels]
        (left, right), (low, high) = view = self.box.viewRange()
        size = self.box.width(), self.box.height()
        pixel = (right - left) / max(size[0], 1.0)
        busy = [found.at, (left + _NAMES[0] * pixel, high - _NAMES[1] * pixel),
                (right - _NAMES[0] * pixel, low + _NAMES[1] * pixel)]  # fmt: skip
        places = near(np.array([*busy, found.lands]), view)
        self.lines.set_lines(lines, pieces(found.height), places, view, size)

    def _draw_steps(self, found: Plane, trail: Array, other: tuple[float, ...]) -> None:
        self.here.setData([found.at[0]], [found.at[1]])
        behind = near(trail, self.box.viewRange())
        self.trail.setData(behind[:, 0], behind[:, 1])
        self.before.setData(behind[:, 0], behind[:, 1])
        self._lead(self.step, self.there, found.lands)
        self._lead(self.way, self.other, other)
        self._draw_downhill()

    def _lead(self, line: pg.PlotCurveItem, mark: pg.ScatterPlotItem, there: tuple[float, ...]) -> None:
        """A line from here to there, and a mark at its end; one that leads out of the picture has none."""
        assert self._found is not None, "there is something to draw"
        if len(there) != 2 or not np.isfinite(there).all():
            line.clear()
            mark.setData([], [])
            return
        view = np.array(self.box.viewRange())
        at, end = np.array(self._found.at), np.array(there)
        # Coordinates far beyond what is shown are more than a painter can take.
        beyond = float(np.max(np.abs(end - at) / (view[:, 1] - view[:, 0])))
        end = at + (end - at) / max(1.0, 0.5 * beyond)
        inside = bool(((end >= view[:, 0]) & (end <= view[:, 1])).all())
        line.setData([at[0], end[0]], [at[1], end[1]])
        mark.setData(*([[value] for value in there] if inside else ([], [])))
        if mark is self.there:
            mark.setSymbol(_head(end - at))

    def _draw_downhill(self) -> None:
        found = self._found
        slopes = np.array(found.slopes) if found is not None else np.zeros(2)
        size = float(np.hypot(*slopes))
        if found is None or not (math.isfinite(size) and size > 0.0):
            self.downhill.clear()
            return
        (left, right), _ = self.box.viewRange()
        pixel = (right - left) / max(self.box.width(), 1.0)
        step = math.hypot(found.lands[0] - found.at[0], found.lands[1] - found.at[1])
        far = max(_DOWNHILL * pixel, step + _BEYOND * pixel if step <= right - left else 0.0)
        end = np.array(found.at) - slopes / size * far
        self.downhill.setData([found.at[0], end[0]], [found.at[1], end[1]])

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep both scales the same, until there is a plane of the new proportions."""
        super().resizeEvent(event)
        if event is not None and self._found is not None:
            self._set_ranges()
            self._draw_downhill()
            self.show_names(*(item.toPlainText() for item in self.names.values()))


def _head(way: Array) -> QPainterPath:
    """The head of an arrow that points along a way, its tip in the middle of the symbol."""
    turn = math.atan2(float(way[1]), float(way[0]))
    path = QPainterPath()
    # A symbol's y points downwards, that of a plot upwards.
    points = [(0.0, 0.0), (-0.48, 0.2), (-0.36, 0.0), (-0.48, -0.2)]
    turned = [
        QPointF(x * math.cos(turn) - y * math.sin(turn), -(x * math.sin(turn) + y * math.cos(turn))) for x, y in points
    ]
    path.addPolygon(QPolygonF(turned))
    path.closeSubpath()
    return path


def _same(one: Plane, other: Plane) -> bool:
    """Whether the other is the same plane, only finer."""
    ends = [(line[0], line[-1]) for line in (*one.places, *other.places)]
    return one.numbers == other.numbers and one.at == other.at and ends[:2] == ends[2:]
