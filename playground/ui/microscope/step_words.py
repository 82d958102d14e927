"""What the page of the present step says: a title, equations and a table, as plain data made from the reader.

Numbers are written as by hand: exactly where that is short (9/2, 1.94), else with six digits, or always in full.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from playground.document.catalog import title
from playground.engine import expression as ex
from playground.engine.details import Backward, Passed, backward_at, forward_at, loss_at, loss_backward_at
from playground.engine.exact import Write
from playground.engine.formulas import Number, is_number
from playground.engine.passes import Kind
from playground.engine.update_details import update_at
from playground.messages import Message, message
from playground.ui.microscope.equations import Ink, Piece, brief, equation
from playground.ui.microscope.head import PlayHead
from playground.ui.translation import tr

#: The table of the update has so many rows at most; the ledger has them all.
MOST_UPDATED = 200

STAGES: dict[Kind, Message] = {
    "forward": message("Forward"),
    "loss": message("Loss"),
    "backward": message("Backward"),
    "update": message("Update"),
}


@dataclass(frozen=True)
class Row:
    """A row of the table; `number` is the weight or bias that it is about."""

    cells: tuple[str, ...]
    number: Number | None = None


@dataclass(frozen=True)
class Shown:
    """All that is said of one step; `chosen` is the row that the equations are about, `inks` are the columns'."""

    title: str
    note: str = ""
    equations: tuple[tuple[Piece, ...], ...] = ()
    columns: tuple[str, ...] = ()
    inks: tuple[Ink, ...] = ()
    rows: tuple[Row, ...] = ()
    chosen: int | None = None

    def text(self) -> str:
        """The equations as plain text, one a line."""
        return "\n".join(" ".join(piece.text for piece in pieces) for pieces in self.equations)


def node_title(head: PlayHead, node: str) -> str:
    """What a node is called: its own name, or what it is."""
    network = head.session.document.network
    if head.plan is not None and all(one.id != node for one in network.nodes):
        network = head.plan.document.network
    return tr(title(network.node(node)))


def shown(head: PlayHead, write: Write = brief, chosen: int = 0) -> Shown:
    """What there is to say of the present step; `chosen` is a row of its table."""
    step = head.step
    if head.found is None:
        return Shown("")
    if step is None:
        return _given(head, write)
    made: dict[Kind, Callable[[PlayHead, Write, int], Shown]] = {
        "forward": _forward,
        "loss": _loss,
        "backward": _backward,
        "update": _update,
    }
    return made[step.kind](head, write, chosen)


def _given(head: PlayHead, write: Write) -> Shown:
    found, symbols = head.found, head.symbols
    assert found is not None
    program = found.program
    rows = [
        Row((symbols.value(program.input, unit).text, write(float(value)), tr("given")))
        for unit, value in enumerate(found.x[head.row])
    ]
    rows += [
        Row((symbols.target(unit).text, write(float(value)), tr("right answer")))
        for unit, value in enumerate(found.trace.targets[head.row])
    ]
    note = tr("What is given. Step computes the first value.")
    return Shown(tr("Start"), note, (), (tr("name"), tr("value"), ""), ("text", "forward", "muted"), tuple(rows))


def _forward(head: PlayHead, write: Write, chosen: int) -> Shown:
    found, one = head.found, head.instruction
    assert found is not None
    assert one is not None
    made = forward_at(found, one, head.unit, head.row, head.symbols)
    heading = _heading("forward", node_title(head, one.node))
    formula = made.formula.removesuffix(" + b") if len(one.parameters) == 1 else made.formula
    # The result also up here: a long sum is read from its beginning.
    note = f"{formula}   {made.output.symbol.text} = {write(made.output.value)}"
    equations = (equation(made.line, write, "forward"),)
    if one.op != "dense":
        rows = tuple(Row((part.symbol.text, write(part.value))) for part in made.inputs)
        return Shown(heading, note, equations, (tr("input"), tr("value")), ("text", "forward"), rows)
    factors = [(part.symbol.text, part.value) for part in made.inputs]
    factors += [("1", 1.0)] * (len(made.parameters) - len(factors))  # what a bias is multiplied by
    cells = [
        Row(
            (name, write(value), weight.symbol.text, write(weight.value), write(value * weight.value)),
            _number(weight.of),
        )
        for (name, value), weight in zip(factors, made.parameters, strict=True)
    ]
    columns = (tr("input"), tr("value"), tr("× weight"), tr("value"), tr("= product"))
    return Shown(heading, note, equations, columns, ("text", "forward", "text", "text", "forward"), tuple(cells))


def _number(of: object) -> Number | None:
    return of if is_number(of) else None  # type: ignore[arg-type,return-value]


def _loss(head: PlayHead, write: Write, chosen: int) -> Shown:
    found = head.found
    assert found is not None
    made = loss_at(found, head.row, head.symbols)
    notes = [made.formula]
    if made.rows > 1:
        notes.append(tr("mean of {rows} rows: {value}", rows=made.rows, value=write(made.mean)))
    if made.penalty:
        notes.append(tr("penalty: {value}", value=write(made.penalty)))
    columns, inks = [tr("output"), tr("value"), tr("right answer"), tr("value")], ["text", "forward", "text", "forward"]
    if made.probabilities:
        columns.append(tr("probability"))
        inks.append("forward")
    rows = []
    for unit, (output, answer) in enumerate(zip(made.inputs, made.targets, strict=True)):
        cells = [output.symbol.text, write(output.value), head.symbols.target(unit).text, write(answer)]
        cells += [write(made.probabilities[unit])] if made.probabilities else []
        rows.append(Row(tuple(cells)))
    equations = (equation(made.line, write, "forward"),)
    heading = _heading("loss", node_title(head, found.program.loss_node))
    return Shown(heading, "   ".join(notes), equations, tuple(columns), tuple(inks), tuple(rows))  # type: ignore[arg-type]


