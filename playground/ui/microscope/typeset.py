"""Equations as pictures: LaTeX is typeset beside the window's thread, and shown as plain text until it is there.

A symbol that is seen for the first time is drawn by a thread of its own, which `close` joins; an equation of known
symbols is put together at once (see `composed`). What is made is kept without size and colour: a zoom or another theme
costs nothing, and every size is crisp. Whatever cannot be typeset (a name in letters that the font does not have, a
missing package) stays text.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from playground.ui.microscope.bench import Bench, foreign
from playground.ui.microscope.composed import Composer, Drawn
from playground.ui.microscope.pieces import UNIT
from playground.ui.theme import font

#: Milliseconds between two looks at what has been typeset.
_LOOK = 12
#: So many equations are kept.
_KEPT = 512
#: Seconds that the window's thread may put equations together before it turns to something else; the rest is typeset.
_AT_ONCE = 0.001
#: Longer ones take longer than that.
_SHORT = 260
#: What `warm` typesets first: it loads the font and the commonest signs.
_FIRST = (
    r"\frac{\partial L}{\partial w_{1}} = 3 \cdot 2 \cdot \left(-1\right) + 4 - 5",
    r"{-0.1} + (-2) \cdot \left[6, \; 7, \; \dots, \; 8 \right] - 9 \leftarrow {\left(Q - C\right)}^{2}",
)


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
    drawn: Drawn | None = None

    @property
    def typeset(self) -> bool:
        """Whether it is the picture."""
        return self.drawn is not None

    def paint(self, painter: QPainter, at: QPointF) -> None:
        """Paint it with its upper left corner at a point, at whatever scale the painter has."""
        if self.drawn is not None:
            scale = self.size.width() / self.drawn.width
            painter.save()
            painter.translate(at.x(), at.y() + self.baseline)
            painter.scale(scale, scale)
            painter.fillPath(self.drawn.path, self.color)
            painter.restore()
            return
        painter.setFont(self.font)
        painter.setPen(self.color)
        painter.drawText(QRectF(at, self.size), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), self.text)


class Typesetter(QObject):
    """Turns LaTeX into equations. `ready` says that some that were text can now be painted as pictures.

    `count` rises with every equation that is there: what was laid out before may look otherwise now.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawn: OrderedDict[str, Drawn | None] = OrderedDict()
        self._composer = Composer()
        # Equations with something in them that has not been drawn yet: it is not looked for again and again.
        self._tried: set[str] = set()
        self._spent = 0.0
        self.count = 0
        self._bench = Bench(self._composer)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._look)

    def equation(
        self,
        latex: str,
        text: str,
        size: int,
        color: QColor,
        place: Hashable = None,
        *,
        begin: bool = True,
        at_once: bool = True,
    ) -> Equation:
        """What to paint for an equation now; `text` says the same plainly, `size` is its height of type in pixels.

        Where it is not there yet it is begun, unless the caller would rather have it later. Of the equations that one
        `place` asks for only the last is typeset: numbers that change while they are watched leave no queue behind.
        `at_once`: where it can be put together at once, it is.
        """
        drawn = self._at_once(latex) if at_once else self._drawn.get(latex)
        if drawn is not None:
            scale = size / UNIT
            measures = QSizeF(drawn.width * scale, drawn.height * scale)
            return Equation(text, measures, drawn.baseline * scale, color, font(size), drawn)
        if begin:
            self.begin(latex, place)
        width, height, ascent = _extent(text, size)
        return Equation(text, QSizeF(width, height), ascent, color, font(size))

    def begin(self, latex: str, place: Hashable = None) -> None:
        """Typeset an equation, if it is not there yet; `ready` tells when it is."""
        if latex not in self._drawn and self._bench.put(latex, place) and not self._timer.isActive():
            self._timer.start()

    def warm(self, symbols: Iterable[str] = ()) -> None:
        """Draw the commonest signs and these symbols when there is nothing else to do: equations are there sooner."""
        self._tried.clear()
        self._bench.warm((*_FIRST, *symbols))

    def _at_once(self, latex: str) -> Drawn | None:
        """An equation that is there, or that can be put together while nobody waits for the window."""
        if latex in self._drawn:
            self._drawn.move_to_end(latex)
            return self._drawn[latex]
        if self._spent >= _AT_ONCE or len(latex) > _SHORT or latex in self._tried or foreign(latex):
            return None
        if not self._spent:
            QTimer.singleShot(0, self, self._breathe)
        begun = time.thread_time()
        drawn = self._composer.known(latex) if latex else None
        if drawn is not None:
            self._keep(latex, drawn)
        else:
            self._tried.add(latex)
            if len(self._tried) > 4 * _KEPT:
                self._tried.clear()
        self._spent += time.thread_time() - begun
        return drawn

    def _breathe(self) -> None:
        self._spent = 0.0

    def _keep(self, latex: str, drawn: Drawn | None) -> None:
        self._drawn[latex] = drawn
        self._tried.discard(latex)
        self.count += 1
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)

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
            self._keep(latex, drawn)
        if any(drawn is not None for _, drawn in found):
            self.ready.emit()


@lru_cache(1024)
def _extent(text: str, size: int) -> tuple[float, float, float]:
    """How wide and high plain text is, and where its first baseline."""
    metrics = QFontMetricsF(font(size))
    lines = text.split("\n")
    width = max(metrics.horizontalAdvance(line) for line in lines)
    return width + 1.0, metrics.lineSpacing() * len(lines), metrics.ascent()


@lru_cache(256)
def wrapped(text: str, size: int, room: int) -> str:
    """Words in as many lines as they need to be no wider than that."""
    metrics = QFontMetricsF(font(size))
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
