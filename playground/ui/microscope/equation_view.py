"""Lines of mathematics below each other: typeset as soon as they are, plain text until then; as large as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from playground.ui.microscope.equations import Ink
from playground.ui.microscope.typeset import Equation, Typesetter
from playground.ui.microscope.written import color_of
from playground.ui.theme import themes

#: Heights of type, in pixels: at first, at least and at most (for a projector).
SIZE, SMALLEST, LARGEST = 22, 14, 48
#: Lines that are a little too long are set smaller by the first of these that helps; longer ones scroll.
_FITTING = (1.0, 0.86, 0.72)
#: Room around all lines and between two of them; a second column stands so far from the first.
_MARGIN, _GAP, _APART = 10, 10, 36
#: So many lines are put together while the window waits; more become pictures one after the other.
_FEW = 6
#: A turn of the wheel by so much is one step.
_NOTCH = 120
_LARGER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)


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


class _Sheet(QWidget):
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
        return self.lines, self.size_of_type, themes.current().name, self._typesetter.count

    def _lay_out(self) -> tuple[list[_Set], float]:
        found = [self._set(line) for line in self.lines]
        column = _MARGIN + _APART + max((one.first.size.width() for one in found if one.second), default=0.0)
        top = float(_MARGIN)
        for one in found:
            one.top = top
            top += one.height + _GAP
        return found, column

    def _set(self, line: MathLine) -> _Set:
        """One line. Nothing is begun here: what is painted is, and so is nothing that nobody has scrolled to."""
        size = self.size_of_type * line.size * (self.fitting if line.latex else 1.0)
        texts = [(line.latex, line.text), *([] if line.beside is None else [line.beside])]
        first, *others = (
            self._typesetter.equation(
                latex,
                text,
                max(SMALLEST - 2, round(size)),
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
        return QSize(round(width) + _MARGIN, round(height) + _MARGIN)

    def _in_sight(self, one: _Set) -> bool:
        parent = self.parentWidget()
        return parent is not None and -self.y() - one.height < one.top < -self.y() + parent.height()

    def settle(self) -> None:
        """Take the room that the lines need now."""
        parent = self.parentWidget()
        room = parent.size() if parent is not None else QSize()
        self.fitting = self._fitting(room.width())
        self.setFixedSize(self.sizeHint().expandedTo(room))
        self.update()

    def _fitting(self, room: int) -> float:
        """How large the type is for the most lines to fit; who has chosen a larger one gets it, and scrolls."""
        if self.size_of_type > SIZE:
            return 1.0
        self.fitting = 1.0
        found, column = self.set_lines()
        widths = [_right(one, column) for one in found if one.ready and one.line.latex]
        # The most that fit; of equals the largest.
        return max(_FITTING, key=lambda factor: (sum(factor * width + _MARGIN <= room for width in widths), factor))

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
            for left, equation in zip((_MARGIN, column), one.parts, strict=False):
                equation.paint(painter, QPointF(left, one.top + one.ascent - equation.baseline))
        painter.end()


def _right(one: _Set, column: float) -> float:
    return _MARGIN + one.first.size.width() if one.second is None else column + one.second.size.width()


class EquationView(QScrollArea):
    """Shows lines of mathematics; Ctrl and the wheel, the keys + − 0, or `zoom` change their size."""

    zoomed = Signal(int)

    def __init__(self, typesetter: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet(typesetter)
        self._turned = 0
        self._revealed: int | None = None
        self.setWidget(self._sheet)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCornerWidget(QWidget())
        self._sheet.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self.verticalScrollBar().valueChanged.connect(self._settle)
        typesetter.ready.connect(self._settle)
        themes.changed.connect(self._settle)

    def show_lines(self, lines: Sequence[MathLine], reveal: int | None = None) -> None:
        """Show these lines and no others; `reveal` is which of them is to be seen, at the top where it can be."""
        if tuple(lines) != self._sheet.lines:
            self._sheet.drop()
            self._sheet.lines = tuple(lines)
            self.setAccessibleDescription(self.text())
            self._revealed = None
        if reveal is not None:
            self._revealed = reveal
        self._settle()

    def lines(self) -> tuple[MathLine, ...]:
        """What is shown."""
        return self._sheet.lines

    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join(
            line.text if line.beside is None else f"{line.text}    {line.beside[1]}" for line in self._sheet.lines
        )

    def latex(self) -> str:
        """The mathematics that is shown, as LaTeX that can be put between the signs of a formula."""
        lines = [
            line.latex if line.beside is None else rf"{line.latex} \qquad {line.beside[0]}"
            for line in self._sheet.lines
            if line.latex
        ]
        if len(lines) < 2:
            return "".join(lines)
        return "\n".join((r"\begin{gathered}", " \\\\\n".join(lines), r"\end{gathered}"))

    @property
    def size_of_type(self) -> int:
        """The height of the type, in pixels."""
        return self._sheet.size_of_type

    def zoom(self, steps: int) -> None:
        """Larger or smaller type."""
        self._resize_type(self._sheet.size_of_type + 2 * steps)

    def _resize_type(self, size: int) -> None:
        size = min(max(size, SMALLEST), LARGEST)
        if size != self._sheet.size_of_type:
            self._sheet.size_of_type = size
            self._settle()
            self.zoomed.emit(size)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the size, else the place."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _NOTCH)
        self._turned -= steps * _NOTCH
        self.zoom(steps)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The size by keys; else the place."""
        if event.key() in _LARGER:
            self.zoom(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(-1)
        elif event.key() == Qt.Key.Key_0:
            self._resize_type(SIZE)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sheet fills what there is."""
        super().resizeEvent(event)
        self._settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: typeset what is not yet."""
        super().showEvent(event)
        self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is typeset for nobody."""
        super().hideEvent(event)
        self._sheet.drop()

    def _settle(self, _news: object = None) -> None:
        if not self.isVisible():
            return
        self._sheet.settle()
        if self._revealed is not None:
            found, _ = self._sheet.set_lines()
            if self._revealed < len(found):
                self.verticalScrollBar().setValue(round(found[self._revealed].top) - _MARGIN)

    def _scrolled(self, _action: int) -> None:
        """From now on the reader is where the reader likes."""
        self._revealed = None
