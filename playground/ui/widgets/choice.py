"""One of several from a list that opens, and boxes to tick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QVBoxLayout, QWidget

from playground.document.fields import Field
from playground.ui.icons import draw_icon
from playground.ui.theme import TARGET, themes
from playground.ui.translation import feature_text, language_changed, tr
from playground.ui.widgets.painting import box, draw_text, keeps_key, painter_on


class DropDown(QComboBox):
    """A list that opens, in our look; the wheel turns it only where the focus is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(self.itemText(row)) for row in range(self.count())), default=0.0)
        return QSize(round(widest) + 40, TARGET + 4)

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return QSize(72, TARGET + 4)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the shortcuts of the window."""
        return keeps_key(event, arrows=True) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the value, but only where the focus is."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        rect = QRectF(self.rect())
        focused = self.hasFocus() and self.isEnabled()
        edge = theme.accent if focused else theme.muted if self.underMouse() else theme.edge
        if not self.isEnabled():
            edge = theme.line
        box(
            painter,
            rect,
            theme.surface if self.isEnabled() else theme.bg,
            edge,
            radius=6,
            width=2.0 if focused else 1.0,
        )
        words = theme.text if self.isEnabled() else theme.disabled
        painter.setFont(self.font())
        painter.setPen(words)
        room = rect.width() - 34.0
        text = painter.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, int(room))
        draw_text(painter, 9.0, rect, text)
        draw_icon(painter, "down", QRectF(rect.right() - 20.0, rect.center().y() - 6.0, 12.0, 12.0), words)
        painter.end()


class Choice(DropDown):
    """One of a catalog field's choices. `value_changed` carries its key, only when the user chose."""

    value_changed = Signal(object)

    def __init__(self, field: Field, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        for key, label in field.choices:
            self.addItem(tr(label), key)
        self._value: str = field.default
        self.activated.connect(self._take)
        language_changed.connect(self.retranslate)
        self.retranslate()
        self.set_value(field.default)

    def value(self) -> str:
        """The key of the choice."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show a choice that came from elsewhere, without a signal; one that is not on the list stays unshown."""
        self._value = value
        self.setCurrentIndex(self.findData(value))

    def retranslate(self) -> None:
        """Say all choices in the language of the window."""
        self.setAccessibleName(tr(self._field.label))
        self.setAccessibleDescription(tr(self._field.help))
        self.setToolTip(tr(self._field.help))
        for row, (_key, label) in enumerate(self._field.choices):
            self.setItemText(row, tr(label))

    def _take(self, row: int) -> None:
        key = self.itemData(row)
        if key != self._value:
            self._value = key
            self.value_changed.emit(key)


class TickBox(QCheckBox):
    """A box to tick with its words to the right."""

    def __init__(self, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        return QSize(round(QFontMetricsF(self.font()).horizontalAdvance(self.text()) + 0.49) + 30, TARGET)

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        """The words switch too."""
        return True

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the shortcuts of the window."""
        return keeps_key(event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        rect = QRectF(self.rect())
        square = QRectF(3.0, rect.center().y() - 8.0, 16.0, 16.0)
        if self.isChecked():
            ground = theme.accent if self.isEnabled() else theme.edge
            box(painter, square, theme.hover(ground) if self.underMouse() else ground, radius=4)
            draw_icon(painter, "check", square.adjusted(1.0, 1.0, -1.0, -1.0), theme.on_accent)
        else:
            edge = theme.muted if self.underMouse() else theme.edge
            box(painter, square, theme.surface if self.isEnabled() else theme.bg, edge, radius=4)
        if self.hasFocus():
            box(painter, square.adjusted(-3.0, -3.0, 3.0, 3.0), None, theme.accent, radius=6, width=2.0)
        painter.setFont(self.font())
        painter.setPen(theme.text if self.isEnabled() else theme.disabled)
        draw_text(painter, 27.0, rect, self.text())
        painter.end()


class FeatureList(QWidget):
    """Which features the network sees, in the order of the list; at least one stays ticked.

    `value_changed` carries the tuple of names; `problem_changed` the reason why the last one stays.
    """

    value_changed = Signal(object)
    problem_changed = Signal(str)

    def __init__(self, field: Field, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._boxes: dict[str, TickBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._value: tuple[str, ...] = tuple(field.default)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_available(self._value)
        language_changed.connect(self.retranslate)
        self.retranslate()

    def available(self) -> tuple[str, ...]:
        """The names on the list."""
        return tuple(self._boxes)

    def set_available(self, names: Iterable[str]) -> None:
        """List these; a name that is chosen but not among them is listed at the end, so that it can be taken away."""
        wanted = tuple(dict.fromkeys((*names, *self._value)))
        if wanted == tuple(self._boxes):
            return
        for tick in self._boxes.values():
            self._column.removeWidget(tick)
            tick.hide()
            tick.deleteLater()
        self._boxes = {}
        for name in wanted:
            tick = TickBox(feature_text(name))
            tick.clicked.connect(lambda _checked=False, name=name: self._take(name))
            self._boxes[name] = tick
            self._column.addWidget(tick)
            tick.show()
        self._show()

    def value(self) -> tuple[str, ...]:
        """The features chosen."""
        return self._value

    def set_value(self, value: Sequence[str]) -> None:
        """Show features that came from elsewhere, without a signal."""
        self._value = tuple(value)
        self.set_available(self._boxes)
        self._show()

    def retranslate(self) -> None:
        """Say the name in the language of the window."""
        self.setAccessibleName(tr(self._field.label))
        self.setToolTip(tr(self._field.help))

    def _take(self, name: str) -> None:
        chosen = tuple(other for other, tick in self._boxes.items() if tick.isChecked())
        if not chosen:
            self._boxes[name].setChecked(True)
            self.problem_changed.emit(tr("The network needs at least one feature."))
            return
        self._value = chosen
        self.problem_changed.emit("")
        self.value_changed.emit(chosen)

    def _show(self) -> None:
        for name, tick in self._boxes.items():
            tick.setChecked(name in self._value)
