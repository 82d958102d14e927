"""Three views of one network: the textbook's drawing, its neurons at work, and the operations that it is made of."""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtCore import QObject, Signal

from playground.messages import Message, message
from playground.ui.canvas.scene import CanvasScene
from playground.ui.widgets.motion import duration, glide

View = Literal["drawing", "neurons", "operations"]
VIEWS: tuple[View, ...] = get_args(View)

#: How each is called on its switch, and in one sentence.
NAMES: dict[View, Message] = {
    "drawing": message("Drawing"),
    "neurons": message("Neurons"),
    "operations": message("Operations"),
}
MEANINGS: dict[View, Message] = {
    "drawing": message("Circles and lines, as in a textbook: weights and symbols left out"),
    "neurons": message("Each neuron and each weight at work"),
    "operations": message("The same network as single operations: the computation graph"),
}

#: Milliseconds from one view to the other; larger networks change at once.
_DURATION, _LARGEST = 180, 40


class Change(QObject):
    """Leads a scene from cards to the drawing and back, so that the eye can follow.

    `moved`: things are at other places now.
    """

    moved = Signal()

    def __init__(self, scene: CanvasScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._glide = glide(self)
        self._glide.valueChanged.connect(self._step)

    def to(self, view: View) -> None:
        """Show the one of the two; operations are not this scene's."""
        end = 1.0 if view == "drawing" else 0.0
        self._glide.stop()
        time = duration(_DURATION) if len(self._scene.cards) <= _LARGEST else 0
        if not time:
            self._step(end)
            return
        self._glide.setDuration(time)
        self._glide.setStartValue(self._scene.manner.bare)
        self._glide.setEndValue(end)
        self._glide.start()

    def stop(self) -> None:
        """Be there at once."""
        if self._glide.state() == self._glide.State.Running:
            self._glide.setCurrentTime(self._glide.duration())

    def _step(self, bare: object) -> None:
        self._scene.set_bare(float(bare))  # type: ignore[arg-type]
        self.moved.emit()
