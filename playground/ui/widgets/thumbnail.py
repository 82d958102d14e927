"""Data as small pictures of its real points, of which one is chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QSizePolicy, QWidget

from playground.data.table import Table
from playground.ui.icons import draw_marker
from playground.ui.theme import CAPTION, GRID, font, themes
from playground.ui.widgets.painting import box, focus_ring, keeps_key, painter_on

SIDE = 56
_CAPTION_LINES = 2
_MOST_POINTS = 64
_WIDTH = 64


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points for a small picture: `places` [points, 2] from 0 to 1 with y upwards, `classes` [points]."""

    places: NDArray[np.float64]
    classes: NDArray[np.int64]


def cloud_of(table: Table) -> Cloud:
    """A few evenly chosen rows of a table: two columns as they are, one against the target, many from their best side.

    A value to be predicted is drawn in two marks: below and above its median.
    """
    rows = np.unique(np.linspace(0, len(table.targets) - 1, _MOST_POINTS).round().astype(np.int64))
    features, targets = table.features[rows], table.targets[rows]
    classes = (targets if table.task != "regression" else targets > np.median(targets)).astype(np.int64)
    if features.shape[1] == 1:
        places = np.column_stack([features[:, 0], targets])
    elif features.shape[1] == 2:
        places = features
    else:
        places = _best_side(features, classes)
    if table.extent is not None and features.shape[1] == 2:
        low, high = np.array(table.extent, dtype=np.float64).T
    else:
        # A few far points must not press the rest into a corner.
        low, high = np.percentile(places, 2, axis=0), np.percentile(places, 98, axis=0)
    spread = np.where(high > low, high - low, 1.0)
    return Cloud(np.clip((places - low) / spread, 0.0, 1.0), classes)


