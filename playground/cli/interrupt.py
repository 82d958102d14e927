"""Ctrl-C during a run: it ends between two batches, never within an update."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class Interrupt:
    """While it is entered, the first Ctrl-C sets `pressed` and the second one ends the program at once."""

    def __init__(self) -> None:
        self.pressed = False
        self._before: signal._HANDLER = None

    def __enter__(self) -> Interrupt:
        # Only the main thread may set handlers; elsewhere Ctrl-C is not ours to take.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _press(self, number: int, frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
