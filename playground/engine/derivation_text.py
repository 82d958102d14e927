"""A derivation as text and as LaTeX: symbols above, numbers below; one line for each path, or for each layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playground.engine import expression as ex
from playground.engine.derivation import Derivation, Factor, Path
from playground.engine.details import LOSS, slope_symbol
from playground.engine.exact import Write, exact, in_latex
from playground.engine.layer_chain import layers
from playground.engine.program import Array
from playground.engine.symbols import Place

#: So many numbers of a vector, or rows of a batch, are written; of more the first and the last.
MOST_NUMBERS = 8


def text(derivation: Derivation, write: Write = exact) -> str:
    """The whole derivation as lines of text."""
    return "\n".join([*_row_text(derivation, write), *_mean_text(derivation, write)])


def latex(derivation: Derivation, write: Write = exact) -> str:
    """The whole derivation as LaTeX."""
    lines = latex_lines(derivation, write)
    return lines[0] if len(lines) == 1 else r"\begin{gathered} " + r" \\ ".join(lines) + r" \end{gathered}"


def latex_lines(derivation: Derivation, write: Write = exact) -> tuple[str, ...]:
    """The row's derivation, the mean and the penalty, line by line: each path, or each layer, is a line.

    The line of a path has two rows: the factors, and below each its number.
    """
    if not derivation.count:
        lines = [f"{gradient_symbol(derivation).latex} = 0"]
    elif derivation.paths:
        lines = _path_lines(derivation, write)
    else:
        lines = _layer_lines(derivation, write)
    return (*lines, *_mean_lines(derivation, write))


def gradient_symbol(derivation: Derivation) -> ex.Symbol:
    """∂L/∂w₁."""
    return slope_symbol(LOSS, derivation.symbol)


def path_text(path: Path, write: Write = exact) -> tuple[str, str]:
    """A path in symbols and in numbers: "∂L/∂Q · ∂Q/∂P · ∂P/∂w₁" and "3 · 2 · 1"."""
    return " · ".join(one.symbol.text for one in path.factors), " · ".join(_numbers(path.factors, write))


def _numbers(factors: Iterable[Factor], write: Write) -> list[str]:
    return [bracketed(write(factor.value)) for factor in factors]


def bracketed(number: str) -> str:
    """A number as a factor: in brackets where it is negative or a fraction."""
    return f"({number})" if number.startswith("−") or "/" in number else number


def _as_factor(value: float, write: Write) -> str:
    found = in_latex(write(value))
    if not found.startswith("{-"):
        return found
    return rf"\left({found}\right)" if "frac" in found else f"({found})"


# --- text -------------------------------------------------------------------------------------------


def _row_text(derivation: Derivation, write: Write) -> list[str]:
    name, value = gradient_symbol(derivation).text, write(derivation.value)
    if not derivation.paths:
        return _layers_text(derivation, write) if derivation.count else [f"{name} = 0"]
    written = [path_text(path, write) for path in derivation.paths]
    if len(written) == 1:
        return [f"{name} = {written[0][0]} = {written[0][1]} = {value}"]
    indent = " " * len(name)
    lines = []
    for place, (path, (symbols, numbers)) in enumerate(zip(derivation.paths, written, strict=True)):
        lines.append(f"{indent if place else name} {'+' if place else '='} {symbols} = {numbers} = {write(path.value)}")
    return [*lines, f"{indent} = {_sum([path.value for path in derivation.paths], write)} = {value}"]


def _layers_text(derivation: Derivation, write: Write) -> list[str]:
    lines = []
    for layer in layers(derivation):
        numbers = vector_text(layer.gradient, write)
        lines.append(f"{layer.symbol.text} = {ex.text(layer.formula)} = {numbers}")
    lines.append(_last(derivation, write))
    return lines


def _last(derivation: Derivation, write: Write) -> str:
    own = (derivation.owner.output, derivation.unit)
    arriving = slope_symbol(LOSS, derivation.sample.symbols.value(*own)).text
    last = derivation.last
    numbers = f"{bracketed(write(derivation.gradient_at(own)))} · {bracketed(write(last.value))}"
    symbols = f"{arriving} · {last.symbol.text}"
    return f"{gradient_symbol(derivation).text} = {symbols} = {numbers} = {write(derivation.value)}"


def vector_text(numbers: Array, write: Write = exact) -> str:
    """[0.1, −2, …, 3]; a single number stands alone."""
    written = [write(float(value)) for value in numbers]
    if len(written) > MOST_NUMBERS:
        written = [*written[: MOST_NUMBERS - 2], "…", written[-1]]
    return written[0] if len(numbers) == 1 else f"[{', '.join(written)}]"


def _sum(values: Sequence[float], write: Write) -> str:
    written = [write(value) for value in values]
    written[1:] = [f"({number})" if number.startswith(("−", "{-")) else number for number in written[1:]]
    if len(written) > MOST_NUMBERS:
        written = [*written[: MOST_NUMBERS - 2], "…", written[-1]]
    return " + ".join(written)


def _mean_text(derivation: Derivation, write: Write) -> list[str]:
    """The mean over the rows, and the penalty, where there are such."""
    name, rows = gradient_symbol(derivation).text, derivation.rows
    lines = []
    if rows > 1:
        total = _sum([float(value) for value in derivation.by_row], write)
        lines.append(f"{name} = ({total}) / {rows} = {write(derivation.gradient)}")
    if derivation.penalty:
        parts = _sum([derivation.gradient, derivation.penalty], write)
        lines.append(f"g = {name} + ∂R/∂{derivation.symbol.text} = {parts} = {write(received(derivation))}")
    return lines


def received(derivation: Derivation) -> float:
    """What the optimizer receives: the mean gradient and the penalty's slope."""
    return derivation.gradient + derivation.penalty


