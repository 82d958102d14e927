"""The canvas as a picture that keeps up with its session: it shows and speaks, and changes nothing."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QHideEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from playground.document.check import Problem
from playground.document.model import Document, Wire
from playground.training.snapshot import Snapshot
from playground.ui.canvas import backdrop
from playground.ui.canvas.at_work import AtWork
from playground.ui.canvas.camera import Camera
from playground.ui.canvas.chain import Chain, chain_of
from playground.ui.canvas.face import spoken
from playground.ui.canvas.gesture import Gesture
from playground.ui.canvas.overlay import Overlay
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.views import VIEWS, Change, View
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.translation import figure, language_changed, tr


class CanvasDisplay(QGraphicsView):
    """Shows a session's network, what is selected in it, its problems and its live figures.

    Attributes:
        gesture: what a press has begun, until it ends.
        current: the card from which the keyboard goes on.
        network_view: which of the three views is shown; `view_changed` tells of another.

    `unit_hovered` carries (node, unit) when the pointer comes upon a unit, and None when it leaves.
    """

    inspect_wanted = Signal()
    view_changed = Signal(str)
    unit_hovered = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.canvas_scene = CanvasScene()
        self.setScene(self.canvas_scene)
        self.camera = Camera(self, self.canvas_scene)
        self.network_view: View = "neurons"
        self._change = Change(self.canvas_scene, self)
        self._at_work = AtWork(self.canvas_scene)
        self._wanted: tuple[str, ...] = ()
        self.gesture: Gesture | None = None
        self.current: str | None = None
        self._key_gesture: object | None = None
        self._known: tuple[object, Chain] = (None, Chain())
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.overlay = Overlay(self.viewport())
        self._connect()
        self.retranslate()
        self._show_document(Document(), session.document)
        self._show_selection()

    def _connect(self) -> None:
        session = self.session
        session.document_changed.connect(self._show_document)
        session.problems_changed.connect(self._show_problems)
        session.selection_changed.connect(self._show_selection)
        session.running_changed.connect(self._show_running)
        session.frame.connect(self._show_frame)
        session.reading.connect(self._show_reading)
        session.plan_changed.connect(self._want_maps)
        self._change.moved.connect(self._changed)
        themes.changed.connect(self.restyle)
        language_changed.connect(self.retranslate)

    # --- what is shown -----------------------------------------------------------------------------

    def _show_document(self, old: Document, new: Document) -> None:
        if self.gesture is not None:
            self.cancel_gesture()
        before = {node.id for node in old.network.nodes} & set(self.canvas_scene.cards)
        if self.session.snapshot is None:
            self._at_work.forget()
        self.canvas_scene.show(new, self._problems())
        after = set(self.canvas_scene.cards)
        self.camera.limit()
        opened = self.session.plan is None and not self.session.undo_stack.count()
        grown = after - before and self.camera.following and not self.camera.fits()
        if opened:
            self.select_wire(None)
        if opened or not before or not before & after or grown:
            self.camera.follow()
        self._mark_selection()
        self._show_overlay()
        self._describe()

    def _show_problems(self, problems: object) -> None:
        self.canvas_scene.show(self.session.document, self._problems())
        self.camera.limit()
        if self.gesture is None and self.camera.following and not self.camera.fits():
            self.camera.fit()
        self._mark_selection()
        self._show_overlay()
        self._describe()

    def _problems(self) -> tuple[Problem, ...]:
        """What keeps the network from being trained, and what is the matter with it at work."""
        return (*self.session.problems, *self._at_work.problems())

    # --- the network at work -----------------------------------------------------------------------

    def set_view(self, view: str) -> None:
        """Show the network as a drawing, with its neurons at work, or as operations."""
        wanted = cast("View", view)
        if wanted == self.network_view or wanted not in VIEWS:
            return
        self.cancel_gesture()
        self.network_view = wanted
        if wanted != "operations":
            self._change.to(wanted)
        self._show_overlay()
        self.view_changed.emit(wanted)

    def toggle_fold(self, id: str) -> None:
        """Unfold a wide layer to a map of each unit, or fold it again."""
        self.canvas_scene.toggle_fold(id)
        self._want_maps()
        self.camera.limit()

    def _changed(self) -> None:
        if self.camera.following:
            self.camera.fit()
        self._want_maps()

    def _want_maps(self, plan: object = None) -> None:
        """Have the trainer evaluate the units that are seen."""
        wanted = self._at_work.wanted() if self.isVisible() else ()
        if wanted != self._wanted:
            self._wanted = wanted
            self.session.show_maps(wanted)

    def _show_frame(self, snapshot: Snapshot) -> None:
        if self.isVisible():
            self._at_work.show_frame(snapshot)

    def _show_overlay(self) -> None:
        document = self.session.document
        empty = not document.network.nodes
        self.overlay.invitation.setVisible(empty)
        self.overlay.summary.show_words(self._chain().words())
        self.overlay.legend.setVisible(self.network_view == "neurons" and not empty)
        self.overlay.banner.show_problem(None if empty else self._document_problem())
        self.overlay.arrange()

    def _chain(self) -> Chain:
        """The chain of the network that is shown, worked out once for as long as no width changes."""
        widths = self.canvas_scene.widths
        if self._known[0] is not widths:
            self._known = (widths, chain_of(self.canvas_scene.document.network, widths))
        return self._known[1]

    def _document_problem(self) -> Problem | None:
        return next((problem for problem in self.session.problems if problem.node is None), None)

    def _show_selection(self, selection: object = None) -> None:
        self._mark_selection()
        self._key_gesture = None
        if self.session.selection:
            self.select_wire(None)
        self._describe()

    def _mark_selection(self) -> None:
        selection = self.session.selection
        if self.current not in selection:
            self.current = next(iter(sorted(selection)), None) if len(selection) == 1 else None
        for id, card in self.canvas_scene.cards.items():
            card.set_look(selected=id in selection)

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: what happened meanwhile is shown."""
        super().showEvent(event)
        self._want_maps()
        if self.session.snapshot is not None:
            self._show_frame(self.session.snapshot)
            self._show_reading(self.session.snapshot)

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not evaluated."""
        super().hideEvent(event)
        self._want_maps()

    def _show_running(self, running: bool) -> None:
        self.setRenderHint(QPainter.RenderHint.Antialiasing, not running)
        self.canvas_scene.wires.calm = not running
        for card in self.canvas_scene.cards.values():
            card.live.smooth = not running
        self.viewport().update()

    def _show_reading(self, snapshot: Snapshot) -> None:
        for card in self.canvas_scene.cards.values():
            if card.face.kind == "loss":
                card.set_figure(figure(snapshot.figures.train_loss))
        if self.isVisible() and self._at_work.show_reading(snapshot) and self.gesture is None:
            self.canvas_scene.show(self.session.document, self._problems())
            self._mark_selection()

    def _describe(self) -> None:
        """Tell a screen reader what is selected, or what there is."""
        document, selection = self.session.document, self.session.selection
        if selection:
            chosen = [node.id for node in document.network.nodes if node.id in selection]
            faces = self.canvas_scene.faces
            text = "; ".join(spoken(document, faces[id], self.session.problems) for id in chosen[:5])
            if len(chosen) > 1:
                text = tr("{count} cards selected: {names}", count=len(chosen), names=text)
        elif document.network.nodes:
            words = ", ".join(self._chain().words())
            text = tr("{network}. Nothing is selected.", network=words) if words else tr("Nothing is selected.")
        else:
            text = tr("The canvas is empty. Type a name to add it, such as “dense 8”.")
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            if self.hasFocus():
                self.speak(text)

    def speak(self, text: str) -> None:
        """Have a screen reader say something."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def say(self, text: str, point: QPointF) -> None:
        """Show a few words beside a point of the scene; "" takes them away."""
        self.overlay.word.say(text, self.mapFromScene(point))

    def mark_wires(self, *, target: Wire | None = None) -> None:
        """Light up the wire that would take what is being dragged."""
        wires = self.canvas_scene.wires
        wires.mark(selected=wires.selected, hovered=None, target=target)

    @property
    def selected_wire(self) -> Wire | None:
        """The wire that Delete would take away."""
        return self.canvas_scene.wires.selected

    def select_wire(self, wire: Wire | None) -> None:
        """Select one wire, and no card with it."""
        wires = self.canvas_scene.wires
        wires.mark(selected=wire, hovered=wires.hovered, target=None)
        if wire is not None:
            self.session.select(())
            names = self.canvas_scene.faces
            self.speak(tr("Wire from {source} to {target}", source=names[wire.source].title,
                          target=names[wire.target].title))  # fmt: skip

    def restyle(self) -> None:
        """The theme has changed."""
        self.resetCachedContent()
        self.canvas_scene.restate()
        self._mark_selection()
        self.overlay.restyle()
        self.viewport().update()

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(tr("Canvas"))
        self.canvas_scene.restate()
        self._mark_selection()
        self.overlay.retranslate()
        self._show_overlay()
        self._describe()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The surface with its dots."""
        backdrop.draw(painter, QRectF(rect), self.camera.scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the network in view, unless the user looks at a part of it."""
        super().resizeEvent(event)
        if self.camera.following:
            self.camera.fit()
        else:
            self.camera.limit()
        self.overlay.arrange()

    # --- the gesture under way ---------------------------------------------------------------------

    def begin(self, gesture: Gesture) -> None:
        """Let a gesture have the pointer and the keys until it ends."""
        self.cancel_gesture()
        self.gesture = gesture
        self.viewport().setCursor(gesture.cursor)

    def finish_gesture(
        self, point: QPointF | None = None, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """End the gesture under way."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.end(point if point is not None else gesture.start, modifiers)
            self.show_hover(point)

    def cancel_gesture(self) -> None:
        """Leave everything as it was before the gesture."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self.show_hover(None)

    def show_hover(self, point: QPointF | None) -> None:
        """Show what a press at a point of the scene would take; the one who takes presses knows."""
