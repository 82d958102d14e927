"""The palette, "Place on the canvas": rows to be dragged, double-clicked, or pressed by Enter or Space.

A newcomer meets a layer and three activations, and Input and Loss until the canvas has both; the rest opens under More
and stays as it was left. In a narrow window the rows are icons.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.canvas.commands import CanvasCommands
from playground.ui.canvas.placeable import ONCE, Row, rows_for, to_mime
from playground.ui.icons import draw_icon
from playground.ui.session import Session
from playground.ui.theme import CAPTION, CONTROL, GRID, caption_font, font, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.card import Card
from playground.ui.widgets.chip import TextButton
from playground.ui.widgets.painting import box, draw_text, focus_ring, painter_on

_HEIGHT, _ICON = 40, 22
_COMPACT = QSize(44, 36)
_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PaletteRow(QWidget):
    """One row: icon, name, formula. `chosen` tells that it was double-clicked or pressed by key."""

    chosen = Signal(object)

    def __init__(self, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._compact = False
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.retranslate()

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone."""
        self._compact = compact
        policy = QSizePolicy.Policy.Fixed if compact else QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.updateGeometry()
        self.update()

    def offer(self, offered: bool) -> None:
        """Whether it can be placed; a network has one Input and one Loss."""
        if offered != self.isEnabled():
            self.setEnabled(offered)
            self.setCursor(Qt.CursorShape.OpenHandCursor if offered else Qt.CursorShape.ArrowCursor)
            self.retranslate()

    def retranslate(self) -> None:
        """Say the name in the language of the window."""
        said = tr(self.row.description) if self.isEnabled() else tr("The network has one already.")
        self.setAccessibleName(tr("Place {node}", node=self.row.label))
        self.setAccessibleDescription(said)
        self.setToolTip(f"{tr(self.row.label)}  {self.row.hint}\n{said}")
        self.update()

    def sizeHint(self) -> QSize:
        """An icon, or all of it."""
        if self._compact:
            return _COMPACT
        words = QFontMetricsF(font(CONTROL)).horizontalAdvance(tr(self.row.label))
        hint = QFontMetricsF(caption_font()).horizontalAdvance(self.row.hint)
        return QSize(round(words + hint) + _ICON + 56, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The icon is always seen."""
        return QSize(_COMPACT.width(), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Space and Enter are the row's own while it has the focus, not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in _PRESSING:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space add; the arrows go from row to row."""
        if event.key() in _PRESSING and not event.isAutoRepeat():
            self.chosen.emit(self.row)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the beginning of a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the row away."""
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if (event.position().toPoint() - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        drag = QDrag(self)
        drag.setMimeData(to_mime(self.row))
        picture = self.picture()
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(12, 12))
        drag.exec(Qt.DropAction.CopyAction)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It was only a click."""
        self._pressed_at = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Add it where it is expected."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.row)

    def picture(self) -> QPixmap:
        """What hangs at the pointer during a drag: the icon on a small card."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(round(36 * ratio), round(36 * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        theme, painter = themes.current(), QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(0.0, 0.0, 36.0, 36.0), theme.surface, theme.accent)
        draw_icon(painter, self.row.name, QRectF(7.0, 7.0, 22.0, 22.0), theme.accent)
        painter.end()
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme, painter = themes.current(), painter_on(self)
        rect = QRectF(self.rect()).adjusted(1.0, 2.0, -1.0, -2.0)
        enabled = self.isEnabled()
        hovered = self.underMouse() and enabled
        ground = theme.hover(theme.surface) if hovered else theme.surface
        box(painter, rect, ground, theme.edge if hovered else theme.line)
        if self.hasFocus():
            focus_ring(painter, rect, theme, ground)
        left = (self.width() - _ICON) / 2.0 if self._compact else 11.0
        icon = QRectF(left, rect.center().y() - _ICON / 2.0, _ICON, _ICON)
        draw_icon(painter, self.row.name, icon, theme.accent if enabled else theme.disabled)
        if not self._compact:
            painter.setFont(font(CONTROL))
            painter.setPen(theme.text if enabled else theme.disabled)
            draw_text(painter, icon.right() + 11.0, rect, tr(self.row.label))
            end = icon.right() + 11.0 + painter.fontMetrics().horizontalAdvance(tr(self.row.label))
            painter.setFont(caption_font())
            painter.setPen(theme.muted if enabled else theme.disabled)
            start = rect.right() - 11.0 - painter.fontMetrics().horizontalAdvance(self.row.hint)
            if start > end + 8.0:
                draw_text(painter, start, rect, self.row.hint)
        painter.end()


class Palette(Card):
    """What can be placed; a canvas that is given adds what is chosen.

    `chosen` carries a `Row`; `more_changed` tells that the user opened or closed More here.
    """

    chosen = Signal(object)
    more_changed = Signal(bool)

    def __init__(self, session: Session, canvas: CanvasCommands | None = None, parent: QWidget | None = None) -> None:
        super().__init__(framed=False, parent=parent)
        if canvas is not None:
            self.chosen.connect(canvas.add)
        self._session = session
        self._more = False
        self._compact = False
        self._rows: list[PaletteRow] = []
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(GRID)
        self._hint = QLabel(inner)
        self._hint.setFont(font(CAPTION))
        self._hint.setWordWrap(True)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._list.addWidget(self._hint)
        self._list.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for area in (inner, self.area.viewport()):
            area.setAutoFillBackground(False)
        self._more_button = TextButton(parent=self)
        self._more_button.clicked.connect(lambda: self._open(not self._more))
        self.header.addWidget(self._more_button)
        self.body.addWidget(self.area, 1)
        session.document_changed.connect(self._refresh)
        themes.changed.connect(self.update)
        language_changed.connect(self.retranslate)
        self.retranslate()

    @property
    def more(self) -> bool:
        """Whether all rows are shown."""
        return self._more

    def set_more(self, more: bool) -> None:
        """Show all rows, or a newcomer's: as it was left last time."""
        if more != self._more:
            self._more = more
            self.retranslate()

    def set_compact(self, compact: bool) -> None:
        """Icons alone, for a narrow window."""
        self._compact = compact
        self.retranslate()

    def rows(self) -> tuple[PaletteRow, ...]:
        """The rows shown, in order."""
        return tuple(self._rows)

    def sizeHint(self) -> QSize:
        """As tall as all rows are, where there is room."""
        width = _COMPACT.width() + 8 if self._compact else 184
        return QSize(width, len(self._rows) * (self._row_height() + GRID) + (36 if self._compact else 68))

    def minimumSizeHint(self) -> QSize:
        """A few rows; the others are scrolled to."""
        return QSize(_COMPACT.width() + 8 if self._compact else 148, 3 * (self._row_height() + GRID) + 36)

    def _row_height(self) -> int:
        return _COMPACT.height() if self._compact else _HEIGHT

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.set_title("" if self._compact else tr("Place on the canvas"))
        self.setAccessibleName(tr("Place on the canvas"))
        words = tr("Less") if self._more else tr("More")
        self._more_button.setText("" if self._compact else words)
        self._more_button.set_icon("more" if self._compact else None)
        self._more_button.rename(tr("Show fewer kinds") if self._more else tr("Show all kinds"))
        self._hint.setText(tr("Drag, double-click, or type a name on the canvas"))
        self._hint.setVisible(not self._compact)
        self._refresh()
        for row in self._rows:
            self._shape(row)
            row.retranslate()
        self.updateGeometry()

    def _open(self, more: bool) -> None:
        self.set_more(more)
        self.more_changed.emit(more)

    def _refresh(self, *documents: object) -> None:
        """Show the rows that are of use now."""
        kinds = {node.kind for node in self._session.document.network.nodes}
        self._show_rows(rows_for(kinds, self._more))
        for row in self._rows:
            row.offer(row.row.kind not in ONCE or row.row.kind not in kinds)

    def _show_rows(self, wanted: tuple[Row, ...]) -> None:
        if [row.row.name for row in self._rows] == [row.name for row in wanted]:
            return
        kept = {row.row.name: row for row in self._rows}
        for name, row in kept.items():
            if name not in {row.name for row in wanted}:
                self._list.removeWidget(row)
                row.hide()
                row.deleteLater()
        self._rows = []
        for place, placeable in enumerate(wanted):
            row = kept.get(placeable.name) or self._made(placeable)
            self._list.insertWidget(place, row)
            self._shape(row)
            self._rows.append(row)
        for before, after in zip(self._rows, self._rows[1:], strict=False):
            QWidget.setTabOrder(before, after)
        self.updateGeometry()

    def _shape(self, row: PaletteRow) -> None:
        """As wide as the list, or an icon in its middle."""
        row.set_compact(self._compact)
        self._list.setAlignment(row, Qt.AlignmentFlag.AlignHCenter if self._compact else Qt.AlignmentFlag(0))

    def _made(self, placeable: Row) -> PaletteRow:
        row = PaletteRow(placeable)
        row.chosen.connect(self.chosen)
        return row
