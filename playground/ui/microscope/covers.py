"""How numbers are written while some of them are covered: "?", wherever they stand, also inside an equation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from playground.engine import expression as ex
from playground.engine.asked import Asked, symbol_of
from playground.engine.details import Line
from playground.engine.exact import Write
from playground.engine.expression import Expression, Form, Leaf, Symbol
from playground.engine.symbols import Symbols
from playground.ui.microscope.equations import Ink, Piece, equation

#: Stands for what is covered.
COVERED = "?"
#: The same in mathematics.
BOX = r"\boxed{\,?\,}"
#: What a covered number is written as until it is put in a box: no label has this character.
_MARK = "\ue000"
#: These have the name of their parameter, as its old value has too, or that of nothing that is written in a formula.
_NAMELESS = ("new", "step", "term", "passed", "share")


class _Unread(float):
    """A number that is not to be read."""


_UNREAD = _Unread(0.0)


@dataclass(frozen=True)
class Covers:
    """A way of writing numbers, and the numbers that it covers."""

    write: Write
    symbols: Symbols | None = None
    hidden: frozenset[Asked] = frozenset()
    #: The names in formulas that stand for covered numbers.
    names: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        """Names are worked out once."""
        if self.symbols is None or not self.hidden:
            return
        found = {symbol_of(one, self.symbols).text for one in self.hidden if one.sort not in _NAMELESS}
        found |= {symbol_of(one, self.symbols).text for one in self.hidden if one.sort == "passed" and one.top is None}
        found |= {"1/n"} if Asked("share") in self.hidden else set()
        object.__setattr__(self, "names", frozenset(found))

    def with_names(self, names: frozenset[str]) -> Covers:
        """The same, and these names in formulas are covered too."""
        found = replace(self)
        object.__setattr__(found, "names", self.names | names)
        return found

    def hides(self, asked: Asked | None) -> bool:
        """Whether a number is covered."""
        return asked is not None and asked in self.hidden

    def number(self, asked: Asked | None, value: float) -> str:
        """A number, or what covers it."""
        return COVERED if self.hides(asked) else self.write(value)

    def slope(self, asked: Asked, formula: Expression, value: float, longest: int) -> str:
        """A local slope with the formula that it comes from, where that is short and does not say the answer."""
        symbols, number = ex.text(formula), self.number(asked, value)
        if self.hides(asked) and (_is_bare(formula) or len(symbols) > longest):
            return number
        if isinstance(formula, Leaf) and formula.symbol.text in self.names:
            number = COVERED
        return number if symbols == number or len(symbols) > longest else f"{symbols} = {number}"

    def equation(self, line: Line, ink: Ink, asked: Asked | None = None) -> tuple[Piece, ...]:
        """A line of mathematics whose value is `asked`."""
        if not self.hidden:
            return equation(line, self.write, ink)
        hides = self.hides(asked) or line.left.text in self.names
        formula, value = self._covered(line.formula), line.value
        if hides:
            value = _UNREAD
            if asked is not None and asked.sort == "local" and _is_bare(formula):
                formula = Leaf(Symbol(_MARK, _MARK), _UNREAD)
            elif ex.text(formula, self.write) == self.write(line.value):
                # With the numbers put in, the answer would stand there.
                formula = Leaf(Symbol(ex.text(formula), ex.latex(formula)), _UNREAD)
        made = equation(Line(line.left, formula, value, line.sign), self._written, ink)
        return tuple(_boxed(piece) for piece in made)

    def _written(self, value: float) -> str:
        return _MARK if isinstance(value, _Unread) else self.write(value)

    def _covered(self, formula: Expression) -> Expression:
        if isinstance(formula, Leaf):
            return Leaf(formula.symbol, _UNREAD) if formula.symbol.text in self.names else formula
        return replace(formula, parts=tuple(self._covered(part) for part in formula.parts))


def _is_bare(formula: Expression) -> bool:
    """Whether there is nothing to be worked out in a formula: it is a number or the name of one."""
    return isinstance(formula, Leaf) or (isinstance(formula, Form) and not formula.parts)


def _boxed(piece: Piece) -> Piece:
    return Piece(
        piece.text.replace(_MARK, COVERED),
        piece.latex.replace(_MARK, BOX),
        piece.ink,
        tuple((text.replace(_MARK, COVERED), latex.replace(_MARK, BOX)) for text, latex in piece.terms),
    )
