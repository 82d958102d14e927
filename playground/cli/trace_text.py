"""A trace as text: what flows forward, the loss, what flows back, the parameters, and the chain rule in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from playground.cli.output import aligned
from playground.cli.spec import Ready
from playground.data.table import Array
from playground.engine.dropout import dropouts
from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.engine.trace import Link, Trace

#: Lines of one table before it is cut short; `--json` has everything.
MOST_LINES = 200
#: Units of a node, or rows, that are written out side by side.
MOST_NUMBERS = 12
#: Numbers of a factor of the chain rule that are written out.
MOST_FACTORS = 8


@dataclass(frozen=True)
class Rows:
    """Which training rows were traced."""

    numbers: list[int]
    of: int
    epoch: int
    batch: bool


def trace_text(prepared: Ready, traced: Trace, links: Sequence[Link], parameter: str | None, rows: Rows) -> str:
    """Everything, section by section."""
    features = prepared.plan.dataset.features
    state = f"after {rows.epoch} epochs" if prepared.trained else "initial weights"
    head = f"Training row {rows.numbers[0]} of {rows.of}, {state}"
    if rows.batch:
        head = f"The next batch, {len(rows.numbers)} of {rows.of} training rows, {state}"
        head += "\nrows " + _cut([str(index) for index in rows.numbers])
    if dropouts(traced.program):
        head += "\nDropout is off here: every value passes."
    sections = [
        [head],
        ["Forward", *_forward(traced, features)],
        [*_loss(traced)],
        ["Backward (∂L/∂ the node's value)", *_backward(traced)],
        ["Parameters", *_parameters(traced)],
    ]
    if links:
        sections.append([f"Chain rule for {parameter} (upstream × local = downstream)", *_chain(links)])
    return "\n\n".join("\n".join(section) for section in sections)


def number(value: float) -> str:
    """A number as a reader wants it: 3, 4.5, 0.333333, -1.2e-09; −0 is 0."""
    return f"{value + 0.0:.6g}"


def _forward(traced: Trace, features: Sequence[str]) -> list[str]:
    program = traced.program
    formulas = {instruction.output: OPS[instruction.op].formula for instruction in program.instructions}
    formulas[program.input] = ", ".join(features) if len(features) <= 4 else f"{len(features)} features"
    return _by_row([((node, formulas.get(node, "")), value) for node, value in traced.values.items()])


def _backward(traced: Trace) -> list[str]:
    order = [node for node in reversed(list(traced.values)) if node in traced.gradients]
    return _by_row([((node,), traced.gradients[node]) for node in order])


def _by_row(entries: Sequence[tuple[tuple[str, ...], Array]]) -> list[str]:
    """A node's samples below one another, its units side by side, each in a column of its own."""
    table: list[tuple[str, ...]] = []
    for names, array in entries:
        for index, row in enumerate(array):
            labels = names if index == 0 else ("",) * len(names)
            table.append((*labels, *_cells(row)))
    labels_wide = len(entries[0][0])
    return _lines(table, right=range(labels_wide, labels_wide + MOST_NUMBERS))


def _cells(row: Array) -> list[str]:
    """The numbers of one row; of many only the first, and how many there are."""
    shown = [number(float(value)) for value in row[:MOST_NUMBERS]]
    return shown if len(row) <= MOST_NUMBERS else [*shown, f"… ({len(row)} in all)"]


def _loss(traced: Trace) -> list[str]:
    loss = LOSSES[traced.program.loss]
    one = len(traced.targets) == 1
    rows = [" ".join(_cells(row)) for row in traced.targets]
    table = [
        ("Loss", loss.formula if one else f"mean of {loss.formula}", number(traced.loss)),
        ("", "target" if one else "targets", _cut(rows)),
    ]
    if traced.penalty:
        table.append(("Penalty", "of the weights, not part of the loss", number(traced.penalty)))
    return aligned(table)


def _parameters(traced: Trace) -> list[str]:
    penalised = any(found.penalty_gradient.any() for found in traced.parameters.values())
    heads = ["", "value", "gradient", *(["of it penalty"] if penalised else []), "updated"]
    table: list[Sequence[str]] = [heads]
    for name, found in traced.parameters.items():
        columns = [found.value, found.gradient, *([found.penalty_gradient] if penalised else []), found.updated]
        for index in np.ndindex(*found.value.shape):
            place = f"{name}[{','.join(map(str, index))}]"
            table.append((place, *(number(float(column[index])) for column in columns)))
    return _lines(table, right=range(1, len(heads)))


def _chain(links: Iterable[Link]) -> list[str]:
    table = [
        (link.node, link.rule, f"{_array(link.upstream)} × {_array(link.local)}", f"= {_array(link.downstream)}")
        for link in links
    ]
    return aligned(table, "  ")


def _array(array: Array) -> str:
    """An array within a line: a number, a row, a column; anything larger by its shape."""
    if array.size == 1:
        return number(float(array.reshape(-1)[0]))
    if array.size > MOST_FACTORS or (array.ndim == 2 and min(array.shape) > 1):
        return f"({' × '.join(map(str, array.shape))} numbers)"
    flat = ", ".join(number(float(value)) for value in array.reshape(-1))
    return f"[{flat}]" if array.ndim == 1 or len(array) == 1 else f"[{flat}]ᵀ"


def _cut(words: Sequence[str]) -> str:
    return ", ".join(words[:MOST_NUMBERS]) + (f", … ({len(words)})" if len(words) > MOST_NUMBERS else "")


def _lines(table: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    lines = aligned(table[:MOST_LINES], "  ", right=right)
    left = len(table) - MOST_LINES
    return [*lines, f"  … {left} lines more; --json has all"] if left > 0 else lines
