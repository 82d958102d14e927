"""Flat buttons: the chip, the primary button that a view has at most one of, and words with an arrow."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from playground.ui.icons import draw_icon
from playground.ui.theme import CONTROL, TARGET, Theme, font, themes
from playground.ui.widgets.painting import box, draw_text, focus_ring, ground_of, keeps_key, painter_on

_ICON, _GAP, _ARROW = 16, 6, 12


class Chip(QPushButton):
    """A flat button: words, an icon, or both; with `arrow` (or a menu) it points down.

    A checkable chip that is checked is filled with the accent. Without words a `name` is needed, which a screen reader
    says and the tooltip shows. It takes the focus by Tab, not by a click, so that the canvas keeps the keyboard.
    """

    padding = 14
    height_inside = 28
    bold = False

    def __init__(
        self,
        text: str = "",
        *,
        icon: str | None = None,
        name: str = "",
        arrow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._arrow = arrow
        self._reserved: tuple[str, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(font(CONTROL, bold=self.bold))
        if name:
            self.rename(name)

    def rename(self, name: str) -> None:
        """The words for a chip that shows only an icon."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str | None) -> None:
        """Show another icon (a name from `icons.GLYPHS`), or none."""
        if icon != self._icon:
            self._icon = icon
            self.updateGeometry()
            self.update()

    def icon_name(self) -> str | None:
        """The icon shown now."""
        return self._icon

    def reserve(self, texts: Iterable[str]) -> None:
        """Keep room for the widest of these, so that nothing jumps when the words change."""
        self._reserved = tuple(texts)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        metrics = QFontMetricsF(self.font())
        words = max(metrics.horizontalAdvance(text) for text in (self.text(), *self._reserved))
        parts = [part for part in (_ICON if self._icon else 0.0, words, self._arrow_width()) if part]
        side = 2 * (self.padding if words else 6)
        width = sum(parts) + _GAP * max(0, len(parts) - 1) + side
        return QSize(max(round(width + 0.49), self.height_inside), max(self.height_inside, TARGET))

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the shortcuts of the window."""
        return keeps_key(event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        rect = QRectF(self.rect())
        ground, words = self._colors(theme)
        if ground is not None:
            box(painter, rect, ground)
        if self.hasFocus():
            focus_ring(painter, rect, theme, ground)
        painter.setFont(self.font())
        painter.setPen(words)
        width = painter.fontMetrics().horizontalAdvance(self.text())
        parts = [part for part in (_ICON if self._icon else 0, width, self._arrow_width()) if part]
        left = rect.center().x() - (sum(parts) + _GAP * max(0, len(parts) - 1)) / 2.0
        if self._icon:
            draw_icon(painter, self._icon, QRectF(left, rect.center().y() - _ICON / 2.0, _ICON, _ICON), words)
            left += _ICON + _GAP
        if width:
            draw_text(painter, left, rect, self.text())
            left += width + _GAP
        if self._arrow_width():
            draw_icon(painter, "down", QRectF(left, rect.center().y() - _ARROW / 2.0, _ARROW, _ARROW), words)
        painter.end()

    def _arrow_width(self) -> int:
        return _ARROW if self._arrow or self.menu() is not None else 0

    def _colors(self, theme: Theme) -> tuple[QColor | None, QColor]:
        """Ground (None: what lies behind) and words."""
        if not self.isEnabled():
            return theme.chip, theme.disabled
        if self.isChecked():
            return ground_of(self, theme.accent), theme.on_accent
        return ground_of(self, theme.chip), theme.text


class PrimaryButton(Chip):
    """The one thing to press next: filled with the accent."""

    padding = 18
    height_inside = 32
    bold = True

    def _colors(self, theme: Theme) -> tuple[QColor | None, QColor]:
        if not self.isEnabled():
            return theme.chip, theme.disabled
        return ground_of(self, theme.accent), theme.on_accent


class TextButton(Chip):
    """Words in the accent without a ground: "More" with its arrow, an action inside a sentence."""

    padding = 6
    height_inside = 24
    bold = True

    def _colors(self, theme: Theme) -> tuple[QColor | None, QColor]:
        if not self.isEnabled():
            return None, theme.disabled
        resting = not (self.underMouse() or self.isDown() or self.isChecked())
        return (None if resting else ground_of(self, theme.chip)), theme.accent
