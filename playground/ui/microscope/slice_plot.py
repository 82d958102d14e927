"""The loss along one number: the true curve, the tangent at the present value, and where the step lands."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from playground.data.table import Array
from playground.engine.descent import Slice
from playground.ui import theme as themes
from playground.ui.microscope.reading import LOST, ReadingFrame, line_item, near

#: Room above the highest point that is shown, as a share of the whole; heights further up run out of the picture.
_ROOM, _HIGHEST = 0.12, 3.0
#: How much of the width the tangent takes to either side, if it does not leave the picture.
_TANGENT = 0.35


class SlicePlot(ReadingFrame):
    """Curve solid, tangent dashed, trail dotted; the present value a circle, the landing a triangle.

    A hollow diamond is where another optimizer would land.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self.curve, self.tangent, self.trail = line_item(), line_item(), line_item()
        self.step = line_item()
        self._found: Slice | None = None
        super().__init__(parent)
        items = (self.curve, self.tangent, self.trail, self.step, self.before, self.here, self.other, self.there)
        for level, item in enumerate((*items, *self.names.values(), self.cross)):
            item.setZValue(level)
            self.box.addItem(item, ignoreBounds=True)
        self.themed()

    def themed(self, theme: object = None) -> None:
        """Take the present theme."""
        super().themed(theme)
        now = themes.themes.current()
        self.curve.setPen(pg.mkPen(now.text, width=2))
        self.tangent.setPen(pg.mkPen(now.gradient, width=2, style=Qt.PenStyle.DashLine))
        self.trail.setPen(pg.mkPen(now.muted, width=1, style=Qt.PenStyle.DotLine))
        self.step.setPen(pg.mkPen(now.accent, width=2))
        self.before.setBrush(now.muted)

    # --- what can be read --------------------------------------------------------------------------

    def grid_lines(self) -> tuple[Array, ...]:
        """The places of the curve."""
        return () if self._found is None else (self._found.places,)

    def height(self, place: tuple[int, ...]) -> float:
        """The height of the curve there."""
        assert self._found is not None, "somebody reads"
        return float(self._found.heights[place[0]])

    def start(self) -> tuple[float, ...]:
        """The present value."""
        return () if self._found is None else (self._found.at,)

    # --- what is shown -----------------------------------------------------------------------------

    def clear_slice(self) -> None:
        """Show nothing."""
        self._found = None
        self.read_anew()
        for item in (self.curve, self.tangent, self.trail, self.step):
            item.clear()
        self.clear_points()

    def show_slice(self, found: Slice, trail: Array, name: str, other: tuple[float, ...] = ()) -> None:
        """Show a slice; `trail` has a row (value, height) for each of the last steps, `other` is another landing."""
        self._found = found
        self.read_anew()
        finite = np.isfinite(found.heights)
        x, y = found.places[finite], found.heights[finite]
        low, high = _range(found, y)
        self.box.setXRange(float(found.places[0]), float(found.places[-1]), padding=0.0)
        self.box.setYRange(low, high, padding=0.0)
        # What runs away is drawn only so far as a painter can follow.
        self.curve.setData(x, np.minimum(y, high + LOST * (high - low)))
        reach = _TANGENT * (found.places[-1] - found.places[0])
        if abs(found.slope) * reach > high - low:
            reach = (high - low) / abs(found.slope)
        ends = np.array([found.at - reach, found.at + reach])
        self.tangent.setData(ends, np.array([found.tangent(float(end)) for end in ends]))
        self.here.setData([found.at], [found.height])
        landed = np.isfinite(found.lands_height) and found.places[0] <= found.lands <= found.places[-1]
        self.there.setData([found.lands] if landed else [], [min(found.lands_height, high)] if landed else [])
        if landed:
            self.step.setData([found.at, found.lands], [found.height, min(found.lands_height, high)])
        else:
            self.step.clear()
        shown = len(other) == 2 and np.isfinite(other[1]) and found.places[0] <= other[0] <= found.places[-1]
        self.other.setData(*([[value] for value in other] if shown else ([], [])))
        behind = near(trail, self.box.viewRange())
        self.before.setData(behind[:, 0], behind[:, 1])
        self.trail.setData(behind[:, 0], behind[:, 1])
        self.put_ticks()
        self.show_names(name, "L")
        self.fit()


def _range(found: Slice, heights: Array) -> tuple[float, float]:
    """The heights that are shown: the present one, the lowest and the landing, and not all of what runs away."""
    known = [found.height]
    if np.isfinite(found.lands_height):
        known.append(found.lands_height)
    low = float(min([*known, *heights.tolist()]))
    top = max(known)
    high = min(float(heights.max(initial=top)), low + _HIGHEST * max(top - low, 1e-9))
    high = max(high, top)
    room = _ROOM * max(high - low, 1e-6 * max(1.0, abs(high)))
    return low - room, high + room
