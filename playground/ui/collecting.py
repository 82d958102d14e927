"""Python's garbage collector, kept to the window's thread.

It runs wherever something was made last, so also on the threads that train and typeset; and what it frees may belong to
Qt, which no other thread than the window's may touch: the program would crash, rarely and anywhere.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

#: Milliseconds between two looks at whether there is enough to collect.
_LOOK = 100
#: Seconds between two collections of everything: they take longer than a frame.
_EVERYTHING = 60.0


class Collecting(QObject):
    """Collects from a timer of the thread that makes it, and nowhere else until `end`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what has become due, as Python itself would."""
        young, middle, old = (count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True))
        now = time.monotonic()
        if old and now - self._last >= _EVERYTHING:
            self._last = now
            gc.collect()
        elif middle:
            gc.collect(1)
        elif young:
            gc.collect(0)

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
