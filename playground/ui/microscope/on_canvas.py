"""What the microscope shows on the canvas: the play head, values and gradients that are reached, the rest covered."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from playground.engine.asked import Asked
from playground.engine.details import backward_at, loss_backward_at
from playground.engine.formulas import is_number
from playground.engine.passes import Pass, Step
from playground.ui.canvas.area import CanvasArea
from playground.ui.canvas.operations.graph import Graph
from playground.ui.canvas.view import CanvasView
from playground.ui.microscope.canvas_covers import asked_covers, asked_of, covers
from playground.ui.microscope.covers import Covers
from playground.ui.microscope.equations import brief
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.step_turns import ask_for
from playground.ui.theme import CORNER, themes
from playground.ui.translation import language_changed, tr

_MARGIN, _FLAG = 12.0, 9.0


class PlayedItem(QGraphicsItem):
    """The outline of the card at which the play head is, with a flag that points where values are going."""

    def __init__(self, card: QGraphicsItem) -> None:
        super().__init__(card)
        self._rect = QRectF()
        self._back = False
        self.setZValue(14.0)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_at(self, rect: QRectF, *, back: bool) -> None:
        """Lie around a card; `back`: values flow backward there."""
        self.prepareGeometryChange()
        self._rect, self._back = rect, back
        self.update()

    def boundingRect(self) -> QRectF:
        """The card and its outline."""
        return self._rect.adjusted(-_MARGIN, -_MARGIN - _FLAG, _MARGIN, _MARGIN)

    def shape(self) -> QPainterPath:
        """Nothing that could be hit."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        theme, rect = themes.current(), self._rect
        color = theme.gradient if self._back else theme.forward
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 2.6))
        painter.drawRoundedRect(rect.adjusted(-2.0, -2.0, 2.0, 2.0), CORNER + 2.0, CORNER + 2.0)
        middle, side = QPointF(rect.center().x(), rect.top() - 2.0), -_FLAG if self._back else _FLAG
        painter.setPen(QPen(theme.surface, 2.0))
        painter.setBrush(color)
        points = [QPointF(-0.6 * side, -_FLAG), QPointF(side, 0.0), QPointF(-0.6 * side, _FLAG)]
        painter.drawPolygon(QPolygonF(points).translated(middle))


class OnCanvas(QObject):
    """Keeps the canvas in step with a reader while the microscope is open."""

    def __init__(self, reader: Reader, canvas: CanvasView, area: CanvasArea, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._canvas, self._operations = reader, canvas, area.operations
        self._open = False
        self.played: PlayedItem | None = None
        for signal in (reader.pass_changed, reader.moved, reader.target_changed, reader.asking.changed):
            signal.connect(self.renew)
        canvas.view_changed.connect(self.renew)
        self._operations.taken.connect(self._take)
        reader.session.document_changed.connect(self.renew)
        language_changed.connect(self.renew)

    def set_open(self, is_open: bool) -> None:
        """The microscope was opened or closed."""
        if is_open != self._open:
            self._open = is_open
            self.renew()

    def _take(self, key: str) -> None:
        """While questions are asked about the steps, whoever takes an operation is asked for its number."""
        graph, course = self._operations.operations.graph, self._reader.asking.course
        if self._open and graph is not None and course is not None and course.steps:
            ask_for(self._reader, asked_of(graph, key, gradient=self._operations.operations.gradient), lambda: 0)

    def renew(self, *_news: object) -> None:
        """Show where the reader is."""
        reader, operations = self._reader, self._operations
        looks = self._open and reader.found is not None
        self._mark_card()
        self._light_path()
        if not operations.isVisible() and looks:
            return
        if not looks or reader.found is None:
            if operations.covered or operations.operations.played is not None:
                operations.set_play_head(None)
                operations.set_covered(())
                operations.set_pass(1.0)
                operations.set_shown(True, False)
            return
        with operations.operations.written_once():
            self._show_step(reader.found, reader.row)

    def _show_step(self, found: Pass, row: int) -> None:
        reader, operations = self._reader, self._operations
        masks = {name: mask[row : row + 1] for name, mask in found.masks.items()}
        operations.set_pass(1.0 / found.samples, masks)
        if reader.shown_row is not None and operations.sample != reader.shown_row:
            operations.set_sample(reader.shown_row)
        operations.set_shown(True, reader.stage in ("backward", "update"))
        graph = operations.operations.graph
        if graph is not None and graph.program is found.program:
            operations.set_covered((*covers(graph, reader.known), *asked_covers(graph, reader.asking.hidden)))
            key = key_of(graph, reader.step, reader.unit, reader.target)
            operations.set_play_head(key, self._words())

    def _words(self) -> str:
        """A few words below the play head."""
        reader, step, one = self._reader, self._reader.step, self._reader.instruction
        found = reader.found
        if found is None or step is None or step.kind == "update":
            return ""
        covers = Covers(brief, reader.symbols, reader.asking.hidden)
        if step.kind == "loss":
            return f"L = {covers.number(Asked('loss'), found.sample(reader.row, reader.symbols).loss)}"
        top = (one.output, reader.unit) if one is not None else None
        if step.kind == "forward" and top is not None:
            value = float(found.trace.values[top[0]][reader.row, top[1]])
            return f"{reader.symbols.value(*top).text} = {covers.number(Asked('value', top), value)}"
        made = (
            loss_backward_at(found, reader.row, reader.symbols)
            if one is None
            else backward_at(found, one, reader.unit, reader.row, reader.symbols)
        )
        arriving = covers.number(Asked("share") if top is None else Asked("arriving", top), made.upstream.value)
        onward = [passed for passed in made.passed if not is_number(passed.bottom)]
        if len(onward) == 1:
            local = covers.number(Asked("local", onward[0].bottom, top), onward[0].local)
            return tr("arriving {arriving} × local {local}", arriving=arriving, local=local)
        return tr("arriving {arriving}", arriving=arriving)

    def _light_path(self) -> None:
        """The chosen weight, and every way from the loss to it."""
        target = self._reader.target if self._open and self._reader.found is not None else None
        self._operations.show_path(target)
        wires = self._canvas.canvas_scene.wires
        name, index = target or ("", ())
        node, _, role = name.rpartition(".")
        sources = [wire for wire in self._canvas.canvas_scene.document.network.wires if wire.target == node]
        wires.light((sources[0], (index[0], index[1])) if role == "weight" and sources else None)

    def _mark_card(self) -> None:
        """Put the outline around the card of the present step; it moves with that card, and goes with it."""
        step = self._reader.step if self._open else None
        card = self._canvas.canvas_scene.cards.get(step.node) if step is not None and step.node is not None else None
        played = self.played if self.played is not None and isValid(self.played) else None
        if played is not None and played.parentItem() is not card:
            self._canvas.canvas_scene.removeItem(played)
            played = None
        if card is not None and step is not None:
            played = played or PlayedItem(card)
            played.show_at(QRectF(0.0, 0.0, *card.size), back=step.kind == "backward")
        self.played = played


def key_of(graph: Graph, step: Step | None, unit: int, target: object = None) -> str | None:
    """The operation at which a step is; the update is at the weight that the user chose."""
    if step is None:
        return None
    if step.kind == "update":
        return next(
            (one.key for one in graph.operations if one.parameter is not None and one.parameter == target), None
        )
    if step.instruction is None:
        return next((one.key for one in graph.operations if one.kind == "loss"), None)
    for key in (f"{step.node}:{unit}", step.node or ""):
        if key in graph.by_key:
            return key
    return None
