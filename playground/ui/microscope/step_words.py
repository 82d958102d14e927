"""What the page of the present step says: a title, equations and a table, as plain data made from the reader.

Numbers are written as by hand: exactly where that is short (9/2, 1.94), else with six digits, or always in full.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from playground.document.catalog import title
from playground.engine.asked import Asked
from playground.engine.details import Backward, Passed, backward_at, forward_at, loss_at, loss_backward_at
from playground.engine.exact import Write
from playground.engine.formulas import Number, is_number
from playground.engine.passes import Kind, Pass
from playground.engine.symbols import Place
from playground.engine.update_details import update_at
from playground.messages import Message, message
from playground.ui.microscope.covers import Covers
from playground.ui.microscope.equations import Ink, Piece, brief
from playground.ui.microscope.head import PlayHead
from playground.ui.microscope.shown import Row, Shown
from playground.ui.translation import tr

#: The table of the update has so many rows at most; the ledger has them all.
MOST_UPDATED = 200

#: What optimizers make of a gradient: of the first one Adam's average is the gradient itself.
_MADE_OF_IT = frozenset({"g", "m", "v", "s", "m̂", "v̂"})

STAGES: dict[Kind, Message] = {
    "forward": message("Forward"),
    "loss": message("Loss"),
    "backward": message("Backward"),
    "update": message("Update"),
}


def node_title(head: PlayHead, node: str) -> str:
    """What a node is called: its own name, or what it is."""
    network = head.session.document.network
    if head.plan is not None and all(one.id != node for one in network.nodes):
        network = head.plan.document.network
    return tr(title(network.node(node)))


def shown(head: PlayHead, write: Write = brief, chosen: int = 0, hidden: frozenset[Asked] = frozenset()) -> Shown:
    """What there is to say of the present step; `chosen` is a row of its table, and `hidden` is covered."""
    step = head.step
    if head.found is None:
        return Shown("")
    if step is None:
        return _given(head, write)
    made: dict[Kind, Callable[[PlayHead, Covers, int], Shown]] = {
        "forward": _forward,
        "loss": _loss,
        "backward": _backward,
        "update": _update,
    }
    return made[step.kind](head, Covers(write, head.symbols, hidden), chosen)


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


def _forward(head: PlayHead, covers: Covers, chosen: int) -> Shown:
    found, one = head.found, head.instruction
    assert found is not None
    assert one is not None
    made = forward_at(found, one, head.unit, head.row, head.symbols)
    top = (one.output, head.unit)
    result = Asked("value", top)
    heading = _heading("forward", node_title(head, one.node))
    formula = made.formula.removesuffix(" + b") if len(one.parameters) == 1 else made.formula
    # The result also up here: a long sum is read from its beginning.
    note = f"{formula}   {made.output.symbol.text} = {covers.number(result, made.output.value)}"
    equations = (covers.equation(made.line, "forward", result),)
    given = [None if part.of[0] == found.program.input else Asked("value", part.of) for part in made.inputs]
    if one.op != "dense":
        rows = tuple(
            Row((part.symbol.text, covers.number(asked, part.value)), asks=(None, asked))
            for part, asked in zip(made.inputs, given, strict=True)
        )
        return Shown(heading, note, equations, (tr("input"), tr("value")), ("text", "forward"), rows, asks=(result,))
    factors = [(part.symbol.text, part.value) for part in made.inputs]
    factors += [("1", 1.0)] * (len(made.parameters) - len(factors))  # what a bias is multiplied by
    cells = []
    for k, ((name, value), weight) in enumerate(zip(factors, made.parameters, strict=True)):
        asked, term = (given[k], Asked("term", weight.of, top)) if k < len(given) else (None, None)
        product = covers.number(term, value * weight.value)
        texts = (name, covers.number(asked, value), weight.symbol.text, covers.write(weight.value), product)
        cells.append(Row(texts, _number(weight.of), (None, asked, None, None, term)))
    columns = (tr("input"), tr("value"), tr("× weight"), tr("value"), tr("= product"))
    inks: tuple[Ink, ...] = ("text", "forward", "text", "text", "forward")
    return Shown(heading, note, equations, columns, inks, tuple(cells), asks=(result,))


def _number(of: Place | Number) -> Number | None:
    return of if is_number(of) else None


def _loss(head: PlayHead, covers: Covers, chosen: int) -> Shown:
    found = head.found
    assert found is not None
    made, result = loss_at(found, head.row, head.symbols), Asked("loss")
    notes = [made.formula]
    if made.rows > 1:
        notes.append(tr("mean of {rows} rows: {value}", rows=made.rows, value=covers.write(made.mean)))
    if made.penalty:
        notes.append(tr("penalty: {value}", value=covers.write(made.penalty)))
    columns = [tr("output"), tr("value"), tr("right answer"), tr("value")]
    inks: list[Ink] = ["text", "forward", "text", "forward"]
    if made.probabilities:
        columns.append(tr("probability"))
        inks.append("forward")
    rows = []
    for unit, (output, answer) in enumerate(zip(made.inputs, made.targets, strict=True)):
        of = (found.program.prediction, unit)
        asks = [None, Asked("value", of), None, None, Asked("probability", of)]
        cells = [output.symbol.text, covers.number(asks[1], output.value)]
        cells += [head.symbols.target(unit).text, covers.write(answer)]
        cells += [covers.number(asks[4], made.probabilities[unit])] if made.probabilities else []
        rows.append(Row(tuple(cells), asks=tuple(asks[: len(cells)])))
    equations = (covers.equation(made.line, "forward", result),)
    heading = _heading("loss", node_title(head, found.program.loss_node))
    return Shown(heading, "   ".join(notes), equations, tuple(columns), tuple(inks), tuple(rows), asks=(result,))


def _backward(head: PlayHead, covers: Covers, chosen: int) -> Shown:
    found, one = head.found, head.instruction
    assert found is not None
    if one is None:
        made, top = loss_backward_at(found, head.row, head.symbols), None
    else:
        made, top = backward_at(found, one, head.unit, head.row, head.symbols), (one.output, head.unit)
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
        asks = _asks(found, passed, top, whole)
        cells = [f"∂L/∂{passed.symbol.text}", covers.number(asks[1], passed.upstream)]
        cells.append(covers.slope(Asked("local", passed.bottom, top), passed.slope.formula, passed.local, 24))
        cells.append(covers.number(asks[3], passed.downstream))
        cells += ["" if whole is None else covers.number(asks[4], whole)] if several else []
        rows.append(Row(tuple(cells), _number(passed.bottom), asks[: len(cells)]))
    heading = _heading("backward", node_title(head, made.node))
    asked = rows[chosen].asks[2:4] if rows else ()
    if top is None and found.samples == 1:
        asked = asked[:1]  # what arrives is 1: both are the same
    return Shown(heading, _arriving(made, covers, top), _chain(made, chosen, covers, top), tuple(columns), tuple(inks),
                 tuple(rows), chosen, tuple(one for one in asked if one is not None))  # fmt: skip


def _asks(found: Pass, passed: Passed, top: Place | None, whole: float | None) -> tuple[Asked | None, ...]:
    """Which numbers stand in a row backward."""
    altogether: Asked | None = Asked("gradient" if is_number(passed.bottom) else "arriving", passed.bottom)
    penalised = is_number(passed.bottom) and found.trace.parameters[passed.bottom[0]].penalty_gradient[passed.bottom[1]]
    if whole is None or penalised:
        altogether = None  # what the ledger has is with the penalty
    arriving = Asked("share") if top is None else Asked("arriving", top)
    return None, arriving, Asked("local", passed.bottom, top), Asked("passed", passed.bottom, top), altogether


def _whole(head: PlayHead, passed: Passed) -> float | None:
    """The whole gradient there, once all that add to it have done so."""
    name = passed.bottom[0]
    reached = head.known.parameters if is_number(passed.bottom) else head.known.gradients
    return passed.gradient if name in reached else None


def _arriving(made: Backward, covers: Covers, top: Place | None) -> str:
    asked = Asked("share") if top is None else Asked("arriving", top)
    return tr("arriving {symbol} = {value}", symbol=made.upstream.symbol.text,
              value=covers.number(asked, made.upstream.value))  # fmt: skip


def _chain(made: Backward, chosen: int, covers: Covers, top: Place | None) -> tuple[tuple[Piece, ...], ...]:
    if not made.passed:
        return ()
    passed = made.passed[chosen]
    line = covers.equation(passed.line, "gradient", Asked("passed", passed.bottom, top))
    # The loss' own slope stands in its line already.
    at_loss = made.upstream.of == (made.node, 0) and passed.slope.left.text == passed.line.left.text
    slope = covers.equation(passed.slope, "forward", Asked("local", passed.bottom, top))
    return (line,) if at_loss else (line, slope)


def _aimed(head: PlayHead, numbers: list, chosen: int) -> int:
    """The row of the weight that the user chose, where it is among these; else the row that was chosen."""
    if head.target in numbers:
        return numbers.index(head.target)
    return min(max(chosen, 0), max(len(numbers) - 1, 0))


def _update(head: PlayHead, covers: Covers, chosen: int) -> Shown:
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
        old, new, of = float(part.value[index]), float(found.new[name][index]), (name, index)
        asks = (None, None, Asked("gradient", of), Asked("step", of), Asked("new", of))
        after = (covers.number(one, value) for one, value in zip(
            asks[2:], (float(part.gradient[index]), new - old, new), strict=True))  # fmt: skip
        rows.append(Row((symbols.parameter(name, index).text, covers.write(old), *after), of, asks))
    equations: list[tuple[Piece, ...]] = []
    if numbers:
        made = update_at(found, *numbers[chosen], symbols)
        if covers.hides(Asked("gradient", numbers[chosen])):
            covers = covers.with_names(_MADE_OF_IT)
        *before, last = made.lines or (None,)
        equations = [covers.equation(line, "gradient") for line in before if line is not None]
        if last is not None:
            equations.append(covers.equation(last, "gradient", Asked("new", numbers[chosen])))
        if made.frozen:
            equations = [(Piece(tr("{name} is frozen: it keeps its value.", name=made.symbol.text), ""),)]
    return Shown(
        tr("Update"), _update_note(head, more, covers.write), tuple(equations),
        (tr("parameter"), tr("old"), tr("gradient"), tr("step"), tr("new")),
        ("text", "text", "gradient", "gradient", "forward"), tuple(rows), chosen,
        (Asked("new", numbers[chosen]),) if numbers else (),
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
