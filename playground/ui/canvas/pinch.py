"""Two fingers that zoom: on a touchpad as the system reports it, on a touch screen as Qt recognises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QNativeGestureEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

if TYPE_CHECKING:
    from playground.ui.canvas.view import CanvasView

#: One report zooms no further than this, whatever a device says.
_MOST = 4.0


def listen(view: CanvasView) -> None:
    """Have Qt look for pinches on a view."""
    view.viewport().grabGesture(Qt.GestureType.PinchGesture)


def pinched(view: CanvasView, event: QEvent) -> bool:
    """Zoom by a pinch, where the fingers are; whether the event was one."""
    if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
        view.camera.zoom(_factor(1.0 + event.value()), event.position().toPoint())
        return True
    if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if isinstance(pinch, QPinchGesture):
            _follow(view, pinch)
            event.accept(Qt.GestureType.PinchGesture)
            return True
    return False


def _follow(view: CanvasView, pinch: QPinchGesture) -> None:
    """What lay between the fingers stays between them."""
    if view.gesture is not None:
        # The first finger was taken for the mouse.
        view.cancel_gesture()
    viewport = view.viewport()
    now, before = (viewport.mapFromGlobal(point.toPoint()) for point in (pinch.centerPoint(), pinch.lastCenterPoint()))
    if pinch.state() != Qt.GestureState.GestureStarted:
        view.camera.pan(now - before)
    view.camera.zoom(_factor(pinch.scaleFactor()), now)


def _factor(factor: float) -> float:
    return min(max(factor, 1.0 / _MOST), _MOST) if factor > 0.0 else 1.0
