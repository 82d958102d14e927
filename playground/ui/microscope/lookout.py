"""A thread that works out one thing at a time, the one that was asked for last.

What is on the way for an older question is dropped. An answer may come in parts, each taking the place of the part
before it: only the last is kept until somebody takes it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic, TypeVar

from playground.engine.training_engine import one_blas_thread

Answer = TypeVar("Answer")
Stop = Callable[[], bool]
Work = Callable[[Stop], Iterator[Answer]]


class Lookout(Generic[Answer]):
    """The thread begins with the first question and ends with `close`, which waits for it.

    Work that raises is reported as any thread's failure is, and has no further answer.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._next: Work[Answer] | None = None
        self._answer: Answer | None = None
        self._working = self._closed = False
        self._asked = 0
        self._thread: threading.Thread | None = None

    def ask(self, work: Work[Answer]) -> None:
        """Have this worked out, and nothing else any more; `work` ends soon where its argument says so."""
        with self._changed:
            if self._closed:
                return
            self._forget()
            self._next = work
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name)
                self._thread.start()
            self._changed.notify_all()

    def drop(self) -> None:
        """Have nothing worked out; what is there and was not taken is forgotten."""
        with self._changed:
            self._forget()

    def take(self) -> Answer | None:
        """The newest part of the answer, where there is one that was not taken yet."""
        with self._changed:
            found, self._answer = self._answer, None
        return found

    @property
    def busy(self) -> bool:
        """Whether an answer, or another part of it, may still come."""
        with self._changed:
            return self._next is not None or self._working or self._answer is not None

    def close(self) -> None:
        """End the thread, and wait for it."""
        with self._changed:
            self._closed = True
            self._forget()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _forget(self) -> None:
        self._asked += 1
        self._next = self._answer = None
        self._working = False

    def _run(self) -> None:
        one_blas_thread()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._next is not None)
                if self._closed or self._next is None:
                    return
                work, number = self._next, self._asked
                self._next, self._working = None, True
            try:
                self._keep_answers(work, number)
            except Exception as error:
                failed = type(error), error, error.__traceback__, self._thread
                threading.excepthook(threading.ExceptHookArgs(failed))
            with self._changed:
                if number == self._asked:
                    self._working = False

    def _keep_answers(self, work: Work[Answer], number: int) -> None:
        for part in work(partial(self._over, number)):
            with self._changed:
                if number != self._asked:
                    return
                self._answer = part

    def _over(self, number: int) -> bool:
        # The window goes first: it need not wait until this thread has had its share.
        time.sleep(0)
        return number != self._asked
