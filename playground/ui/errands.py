"""Work that takes longer than a frame, done beside the window's thread: reading and writing files.

One errand at a time, in the order given. What comes back is delivered on the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from playground.messages import Message, UserError, message

#: Milliseconds between two looks at whether an errand is done.
_LOOK = 16


class Errands(QObject):
    """Runs functions on a thread of its own. `failed` carries the sentence of one that could not do its work."""

    failed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="errand")
        self._pending: list[tuple[Future[Any], Callable[[Any], None], Callable[[], None] | None]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._look)

    def do(
        self, work: Callable[[], Any], then: Callable[[Any], None], otherwise: Callable[[], None] | None = None
    ) -> None:
        """Run `work` beside the window, then `then` with its result; `otherwise` after `failed` where it raised."""
        self._pending.append((self._worker.submit(work), then, otherwise))
        if not self._timer.isActive():
            self._timer.start()
            self.busy_changed.emit(True)

    @property
    def busy(self) -> bool:
        """Whether an errand is under way."""
        return bool(self._pending)

    def close(self) -> None:
        """Finish what was begun and end the thread; results are no longer delivered."""
        self._timer.stop()
        self._worker.shutdown(wait=True)

    def _look(self) -> None:
        while self._pending and self._pending[0][0].done():
            future, then, otherwise = self._pending.pop(0)
            if not self._pending:
                self._timer.stop()
                self.busy_changed.emit(False)
            error = future.exception()
            if error is None:
                then(future.result())
                continue
            self.failed.emit(_sentence(error))
            if otherwise is not None:
                otherwise()


def _sentence(error: BaseException) -> Message:
    if isinstance(error, UserError):
        return error.message
    return message("That did not work: {error}.", error=f"{type(error).__name__}: {error}")
