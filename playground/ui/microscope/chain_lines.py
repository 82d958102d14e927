"""What the chain-rule page writes: a derivation in symbols and numbers, one formula beside it, a nudge, a question."""

from __future__ import annotations

from collections.abc import Iterable

from playground.engine import derivation_text as written
from playground.engine.derivation import Derivation, Path, shared_by
from playground.engine.exact import Write, decimal, exact, in_latex, rounded
from playground.engine.nudge import nudge
from playground.engine.one_formula import one_formula
from playground.ui.microscope.equation_view import Ink, MathLine
from playground.ui.translation import figure, tr

#: Stands for what is covered.
COVERED = "?"
#: An exact number of more characters is rounded.
_SHORT = 6


def _words(text: str) -> MathLine:
    """A plain sentence between the lines of mathematics."""
    return MathLine("", text, "muted", 0.68)


def brief(value: float) -> str:
    """A number exactly where that is short, else with four digits: a chain of factors has to fit on a line."""
    written_out = exact(value)
    return written_out if len(written_out) <= _SHORT else decimal(float(f"{value:.4g}"))


def chain_lines(derivation: Derivation, *, full: bool) -> tuple[MathLine, ...]:
    """The derivation, with what is said of it: how many paths there are, and what is used again."""
    write = exact if full else brief
    lines = [
        MathLine(latex, text, "gradient" if place == 0 else "text")
        for place, (latex, text) in enumerate(_pairs(derivation, write))
    ]
    return (*lines, *_remarks(derivation))


def _pairs(derivation: Derivation, write: Write) -> Iterable[tuple[str, str]]:
    """Each line as LaTeX with the text that says the same."""
    latex = written.latex_lines(derivation, write)
    text = written.text(derivation, write).split("\n")
    for place, line in enumerate(latex):
        yield line, text[place] if place < len(text) else ""


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
    found = one_formula(derivation)
    if found is None:
        return (_words(tr("This network is too large to be put into one formula.")),)
    lines = []
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
        if one.output not in derivation.behind:
            continue
        for unit in range(min(done.program.widths[one.output], 8)):
            symbol = symbols.value(one.output, unit)
            real, expected = float(found.change(one.output)[row, unit]), float(found.predicted[one.output][row, unit])
            if real or expected:
                lines.append(_moved(symbol.latex, symbol.text, real, expected, "forward"))
    real = float(found.losses_after[row] - found.losses_before[row])
    lines.append(_moved("L", "L", real, float(found.losses_predicted[row]), "gradient"))
    after = float(found.losses_after[row])
    lines.append(MathLine(rf"L = {in_latex(rounded(after))}", f"L = {rounded(after)}"))
    return tuple(lines)


def _moved(latex: str, text: str, real: float, expected: float, ink: Ink) -> MathLine:
    left = rf"\Delta {latex} = {in_latex(rounded(real))}"
    right = rf"\mathrm{{slope}} \cdot \delta = {in_latex(rounded(expected))}"
    return MathLine(
        rf"{left} \qquad {right}",
        f"Δ{text} = {rounded(real)}    {rounded(expected)}",
        ink,
        0.9,
    )


def asked_line(derivation: Derivation, path: Path, covered: int | None) -> MathLine:
    """A path with one factor covered (None: only the product), the rest worked, and the result covered with it."""
    name = written.gradient_symbol(derivation)
    symbols = [factor.symbol for factor in path.factors]
    numbers = [COVERED if place == covered else brief(factor.value) for place, factor in enumerate(path.factors)]
    bracketed = [number if number == COVERED else written.bracketed(number) for number in numbers]
    text = f"{name.text} = {' · '.join(one.text for one in symbols)} = {' · '.join(bracketed)} = {COVERED}"
    above, below = [name.latex, "="], ["", "="]
    for place, (symbol, number) in enumerate(zip(symbols, numbers, strict=True)):
        dot = [r"\cdot"] if place else []
        boxed = r"\boxed{\,?\,}" if number == COVERED else f"({in_latex(number)})"
        above += [*dot, symbol.latex]
        below += [*dot, boxed if number == COVERED or number.startswith("−") else in_latex(number)]
    width = len(above)
    matrix = rf"\begin{{matrix}} {' & '.join(above)} & \\ {' & '.join(below[:width])} & = \; ? \end{{matrix}}"
    return MathLine(matrix, text, "gradient")
