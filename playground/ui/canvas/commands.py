"""What can be done on the canvas by name: for its keys and menus, for the window's menus and for the palette."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtWidgets import QWidget

from playground.ui.canvas import actions, shape
from playground.ui.canvas.adding import CanvasAdding
from playground.ui.canvas.camera import STEP
from playground.ui.canvas.connecting import KeyConnect
from playground.ui.canvas.face import folded
from playground.ui.canvas.placeable import TEMPLATES
from playground.ui.canvas.rename import NameField
from playground.ui.canvas.standing import Place
from playground.ui.canvas.walking import tab_order
from playground.ui.session import Session


class CanvasCommands(CanvasAdding):
    """Commands act on the selection: cards, or one wire."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        overlay = self.overlay
        overlay.zoom.smaller.clicked.connect(self.zoom_out)
        overlay.zoom.larger.clicked.connect(self.zoom_in)
        overlay.zoom.fit.clicked.connect(self.fit)
        overlay.invitation.chosen.connect(self.begin_with)
        overlay.banner.pressed.connect(self._mend_document)

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
        self.reveal(actions.paste(self.session))

    def duplicate(self) -> None:
        """Put a copy of the selected cards beside them."""
        self.reveal(actions.duplicate(self.session, self.session.selection))

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

    def stored_places(self, origins: Mapping[str, QPointF], shift: QPointF) -> dict[str, Place]:
        """Cards shown at `origins`, moved, as the document says it: a drawing stands around its cards' middles."""
        scene = self.canvas_scene
        if scene.manner.bare:
            cards = shape.rects_of(scene.document.network, folded(scene.document.network))
            origins = {id: cards[id].topLeft() for id in origins}
        return {id: (place.x() + shift.x(), place.y() + shift.y()) for id, place in origins.items()}

    def kept_in_sight(self, rect: QRectF) -> QRectF:
        """A card's rectangle moved into the part that is seen."""
        return self.camera.kept(rect)

    def begin_with(self, model: str) -> None:
        """Fill an empty canvas with the template of that name."""
        self.use(TEMPLATES[model])
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal(self, ids: Iterable[str]) -> None:
        """Move just as far as needed to see these cards."""
        whole = QRectF()
        for id in ids:
            whole = whole.united(self.canvas_scene.rects[id])
        if not whole.isEmpty():
            self.camera.reveal(whole)

    def _mend_document(self) -> None:
        problem = self._document_problem()
        if problem is not None and problem.remedy is not None:
            self.session.edit(problem.remedy.label, problem.remedy.apply)
