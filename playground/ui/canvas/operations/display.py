"""The operations as a picture that keeps up with its session: it shows and speaks, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from playground.engine.program import Array
from playground.training.plan import Plan
from playground.training.snapshot import Snapshot
from playground.ui.canvas.operations import planned
from playground.ui.canvas.operations.camera import OperationsCamera
from playground.ui.canvas.operations.graph import Graph
from playground.ui.canvas.operations.header import HEIGHT, Header, Nothing
from playground.ui.canvas.operations.scene import OperationsScene
from playground.ui.canvas.operations.values import Readings, read
from playground.ui.canvas.operations.words import Cover, Numbers, level_words, spoken
from playground.ui.canvas.overlay import ZoomBar
from playground.ui.projector import projector
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.translation import language_changed, tr


class OperationsDisplay(QGraphicsView):
    """Shows the computation graph of a session's plan with the numbers of one training row.

    Attributes:
        operations: the scene.
        sample: the training row, from 0.
        current: the operation from which the keyboard goes on.
        covered: what is shown as "?".
        share, masks: see `values.read`.

    `taken` carries the key of an operation that was clicked, or taken with Enter.
    """

    taken = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.operations = OperationsScene()
        self.setScene(self.operations)
        self.camera = OperationsCamera(self, self.operations)
        self.sample = 0
        self.current: str | None = None
        self.hovered: str | None = None
        self.covered: tuple[Cover, ...] = ()
        self.share = 1.0
        self.masks: Mapping[str, Array] = {}
        self._readings: Readings | None = None
        self._plan: Plan | None = None
        self._made_of: object = None
        self._stale = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing, not session.running)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.header = Header(self.viewport())
        self.nothing = Nothing(self.viewport())
        self.zoom_bar = ZoomBar(self.viewport())
        self.header.chosen.connect(self.set_sample)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        session = self.session
        session.plan_changed.connect(self._renew)
        session.document_changed.connect(self._renew)
        session.problems_changed.connect(self._renew)
        session.reading.connect(self._read)
        session.selection_changed.connect(self._select)
        session.running_changed.connect(self._show_running)
        themes.changed.connect(self.restyle)
        language_changed.connect(self.retranslate)
        projector.changed.connect(self._resize_type)

    # --- the graph ---------------------------------------------------------------------------------

    def _renew(self, *_: object) -> None:
        """Show the session's plan; the one before stays while there is none of the present network."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        session = self.session
        if session.plan is not None:
            self._plan = session.plan
        elif not session.document.network.nodes:
            self._plan = None
        self._show_graph()
        self._read(session.snapshot)
        self._say_what()
        self._mark()
        self._describe()

    def _show_graph(self) -> None:
        plan, document = self._plan, self.session.document
        off = planned.switched_off(plan) if plan is not None else frozenset()
        made_of = planned.made_of(plan, document) if plan is not None else None
        if made_of == self._made_of:
            if off != self.operations.off:
                self.operations.off = off
                self.operations.write()
            return
        before, self._readings = self.operations.graph, None
        self._made_of = made_of
        graph = planned.graph_of(plan, document) if plan is not None else None
        self.operations.off = off
        self.operations.show(graph)
        self.current = self.current if graph is not None and self.current in graph.by_key else None
        self.hovered = None
        if plan is not None:
            self.sample = min(self.sample, len(plan.dataset.x_train) - 1)
        self.camera.limit()
        if before is None or self.camera.following or not _alike(before, graph):
            self.camera.fit()

    # --- the numbers -------------------------------------------------------------------------------

    def set_sample(self, index: int) -> None:
        """Show the numbers of a training row, from 0; one that does not exist is the nearest that does."""
        rows = len(self._plan.dataset.x_train) if self._plan is not None else index + 1
        self.sample = min(max(index, 0), max(rows - 1, 0))
        self._read(self.session.snapshot)
        self._say_what()
        self._describe()

    def set_pass(self, share: float, masks: Mapping[str, Array] | None = None) -> None:
        """Show gradients as those of one of 1 / `share` rows of a batch, and values with these dropout masks."""
        masks = masks or {}
        if share != self.share or masks or self.masks:
            self.share, self.masks = share, masks
            self._read(self.session.snapshot)

    def _read(self, snapshot: Snapshot | None) -> None:
        """Take the numbers of the snapshot's parameters."""
        graph, plan = self.operations.graph, self._plan
        if not self.isVisible():
            self._stale = True
            return
        if graph is None or plan is None:
            return
        if (
            snapshot is not None
            and snapshot.plan.program is graph.program
            and snapshot.values.size == graph.program.size
        ):
            data = plan.dataset
            x, y = data.x_train[self.sample], data.y_train[self.sample]
            fitting = {name: one for name, one in self.masks.items() if one.shape[1] == graph.program.widths.get(name)}
            self._readings = read(graph, snapshot.values, x, y, self.share, fitting)
        self.renew_numbers()

    def renew_numbers(self) -> None:
        """Write the numbers again, as they are covered now."""
        graph = self.operations.graph
        if graph is not None:
            self.operations.numbers = Numbers(graph, self._readings, self.covered)
            self.operations.write()
            self._describe(quiet=True)

    # --- what is said ------------------------------------------------------------------------------

    def _say_what(self) -> None:
        """The sentence at the top, or the one in the middle where there is nothing."""
        session, graph = self.session, self.operations.graph
        error = session.first_error
        self.header.setVisible(graph is not None)
        self.nothing.setVisible(graph is None and (error is not None or not session.document.network.nodes))
        if graph is None and error is not None and session.document.network.nodes:
            self.nothing.say(tr("Nothing can be computed yet"), tr(error.message))
        elif graph is None:
            self.nothing.say(
                tr("Nothing to compute yet"),
                tr("Add an Input, a Dense layer and a Loss: every step of their computation appears here."),
            )
        if graph is not None and self._plan is not None:
            self.header.show_rows(len(self._plan.dataset.x_train), self.sample)
            if error is not None:
                self.header.say(
                    tr("{problem} Shown is the last network that worked.", problem=error.message), warns=True
                )
            else:
                self.header.say(f"{level_words(graph.level)}. {self._shown_words()}".rstrip(". ") + ".")
        self._arrange()

    def _shown_words(self) -> str:
        forward, gradient = self.operations.forward, self.operations.gradient
        graph = self.operations.graph
        lines = graph is not None and graph.level != "units"
        if forward and gradient:
            return (
                tr("Forward values below the lines, gradients above")
                if lines
                else tr("Forward values below the circles, gradients above")
            )
        if forward:
            return tr("Forward values below the lines") if lines else tr("Forward values below the circles")
        if gradient:
            return tr("Gradients above the lines") if lines else tr("Gradients above the circles")
        return ""

    def _describe(self, *, quiet: bool = False) -> None:
        """Tell a screen reader which operation is current, or what there is."""
        graph, numbers = self.operations.graph, self.operations.numbers
        if graph is None or numbers is None:
            text = self.nothing.words()
        elif self.current is not None and self.current in graph.by_key:
            text = spoken(numbers, graph.by_key[self.current], gradient=self.operations.gradient)
        else:
            text = tr("{count} operations. {sentence}", count=len(graph.operations), sentence=self.header.sentence())
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            if self.hasFocus() and not quiet:
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # --- the selection -----------------------------------------------------------------------------

    def order(self) -> tuple[str, ...]:
        """All operations as values flow."""
        graph = self.operations.graph
        return tuple(operation.key for operation in graph.operations) if graph is not None else ()

    def start(self) -> str:
        """Where the keyboard begins: at the first operation of the selected card, else at the very first."""
        graph = self.operations.graph
        assert graph is not None, "the caller knows that there is a graph"
        chosen = (one.key for one in graph.operations if one.node in self.session.selection)
        return next(chosen, graph.operations[0].key)

    def go_to(self, key: str | None, *, reveal: bool = True) -> None:
        """Take an operation and select the card that it belongs to; None: take nothing."""
        self.walk_to(key, reveal=reveal)
        self.take()

    def walk_to(self, key: str | None, *, reveal: bool = True) -> None:
        """Take an operation; what is selected stays."""
        self.current = key
        if key is not None and reveal:
            self.camera.reveal(self.operations.items_by_key[key].rect)
        self._mark()
        self._describe()

    def take(self) -> None:
        """Select the card that the current operation belongs to; nothing, where there is none."""
        graph = self.operations.graph
        operation = graph.by_key.get(self.current or "") if graph is not None else None
        self.session.select([operation.node] if operation is not None else ())
        if operation is not None:
            self.taken.emit(operation.key)

    def _select(self, selection: object) -> None:
        self._mark()

    def _mark(self) -> None:
        current = self.current if self.hasFocus() else None
        self.operations.mark(selection=self.session.selection, current=current, hovered=self.hovered)

    # --- theme, language, size ---------------------------------------------------------------------

    def _show_running(self, running: bool) -> None:
        self.setRenderHint(QPainter.RenderHint.Antialiasing, not running)
        self.viewport().update()

    def restyle(self) -> None:
        """The theme has changed."""
        self.header.restyle()
        self.nothing.restyle()
        self.operations.write()
        self.resetCachedContent()
        self.viewport().update()

    def _resize_type(self, _on: bool) -> None:
        """Numbers are read from further away, or no longer."""
        self._made_of = None
        self._renew()
        self.camera.fit()
        played = self.operations.items_by_key.get(self.operations.played or "")
        if played is not None:
            self.camera.reveal(played.rect)

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(tr("Operations"))
        self.header.retranslate()
        self.zoom_bar.retranslate()
        self.operations.write()
        self._say_what()
        self._describe()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The plain surface: dots would stand among the numbers."""
        painter.fillRect(QRectF(rect), themes.current().surface)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was not seen."""
        super().showEvent(event)
        if self._stale:
            self._renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the graph in view, unless the user looks at a part of it."""
        super().resizeEvent(event)
        self._arrange()
        if self.camera.following:
            self.camera.fit()
        else:
            self.camera.limit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What lies over the graph stays where it is."""
        super().scrollContentsBy(dx, dy)
        self._arrange()

    def _arrange(self) -> None:
        room = self.viewport().rect()
        self.header.setGeometry(0, 0, room.width(), HEIGHT)
        self.zoom_bar.adjustSize()
        self.zoom_bar.move(room.width() - self.zoom_bar.width() - 10, room.height() - self.zoom_bar.height() - 10)
        self.nothing.setFixedWidth(min(420, room.width() - 24))
        self.nothing.restyle()
        self.nothing.move((room.width() - self.nothing.width()) // 2, (room.height() - self.nothing.height()) // 2)


def _alike(one: Graph, other: Graph | None) -> bool:
    """Whether both have the same operations, so that the part that is looked at is still there."""
    return other is not None and one.by_key.keys() == other.by_key.keys()
