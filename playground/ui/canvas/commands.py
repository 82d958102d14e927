"""What can be done on the canvas by name: for its keys and menus, for the window's menus and for the palette."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from playground.document.model import Wire
from playground.messages import Message, UserError
from playground.ui.canvas import actions, templates
from playground.ui.canvas.camera import STEP
from playground.ui.canvas.connecting import KeyConnect
from playground.ui.canvas.display import CanvasDisplay
from playground.ui.canvas.gesture import Gesture
from playground.ui.canvas.placeable import TEMPLATES, Placeable, Row, Template
from playground.ui.canvas.quick_add import QuickAdd
from playground.ui.canvas.rename import NameField
from playground.ui.canvas.standing import Place
from playground.ui.canvas.walking import tab_order
from playground.ui.session import Session


class CanvasCommands(CanvasDisplay):
    """Commands act on the selection: cards, or one wire."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._composing: QuickAdd | None = None
        super().__init__(session, parent)
        # After a scene is set: that takes it away where no item of the scene takes text.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        overlay = self.overlay
        overlay.zoom.smaller.clicked.connect(self.zoom_out)
        overlay.zoom.larger.clicked.connect(self.zoom_in)
        overlay.zoom.fit.clicked.connect(self.fit)
        overlay.invitation.chosen.connect(self.begin_with)
        overlay.banner.pressed.connect(self._mend_document)

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
            self.fit()

    def place(self, row: Placeable, at: Place) -> None:
        """Put a row, unconnected, at a place of the canvas; the first card too stays where it was put."""
        if self.session.document.network.nodes:
            actions.place(self.session, row, at)
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
                    return actions.outlook_at(self.session, row), True
                return actions.outlook(self.session, row, single), True
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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """So does going elsewhere, but for the list itself."""
        super().focusOutEvent(event)
        if self._composing is not None and QApplication.focusWidget() is not self._composing.filter:
            self._leave_composition()

    def _leave_composition(self) -> None:
        opened, self._composing = self._composing, None
        if opened is not None:
            opened.close_quietly()

    def connect_by_key(self) -> None:
        """Begin a wire at the selected card: arrows choose where it leads, Enter connects."""
        single = self._single()
        if single is not None and self.canvas_scene.faces[single].gives:
            self.begin(KeyConnect(self, single))

    def toggle(self) -> None:
        """Switch the selected activation."""
        single = self._single()
        if single is not None and self.canvas_scene.faces[single].kind == "activation":
            actions.toggle(self.session, single)

    def change_units(self, step: int) -> None:
        """Give the selected dense layers a unit more or less."""
        actions.change_units(self.session, self.session.selection, step)

    def tidy(self) -> None:
        """Let the layout place all cards again."""
        actions.tidy(self.session)

    def delete(self) -> None:
        """Delete the selected cards, or the selected wire."""
        if self.selected_wire is not None:
            actions.disconnect(self.session, self.selected_wire)
        else:
            following = self._after_deletion()
            if actions.delete(self.session, self.session.selection) and following is not None:
                self.session.select([following])

    def _after_deletion(self) -> str | None:
        """By keyboard one goes on from the card before the deleted one."""
        single = self._single()
        if single is None or not self.hasFocus():
            return None
        order = tab_order(self.session.document.network)
        index = order.index(single)
        return order[index - 1] if index else (order[1] if len(order) > 1 else None)

    def cut(self) -> None:
        """Cut the selected cards."""
        actions.cut(self.session, self.session.selection)

    def copy(self) -> None:
        """Copy the selected cards."""
        actions.copy(self.session, self.session.selection)

    def paste(self) -> None:
        """Paste cards."""
        self._reveal(actions.paste(self.session))

    def duplicate(self) -> None:
        """Put a copy of the selected cards beside them."""
        self._reveal(actions.duplicate(self.session, self.session.selection))

    def select_all(self) -> None:
        """Select every card."""
        self.session.select(self.canvas_scene.cards)

    def rename(self) -> NameField | None:
        """Edit the name of the selected card in place."""
        single = self._single()
        if single is None:
            return None
        rect = self.canvas_scene.rects[single]
        self.camera.reveal(rect)
        corner, width = self.mapFromScene(rect.topLeft()), max(round(rect.width() * self.camera.scale), 140)
        place = QRect(corner.x(), corner.y() + round(2 * self.camera.scale), width, 28)
        field = NameField(self.canvas_scene.faces[single].title, place, self.viewport())
        field.done.connect(lambda text: self._renamed(single, field, text))
        return field

    def _renamed(self, id: str, field: NameField, text: str | None) -> None:
        if field.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        if text is not None and id in self.canvas_scene.faces and text != self.canvas_scene.faces[id].title:
            actions.rename(self.session, id, text)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt moves along what lies over the canvas: put it back."""
        super().scrollContentsBy(dx, dy)
        self.overlay.arrange()

    def fit(self) -> None:
        """Show the whole network."""
        self.camera.fit()

    def zoom_in(self) -> None:
        """Larger, around the middle."""
        self.camera.zoom(STEP)

    def zoom_out(self) -> None:
        """Smaller, around the middle."""
        self.camera.zoom(1.0 / STEP)

    def zoom_reset(self) -> None:
        """Real size."""
        self.camera.reset()

    # --- places and selections ---------------------------------------------------------------------

    def go_to(self, id: str, *, adds: bool = False) -> None:
        """Make a card the current one: selected, and in sight."""
        self.current = id
        self.session.select({*self.session.selection, id} if adds else [id])
        self.current = id
        self.camera.reveal(self.canvas_scene.rects[id])

    def key_gesture(self) -> object:
        """What stands for the arrow key that is held down."""
        if self._key_gesture is None:
            self._key_gesture = object()
        return self._key_gesture

    def with_joints(self, ids: Iterable[str]) -> list[str]:
        """Cards together with the activations at their sides."""
        chosen = dict.fromkeys(sorted(ids))
        for id in list(chosen):
            chosen.update(dict.fromkeys(self.canvas_scene.touching(id)))
        return list(chosen)

    def kept_in_sight(self, rect: QRectF) -> QRectF:
        """A card's rectangle moved into the part that is seen."""
        return self.camera.kept(rect)

    def begin_with(self, model: str) -> None:
        """Fill an empty canvas with the template of that name."""
        self.use(TEMPLATES[model])
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _single(self) -> str | None:
        selection = self.session.selection
        return next(iter(selection)) if len(selection) == 1 else None

    def _reveal(self, ids: Iterable[str]) -> None:
        whole = QRectF()
        for id in ids:
            whole = whole.united(self.canvas_scene.rects[id])
        if not whole.isEmpty():
            self.camera.reveal(whole)

    def _mend_document(self) -> None:
        problem = self._document_problem()
        if problem is not None and problem.remedy is not None:
            self.session.edit(problem.remedy.label, problem.remedy.apply)
