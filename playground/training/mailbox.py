"""A mailbox of size one: the latest snapshot wins, nothing queues up, memory stays flat."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Letter = TypeVar("Letter")


class Mailbox(Generic[Letter]):
    """Holds at most one letter; putting another one in replaces it. Any thread may put and take."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._letter: Letter | None = None

    @property
    def empty(self) -> bool:
        """Whether the last letter was taken."""
        return self._letter is None

    def put(self, letter: Letter) -> None:
        """Leave a letter, in place of one that nobody took."""
        with self._lock:
            self._letter = letter

    def take(self) -> Letter | None:
        """Take the letter out, None where there is none."""
        with self._lock:
            letter, self._letter = self._letter, None
        return letter
