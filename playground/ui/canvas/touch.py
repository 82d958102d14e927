"""Touching weights and biases: what the pointer is told of them, a drag that changes one, a field to type into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.document.fields import Field
from playground.messages import message
from playground.ui.canvas.gesture import Gesture
from playground.ui.canvas.hits import NOTHING, Hit
from playground.ui.canvas.numbers import Line, lines_of, number_at, parameter
from playground.ui.hand import LARGEST
from playground.ui.theme import CONTROL, caption_font, figure_font, font, themes
from playground.ui.undo import ParameterCommand
from playground.ui.widgets.number_field import NumberField
from playground.ui.widgets.painting import box

if TYPE_CHECKING:
    from playground.ui.canvas.view import CanvasView

#: How far a weight changes for each pixel that the pointer goes up, and with Shift.
_STEP, _FINE = 0.02, 0.002
_PAD, _GAP = 8, 14
_FIELD = QSize(116, 28)
#: So many digits of a number are offered to be typed over; it keeps all it has where none is typed.
_DIGITS = 6


class PointerCard(QWidget):
    """A few lines beside the pointer: a weight's value and gradient, a unit's equation."""

    def __init__(self, room: QWidget) -> None:
        super().__init__(room)
        self._room = room
        self._lines: tuple[Line, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return "\n".join(line.text for line in self._lines)

    def say(self, lines: tuple[Line, ...], at: QPoint | None = None) -> None:
        """Say it beside a point of the room; without lines be gone. Figures do not make it jump."""
        self.setVisible(bool(lines))
        if lines == self._lines and at is None:
            return
        self._lines = lines
        if not lines:
            return
        metrics = [QFontMetrics(_font(line)) for line in lines]
        width = max(one.horizontalAdvance(line.text) for one, line in zip(metrics, lines, strict=True)) + 2 * _PAD
        width = -(-width // 16) * 16
        self.resize(min(width, self._room.width() - 8), sum(one.height() + 2 for one in metrics) + 2 * _PAD - 4)
        if at is not None:
            room = self._room.rect()
            left = at.x() + _GAP if at.x() + _GAP + self.width() < room.width() else at.x() - _GAP - self.width()
            top = at.y() - _GAP - self.height() if at.y() - _GAP - self.height() > 4 else at.y() + _GAP
            self.move(max(4, left), max(4, min(top, room.height() - self.height() - 4)))
        self.setAccessibleName(self.text())
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A small card with an accent outline, as everything that can be pressed has."""
        theme = themes.current()
        colors = {"text": theme.text, "muted": theme.muted, "gradient": theme.gradient}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), theme.surface, theme.accent)
        top = float(_PAD - 2)
        for line in self._lines:
            painter.setFont(_font(line))
            height = QFontMetrics(_font(line)).height() + 2
            painter.setPen(colors[line.color])
            painter.drawText(
                QRectF(_PAD, top, self.width() - 2 * _PAD, height), Qt.AlignmentFlag.AlignVCenter, line.text
            )
            top += height
        painter.end()


def _font(line: Line):  # type: ignore[no-untyped-def]
    if line.color == "muted":
        return caption_font()
    return figure_font(CONTROL, bold=True) if line.strong else figure_font(CONTROL, bold=False)


class Pointed:
    """What the pointer is at, and what is said of it while it stays.

    Attributes:
        held: the weight or bias to which the keyboard has walked, until the pointer or the selection goes elsewhere.
    """

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.card = PointerCard(view.viewport())
        self.held: Hit | None = None
        # Whether somebody is asked for a gradient: none is told here meanwhile.
        self.covered = False
        self._hit = NOTHING
        self._dragged: float | None = None
        view.session.reading.connect(lambda _snapshot: self.renew())
        view.session.selection_changed.connect(lambda _selection: self._selected())

    def hold(self, hit: Hit, point: QPointF) -> None:
        """The keyboard is at a weight or bias, which is at a point of the scene."""
        self.at(hit, point)
        self.held = hit
        self._view.speak(", ".join(" ".join(line.text.split()) for line in self._lines() if line.color != "muted"))

    def drag(self, hit: Hit, value: float, point: QPointF) -> None:
        """The pointer drags a number, which is this now: the card goes along with it."""
        self.at(hit, None)
        self._dragged = value
        self.card.say(self._lines(), self._view.mapFromScene(point))

    def hush(self) -> None:
        """Say nothing more of what the pointer is at."""
        self.card.say(())

    def say_again(self, hit: Hit, point: QPointF) -> None:
        """Say it again, if that is still what the pointer or the keyboard is at."""
        if self._hit == hit:
            self.card.say(self._lines(), self._view.mapFromScene(point))

    def _selected(self) -> None:
        if self.held is not None and self.held.node not in self._view.session.selection:
            self.at(NOTHING, None)

    def at(self, hit: Hit, point: QPointF | None) -> None:
        """The pointer is at a thing, at a point of the scene."""
        view, before = self._view, self._hit
        self._hit, self._dragged = hit, None
        if hit != self.held:
            self.held = None
        lit = (hit.wire, (hit.index[0], hit.index[1])) if hit.part == "weight" and hit.wire is not None else None
        view.canvas_scene.wires.light(lit)
        unit = (hit.node, hit.index[0]) if hit.part == "unit" else None
        was = (before.node, before.index[0]) if before.part == "unit" else None
        if unit != was:
            self._lit(was, None)
            self._lit(unit, unit[1] if unit else None)
            view.unit_hovered.emit(unit)
        if hit != before:
            at = view.mapFromScene(point) if point is not None else None
            self.card.say(self._lines(), at)

    def _lit(self, unit: tuple[str, int] | None, lit: int | None) -> None:
        card = self._view.canvas_scene.cards.get(unit[0]) if unit is not None else None
        if card is not None:
            card.live.lit = lit
            card.live.update()

    def renew(self) -> None:
        """Its numbers are others now."""
        if self._hit.part in ("weight", "bias", "unit") and self.card.isVisible():
            self.card.say(self._lines())

    def _lines(self) -> tuple[Line, ...]:
        view = self._view
        network, faces = view.session.document.network, view.canvas_scene.faces
        lines = lines_of(self._hit, network, faces, view.session.snapshot, self._dragged)
        return tuple(line for line in lines if not (self.covered and line.color == "gradient"))

    def set_covered(self, covered: bool) -> None:
        """Tell no gradient, or tell them again."""
        self.covered = covered
        self.renew()


