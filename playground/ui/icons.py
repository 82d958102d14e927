"""Icons drawn by us: crisp at any size and pixel ratio, in the colours of the theme, and following its changes.

A widget that paints itself calls `draw_icon`; an action or a plain button gets `keep_icon`, which puts a new icon in
place whenever the theme changes. Names of icons are those of `GLYPHS`: verbs ("play", "undo"), states ("warn"), node
kinds ("dense", "add") and activation functions ("tanh").
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from playground.ui.curves import axes_path, curve_path, marker_path
from playground.ui.glyphs import BOX, GLYPHS, Glyph
from playground.ui.theme import themes

__all__ = [
    "GLYPHS",
    "axes_path",
    "curve_path",
    "draw_icon",
    "draw_marker",
    "icon",
    "keep_icon",
    "marker_path",
    "pixmap",
]

_STROKE = 1.8
_ROOM = 20.0
_MESHES = ("dense", "linear", "hidden", "deep")
_SIZES = (16, 20, 24, 32, 48, 64)


@cache
def _glyph(name: str) -> Glyph:
    return GLYPHS[name]()


def draw_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """Draw an icon into the largest square in the middle of `rect`; raises KeyError for an unknown name."""
    glyph = _glyph(name)
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center() - QPointF(side / 2.0, side / 2.0))
    painter.scale(side / BOX, side / BOX)
    # Meshes have many lines close together; thinner ones keep them apart.
    width = 1.2 if name in _MESHES else max(_STROKE, 1.1 * BOX / side)
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    if side >= _ROOM:
        faint = QColor(color)
        faint.setAlphaF(0.3)
        painter.strokePath(glyph.behind, QPen(faint, BOX / side))
    painter.strokePath(glyph.lines, pen)
    painter.fillPath(glyph.areas, color)
    painter.restore()


def draw_marker(
    painter: QPainter, marker: str, centre: QPointF, size: float, color: QColor, outline: QColor | None = None
) -> None:
    """Draw one data point; an outline in the ground's colour keeps overlapping points apart."""
    path = marker_path(marker, size).translated(centre)
    if outline is not None:
        painter.strokePath(path, QPen(outline, 2.0))
    painter.fillPath(path, color)


def pixmap(name: str, size: int, ratio: float = 1.0, color: QColor | None = None) -> QPixmap:
    """The icon as a picture of `size` logical pixels; without a colour in the theme's text colour."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_icon(painter, name, QRectF(0.0, 0.0, size, size), color if color is not None else themes.current().text)
    painter.end()
    return picture


def icon(name: str) -> QIcon:
    """The icon for normal, disabled and selected, in the theme of this moment (see `keep_icon`)."""
    theme = themes.current()
    made = QIcon()
    for mode, color in (
        (QIcon.Mode.Normal, theme.text),
        (QIcon.Mode.Active, theme.text),
        (QIcon.Mode.Disabled, theme.disabled),
        (QIcon.Mode.Selected, theme.on_accent),
    ):
        for size in _SIZES:
            made.addPixmap(pixmap(name, size, 1.0, color), mode)
    return made


class _HasIcon(Protocol):
    def setIcon(self, icon: QIcon) -> None: ...


class _IconKeeper(QObject):
    """Lives as a child of what it serves, so that it ends with it."""

    def __init__(self, target: QObject, name: str) -> None:
        super().__init__(target)
        self._name = name
        themes.changed.connect(self._refresh)
        self._refresh()

    def name(self) -> str:
        return self._name

    def rename(self, name: str) -> None:
        self._name = name
        self._refresh()

    def _refresh(self) -> None:
        target: _HasIcon = self.parent()  # type: ignore[assignment]
        target.setIcon(icon(self._name))


def keep_icon(target: QObject, name: str) -> None:
    """Give an action or a button this icon from now on, in every theme; calling it again changes the icon."""
    keeper = next((child for child in target.children() if isinstance(child, _IconKeeper)), None)
    if keeper is None:
        _IconKeeper(target, name)
    else:
        keeper.rename(name)
