"""The canvas as a view of a scene at work: which of the three views, what of it is evaluated, and each frame of it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from playground.training.snapshot import Snapshot
from playground.ui.canvas import backdrop
from playground.ui.canvas.at_work import AtWork
from playground.ui.canvas.camera import FITTED, FITTED_BARE, Camera
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.shape import mixed
from playground.ui.canvas.views import VIEWS, Change, View
from playground.ui.session import Session

#: Milliseconds after which units that have come into sight are evaluated, so that a pan asks only once in a while.
_LOOKING = 40
#: Of more cards than these every painting takes long: after an edit edges are smooth when so many milliseconds passed.
_LARGE, _SETTLING = 60, 150


class LiveView(QGraphicsView):
    """Shows what the trainer tells of the network, at the display's rate, and asks it for no more than is seen.

    Attributes:
        network_view: which of the three views is shown; `view_changed` tells of another.

    `weight_wanted` carries (parameter, index): the user wants to know where its gradient comes from.
    `unit_hovered` carries (node, unit) when the pointer comes upon a unit, and None when it leaves.
    """

    view_changed = Signal(str)
    unit_hovered = Signal(object)
    weight_wanted = Signal(object)

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
        self._seen = QRectF()
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_LOOKING)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING)
        self._settling.timeout.connect(self._show_calm)
        self._looking.timeout.connect(self._want_maps)
        self._change.moved.connect(self._changed)
        session.running_changed.connect(self._show_calm)
        session.frame.connect(self._show_frame)
        session.plan_changed.connect(self._want_maps)

    def set_view(self, view: str) -> None:
        """Show the network as a drawing, with its neurons at work, or as operations."""
        wanted = cast("View", view)
        if wanted == self.network_view or wanted not in VIEWS:
            return
        self.network_view = wanted
        if wanted != "operations":
            self._change.to(wanted)
            if not self.isVisible():
                self._change.stop()
        self.view_changed.emit(wanted)

    def toggle_fold(self, id: str) -> None:
        """Unfold a wide layer to a map of each unit, or fold it again."""
        self.canvas_scene.toggle_fold(id)
        self._want_maps()
        self.camera.limit()

    def _changed(self) -> None:
        self.camera.fitted = mixed(FITTED, FITTED_BARE, self.canvas_scene.manner.bare)
        if self.camera.following:
            self.camera.fit()
        self._want_maps()

    def _want_maps(self, plan: object = None) -> None:
        """Have the trainer evaluate the units that are seen."""
        self._seen = self.camera.visible()
        wanted = self._at_work.wanted(self._seen) if self.isVisible() else ()
        if wanted != self._wanted:
            self._wanted = wanted
            self.session.show_maps(wanted)

    def _show_frame(self, snapshot: Snapshot) -> None:
        if self.isVisible():
            self._at_work.show_frame(snapshot)

    def _show_calm(self, *_news: object) -> None:
        self._calm()
        self.viewport().update()

    def _stir(self) -> None:
        """Another document: a large network is painted all anew, which smooth edges would make too long."""
        if len(self.canvas_scene.cards) > _LARGE:
            self._settling.start()
        self._calm()

    def _calm(self) -> None:
        """Smooth edges only while nothing moves: they cost more than all the rest of a frame."""
        calm = not self.session.running and not self._settling.isActive()
        self.setRenderHint(QPainter.RenderHint.Antialiasing, calm)
        self.canvas_scene.wires.calm = calm
        for card in self.canvas_scene.cards.values():
            card.live.smooth = calm

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not evaluated."""
        super().hideEvent(event)
        self._want_maps()

    def paintEvent(self, event: QPaintEvent) -> None:
        """However the view came to another part of the network: its units are wanted."""
        super().paintEvent(event)
        if self.camera.visible() != self._seen and not self._looking.isActive():
            self._looking.start()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The surface with its dots."""
        backdrop.draw(painter, QRectF(rect), self.camera.scale)
