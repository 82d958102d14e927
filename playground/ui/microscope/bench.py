"""The thread that equations are typeset on, and what waits for it: by place, so that only the last wish counts."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable

from playground.ui.microscope.composed import Composer, Drawn

#: Seconds that typesetting may keep the interpreter's lock while the window waits for it.
_SWITCH = 0.0001
#: The letters from here on (Korean, Chinese, Japanese …) are not in the font of the equations.
_FIRST_FOREIGN = "\u1100"
_MATHEMATICAL = range(0x2000, 0x2E80)


class Bench:
    """The thread and what lies on it: what waits, by place, what is for idle moments, and what is done.

    Started by the first thing put there.
    """

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Hashable, str] = OrderedDict()
        self._done: list[tuple[str, Drawn | None]] = []
        self._idle: OrderedDict[str, None] = OrderedDict()
        self._working: str | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def put(self, latex: str, place: Hashable) -> bool:
        """Have it typeset, in place of what the same place asked for before; False after the end."""
        with self._changed:
            if self._closed:
                return False
            known = latex == self._working or any(latex == one for one, _ in self._done)
            if not known:
                self._waiting[("alone", latex) if place is None else ("place", place)] = latex
            self._begin()
        return True

    def warm(self, latexes: Iterable[str]) -> None:
        """Have the symbols in these drawn once nothing else waits; nothing is told of them."""
        with self._changed:
            if not self._closed:
                self._idle.update(dict.fromkeys(latexes))
                self._begin()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="typesetting")
            self._thread.start()
        self._changed.notify_all()

    def drop(self, places: Callable[[Hashable], bool]) -> None:
        """Put aside what waits at these places."""
        with self._changed:
            for key in list(self._waiting):
                if isinstance(key, tuple) and key[0] == "place" and places(key[1]):
                    del self._waiting[key]
            self._changed.notify_all()

    def take(self) -> list[tuple[str, Drawn | None]]:
        """What has been done since the last time."""
        with self._changed:
            found, self._done = self._done, []
        return found

    @property
    def busy(self) -> bool:
        """Whether anything waits, is worked on or has not been taken."""
        with self._changed:
            return bool(self._waiting or self._working is not None or self._done)

    def wait(self) -> None:
        """Until nothing waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not (self._waiting or self._working is not None))

    def close(self) -> None:
        """Finish the one under way, and join the thread."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._idle.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting or self._idle)
                if self._closed:
                    return
                if self._waiting:
                    _, latex = self._waiting.popitem(last=False)
                    self._working = latex
                else:
                    latex, _ = self._idle.popitem(last=False)
            # The window goes first: each of its calls into Qt gives up the lock, and waits this long to have it back.
            before = sys.getswitchinterval()
            sys.setswitchinterval(min(before, _SWITCH))
            drawn = typeset(self._composer, latex)
            sys.setswitchinterval(before)
            with self._changed:
                if self._working is not None:
                    self._done.append((latex, drawn))
                    self._working = None
                self._changed.notify_all()


def foreign(latex: str) -> bool:
    """Whether there are letters in it that the font of the equations does not have."""
    return any(letter >= _FIRST_FOREIGN and ord(letter) not in _MATHEMATICAL for letter in latex)


def typeset(composer: Composer, latex: str) -> Drawn | None:
    """An equation at the unit size; None where it cannot be typeset, for whatever reason."""
    try:
        return None if foreign(latex) else composer.draw(latex)
    except Exception:  # whatever an equation does to the package, the window shows text
        return None
