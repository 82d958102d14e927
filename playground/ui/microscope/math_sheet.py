"""What an equation view scrolls: lines of mathematics with words between them, laid out for the room that there is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.microscope.equations import Ink
from playground.ui.microscope.typeset import Equation, Typesetter, wrapped
from playground.ui.microscope.written import color_of
from playground.ui.projector import number_size, projector, word_size
from playground.ui.theme import themes

#: Heights of type, in pixels: at first, at least and at most (for a projector).
SIZE, SMALLEST, LARGEST = 22, 14, 48
#: Lines that are a little too long are set smaller by the first of these that helps; longer ones scroll.
_FITTING = (1.0, 0.86, 0.72)
#: At first for a projector, and what its lines are set smaller by: numbers stay as large as they have to be.
_PROJECTED, _PROJECTED_FITTING = 30, (1.0, 0.9, 0.8)
#: Room around all lines and between two of them; a second column stands so far from the first.
MARGIN, _GAP, _APART = 10, 10, 36
#: So many lines are put together while the window waits; more become pictures one after the other.
_FEW = 6
#: Words are broken to no less.
_NARROWEST = 200


@dataclass(frozen=True)
class MathLine:
    """One line: as LaTeX and the same as plain text, in the colour of what it means; without LaTeX it is words.

    `beside` is a second column, LaTeX and text, that starts at the same place in all lines that have one.
    """

    latex: str
    text: str
    ink: Ink = "text"
    size: float = 1.0
    beside: tuple[str, str] | None = None


@dataclass
class _Set:
    """A line as it is painted."""

    line: MathLine
    first: Equation
    second: Equation | None
    top: float = 0.0

    @property
    def ascent(self) -> float:
        return max(one.baseline for one in self.parts)

    @property
    def height(self) -> float:
        return self.ascent + max(one.size.height() - one.baseline for one in self.parts)

    @property
    def parts(self) -> tuple[Equation, ...]:
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def ready(self) -> bool:
        """Whether it is as wide as it will be."""
        return not self.line.latex or all(one.typeset for one in self.parts)


class Sheet(QWidget):
    """What scrolls."""

    def __init__(self, typesetter: Typesetter) -> None:
        super().__init__()
        self._typesetter = typesetter
        self.lines: tuple[MathLine, ...] = ()
        self.size_of_type = SIZE
        self.fitting = 1.0
        self._laid_out: tuple[object, dict[float, tuple[list[_Set], float]]] = (None, {})
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)

    def set_lines(self) -> tuple[list[_Set], float]:
        """All lines from the top, and where the second column starts; worked out once for what is there to be shown."""
        before, known = self._laid_out
        if self._shown() != before or self.fitting not in known:
            found = self._lay_out()
            # Meanwhile some may have become pictures.
            shown = self._shown()
            known = {**(known if shown == before else {}), self.fitting: found}
            self._laid_out = (shown, known)
        return known[self.fitting]

    def _shown(self) -> object:
        return self.lines, self.base, projector.on, themes.current().name, self._typesetter.count, self._room()

    def _room(self) -> int:
        """How wide words may get before they go on below."""
        parent = self.parentWidget()
        return max(parent.width() if parent is not None else 0, _NARROWEST) - 2 * MARGIN

    @property
    def base(self) -> int:
        """The height of the type, of which lines are a part."""
        return max(self.size_of_type, _PROJECTED) if projector.on else self.size_of_type

    def _lay_out(self) -> tuple[list[_Set], float]:
        found = [self._set(line) for line in self.lines]
        column = MARGIN + _APART + max((one.first.size.width() for one in found if one.second), default=0.0)
        top = float(MARGIN)
        for one in found:
            one.top = top
            top += one.height + _GAP
        return found, column

    def _set(self, line: MathLine) -> _Set:
        """One line. Nothing is begun here: what is painted is, and so is nothing that nobody has scrolled to."""
        least = (number_size if line.latex else word_size)(SMALLEST - 2)
        size = max(least, round(self.base * line.size * (self.fitting if line.latex else 1.0)))
        text = line.text if line.latex else wrapped(line.text, size, self._room())
        texts = [(line.latex, text), *([] if line.beside is None else [line.beside])]
        first, *others = (
            self._typesetter.equation(
                latex,
                text,
                size,
                color_of(line.ink, themes.current()),
                begin=False,
                at_once=len(self.lines) <= _FEW,
            )
            for latex, text in texts
        )
        return _Set(line, first, others[0] if others else None)

    def sizeHint(self) -> QSize:
        """Room for all lines."""
        found, column = self.set_lines()
        # The plain text of a line is longer than the line will be: it counts once somebody gets to see it.
        width = max((_right(one, column) for one in found if one.ready or self._in_sight(one)), default=0.0)
        height = found[-1].top + found[-1].height if found else 0.0
        return QSize(round(width) + MARGIN, round(height) + MARGIN)

    def _in_sight(self, one: _Set) -> bool:
        parent = self.parentWidget()
        return parent is not None and -self.y() - one.height < one.top < -self.y() + parent.height()

    def settle(self, width: int) -> None:
        """Take the room that the lines need now, the type fitted to a width."""
        parent = self.parentWidget()
        room = parent.size() if parent is not None else QSize()
        self.fitting = self._fitting(width)
        self.setFixedSize(self.sizeHint().expandedTo(room))
        self.update()

    def _fitting(self, room: int) -> float:
        """How large the type is for the most lines to fit; who has chosen a larger one gets it, and scrolls."""
        if self.size_of_type > (_PROJECTED if projector.on else SIZE):
            return 1.0
        self.fitting = 1.0
        found, column = self.set_lines()
        widths = [_right(one, column) for one in found if one.ready and one.line.latex]
        # The most that fit; of equals the largest.
        factors = _PROJECTED_FITTING if projector.on else _FITTING
        return max(factors, key=lambda factor: (sum(factor * width + MARGIN <= room for width in widths), factor))

    def _begin(self, place: int, one: _Set) -> None:
        """Have a line typeset that somebody sees as text."""
        texts = (one.line.latex, *(() if one.line.beside is None else one.line.beside[:1]))
        for column, (latex, part) in enumerate(zip(texts, one.parts, strict=True)):
            if latex and not part.typeset:
                self._typesetter.begin(latex, (id(self), place, column))

    def drop(self) -> None:
        """Do not begin what was asked for and is no longer looked at."""
        self._typesetter.drop(lambda place: isinstance(place, tuple) and place[0] == id(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """All lines, from the top."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        found, column = self.set_lines()
        for place, one in enumerate(found):
            if one.top > event.rect().bottom() or one.top + one.height < event.rect().top():
                continue
            self._begin(place, one)
            for left, equation in zip((MARGIN, column), one.parts, strict=False):
                equation.paint(painter, QPointF(left, one.top + one.ascent - equation.baseline))
        painter.end()


def _right(one: _Set, column: float) -> float:
    return MARGIN + one.first.size.width() if one.second is None else column + one.second.size.width()
