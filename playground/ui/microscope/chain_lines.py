"""What the chain-rule page writes: a derivation in symbols and numbers, one formula beside it, a nudge."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from playground.engine import derivation_text as written
from playground.engine.derivation import Derivation, shared_by
from playground.engine.details import LOSS, slope_symbol
from playground.engine.exact import Write, decimal, exact, in_latex, rounded
from playground.engine.layer_chain import layers
from playground.engine.nudge import nudge
from playground.engine.one_formula import one_formula
from playground.engine.program import Array
from playground.engine.symbols import Place
from playground.ui.microscope.equations import Ink
from playground.ui.microscope.math_sheet import MathLine
from playground.ui.translation import figure, tr

#: An exact number of more characters is rounded.
_SHORT = 6
#: Of a layer of more units the line that is typeset has the first and the last numbers.
MOST_WRITTEN = 5
#: So many units of a node are followed by a nudge.
MOST_UNITS = 8


def _words(text: str) -> MathLine:
    """A plain sentence between the lines of mathematics."""
    return MathLine("", text, "muted", 0.68)


@lru_cache(4096)
def brief(value: float) -> str:
    """A number exactly where that is short, else with four digits: a chain of factors has to fit on a line."""
    written_out = exact(value)
    return written_out if len(written_out) <= _SHORT else decimal(float(f"{value:.4g}"))


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers without fractions, with four digits or as many as it takes to see which is larger."""
    for digits in range(4, 17):
        texts = tuple(decimal(float(f"{number:.{digits}g}")) for number in (one, other))
        if texts[0] != texts[1] or one == other:
            break
    return texts[0], texts[1]


def chain_lines(derivation: Derivation, *, full: bool) -> tuple[MathLine, ...]:
    """The derivation, with what is said of it: how many paths there are, and what is used again."""
    lines = [MathLine(latex, text, "gradient") for latex, text in _pairs(derivation, exact if full else brief)]
    if derivation.rows == 1:
        return (*lines, *_remarks(derivation))
    own = len(lines) - 1 - bool(derivation.penalty)
    alone = _words(tr("This row alone:"))
    mean = _words(tr("The mean over the {rows} rows:", rows=figure(derivation.rows)))
    return (alone, *lines[:own], *_remarks(derivation), mean, *lines[own:])


def unfolded_lines(derivation: Derivation, place: Place) -> tuple[MathLine, ...]:
    """What arrives at one unit, term by term: ∂L/∂h₁ = ∂L/∂z₁ · ∂z₁/∂h₁ + …, and below it the numbers."""
    symbols = derivation.sample.symbols
    name, terms = slope_symbol(LOSS, symbols.value(*place)), derivation.unfold(place)
    above, below = [name.latex, "="], ["", "="]
    for count, (arriving, factor) in enumerate(terms):
        plus = ["+"] if count else []
        top = "" if factor.top is None else rf"{slope_symbol(LOSS, symbols.value(*factor.top)).latex} \cdot "
        numbers = [arriving, factor.value] if top else [factor.value]
        above += [*plus, f"{top}{factor.symbol.latex}"]
        below += [*plus, r" \cdot ".join(as_factor(brief(number)) for number in numbers)]
    value = in_latex(brief(derivation.gradient_at(place)))
    matrix = rf"\begin{{matrix}} {' & '.join(above)} & \\ {' & '.join(below)} & = {value} \end{{matrix}}"
    return (MathLine(matrix, written.unfolded_text(derivation, place, brief), "gradient", 0.9),)


def as_factor(number: str) -> str:
    """A written number as LaTeX, in brackets where it is negative."""
    return rf"\left({in_latex(number)}\right)" if number.startswith("−") else in_latex(number)


def _pairs(derivation: Derivation, write: Write) -> Iterable[tuple[str, str]]:
    """Each line as LaTeX with the text that says the same; of whole layers the numbers are written behind."""
    latex = list(written.latex_lines(derivation, write))
    if derivation.count and not derivation.paths:
        for place, layer in enumerate(layers(derivation)):
            latex[place] += f" = {_vector(layer.gradient, write)}"
    return zip(latex, written.text(derivation, write).split("\n"), strict=True)