class NumberGesture(Gesture):
    """Press a weight or a bias: a click types a value, a drag up or down changes it, Esc puts it back."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, view: CanvasView, start: QPointF, hit: Hit) -> None:
        super().__init__(view, start)
        self._canvas, self._hit = view, hit
        self.name, self.index = parameter(hit)
        snapshot = view.session.snapshot
        self.value = number_at(snapshot, snapshot.values if snapshot else None, self.name, self.index)
        self._last: QPoint | None = None
        view.pointed.hush()
        if hit.wire is not None:
            view.select_wire(hit.wire)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Up makes it larger; its effect is seen at once."""
        if self.value is None or (self._last is None and not self.started(point)):
            return
        now = self.view.mapFromScene(point)
        before = self._last if self._last is not None else self.view.mapFromScene(self.start)
        self._last = now
        step = _FINE if modifiers & Qt.KeyboardModifier.ShiftModifier else _STEP
        value = round(self.value + step * (before.y() - now.y()), 6)
        self.value = min(max(value, -LARGEST), LARGEST)
        self.view.session.set_parameter(self.name, self.index, self.value, self)
        self._canvas.pointed.drag(self._hit, self.value, point)

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Without a drag it was a click."""
        if self._last is None and self.value is not None:
            self._canvas.type_number(self._hit, point)

    def cancel(self) -> None:
        """The number is what it was, unless its step has been taken back already."""
        stack = self.view.session.undo_stack
        last = stack.command(stack.index() - 1) if stack.index() else None
        if isinstance(last, ParameterCommand) and last.gesture is self:
            stack.undo()


class ValueField(NumberField):
    """Enter sets what is typed, Esc leaves it; it goes when the focus does."""

    def __init__(self, view: CanvasView, hit: Hit, at: QPoint) -> None:
        label = message("Value of the weight") if hit.part == "weight" else message("Value of the bias")
        super().__init__(Field("value", label, "float", 0.0, -LARGEST, LARGEST), parent=view.viewport())
        self._view, self._hit, self._at = view, hit, view.mapToScene(at)
        name, index = parameter(hit)
        snapshot = view.session.snapshot
        number = number_at(snapshot, snapshot.values if snapshot else None, name, index)
        self.set_value(None if number is None else float(f"{number:.{_DIGITS}g}"))
        room = view.viewport().rect()
        left = min(max(at.x() - _FIELD.width() // 2, 4), room.width() - _FIELD.width() - 4)
        self.setGeometry(left, min(max(at.y() - _FIELD.height() // 2, 4), room.height() - _FIELD.height() - 4),
                         _FIELD.width(), _FIELD.height())  # fmt: skip
        self.setFont(font())
        self.value_changed.connect(self._set)
        self.returnPressed.connect(self._enter)
        self.problem_changed.connect(self._say_problem)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set(self, value: float) -> None:
        self._view.session.set_parameter(*parameter(self._hit), float(value))

    def _enter(self) -> None:
        self.commit()
        if not self.problem():
            self.leave()

    def _say_problem(self, text: str) -> None:
        self._view.say(text, self._view.mapToScene(self.geometry().bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the number as it was; no key reaches the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self._set_problem(None)
            self._show()
            self.leave()
            return
        super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Leaving it takes what was typed."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._set_problem(None)
            self.hide()
            self.deleteLater()

    def leave(self) -> None:
        """The canvas has the keys again, and tells the number as it is now."""
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.pointed.say_again(self._hit, self._at)
