"""Equations as pictures: LaTeX is typeset beside the window's thread, and shown as plain text until it is there.

Typesetting is pure Python and takes 15 to 60 ms an equation, so that it has a thread of its own, which `close` joins.
What it makes is kept without size and colour: a zoom or another theme costs nothing, and every size is crisp. Whatever
cannot be typeset (a name in letters that the font does not have, a missing package) stays text.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgRenderer

from playground.ui.theme import font

#: Milliseconds between two looks at what has been typeset.
_LOOK = 12
#: So many equations are kept, and so many that are coloured.
_KEPT, _KEPT_COLORED = 512, 256
#: Seconds that typesetting may keep the interpreter's lock while the window waits for it.
_SWITCH = 0.0001
#: The size and the colour in which equations are typeset; both are replaced where they are painted.
_UNIT, _INK = 24.0, "currentColor"
#: The letters from here on (Korean, Chinese, Japanese …) are not in the font of the equations.
_FIRST_FOREIGN = "\u1100"
_MATHEMATICAL = range(0x2000, 0x2E80)
#: What `warm` typesets: it loads the font and the commonest signs.
_FIRST = r"\frac{\partial L}{\partial w_{1}} = 3 \cdot 2 \cdot \left(-1\right)"


@dataclass(frozen=True)
class _Drawn:
    """An equation at the unit size; the baseline is measured from the top."""

    svg: str
    width: float
    height: float
    baseline: float


@dataclass(frozen=True, eq=False)
class Equation:
    """What stands for an equation now: its picture, or text as long as (or where) there is none.

    Attributes:
        size: what it takes, in logical pixels; `baseline` is measured from its top.
        typeset: whether it is the picture.
    """

    text: str
    size: QSizeF
    baseline: float
    color: QColor
    font: QFont
    renderer: QSvgRenderer | None = None

    @property
    def typeset(self) -> bool:
        """Whether it is the picture."""
        return self.renderer is not None

    def paint(self, painter: QPainter, at: QPointF) -> None:
        """Paint it with its upper left corner at a point, at whatever scale the painter has."""
        place = QRectF(at, self.size)
        if self.renderer is not None:
            self.renderer.render(painter, place)
            return
        painter.setFont(self.font)
        painter.setPen(self.color)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), self.text)


class Typesetter(QObject):
    """Turns LaTeX into equations. `ready` says that some that were text can now be painted as pictures."""

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawn: OrderedDict[str, _Drawn | None] = OrderedDict()
        self._colored: OrderedDict[tuple[str, str], QSvgRenderer] = OrderedDict()
        self._bench = _Bench()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._look)

    def equation(
        self, latex: str, text: str, size: int, color: QColor, place: Hashable = None, *, begin: bool = True
    ) -> Equation:
        """What to paint for an equation now; `text` says the same plainly, `size` is its height of type in pixels.

        Where it is not there yet it is begun, unless the caller would rather have it later. Of the equations that one
        `place` asks for only the last is typeset: numbers that change while they are watched leave no queue behind.
        """
        if latex in self._drawn:
            self._drawn.move_to_end(latex)
            drawn = self._drawn[latex]
            if drawn is not None:
                scale = size / _UNIT
                measures = QSizeF(drawn.width * scale, drawn.height * scale)
                return Equation(text, measures, drawn.baseline * scale, color, font(size), self._renderer(latex, color))
        elif begin and self._bench.put(latex, place) and not self._timer.isActive():
            self._timer.start()
        plain = font(size)
        metrics = QFontMetricsF(plain)
        lines = text.split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines)
        measures = QSizeF(width + 1.0, metrics.lineSpacing() * len(lines))
        return Equation(text, measures, metrics.ascent(), color, plain)

    def warm(self) -> None:
        """Load what typesetting needs, when there is nothing else to do; the first equation is then there sooner."""
        if _FIRST not in self._drawn and self._bench.put(_FIRST, None) and not self._timer.isActive():
            self._timer.start()

    def drop(self, places: Callable[[Hashable], bool]) -> None:
        """Do not begin what these places have asked for: it is no longer looked at."""
        self._bench.drop(places)

    @property
    def busy(self) -> bool:
        """Whether something is being typeset or waits for it."""
        return self._bench.busy

    def settle(self) -> None:
        """Wait for everything that was asked for: for a picture of the window that is taken at once."""
        self._bench.wait()
        self._look()

    def close(self) -> None:
        """End the thread; what is not there by now stays text."""
        self._timer.stop()
        self._bench.close()

    def _look(self) -> None:
        found = self._bench.take()
        if not self._bench.busy:
            self._timer.stop()
        for latex, drawn in found:
            self._drawn[latex] = drawn
            while len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        if any(drawn is not None for _, drawn in found):
            self.ready.emit()

    def _renderer(self, latex: str, color: QColor) -> QSvgRenderer | None:
        key = latex, color.name()
        renderer = self._colored.get(key)
        if renderer is None:
            drawn = self._drawn[latex]
            assert drawn is not None  # the caller has looked
            renderer = QSvgRenderer(QByteArray(drawn.svg.replace(_INK, color.name()).encode()))
            self._colored[key] = renderer
            while len(self._colored) > _KEPT_COLORED:
                self._colored.popitem(last=False)
        else:
            self._colored.move_to_end(key)
        return renderer if renderer.isValid() else None


class _Bench:
    """The thread and what lies on it: what waits, by place, and what is done. Started by the first thing put there."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Hashable, str] = OrderedDict()
        self._done: list[tuple[str, _Drawn | None]] = []
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
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="typesetting")
                self._thread.start()
            self._changed.notify_all()
        return True

    def drop(self, places: Callable[[Hashable], bool]) -> None:
        """Put aside what waits at these places."""
        with self._changed:
            for key in list(self._waiting):
                if isinstance(key, tuple) and key[0] == "place" and places(key[1]):
                    del self._waiting[key]
            self._changed.notify_all()

    def take(self) -> list[tuple[str, _Drawn | None]]:
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
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return
                _, self._working = self._waiting.popitem(last=False)
                latex = self._working
            # The window goes first: each of its calls into Qt gives up the lock, and waits this long to have it back.
            before = sys.getswitchinterval()
            sys.setswitchinterval(min(before, _SWITCH))
            drawn = _typeset(latex)
            sys.setswitchinterval(before)
            with self._changed:
                self._done.append((latex, drawn))
                self._working = None
                self._changed.notify_all()


def _typeset(latex: str) -> _Drawn | None:
    """An equation at the unit size; None where it cannot be typeset, for whatever reason."""
    if any(letter >= _FIRST_FOREIGN and ord(letter) not in _MATHEMATICAL for letter in latex):
        return None
    try:
        # It reads its font in a way that Python means to give up; nobody who uses this program can mend that.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="ziamath")
        import ziamath

        # Qt draws SVG Tiny, which knows no <symbol>.
        ziamath.config.svg2 = False
        equation = ziamath.Latex(latex, size=_UNIT, color=_INK)
        image = equation.svgxml()
        _, top, width, height = (float(number) for number in image.attrib["viewBox"].split())
        return _Drawn(equation.svg(), width, height, -top)
    except Exception:  # whatever an equation does to the package, the window shows text
        return None