def _backward(head: PlayHead, write: Write, chosen: int) -> Shown:
    found, one = head.found, head.instruction
    assert found is not None
    if one is None:
        made = loss_backward_at(found, head.row, head.symbols)
    else:
        made = backward_at(found, one, head.unit, head.row, head.symbols)
    # What is given cannot be changed: its slopes come last.
    made = replace(made, passed=tuple(sorted(made.passed, key=lambda one: one.bottom[0] == found.program.input)))
    chosen = _aimed(head, [passed.bottom for passed in made.passed], chosen)
    columns = [tr("towards"), tr("arriving"), tr("× local"), tr("= passed on")]
    inks: list[Ink] = ["text", "gradient", "forward", "gradient"]
    summed = [_whole(head, passed) for passed in made.passed]
    several = any(
        whole is not None and not math.isclose(whole, one.downstream, rel_tol=1e-12)
        for whole, one in zip(summed, made.passed, strict=True)
    )
    if several:
        columns.append(tr("altogether"))
        inks.append("gradient")
    rows = []
    for passed, whole in zip(made.passed, summed, strict=True):
        cells = [f"∂L/∂{passed.symbol.text}", write(passed.upstream), _local(passed, write), write(passed.downstream)]
        cells += ["" if whole is None else write(whole)] if several else []
        rows.append(Row(tuple(cells), _number(passed.bottom)))
    heading = _heading("backward", node_title(head, made.node))
    return Shown(heading, _arriving(made, write), _chain(made, chosen, write), tuple(columns), tuple(inks),
                 tuple(rows), chosen)  # fmt: skip


def _whole(head: PlayHead, passed: Passed) -> float | None:
    """The whole gradient there, once all that add to it have done so."""
    name = passed.bottom[0]
    reached = head.known.parameters if is_number(passed.bottom) else head.known.gradients
    return passed.gradient if name in reached else None


def _local(passed: Passed, write: Write) -> str:
    symbols, value = ex.text(passed.slope.formula), write(passed.local)
    return value if symbols == value or len(symbols) > 24 else f"{symbols} = {value}"


def _arriving(made: Backward, write: Write) -> str:
    symbol, value = made.upstream.symbol.text, write(made.upstream.value)
    return tr("arriving {symbol} = {value}", symbol=symbol, value=value)


def _chain(made: Backward, chosen: int, write: Write) -> tuple[tuple[Piece, ...], ...]:
    if not made.passed:
        return ()
    passed = made.passed[chosen]
    line = equation(passed.line, write, "gradient")
    # The loss' own slope stands in its line already.
    at_loss = made.upstream.of == (made.node, 0) and passed.slope.left.text == passed.line.left.text
    return (line,) if at_loss else (line, equation(passed.slope, write, "forward"))


def _aimed(head: PlayHead, numbers: list, chosen: int) -> int:
    """The row of the weight that the user chose, where it is among these; else the row that was chosen."""
    if head.target in numbers:
        return numbers.index(head.target)
    return min(max(chosen, 0), max(len(numbers) - 1, 0))


def _update(head: PlayHead, write: Write, chosen: int) -> Shown:
    found, symbols = head.found, head.symbols
    assert found is not None
    numbers: list[Number] = []
    for parameter in found.program.parameters:
        room = MOST_UPDATED - len(numbers)
        numbers += [(parameter.name, index) for index, _ in zip(np.ndindex(parameter.shape), range(room), strict=False)]
    more = found.program.size - len(numbers)
    if head.target is not None and head.target not in numbers:
        numbers[0] = head.target
    chosen = _aimed(head, numbers, chosen)
    rows = []
    for name, index in numbers:
        part = found.trace.parameters[name]
        old, new = float(part.value[index]), float(found.new[name][index])
        cells = (
            symbols.parameter(name, index).text,
            write(old),
            write(float(part.gradient[index])),
            write(new - old),
            write(new),
        )
        rows.append(Row(cells, (name, index)))
    equations: list[tuple[Piece, ...]] = []
    if numbers:
        made = update_at(found, *numbers[chosen], symbols)
        equations = [equation(line, write, "gradient") for line in made.lines]
        if made.frozen:
            equations = [(Piece(tr("{name} is frozen: it keeps its value.", name=made.symbol.text), ""),)]
    return Shown(
        tr("Update"), _update_note(head, more, write), tuple(equations),
        (tr("parameter"), tr("old"), tr("gradient"), tr("step"), tr("new")),
        ("text", "text", "gradient", "gradient", "forward"), tuple(rows), chosen,
    )  # fmt: skip


def _update_note(head: PlayHead, more: int, write: Write) -> str:
    found = head.found
    assert found is not None
    parts = [tr("η = {rate}, all from the old values.", rate=write(found.hyper.learning_rate))]
    if found.diverged:
        parts = [tr("This update leads out of the finite numbers: the weights stay as they are.")]
    elif head.alone:
        parts.append(tr("This point alone: nothing is changed."))
    if more > 0:
        parts.append(tr("{count} more are in the ledger.", count=more))
    return " ".join(parts)


def _heading(stage: Kind, name: str) -> str:
    word = tr(STAGES[stage])
    return word if name == word else f"{word} · {name}"
