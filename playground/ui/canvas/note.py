"""A problem under its card: its sentence in a few lines, also as a tooltip, and the button that mends it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.document.check import Problem
from playground.ui.canvas import fonts, shape
from playground.ui.canvas.card import paint_mark
from playground.ui.theme import themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box

_BUTTON, _GAP, _INSET = 24.0, 4.0, 3.0
_MARK = 18.0
#: No note is wider than this, nor has more lines: the rest of a very long sentence is in its tooltip.
_WIDEST, _NARROW, _MOST_LINES = 208.0, 128.0, 6
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Note:
    """What a note says, worked out once; `button` is "" where there is no remedy."""

    node: str
    mark: str
    text: str
    button: str
    widest: float = _WIDEST

    def variants(self) -> Iterator[Note]:
        """From its full form to the smallest: without its button (the card's menu has the remedy too), then narrow."""
        yield self
        yield replace(self, widest=_NARROW)
        if self.button:
            for widest in (self.widest, _NARROW):
                yield replace(self, button="", widest=widest)

    @cached_property
    def size(self) -> tuple[float, float]:
        """Its width and height, in the fonts of the moment at which it was made."""
        words = self.words_rect()
        wide = words.right() + 4.0
        if self.button:
            wide = max(wide, self._button_width)
        return wide, words.bottom() + _INSET + (_GAP + _BUTTON if self.button else 0.0)

    @property
    def least_height(self) -> float:
        """None of its variants is lower."""
        return self.words_rect().bottom() + _INSET

    def words_rect(self) -> QRectF:
        """Where its sentence is, from its own top left corner: wrapped, with the first line beside the mark."""
        return QRectF(_words_rect(self.text, self.widest))

    @property
    def _button_width(self) -> float:
        return min(shape.text_width(self.button) + 20.0, self.widest)

    def button_rect(self) -> QRectF:
        """Where its button is, from its own top left corner; empty where there is none."""
        return QRectF(0.0, self.size[1] - _BUTTON, self._button_width, _BUTTON) if self.button else QRectF()


@lru_cache(maxsize=512)
def _words_rect(text: str, widest: float) -> QRectF:
    metrics = fonts.caption_metrics()
    room = QRectF(_MARK, _INSET, widest - _MARK - 4.0, _MOST_LINES * metrics.lineSpacing())
    words = metrics.boundingRect(room, _WRAPPED, text)
    width, height = min(math.ceil(words.width()) + 1.0, room.width()), min(words.height(), room.height())
    return QRectF(_MARK, _INSET, width, height)


def forget_fonts() -> None:
    """Measure again: the application's font has changed."""
    _words_rect.cache_clear()


def note_of(problem: Problem) -> Note:
    """The note of a problem that lies at a node."""
    button = tr(problem.remedy.label) if problem.remedy is not None else ""
    mark = "error" if problem.severity == "error" else "warning"
    return Note(problem.node or "", mark, tr(problem.message), button)


class NoteItem(QGraphicsItem):
    """Draws a note; the view hands it presses on its button."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        self.note = note
        self.hovered = False
        self._size = note.size
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(20.0)

    @property
    def rect(self) -> QRectF:
        """Its rectangle in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), *self._size)

    @property
    def button(self) -> QRectF:
        """Its button in the scene; empty where there is none."""
        rect = self.note.button_rect()
        return rect.translated(self.pos()) if not rect.isEmpty() else rect

    def set_hovered(self, hovered: bool) -> None:
        """Whether the pointer is on its button."""
        if hovered != self.hovered:
            self.hovered = hovered
            self.update()

    def boundingRect(self) -> QRectF:
        """The note."""
        return QRectF(-2.0, -2.0, self._size[0] + 4.0, self._size[1] + 4.0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        theme, note, width = themes.current(), self.note, self._size[0]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # On a ground of its own: wires may run behind it.
        words = note.words_rect()
        box(painter, QRectF(-2.0, 0.0, width + 4.0, words.bottom() + _INSET), theme.surface, radius=6.0)
        paint_mark(painter, QRectF(0.0, 2.5, 15.0, 15.0), note.mark, theme)
        painter.setFont(fonts.caption())
        painter.setPen(theme.error if note.mark == "error" else theme.warn)
        painter.drawText(words, _WRAPPED, note.text)
        if note.button:
            rect = note.button_rect()
            box(painter, rect, theme.hover(theme.chip) if self.hovered else theme.chip, radius=7.0)
            painter.setPen(theme.accent)
            metrics = fonts.caption_metrics()
            text = metrics.elidedText(note.button, Qt.TextElideMode.ElideRight, rect.width() - 16.0 + 0.5)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