def _best_side(features: NDArray[np.float64], classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Rows of many columns seen from where they spread most, [rows, 2]: two principal directions of their ranks.

    Ranks, because columns of a real table are mostly zeros with a few huge values.
    """
    ordered = np.sort(features, axis=0)
    ranks = np.column_stack(
        [
            np.searchsorted(ordered[:, k], features[:, k]) + np.searchsorted(ordered[:, k], features[:, k], "right")
            for k in range(features.shape[1])
        ]
    ).astype(np.float64)
    ranks -= ranks.mean(axis=0)
    spread = ranks.std(axis=0)
    ranks /= np.where(spread > 0.0, spread, 1.0)
    places: NDArray[np.float64] = ranks @ np.linalg.svd(ranks, full_matrices=False)[2][:2].T
    # The direction of a principal axis is arbitrary: the last class goes to the upper right.
    last = places[classes == classes.max()].mean(axis=0)
    return places * np.where(last < 0.0, -1.0, 1.0)


class Thumbnail(QPushButton):
    """One set of data: its points, and its name below. Squares and circles as everywhere."""

    def __init__(self, key: str, name: str, cloud: Cloud | None = None, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._cloud = cloud
        self.setCheckable(True)
        self.setFont(font(CAPTION))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.rename(name)

    def rename(self, name: str) -> None:
        """Another name (the language changed)."""
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def set_cloud(self, cloud: Cloud) -> None:
        """Show other points."""
        self._cloud = cloud
        self.update()

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        line = QFontMetricsF(self.font()).lineSpacing()
        return QSize(_WIDTH, round(SIDE + 4 + _CAPTION_LINES * line))

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the shortcuts of the window."""
        return keeps_key(event, arrows=True) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys of this control."""
        group = self.parentWidget()
        if isinstance(group, ThumbnailGroup) and group.key_pressed(event.key()):
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        square = QRectF(0.0, 0.0, SIDE, SIDE)
        chosen = self.isChecked()
        edge = theme.accent if chosen else theme.edge if self.underMouse() and self.isEnabled() else theme.line
        box(painter, square, theme.surface, edge, width=2.0 if chosen else 1.0)
        if self.hasFocus():
            focus_ring(painter, square.adjusted(3.0, 3.0, -3.0, -3.0), theme, theme.surface, radius=5)
        if self._cloud is not None:
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            inner = square.adjusted(6.0, 6.0, -6.0, -6.0)
            for (x, y), kind in zip(self._cloud.places.tolist(), self._cloud.classes.tolist(), strict=True):
                mark = theme.classes[kind % len(theme.classes)]
                place = QPointF(inner.left() + x * inner.width(), inner.bottom() - y * inner.height())
                draw_marker(painter, mark.marker, place, 3.6, mark.color)
            painter.setOpacity(1.0)
        painter.setFont(self.font())
        words = theme.text if chosen else theme.muted
        painter.setPen(words if self.isEnabled() else theme.disabled)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        name = self.accessibleName()
        # In the middle of the picture where the words let it, else in all the room there is.
        widest = max(painter.fontMetrics().horizontalAdvance(word) for word in name.split() or [""])
        width = SIDE if widest <= SIDE else self.width()
        painter.drawText(QRectF(0.0, SIDE + 3.0, width, self.height() - SIDE - 3.0), flags, name)
        painter.end()


class ThumbnailGroup(QWidget):
    """Thumbnails in a grid, of which one (or none yet) is chosen. One Tab stop; arrows, Home and End move and choose.

    `chosen` carries the key, also when the chosen one is pressed again (to load it afresh).
    """

    chosen = Signal(str)

    def __init__(self, name: str, *, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._columns = columns
        self._tiles: list[Thumbnail] = []
        self._offered: list[Thumbnail] = []
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add(self, tile: Thumbnail) -> None:
        """Put one more into the grid."""
        self._tiles.append(tile)
        self._offered.append(tile)
        self._group.addButton(tile)
        self._arrange()
        tile.clicked.connect(lambda _checked=False: self._choose(tile))
        self._one_stop()

    def tiles(self) -> Iterable[Thumbnail]:
        """All thumbnails in order."""
        return tuple(self._tiles)

    def choice(self) -> str | None:
        """The key of the chosen one."""
        return next((tile.key for tile in self._tiles if tile.isChecked()), None)

    def set_choice(self, key: str | None) -> None:
        """Show that one as chosen, without a signal; none where the key is not in the grid (a table, say)."""
        self._group.setExclusive(False)
        for tile in self._tiles:
            tile.setChecked(tile.key == key)
        self._group.setExclusive(True)
        self._one_stop()

    def set_columns(self, columns: int) -> None:
        """Lay the grid out in so many columns (the side got narrower or wider)."""
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def offer(self, keys: Collection[str]) -> None:
        """Show those alone, side by side."""
        self._offered = [tile for tile in self._tiles if tile.key in keys]
        for tile in self._tiles:
            tile.setVisible(tile.key in keys)
        self._arrange()

    def _arrange(self) -> None:
        for place, tile in enumerate(self._offered):
            self._grid.addWidget(tile, place // self._columns, place % self._columns)

    def key_pressed(self, key: int) -> bool:
        """Move by a key; whether it was one that moves."""
        tiles = self._offered
        here = next((place for place, tile in enumerate(tiles) if tile.hasFocus()), 0)
        last = len(tiles) - 1
        moves = {
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Down: here + self._columns,
            Qt.Key.Key_Up: here - self._columns,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        there = moves.get(Qt.Key(key))
        if there is None:
            return False
        if 0 <= there <= last and there != here:
            tile = tiles[there]
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            tile.setFocus(Qt.FocusReason.TabFocusReason)
            self._choose(tile)
        return True

    def _choose(self, tile: Thumbnail) -> None:
        self.set_choice(tile.key)
        self.chosen.emit(tile.key)

    def _one_stop(self) -> None:
        stop = next((tile for tile in self._tiles if tile.isChecked()), self._tiles[0] if self._tiles else None)
        for tile in self._tiles:
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tile is stop else Qt.FocusPolicy.ClickFocus)
