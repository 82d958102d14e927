"""The middle of the window: the canvas and the operations view in one place, and the switch between the three views."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from playground.ui.canvas import shape
from playground.ui.canvas.operations.view import OperationsView
from playground.ui.canvas.view import CanvasView
from playground.ui.canvas.views import MEANINGS, NAMES, VIEWS
from playground.ui.session import Session
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.segmented import Segmented

_MARGIN = 10


class CanvasArea(QWidget):
    """Holds the two; `canvas.set_view` decides which is seen."""

    def __init__(self, session: Session, canvas: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.operations = OperationsView(session)
        self._stack = QStackedWidget()
        self._stack.addWidget(canvas)
        self._stack.addWidget(self.operations)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.switch = Segmented("", [(view, "") for view in VIEWS], parent=self)
        self.switch.set_choice(canvas.network_view)
        self.switch.chosen.connect(canvas.set_view)
        canvas.view_changed.connect(self._show_view)
        canvas.overlay.zoom.installEventFilter(self)
        language_changed.connect(self.retranslate)
        self.retranslate()

    def take_keyboard(self) -> None:
        """The keyboard goes to the view that is seen."""
        (self.operations if self._stack.currentWidget() is self.operations else self.canvas).setFocus()

    def _show_view(self, view: str) -> None:
        self.switch.set_choice(view)
        if view != "operations":
            if self._stack.currentWidget() is self.operations:
                self.operations.leave(self._units(), self._back)
            return
        origins = self._units()
        had_focus = self.canvas.hasFocus()
        self._stack.setCurrentWidget(self.operations)
        self.operations.enter_from(origins)
        if had_focus:
            self.operations.setFocus()

    def _back(self) -> None:
        """The operations are where their units are: show these, unless the view has changed again meanwhile."""
        if self.canvas.network_view != "operations":
            had_focus = self.operations.hasFocus()
            self._stack.setCurrentWidget(self.canvas)
            if had_focus:
                self.canvas.setFocus()

    def _units(self) -> dict[tuple[str, int], QPointF]:
        """Where each unit is seen on the canvas, in pixels of the view."""
        places: dict[tuple[str, int], QPointF] = {}
        for id, card in self.canvas.canvas_scene.cards.items():
            tiles = shape.tiles_of(card.face, card.rect)
            rows = [tile.center() for tile in tiles] or [
                QPointF(card.rect.center().x(), card.rect.center().y() + offset)
                for offset in shape.row_offsets(card.face) or (0.0,)
            ]
            for unit, point in enumerate(rows):
                places[id, unit] = QPointF(self.canvas.mapFromScene(point))
        return places

    def retranslate(self, _language: object = None) -> None:
        """Say the names in the language of the window."""
        self.switch.setAccessibleName(tr("View of the network"))
        self.switch.set_words([(view, tr(NAMES[view])) for view in VIEWS])
        for view in VIEWS:
            self.switch.segment(view).setToolTip(tr(MEANINGS[view]))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the switch beside the zoom buttons."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The zoom buttons have moved."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        zoom = self.canvas.overlay.zoom
        self.switch.adjustSize()
        left = self.width() - zoom.width() - self.switch.width() - 2 * _MARGIN
        self.switch.move(max(0, left), self.height() - self.switch.height() - _MARGIN)
        self.switch.raise_()
        overlay = self.canvas.overlay
        if overlay.reserved != self.switch.width():
            overlay.reserved = self.switch.width()
            overlay.arrange()