def _vector(numbers: Array, write: Write) -> str:
    """Some numbers of a layer, in LaTeX: of many the first and the last."""
    texts = [in_latex(write(float(number))) for number in numbers]
    if len(texts) > MOST_WRITTEN:
        texts = [*texts[: MOST_WRITTEN - 2], r"\dots", texts[-1]]
    return texts[0] if len(texts) == 1 else r"\left[" + r", \; ".join(texts) + r"\right]"


def _remarks(derivation: Derivation) -> list[MathLine]:
    found, name, count = [], derivation.symbol.text, figure(derivation.count)
    if derivation.count > 1 and derivation.paths:
        found.append(_words(tr("The sum over {count} paths from the loss to {name}.", count=count, name=name)))
    elif derivation.count > 1:
        found.append(
            _words(
                tr(
                    "There are {count} paths from the loss to {name}: one sweep backward takes them all.",
                    count=count,
                    name=name,
                )
            )
        )
    if derivation.paths:
        first = derivation.paths[0].factors[0]
        uses = shared_by(derivation.done.program, first)
        if uses > 1:
            found.append(
                _words(
                    tr(
                        "{factor} is computed once and used {count} times: for every weight and bias behind it.",
                        factor=first.symbol.text,
                        count=figure(uses),
                    )
                )
            )
    return found


def formula_lines(derivation: Derivation) -> tuple[MathLine, ...]:
    """*One formula*: everything put into one, growing with every layer, and what the chain rule needs instead."""
    found, lines = one_formula(derivation), list[MathLine]()
    text, latex = found.text(derivation), found.latex(derivation)
    if text is not None and latex is not None:
        lines += [MathLine(one, other) for one, other in zip(latex, text, strict=True)]
    growth = " → ".join(figure(symbols) for _, symbols in found.growth)
    lines.append(
        _words(tr("Symbols in the formula of L, layer put into layer: {growth}. Its derivative has {count}.",
                  growth=growth, count=figure(found.derivative_symbols)))
    )  # fmt: skip
    lines.append(
        _words(tr("The chain rule gives the same number with {count} products for all weights together.",
                  count=figure(found.products)))
    )  # fmt: skip
    return tuple(lines)


def nudge_lines(derivation: Derivation, delta: float) -> tuple[MathLine, ...]:
    """One number moved a little: what every value behind it and the loss did, beside what the slopes predicted."""
    done, (parameter, index) = derivation.done, derivation.number
    found = nudge(done.program, done.before.values, done.x, done.trace.targets, parameter, index, delta, done.hyper,
                  done.masks)  # fmt: skip
    symbols, row = derivation.sample.symbols, derivation.row
    name = derivation.symbol
    lines = [_words(tr("{name} + {delta}: how far everything behind it moves, and what the slopes predicted.",
                       name=name.text, delta=rounded(delta)))]  # fmt: skip
    for one in done.program.instructions:
        width = done.program.widths[one.output]
        if one.output not in derivation.behind:
            continue
        for unit in range(min(width, MOST_UNITS)):
            symbol = symbols.value(one.output, unit)
            real, expected = float(found.change(one.output)[row, unit]), float(found.predicted[one.output][row, unit])
            if real or expected:
                lines.append(_moved(symbol.latex, symbol.text, real, expected, "forward"))
        if width > MOST_UNITS:
            lines.append(_words(tr("… and {count} more of {node}", count=figure(width - MOST_UNITS),
                                   node=symbols.name(one.output))))  # fmt: skip
    before, after = float(found.losses_before[row]), float(found.losses_after[row])
    lines.append(_moved("L", "L", after - before, float(found.losses_predicted[row]), "gradient"))
    texts = rounded(before), rounded(after)
    lines.append(MathLine(rf"L: \; {in_latex(texts[0])} \to {in_latex(texts[1])}", f"L: {texts[0]} → {texts[1]}"))
    return tuple(lines)


def _moved(latex: str, text: str, real: float, expected: float, ink: Ink) -> MathLine:
    return MathLine(
        rf"\Delta {latex} = {in_latex(rounded(real))}",
        f"Δ{text} = {rounded(real)}",
        ink,
        0.9,
        (rf"\mathrm{{slope}} \cdot \delta = {in_latex(rounded(expected))}", f"slope · δ = {rounded(expected)}"),
    )
