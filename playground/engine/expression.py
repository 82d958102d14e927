"""Formulas as small trees, so that one and the same formula is written with symbols or numbers, as text or as LaTeX.

A tree may share its branches: substituting layer into layer then costs little, while the formula that it stands for
grows without bounds. `symbols_in` counts that size without writing it out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from playground.engine.exact import Write, in_latex

#: How tightly a piece holds together: a piece gets brackets where its place asks for a tighter one.
ATOM, PRODUCT, QUOTIENT, SUM = range(4)


@dataclass(frozen=True)
class Symbol:
    """A name as text and as LaTeX: w₁ and w_{1}."""

    text: str
    latex: str


@dataclass(frozen=True, eq=False)
class Leaf:
    """A symbol and the number that it stands for."""

    symbol: Symbol
    value: float


@dataclass(frozen=True, eq=False)
class Form:
    """A formula over others: @0@, @1@ … in the templates are its parts, `needs` how tight each of them has to be.

    `level` is its own tightness as text, `latex_level` as LaTeX (a fraction bar needs no brackets).
    """

    text: str
    latex: str
    parts: tuple[Expression, ...] = ()
    needs: tuple[int, ...] = ()
    level: int = ATOM
    latex_level: int = ATOM


Expression = Leaf | Form

ONE = Form("1", "1")
ZERO = Form("0", "0")
_PLACE = re.compile(r"@(\d+)@")


def constant(text: str, latex: str | None = None) -> Form:
    """A number that belongs to the formula itself."""
    level = SUM if text.startswith("−") else ATOM
    return Form(text, text.replace("−", "-") if latex is None else latex, level=level, latex_level=level)


def call(text: str, latex: str, *parts: Expression) -> Form:
    """A formula that holds together by itself, such as tanh(z)."""
    return Form(text, latex, parts, (SUM,) * len(parts))


def product(*parts: Expression) -> Expression:
    """The product of the parts; factors that are the constant 1 are left out."""
    kept = tuple(part for part in parts if part is not ONE)
    if len(kept) <= 1:
        return kept[0] if kept else ONE
    places = [f"@{k}@" for k in range(len(kept))]
    return Form("·".join(places), r" \cdot ".join(places), kept, (PRODUCT,) * len(kept), PRODUCT, PRODUCT)


def total(parts: Sequence[Expression]) -> Expression:
    """The sum of the parts; of none it is 0."""
    if len(parts) <= 1:
        return parts[0] if parts else ZERO
    written = " + ".join(f"@{k}@" for k in range(len(parts)))
    return Form(written, written, tuple(parts), (SUM, *(QUOTIENT,) * (len(parts) - 1)), SUM, SUM)


def shortened(parts: Sequence[Expression], most: int) -> Expression:
    """A sum of which only the first and the last terms are written where there are more than `most`."""
    if len(parts) <= most:
        return total(parts)
    kept = (*parts[: most - 2], parts[-1])
    places = [f"@{k}@" for k in range(len(kept))]
    text, latex = (" + ".join([*places[:-1], dots, places[-1]]) for dots in ("…", r"\dots"))
    return Form(text, latex, kept, (SUM, *(QUOTIENT,) * (len(kept) - 1)), SUM, SUM)


def difference(one: Expression, other: Expression) -> Form:
    """One part minus the other."""
    return Form("@0@ − @1@", "@0@ - @1@", (one, other), (SUM, QUOTIENT), SUM, SUM)


def negative(part: Expression) -> Form:
    """Minus the part."""
    return Form("−@0@", "{-@0@}", (part,), (PRODUCT,), SUM, SUM)


def quotient(above: Expression, below: Expression) -> Form:
    """One part over the other."""
    return Form("@0@/@1@", r"\frac{@0@}{@1@}", (above, below), (PRODUCT, ATOM), QUOTIENT, ATOM)


def square(part: Expression) -> Form:
    """The square of a part."""
    return Form("@0@²", "{@0@}^{2}", (part,), (ATOM,), ATOM, ATOM)


def text(expression: Expression, write: Write | None = None) -> str:
    """The formula as text: in symbols, or with `write` in numbers."""
    return _Writer(write, latex=False).write(expression)[0]


def latex(expression: Expression, write: Write | None = None) -> str:
    """The formula as LaTeX: in symbols, or with `write` in numbers."""
    return _Writer(write, latex=True).write(expression)[0]


class _Writer:
    """Writes formulas in one manner; a branch that is shared is written once and copied."""

    def __init__(self, numbers: Write | None, *, latex: bool) -> None:
        self.numbers, self.latex = numbers, latex
        self.known: dict[int, tuple[str, int]] = {}

    def write(self, expression: Expression) -> tuple[str, int]:
        """The formula and how tightly it holds together."""
        if isinstance(expression, Leaf):
            return self.leaf(expression)
        found = self.known.get(id(expression))
        if found is None:
            pieces = [self.fitted(part, need) for part, need in zip(expression.parts, expression.needs, strict=True)]
            template = flat(expression.latex, pieces) if self.latex else expression.text
            level = expression.latex_level if self.latex else expression.level
            found = _PLACE.sub(lambda place: pieces[int(place[1])], template), level
            self.known[id(expression)] = found
        return found

    def fitted(self, part: Expression, need: int) -> str:
        """A part, in brackets where it would fall apart."""
        written, level = self.write(part)
        if level <= need or (need == SUM):
            return written
        return flat(r"\left(@0@\right)", [written]).replace("@0@", written) if self.latex else f"({written})"

    def leaf(self, leaf: Leaf) -> tuple[str, int]:
        if self.numbers is None:
            return (leaf.symbol.latex if self.latex else leaf.symbol.text), ATOM
        written = self.numbers(leaf.value)
        level = SUM if written.startswith("−") else QUOTIENT if "/" in written else ATOM
        if self.latex:
            return in_latex(written), (PRODUCT if "e" in written and level == ATOM else level)
        return written, level


def flat(template: str, pieces: Sequence[str]) -> str:
    """A template whose brackets need not grow where nothing tall is in them: that is typeset in half the time."""
    if any(tall in piece for piece in (template.replace(r"\left(", ""), *pieces) for tall in (r"\frac", r"\left(")):
        return template
    return re.sub(r"\\(left|right)(?=[()|])", "", template)


def symbols_in(expression: Expression) -> int:
    """How many symbols a formula has when written out, each copy counted: exact however large that is."""
    known: dict[int, int] = {}
    waiting = [expression]
    while waiting:
        here = waiting[-1]
        if isinstance(here, Leaf):
            known[id(here)] = 1
        elif id(here) not in known:
            missing = [part for part in here.parts if id(part) not in known]
            if missing:
                waiting += missing
                continue
            # A part that the template writes twice counts twice.
            known[id(here)] = sum(known[id(here.parts[int(place)])] for place in _PLACE.findall(here.text))
        waiting.pop()
    return known[id(expression)]


def leaves_in(expression: Expression) -> Counter[int]:
    """How often each leaf, by its identity, stands in a formula when written out: for one of which little is shared."""
    if isinstance(expression, Leaf):
        return Counter({id(expression): 1})
    found: Counter[int] = Counter()
    for place in _PLACE.findall(expression.text):
        found.update(leaves_in(expression.parts[int(place)]))
    return found
