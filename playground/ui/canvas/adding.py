"""Adding to the canvas: rows of the palette, templates, and what is searched for by typing.

A letter that is typed on the canvas opens the search. One that an input method is still composing does so too; the
canvas keeps the keyboard until the composition ends, since moving it would break the syllable off.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from playground.document.model import Wire
from playground.messages import Message, UserError
from playground.ui.canvas import actions, outlooks, templates
from playground.ui.canvas.display import CanvasDisplay
from playground.ui.canvas.gesture import Gesture
from playground.ui.canvas.placeable import Placeable, Row, Template
from playground.ui.canvas.quick_add import QuickAdd
from playground.ui.canvas.standing import Place
from playground.ui.session import Session


class CanvasAdding(CanvasDisplay):
    """A canvas to which things can be added."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._composing: QuickAdd | None = None
        super().__init__(session, parent)

    def add(self, row: Row) -> None:
        """Add a row after the selected card, or where a press on its name expects it."""
        if isinstance(row, Template):
            self.use(row)
            return
        id = actions.add(self.session, row, after=self._single())
        if id is not None:
            self.go_to(id)

    def use(self, template: Template, wire: Wire | None = None) -> None:
        """Put a template on the canvas: a network in the place of all, a block after the selected card or on a wire."""
        end = templates.use(self.session, template, self._single(), wire)
        if end is None:
            return
        if template.hidden is None:
            self.go_to(end)
        else:
            self.session.select(())
            self.camera.fit()

    def place(self, row: Placeable, at: Place) -> None:
        """Put a row, unconnected, at a place of the canvas; the first card too stays where it was put."""
        if self.session.document.network.nodes:
            actions.place(self.session, row, at, self.shown_places())
        else:
            with self.camera.still():
                actions.place(self.session, row, at)

    # --- searching for what to add -----------------------------------------------------------------

    def quick_add(self, point: QPointF | None = None, text: str = "", *, focus: bool = True) -> QuickAdd:
        """Open the list of what can be added; with a point, the card is put there. `text` is typed already."""
        single = self._single()

        def choose(row: Row | None) -> None:
            self._composing = None
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(row, Placeable) and point is not None:
                self.place(row, (point.x(), point.y()))
            elif row is not None:
                self.add(row)

        def outlook(row: Row) -> tuple[Message, bool]:
            try:
                if isinstance(row, Template):
                    return templates.outlook(self.session, row, single), True
                if point is not None:
                    return outlooks.outlook_at(self.session, row), True
                return outlooks.outlook(self.session, row, single), True
            except UserError as error:
                return error.message, False

        at = self.mapFromScene(point) if point is not None else self._search_place()
        kinds = {node.kind for node in self.session.document.network.nodes}
        return QuickAdd(self.viewport(), at, choose, outlook, kinds, text=text, focus=focus)

    def _search_place(self) -> QPoint:
        """Below the selected card, else in the middle."""
        single = self._single()
        if single is None:
            return self.viewport().rect().center() - QPoint(120, 140)
        return self.mapFromScene(self.canvas_scene.rects[single].bottomRight() + QPointF(8.0, 8.0))

    @property
    def composing(self) -> QuickAdd | None:
        """The list that is being typed into by an input method while the canvas still has the keyboard."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """A composition that begins on the canvas opens the list, and goes on in it."""
        typed = event.preeditString() or event.commitString()
        if self._composing is None and self.gesture is None and typed[:1].isalpha():
            self._composing = self.quick_add(focus=False)
        if self._composing is None:
            event.ignore()
        elif not self._composing.compose(event):
            self._composing = None

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """An input method may compose here; its own windows stand where the list is, or will be."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return self.isEnabled()
        if self._composing is not None:
            field = self._composing.filter
            answer = field.inputMethodQuery(query)
            if query == Qt.InputMethodQuery.ImCursorRectangle:
                return answer.translated(field.mapTo(self, QPoint(0, 0)))
            return answer
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return QRect(self._search_place(), QSize(1, 24))
        return super().inputMethodQuery(query)

    def typed_on(self, event: QKeyEvent) -> None:
        """A key that came while an input method was composing: the field has the keyboard now, and that key too."""
        opened, self._composing = self._composing, None
        if opened is not None:
            opened.take_focus()
            QApplication.sendEvent(opened.filter, event)

    def begin(self, gesture: Gesture) -> None:
        """A press elsewhere gives up what is being composed."""
        self._leave_composition()
        super().begin(gesture)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Input methods may compose here, though no item of the scene takes text, by which Qt goes."""
        super().focusInEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """So does going elsewhere, but for the list itself."""
        super().focusOutEvent(event)
        if self._composing is not None and QApplication.focusWidget() is not self._composing.filter:
            self._leave_composition()

    def _leave_composition(self) -> None:
        opened, self._composing = self._composing, None
        if opened is not None:
            opened.close_quietly()

    # --- the selected card ---

    def go_to(self, id: str, *, adds: bool = False) -> None:
        """Make a card the current one: selected, and in sight."""
        self.current = id
        self.session.select({*self.session.selection, id} if adds else [id])
        self.current = id
        self.camera.reveal(self.canvas_scene.rects[id])

    def shown_places(self) -> dict[str, Place]:
        """Where every card stands, as the document would say it; nothing where it is not cards that are shown."""
        scene = self.canvas_scene
        return {} if scene.manner.bare else {id: (rect.x(), rect.y()) for id, rect in scene.rects.items()}

    def _single(self) -> str | None:
        selection = self.session.selection
        return next(iter(selection)) if len(selection) == 1 else None
