"""The list of all steps of a pass with the play head; what is not reached yet is covered."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from playground.engine.asked import Asked
from playground.engine.passes import Step
from playground.ui.canvas.operations.words import short
from playground.ui.microscope.covers import COVERED
from playground.ui.microscope.equations import Ink, brief
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.step_words import STAGES
from playground.ui.microscope.written import color_of
from playground.ui.projector import number_size, projector, row_height, word_size
from playground.ui.theme import CONTROL, GRID, figure_font, font, themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box, draw_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()
_ROW, _WIDTH = 22, 176


class StepsModel(QAbstractListModel):
    """The given numbers, then every step of the pass."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self._count = 0

    def renew(self) -> None:
        """There may be another pass."""
        found = self.reader.found
        count = len(found.steps) + 1 if found is not None else 0
        if count != self._count:
            self.beginResetModel()
            self._count = count
            self.endResetModel()
        elif count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, 0))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """The steps, and their beginning."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What is done, and for a screen reader its number."""
        if role == Role.DisplayRole:
            return self.words(index.row())
        if role == Role.AccessibleTextRole:
            return f"{self.stage(index.row())} {self.words(index.row())} {self.figure(index.row())}".strip()
        return None

    def step(self, row: int) -> Step | None:
        """The step of a row; the first row has none."""
        return self.reader.found.steps[row - 1] if self.reader.found is not None and row else None

    def stage(self, row: int) -> str:
        """The stage of a row."""
        step = self.step(row)
        return tr(STAGES[step.kind]) if step is not None else ""

    def words(self, row: int) -> str:
        """What a step is about: P, L, ∂L/∂P, w."""
        step, found = self.step(row), self.reader.found
        if step is None or found is None:
            return tr("Start")
        if step.kind == "update":
            return tr("Update")
        one = found.instruction(step)
        if one is None:
            return "L" if step.kind == "loss" else "∂L/∂L" if found.samples == 1 else "1/n"
        symbol = self.reader.symbols.vector(one.output).text
        return symbol if step.kind == "forward" else f"∂L/∂{symbol}"

    def figure(self, row: int) -> str:
        """The number that the step is about; covered until it is reached."""
        step, found, reader = self.step(row), self.reader.found, self.reader
        if step is None or found is None or step.kind == "update":
            return ""
        one, hidden = found.instruction(step), reader.asking.hidden
        single = one is None or found.program.widths[one.output] == 1
        if row > reader.done or (single and self.asked(step) in hidden):
            return COVERED
        if one is None:
            sample = found.sample(reader.row, reader.symbols)
            return _few(sample.loss if step.kind == "loss" else 1.0 / found.samples)
        numbers = (found.trace.values if step.kind == "forward" else found.trace.gradients)[one.output][reader.row]
        return _few(float(numbers[0])) if numbers.size == 1 else tr("{count} values", count=numbers.size)

    def asked(self, step: Step) -> Asked:
        """Which number of the pass the figure is."""
        found = self.reader.found
        one = found.instruction(step) if found is not None else None
        if one is None:
            return Asked("loss" if step.kind == "loss" else "share")
        return Asked("value" if step.kind == "forward" else "arriving", (one.output, 0))

    def ink(self, row: int) -> Ink:
        """The colour of what flows."""
        step = self.step(row)
        return "gradient" if step is not None and step.kind in ("backward", "update") else "forward"


def _few(value: float) -> str:
    """A number in as few characters as a narrow list has room for."""
    found = brief(value)
    return found if len(found) <= 6 else short(value)


class _Rows(QStyledItemDelegate):
    """Paints a step: the play head, what it is about, its number."""

    def __init__(self, model: StepsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint in the theme of this moment."""
        theme, row, done = themes.current(), index.row(), self._model.reader.done
        rect = QRectF(option.rect).adjusted(1.0, 0.0, -1.0, 0.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if row == done or hovered:
            box(painter, rect, theme.chip if row == done else theme.hover(theme.surface), radius=6.0)
        if row == done and option.state & QStyle.StateFlag.State_HasFocus:
            box(painter, rect, None, theme.accent, radius=6.0, width=2.0)
        color = color_of(self._model.ink(row), theme)
        middle = rect.center().y()
        if row == done:
            # The play head: it points where values are going.
            back = self._model.ink(row) == "gradient"
            left, right = rect.left() + 7.0, rect.left() + 15.0
            tip, foot = (left, right) if back else (right, left)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            points = [QPointF(foot, middle - 4.5), QPointF(tip, middle), QPointF(foot, middle + 4.5)]
            painter.drawPolygon(QPolygonF(points))
        painter.setFont(font(word_size(CONTROL), bold=row == done))
        painter.setPen(theme.text if row <= done else theme.muted)
        words = rect.adjusted(22.0, 0.0, 0.0, 0.0)
        figure = self._model.figure(row)
        figures = figure_font(number_size(CONTROL), bold=False)
        room = int(words.width() - QFontMetricsF(figures).horizontalAdvance(figure) - 3 * GRID)
        text = painter.fontMetrics().elidedText(self._model.words(row), Qt.TextElideMode.ElideRight, room)
        draw_text(painter, words.left(), words, text)
        painter.setFont(figures)
        painter.setPen(color if row <= done else theme.muted)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(0.0, 0.0, -2.0 * GRID, 0.0), side, figure)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All are as high."""
        return QSize(100, row_height(_ROW))


class StepList(QListView):
    """The steps; a click or an arrow puts the play head there."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.steps = StepsModel(reader)
        self.steps.setParent(self)
        self.setModel(self.steps)
        self.setItemDelegate(_Rows(self.steps, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { border: 0; background: transparent; }")
        self._quiet = False
        projector.changed.connect(self._resize_type)
        self.selectionModel().currentChanged.connect(self._go)

    def renew(self) -> None:
        """Show the steps and the play head as they are now."""
        self._quiet = True
        self.steps.renew()
        here = self.steps.index(self._reader.done, 0)
        self.setCurrentIndex(here)
        self.scrollTo(here)
        self._quiet = False

    def _resize_type(self, _on: bool) -> None:
        """Rows are higher or lower from now on."""
        self.scheduleDelayedItemsLayout()
        self.scrollTo(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The play head stays in view."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def _go(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._quiet and current.isValid():
            self._reader.go_to(current.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose the unit."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self._reader.show_unit(self._reader.unit + (1 if event.key() == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)
