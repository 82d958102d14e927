"""The square of the decision region: picture, contour, points and curve in one frame, which is told what to show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QWidget

from playground.data.table import Array, Range
from playground.ui import theme as themes
from playground.ui.plots.axes import Frame, linear_ticks
from playground.ui.plots.picture import ContourLine, Picture, rect_of
from playground.ui.plots.points import PointCloud, Points
from playground.ui.translation import tr

#: Room for the tick numbers and the name of an axis, logical pixels.
TICKS, NAME = 20, 18
TICKS_LEFT = 34
PAD, RIGHT = 6, 12


class RegionView(Frame):
    """Square whatever room it is given; what is over is left empty at the sides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        unit = rect_of((0.0, 1.0), (0.0, 1.0))
        self.picture = Picture(unit)
        self.contour = ContourLine(unit)
        self.curve = pg.PlotCurveItem()
        self.probe = pg.ScatterPlotItem(size=11, symbol="o")
        self.clouds: list[PointCloud] = []
        self._undefined = pg.TextItem(anchor=(0.5, 0.5))
        self._ranges: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        super().__init__(parent)
        for level, item in enumerate((self.picture, self.contour, self.curve, self._undefined, self.probe)):
            item.setZValue(level if item is not self.probe else 100)
            self.box.addItem(item, ignoreBounds=True)
        self._undefined.hide()
        # Points on the rim are drawn whole; those beyond it are left out by `set_points`.
        self.box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, 140)
        self.themed()

    def themed(self, theme: object = None) -> None:
        """Take the present theme; points and colours of the picture come anew from whoever gave them."""
        super().themed(theme)
        now = themes.themes.current()
        self.contour.set_colors(now)
        self.curve.setPen(pg.mkPen(now.accent, width=2))
        self.probe.setPen(pg.mkPen(now.text, width=2))
        self.probe.setBrush(None)
        self._undefined.setColor(now.text)
        self._undefined.setFont(themes.font())

    # --- size --------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """A comfortable size; the plot takes what it gets."""
        return QSize(380, 380)

    def fit(self) -> None:
        """Keep the plot's area square, at the top and in the middle of its room."""
        left, bottom = self._axis_room()
        width, height = self.width() - left - RIGHT, self.height() - bottom - 2 * PAD
        side = max(1, min(width, height))
        spare = max(0, width - side)
        self.axes["left"].setWidth(left)
        self.axes["bottom"].setHeight(bottom)
        self.grid.setContentsMargins(spare // 2, PAD, RIGHT + spare - spare // 2, PAD + max(0, height - side))
        self.grid.activate()

    def height_for(self, width: int) -> int:
        """The height at which nothing is left over at this width."""
        left, bottom = self._axis_room()
        return width - left - RIGHT + bottom + 2 * PAD

    def _axis_room(self) -> tuple[int, int]:
        named = {side: bool(self.axes[side].labelText) for side in ("left", "bottom")}
        return TICKS_LEFT + NAME * named["left"], TICKS + NAME * named["bottom"]

    @property
    def outside(self) -> int:
        """How many of the points lie outside of what is shown."""
        return sum(len(cloud.points.at) - len(cloud.at) for cloud in self.clouds)

    # --- contents ----------------------------------------------------------------------------------------------------

    def set_frame(self, horizontal: Range, vertical: Range, names: tuple[str, str]) -> None:
        """Show these ranges under these names."""
        self._ranges = horizontal, vertical
        rect = rect_of(horizontal, vertical)
        self.picture.set_rect(rect)
        self.contour.set_rect(rect)
        self._undefined.setPos(rect.center())
        for side, span, name in (("bottom", horizontal, names[0]), ("left", vertical, names[1])):
            (self.box.setXRange if side == "bottom" else self.box.setYRange)(*span, padding=0.0)
            self.set_ticks(side, linear_ticks(*span, most=5))
            self.set_label(side, name)
        self.fit()

    def set_points(self, groups: Sequence[Points], size: float) -> None:
        """Show these points and no others, `size` logical pixels high."""
        for cloud in self.clouds:
            self.box.removeItem(cloud)
        self.clouds = [PointCloud(group, size, rect_of(*self._ranges)) for group in groups]
        for level, cloud in enumerate(self.clouds):
            cloud.setZValue(10 + level)
            self.box.addItem(cloud, ignoreBounds=True)

    def set_picture(self, colors: NDArray[np.uint32] | None, pieces: Array | None, undefined: bool = False) -> None:
        """Show a picture with its contour; `undefined` says that no number of it is finite."""
        self.picture.set_colors(colors)
        self.contour.set_pieces(np.empty((0, 2, 2)) if pieces is None else pieces)
        self._undefined.setVisible(undefined)
        if undefined:
            self._undefined.setText(tr("undefined"))

    def set_curve(self, x: Array | None, y: Array | None) -> None:
        """Show a curve, or none."""
        if x is None or y is None:
            self.curve.clear()
        else:
            self.curve.setData(x, y, antialias=bool(self.renderHints() & QPainter.RenderHint.Antialiasing))

    def set_live(self, live: bool) -> None:
        """While it moves: no antialiasing, thin pens."""
        self.contour.set_live(live)
        self.set_smooth(not live)

    def show_probe(self, at: tuple[float, float] | None) -> None:
        """Mark where the keyboard reads the picture."""
        if at is None:
            self.probe.clear()
        else:
            self.probe.setData([at[0]], [at[1]])

    def area(self) -> QRectF:
        """Where the plot's area lies, in the widget's pixels."""
        return self.box.sceneBoundingRect()
