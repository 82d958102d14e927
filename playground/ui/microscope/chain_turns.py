"""The questions about a derivation, one after the other, each with the line in which what it asks for is covered.

They go along one path, factor by factor; then to the product, to the sum over the paths and to the mean over the rows,
each only where there is such a thing and it can be worked out with pencil and paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.engine import derivation_text as written
from playground.engine.ask import Question
from playground.engine.ask import question as plain_question
from playground.engine.asked import Asked, covering
from playground.engine.derivation import Derivation
from playground.engine.details import LOSS, slope_symbol
from playground.engine.exact import Write, in_latex
from playground.engine.questions import about_factor, about_gradient, about_path, about_row
from playground.ui.microscope.chain_lines import as_factor
from playground.ui.microscope.math_sheet import MathLine
from playground.ui.translation import tr

Asks = Literal["factor", "path", "row", "mean"]

#: Sums of more terms are not asked for.
MOST_ADDED = 6
#: Stands for what is covered.
COVERED = "?"
_BOX = r"\boxed{\,?\,}"


@dataclass(frozen=True, eq=False)
class ChainTurn:
    """What is asked for of a derivation; of a factor, which one of the path."""

    derivation: Derivation
    asks: Asks
    factor: int = 0

    @property
    def question(self) -> Question:
        """What is asked, and which wrong answers are known."""
        derivation = self.derivation
        if self.asks == "factor":
            return about_factor(derivation, derivation.paths[0].factors[self.factor])
        if self.asks == "path":
            return about_path(derivation.paths[0])
        if not derivation.count:
            return plain_question(written.gradient_symbol(derivation).text, 0.0, ())
        # Of a single row its gradient and the mean are the same, and more of its mistakes are known.
        return about_gradient(derivation) if self.asks == "mean" or derivation.rows == 1 else about_row(derivation)

    @property
    def hidden(self) -> frozenset[Asked]:
        """The factor, or the gradient, wherever else it is written."""
        derivation = self.derivation
        number = Asked("gradient", derivation.number)
        if self.asks == "path":
            return frozenset({number})
        if self.asks == "factor":
            factor = derivation.paths[0].factors[self.factor]
            number = Asked("local", factor.bottom, factor.top)
        found = covering(derivation.done, number, derivation.row, derivation.sample.symbols)
        return found | {Asked("passed", derivation.number, (derivation.owner.output, derivation.unit))}

    def words(self) -> str:
        """The question as a sentence."""
        derivation = self.derivation
        name = written.gradient_symbol(derivation).text
        if self.asks == "factor":
            return tr("What is {asked}?", asked=derivation.paths[0].factors[self.factor].symbol.text)
        if self.asks == "path":
            return tr("What is the product of this path?")
        if self.asks == "row" and derivation.rows > 1:
            return tr("What is {asked} of this row?", asked=name)
        return tr("What is {asked}?", asked=name)

    def line(self, write: Write, *, covered: bool) -> MathLine:
        """The line that the question is about, with what it asks for covered, or with everything open."""
        derivation = self.derivation
        if self.asks == "mean":
            return _mean(derivation, write, covered)
        if self.asks == "row" and len(derivation.paths) != 1:
            return _sum(derivation, write, covered) if derivation.paths else _last(derivation, write, covered)
        return _path(self, write, covered)


@dataclass(frozen=True, eq=False)
class ChainCourse:
    """The questions about the derivation that is there at the moment."""

    derivation: Callable[[], Derivation | None]
    show_row: Callable[[int], object]
    steps = False

    def turns(self) -> tuple[ChainTurn, ...]:
        """The questions in their order."""
        derivation = self.derivation()
        return turns(derivation) if derivation is not None else ()

    def ask_again(self) -> bool:
        """The same of another row."""
        derivation = self.derivation()
        if derivation is None or derivation.rows == 1:
            return False
        self.show_row((derivation.row + 1) % derivation.rows)
        return True

    def go_on(self) -> bool:
        """The gradient is the last thing to be asked for."""
        return False


def turns(derivation: Derivation) -> tuple[ChainTurn, ...]:
    """The questions in their order."""
    paths, rows = len(derivation.paths), derivation.rows
    factors = derivation.paths[0].factors if paths else ()
    found = [ChainTurn(derivation, "factor", place) for place in range(len(factors))]
    if paths > 1:
        found.append(ChainTurn(derivation, "path"))
    if paths <= MOST_ADDED:
        found.append(ChainTurn(derivation, "row"))
    if 1 < rows <= MOST_ADDED and derivation.count:
        found.append(ChainTurn(derivation, "mean"))
    return tuple(found)


def _path(turn: ChainTurn, write: Write, covered: bool) -> MathLine:
    """One path: its factors, and below each its number. Where it is one of several it is not the gradient."""
    derivation = turn.derivation
    path, name = derivation.paths[0], written.gradient_symbol(derivation)
    only = len(derivation.paths) == 1
    hidden = turn.factor if turn.asks == "factor" and covered else None
    product = turn.asks == "factor" or covered
    above, below, numbers = ([name.latex, "="] if only else ["", ""]), ["", "=" if only else ""], []
    for place, factor in enumerate(path.factors):
        dot = [r"\cdot"] if place else []
        above += [*dot, factor.symbol.latex]
        below += [*dot, _BOX if place == hidden else as_factor(write(factor.value))]
        numbers.append(COVERED if place == hidden else written.bracketed(write(factor.value)))
    asked = r"\;" + _BOX if turn.asks != "factor" else r"\; ?"
    result = asked if product else in_latex(write(path.value))
    matrix = rf"\begin{{matrix}} {' & '.join(above)} & \\ {' & '.join(below)} & = {result} \end{{matrix}}"
    symbols = " · ".join(factor.symbol.text for factor in path.factors)
    left = f"{name.text} = " if only else ""
    text = f"{left}{symbols} = {' · '.join(numbers)} = {COVERED if product else write(path.value)}"
    return MathLine(matrix, text, "gradient")


def _sum(derivation: Derivation, write: Write, covered: bool) -> MathLine:
    name = written.gradient_symbol(derivation)
    values = [path.value for path in derivation.paths]
    latex, text = _added(values, write)
    return _equals(name.latex, latex, name.text, text, None if covered else write(derivation.value))


def _mean(derivation: Derivation, write: Write, covered: bool) -> MathLine:
    name, rows = written.gradient_symbol(derivation), derivation.rows
    latex, text = _added([float(value) for value in derivation.by_row], write)
    found = None if covered else write(derivation.gradient)
    return _equals(name.latex, rf"\frac{{{latex}}}{{{rows}}}", name.text, f"({text}) / {rows}", found)


def _last(derivation: Derivation, write: Write, covered: bool) -> MathLine:
    """Where there are too many paths to be written: what arrives at the number's unit, and the last factor."""
    name, own = written.gradient_symbol(derivation), (derivation.owner.output, derivation.unit)
    found = None if covered else write(derivation.value)
    if not derivation.count:
        return _equals(name.latex, "", name.text, "", found)
    arriving = slope_symbol(LOSS, derivation.sample.symbols.value(*own))
    factors = ((arriving, derivation.gradient_at(own)), (derivation.last.symbol, derivation.last.value))
    latex = rf"{_dotted([one.latex for one, _ in factors])} = {_dotted([as_factor(write(v)) for _, v in factors])}"
    text = " · ".join(one.text for one, _ in factors)
    numbers = " · ".join(written.bracketed(write(value)) for _, value in factors)
    return _equals(name.latex, latex, name.text, f"{text} = {numbers}", found)


def _dotted(factors: Sequence[str]) -> str:
    return r" \cdot ".join(factors)


def _added(values: Sequence[float], write: Write) -> tuple[str, str]:
    first, *others = [write(value) for value in values]
    text = [first, *(f"({number})" if number.startswith("−") else number for number in others)]
    return " + ".join([in_latex(first), *(as_factor(number) for number in others)]), " + ".join(text)


def _equals(left: str, latex: str, left_text: str, text: str, found: str | None) -> MathLine:
    """One equation: a name, its formula, and what is found; None: covered."""
    right, right_text = (_BOX, COVERED) if found is None else (in_latex(found), found)
    return MathLine(
        " = ".join(part for part in (left, latex, right) if part),
        " = ".join(part for part in (left_text, text, right_text) if part),
        "gradient",
    )
