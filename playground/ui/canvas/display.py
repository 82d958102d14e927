"""The canvas as a picture that keeps up with its session: it shows and speaks, and changes nothing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from playground.document.check import Problem
from playground.document.model import Document, Wire
from playground.training.snapshot import Snapshot
from playground.ui.canvas.chain import Chain, chain_of
from playground.ui.canvas.gesture import Gesture
from playground.ui.canvas.live_view import LiveView
from playground.ui.canvas.overlay import Overlay
from playground.ui.canvas.spoken import description
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.translation import figure, language_changed, tr


class CanvasDisplay(LiveView):
    """Shows a session's network, what is selected in it, its problems and its live figures.

    Attributes:
        gesture: what a press has begun, until it ends.
        current: the card from which the keyboard goes on.
    """

    inspect_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.gesture: Gesture | None = None
        self.current: str | None = None
        self._key_gesture: object | None = None
        self._known: tuple[object, Chain] = (None, Chain())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.overlay = Overlay(self.viewport())
        self.overlay.covers = self._card_at_place
        self._looking.timeout.connect(self.overlay.arrange)
        self._connect()
        self.retranslate()
        self._show_document(Document(), session.document)
        self._show_selection()

    def _connect(self) -> None:
        session = self.session
        session.document_changed.connect(self._show_document)
        session.problems_changed.connect(self._show_problems)
        session.selection_changed.connect(self._show_selection)
        session.reading.connect(self._show_reading)
        themes.changed.connect(self.restyle)
        language_changed.connect(self.retranslate)

    # --- what is shown -----------------------------------------------------------------------------

    def _show_document(self, old: Document, new: Document) -> None:
        if self.gesture is not None:
            self.cancel_gesture()
        before = {node.id for node in old.network.nodes} & set(self.canvas_scene.cards)
        opened = self.session.plan is None and not self.session.undo_stack.count()
        if self.session.snapshot is None:
            self._at_work.forget()
        if opened:
            self.canvas_scene.fold_all()
        self.canvas_scene.show(new, self._problems())
        after = set(self.canvas_scene.cards)
        self._stir()
        self.camera.limit()
        grown = after - before and self.camera.following and not self.camera.fits()
        if opened:
            self.select_wire(None)
        if opened or not before or not before & after or grown:
            self.camera.follow()
        self._mark_selection()
        self._show_overlay()
        self._describe()

    def _show_problems(self, problems: object) -> None:
        shown = self.canvas_scene.document, self.canvas_scene.problems
        if shown[0] is self.session.document and shown[1] == self._problems():
            self._keep_in_view()
        else:
            self._tell()
            self._show_overlay()

    def _tell(self) -> None:
        """Show the notes of this moment, and keep them in view."""
        self.canvas_scene.show(self.session.document, self._problems())
        self._keep_in_view()
        self._mark_selection()
        self._describe()

    def _keep_in_view(self) -> None:
        self.camera.limit()
        if self.gesture is None and self.camera.following and not self.camera.fits():
            self.camera.fit()

    def _problems(self) -> tuple[Problem, ...]:
        """What keeps the network from being trained, and what is the matter with it at work."""
        return (*self.session.problems, *self._at_work.problems())

    def set_view(self, view: str) -> None:
        """Show the network as a drawing, with its neurons at work, or as operations."""
        self.cancel_gesture()
        super().set_view(view)
        self._show_overlay()

    def _show_overlay(self) -> None:
        document = self.session.document
        empty = not document.network.nodes
        self.overlay.invitation.setVisible(empty)
        self.overlay.summary.show_words(self._chain().words())
        faces = self.canvas_scene.faces.values()
        self.overlay.legend.show_frozen(any(face.frozen or face.frozen_mask for face in faces))
        self.overlay.explained = self.network_view == "neurons" and not empty
        self.overlay.banner.show_problem(None if empty else self._document_problem())
        self.overlay.arrange()

    def _card_at_place(self, place: QRect) -> bool:
        """Whether a card lies there, while the whole network is kept in view; one who pans it chooses what is seen."""
        part = self.mapToScene(place).boundingRect()
        return self.camera.following and any(rect.intersects(part) for rect in self.canvas_scene.rects.values())

    def _chain(self) -> Chain:
        """The chain of the network that is shown, worked out once for as long as no width changes."""
        widths = self.canvas_scene.widths
        if self._known[0] is not widths:
            self._known = (widths, chain_of(self.canvas_scene.document.network))
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
            if card.look.selected != (id in selection):
                card.set_look(selected=id in selection)

    def _show_reading(self, snapshot: Snapshot) -> None:
        for card in self.canvas_scene.cards.values():
            if card.face.kind == "loss":
                card.set_figure(figure(snapshot.figures.train_loss))
        if not self.isVisible():
            return
        self._at_work.show_reading(snapshot)
        if self.gesture is None and self._problems() != self.canvas_scene.problems:
            self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: what happened meanwhile is shown."""
        super().showEvent(event)
        self._want_maps()
        if self.session.snapshot is not None:
            self._show_frame(self.session.snapshot)
            self._show_reading(self.session.snapshot)

    def _describe(self) -> None:
        """Tell a screen reader what is selected, or what there is."""
        session, faces = self.session, self.canvas_scene.faces
        text = description(session.document, faces, session.selection, self._problems(), self._chain().words())
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