def unfolded_text(derivation: Derivation, place: Place, write: Write = exact) -> str:
    """One unit of a layer, term by term: "∂L/∂h₁ = 0.5 · 2 + (−1) · 3 = −2"."""
    terms = derivation.unfold(place)
    name = slope_symbol(LOSS, derivation.sample.symbols.value(*place)).text
    value = write(derivation.gradient_at(place))
    if place[0] == derivation.done.program.prediction:
        return f"{name} = {ex.text(terms[0][1].formula)} = {value}"
    symbols, numbers = [], []
    for arriving, factor in terms:
        assert factor.top is not None  # only the loss has none
        top = slope_symbol(LOSS, derivation.sample.symbols.value(*factor.top)).text
        symbols.append(f"{top} · {factor.symbol.text}")
        numbers.append(f"{bracketed(write(arriving))} · {bracketed(write(factor.value))}")
    return f"{name} = {' + '.join(symbols)}\n{' ' * len(name)} = {' + '.join(numbers)} = {value}"


# --- LaTeX ------------------------------------------------------------------------------------------


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    width = max(len(row) for row in rows)
    lines = (" & ".join([*row, *[""] * (width - len(row))]) for row in rows)
    return r"\begin{matrix} " + r" \\ ".join(lines) + r" \end{matrix}"


def _path_lines(derivation: Derivation, write: Write) -> list[str]:
    lines = []
    name = gradient_symbol(derivation).latex
    for place, path in enumerate(derivation.paths):
        above, below = ([name, "="], ["", "="]) if not place else (["", "+"], ["", "+"])
        for number, factor in enumerate(path.factors):
            dot = [r"\cdot"] if number else []
            above += [*dot, factor.symbol.latex]
            below += [*dot, _as_factor(factor.value, write)]
        lines.append(_matrix([above, [*below, "=", in_latex(write(path.value))]]))
    if len(derivation.paths) > 1:
        values = _sum([path.value for path in derivation.paths], lambda value: in_latex(write(value)))
        lines.append(f"{name} = {_dotted(values)} = {in_latex(write(derivation.value))}")
    return lines


def _layer_lines(derivation: Derivation, write: Write) -> list[str]:
    lines = [f"{layer.symbol.latex} = {ex.latex(layer.formula)}" for layer in layers(derivation)]
    own = (derivation.owner.output, derivation.unit)
    arriving = slope_symbol(LOSS, derivation.sample.symbols.value(*own)).latex
    product = rf"{arriving} \cdot {derivation.last.symbol.latex}"
    numbers = rf"{_as_factor(derivation.gradient_at(own), write)} \cdot {_as_factor(derivation.last.value, write)}"
    return [
        *lines,
        f"{gradient_symbol(derivation).latex} = {product} = {numbers} = {in_latex(write(derivation.value))}",
    ]


def _dotted(written: str) -> str:
    return written.replace("…", r"\dots ")


def _mean_lines(derivation: Derivation, write: Write) -> list[str]:
    lines, name = [], gradient_symbol(derivation).latex
    if derivation.rows > 1:
        total = _sum([float(value) for value in derivation.by_row], lambda value: in_latex(write(value)))
        mean = in_latex(write(derivation.gradient))
        lines.append(rf"{name} = \frac{{{_dotted(total)}}}{{{derivation.rows}}} = {mean}")
    if derivation.penalty:
        slope = rf"\frac{{\partial R}}{{\partial {derivation.symbol.latex}}}"
        parts = (in_latex(write(derivation.gradient)), _as_factor(derivation.penalty, write))
        lines.append(f"g = {name} + {slope} = {' + '.join(parts)} = {in_latex(write(received(derivation)))}")
    return lines
