"""Lines of mathematics as pieces that can be typeset, coloured and broken; numbers as they are written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.engine import expression as ex
from playground.engine.details import Line
from playground.engine.exact import Write, exact, in_latex, rounded
from playground.engine.expression import Expression, Form

Ink = Literal["text", "muted", "forward", "gradient"]

#: An exact number of more characters is rounded, unless all digits are wanted.
SHORT = 8


@dataclass(frozen=True)
class Piece:
    """A part of an equation that stays on one line; where even that is too long, its `terms` are what is broken."""

    text: str
    latex: str
    ink: Ink = "text"
    terms: tuple[tuple[str, str], ...] = ()


def brief(value: float) -> str:
    """A number exactly where that is short, else with six digits."""
    found = exact(value)
    return found if len(found) <= SHORT else rounded(value)


def equation(line: Line, write: Write, ink: Ink) -> tuple[Piece, ...]:
    """One line of mathematics: its value is in `ink`, and what would only be said twice is left out."""
    symbols, latex = ex.text(line.formula), ex.latex(line.formula)
    numbers, value = ex.text(line.formula, write), write(line.value)
    sign, sign_latex = ("←", r"\leftarrow") if line.sign == "←" else ("=", "=")
    left, left_latex = f"{line.left.text} {sign}", f"{line.left.latex} {sign_latex}"
    broken = _terms(line.formula, None, left, left_latex)
    pieces = [Piece(f"{left} {symbols}", f"{left_latex} {latex}", terms=broken)]
    if numbers not in (symbols, value):
        with_numbers = ex.latex(line.formula, write)
        pieces.append(Piece(f"= {numbers}", f"= {with_numbers}", terms=_terms(line.formula, write, "=", "=")))
    if value != symbols:
        pieces.append(Piece(f"= {value}", f"= {in_latex(value)}", ink))
    return tuple(pieces)


def _terms(formula: Expression, write: Write | None, first: str, first_latex: str) -> tuple[tuple[str, str], ...]:
    """The terms of a sum one by one, each with the sign before it."""
    if not isinstance(formula, Form) or " + " not in formula.text or set(formula.text) - set("@0123456789 +…"):
        return ()
    found, parts = [], iter(formula.parts)
    for k, place in enumerate(formula.text.split(" + ")):
        if place == "…":
            found.append(("+ …", r"{}+ \dots"))
            continue
        part = next(parts)
        text, latex = ex.text(part, write), ex.latex(part, write)
        if k and text.startswith("−"):
            text, latex = f"({text})", rf"\left({latex}\right)"
        sign, sign_latex = (first, first_latex) if k == 0 else ("+", "{}+")
        found.append((f"{sign} {text}", f"{sign_latex} {latex}"))
    return tuple(found)
