"""Equations that flow over as many lines as they need: typeset as soon as they are, plain text until then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.microscope.equations import Ink, Piece
from playground.ui.microscope.typeset import Equation, Typesetter
from playground.ui.projector import number_size, projector
from playground.ui.theme import Theme, themes

#: The height of type in pixels, of the first equation and of those that explain it.
LARGE, SMALL = 21, 16
#: The first one's for a projector.
_PROJECTED = 30
#: Milliseconds that equations are looked at before they are typeset.
_REST = 36
_LINE, _INDENT, _SPACE, _APART = 6.0, 28.0, 8.0, 36.0


@dataclass
class _Line:
    """Equations side by side, on one baseline."""

    top: float
    found: list[tuple[float, Equation]]

    @property
    def ascent(self) -> float:
        return max(one.baseline for _, one in self.found)

    @property
    def right(self) -> float:
        left, last = self.found[-1]
        return left + last.size.width()

    @property
    def height(self) -> float:
        return self.ascent + max(one.size.height() - one.baseline for _, one in self.found)


class Written(QWidget):
    """Shows equations one below the other; what is too long for a line is broken between its pieces and terms."""

    def __init__(self, typesetter: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typesetter = typesetter
        self._equations: tuple[tuple[Piece, ...], ...] = ()
        self._needed = 0
        self._laid_out: list[_Line] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        typesetter.ready.connect(self._settle)
        projector.changed.connect(self._settle)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._settle)

    def show_equations(self, equations: tuple[tuple[Piece, ...], ...]) -> None:
        """Show these and no others."""
        if equations == self._equations:
            return
        self._equations = equations
        # Typesetting shares the interpreter with the window: who steps on quickly is not made to wait for it.
        self._typesetter.drop(lambda place: isinstance(place, tuple) and place[0] == id(self))
        self._rest.start()
        text = self.text()
        self.setAccessibleName(text)
        self.setVisible(bool(equations))
        self._settle()

    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join(" ".join(piece.text for piece in pieces) for pieces in self._equations)

    def latex(self) -> str:
        """What is shown, as LaTeX."""
        return "\n".join(" ".join(piece.latex for piece in pieces) for pieces in self._equations)

    def restyle(self) -> None:
        """The theme has changed."""
        self._settle()

    def sizeHint(self) -> QSize:
        """As high as its equations are at this width."""
        return QSize(200, self._needed)

    def heightForWidth(self, width: int) -> int:
        """As high as its equations are at that width."""
        return self._needed if width == self.width() else _height(self._lines(width))

    def _settle(self, _news: object = None) -> None:
        """Take the room that the equations need at this width."""
        self._laid_out = self._lines(self.width())
        needed = _height(self._laid_out)
        if needed != self._needed:
            self._needed = needed
            self.updateGeometry()
        self.update()

    def _lines(self, width: int) -> list[_Line]:
        """All lines at a width."""
        found: list[_Line] = []
        for number, pieces in enumerate(self._equations):
            lines = list(self._broken(number, pieces, float(width)))
            if number and len(lines) == 1 and found[-1].right + _APART + lines[0].right <= width:
                # A short one stands beside the one before it.
                left = found[-1].right + _APART
                found[-1].found += [(left + x, one) for x, one in lines[0].found]
            else:
                found += lines
        top = 2.0
        for line in found:
            line.top = top
            top += line.height + _LINE
        return found

    def _broken(self, number: int, pieces: tuple[Piece, ...], room: float) -> Iterator[_Line]:
        size = number_size(LARGE if number == 0 else SMALL)
        if number == 0 and projector.on:
            size = _PROJECTED
        line, left = _Line(0.0, []), 0.0
        for place, piece in enumerate(pieces):
            whole = self._equation(piece.latex, piece.text, size, piece.ink, (number, place, -1))
            parts = [whole]
            if whole.size.width() > room - _INDENT and piece.terms:
                parts = [
                    self._equation(latex, text, size, piece.ink, (number, place, k))
                    for k, (text, latex) in enumerate(piece.terms)
                ]
            for part in parts:
                if line.found and left + part.size.width() > room:
                    yield line
                    line, left = _Line(0.0, []), _INDENT
                line.found.append((left, part))
                left += part.size.width() + _SPACE
        if line.found:
            yield line

    def _equation(self, latex: str, text: str, size: int, ink: Ink, place: tuple[int, int, int]) -> Equation:
        theme = themes.current()
        if not latex:
            # Words and no mathematics.
            latex = rf"\text{{{text}}}"
        return self._typesetter.equation(latex, text, size, color_of(ink, theme), (id(self), *place),
                                         begin=not self._rest.isActive())  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        """All lines, each on its baseline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self._laid_out:
            for left, equation in line.found:
                equation.paint(painter, QPointF(left, line.top + line.ascent - equation.baseline))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._settle()


def _height(lines: list[_Line]) -> int:
    return round(lines[-1].top + lines[-1].height + 2.0) if lines else 0


def color_of(ink: Ink, theme: Theme) -> QColor:
    """The colour of what is meant."""
    return {"text": theme.text, "muted": theme.muted, "forward": theme.forward, "gradient": theme.gradient}[ink]
