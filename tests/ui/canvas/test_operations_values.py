"""The numbers on a computation graph are those of the engine, and every gradient is the chain rule's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.document.presets import PRESETS
from playground.engine.losses import LOSSES
from playground.engine.ops import ACTIVATIONS
from playground.engine.optimizers import Hyper
from playground.engine.program import Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.trace import trace
from playground.training.plan import make_plan
from playground.ui.canvas.operations import planned
from playground.ui.canvas.operations.building import operations_of
from playground.ui.canvas.operations.graph import Graph
from playground.ui.canvas.operations.values import Readings, read
from playground.ui.canvas.operations.words import Numbers, exact, short, tip

LEVELS = ("single", "units")


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A small network with every kind of operation, of any shape that fits together."""
    widths = {"in": draw(st.integers(1, 3))}
    instructions: list[Instruction] = []
    parameters: list[Parameter] = []
    for number in range(draw(st.integers(1, 6))):
        name = f"n{number}"
        source = draw(st.sampled_from(sorted(widths)))
        peers = sorted(other for other in widths if widths[other] == widths[source] and other != source)
        op = draw(st.sampled_from(("dense", "dense", "activation", "dropout", "add", "multiply", "concat")))
        if op == "dense":
            units = draw(st.integers(1, 3))
            own = [Parameter(name, "weight", (widths[source], units), "zeros")]
            if draw(st.booleans()):
                own.append(Parameter(name, "bias", (units,), "zeros"))
            parameters += own
            widths[name] = units
            instructions.append(Instruction("dense", name, (source,), name, tuple(one.name for one in own)))
        elif op in ("add", "multiply") and peers:
            others = draw(st.lists(st.sampled_from(peers), min_size=1, max_size=2, unique=True))
            widths[name] = widths[source]
            instructions.append(Instruction(op, name, (source, *others), name))
        elif op == "concat" and len(widths) > 1:
            other = draw(st.sampled_from(sorted(set(widths) - {source})))
            widths[name] = widths[source] + widths[other]
            instructions.append(Instruction("concat", name, (source, other), name))
        else:
            function = "dropout" if op == "dropout" else draw(st.sampled_from(ACTIVATIONS))
            widths[name] = widths[source]
            instructions.append(Instruction(function, name, (source,), name, rate=0.5 if op == "dropout" else 0.0))
    loss = draw(st.sampled_from(sorted(LOSSES)))
    return Program("in", tuple(instructions), widths, tuple(parameters), loss, instructions[-1].output)


@settings(max_examples=150, deadline=None)
@given(programs(), st.integers(0, 2**32 - 1))
def test_that_every_gradient_is_the_traces_and_at_every_operation_the_sums_add_up(program, seed):
    random = np.random.default_rng(seed)
    values = random.normal(size=program.size)
    x, y = random.normal(size=program.widths["in"]), random.uniform(0.1, 0.9, size=program.widths[program.prediction])
    traced = trace(program, State(values.copy(), seed=0), x[None, :], y[None, :], Hyper("sgd", 0.1))
    features = [f"x{index}" for index in range(len(x))]
    for level in LEVELS:
        graph = operations_of(program, features, level=level)
        found = read(graph, values, x, y)
        assert found.loss == pytest.approx(traced.loss, rel=1e-12, abs=1e-12)
        _check_operations(graph, found, traced)
        _check_sums(graph, found)
    layers = operations_of(program, features, level="layers")
    found = read(layers, values, x, y)
    for one in layers.operations:
        if one.kind not in ("loss", "target"):
            assert abs(found.gradients[one.key]) == pytest.approx(
                np.linalg.norm(traced.gradients[one.node]), rel=1e-12, abs=1e-12
            )


def _check_operations(graph: Graph, found: Readings, traced) -> None:
    for one in graph.operations:
        if one.parameter is not None:
            name, index = one.parameter
            array = traced.parameters[name]
            assert found.values[one.key] == array.value[index]
            assert found.gradients[one.key] == pytest.approx(array.gradient[index], rel=1e-12, abs=1e-12)
        elif one.kind in ("value", "unit", "activation", "dropout", "add", "multiply", "concat", "given"):
            assert found.values[one.key] == traced.values[one.node][0, one.unit]
            assert found.gradients[one.key] == pytest.approx(
                traced.gradients[one.node][0, one.unit], rel=1e-12, abs=1e-12
            )


def _check_sums(graph: Graph, found: Readings) -> None:
    for one in graph.operations:
        leaving = [found.backward[edge.key] for edge in graph.out_of[one.key] if edge.key in found.backward]
        if leaving:
            assert found.gradients[one.key] == math.fsum(leaving)
        operands = [found.forward[edge.key] for edge in graph.into[one.key]]
        if one.kind == "plus":
            assert found.values[one.key] == pytest.approx(sum(operands), rel=1e-9, abs=1e-9)
        if one.kind == "times":
            assert found.values[one.key] == operands[0] * operands[1]
            for edge, other in zip(graph.into[one.key], reversed(operands), strict=True):
                assert found.backward[edge.key] == found.gradients[one.key] * other


def lecture() -> tuple[Graph, Readings]:
    plan = make_plan(PRESETS["lecture"].document)
    graph = planned.graph_of(plan, plan.document)
    return graph, read(graph, plan.initial_state().values, plan.dataset.x_train[0], plan.dataset.y_train[0])


def test_that_the_lecture_has_the_lectures_numbers():
    graph, found = lecture()
    by_text = {one.text: one.key for one in graph.operations}
    assert {text: found.values[by_text[text]] for text in ("A", "B", "P", "Q", "C")} == {
        "A": 1.0, "B": 2.0, "P": 4.0, "Q": 8.0, "C": 5.0,
    }  # fmt: skip
    assert [found.gradients[by_text[text]] for text in ("w₁", "w₂", "w₃", "P", "Q")] == [6.0, 12.0, 12.0, 6.0, 3.0]
    assert found.loss == 4.5
    numbers = Numbers(graph, found)
    assert numbers.loss(graph.by_key["loss:loss"]) == "9/2 = 4.5"
    assert tip(numbers, graph.by_key["P:0:×0"]) == "× multiplies w₁ = 2 by A = 1: 2"
    assert tip(numbers, graph.by_key["P:0:+"]) == "+ adds 2 + 2: 4"
    assert tip(numbers, graph.by_key["loss:0:−"]) == "− takes C = 5 from Q = 8: 3"


def test_that_what_is_covered_is_told_nowhere():
    graph, found = lecture()
    numbers = Numbers(graph, found, ["P:0", ("P.weight[0,0] → P:0:×0", "gradient")])
    leaving, arriving = graph.out_of["P:0"][0], graph.into["P:0"][0]
    assert numbers.on(leaving, "forward") == numbers.on(leaving, "gradient") == "?"
    assert numbers.on(arriving, "forward") == "4"
    assert "P = ?" in tip(numbers, graph.by_key["Q:0:×0"])
    weight = graph.out_of["P.weight[0,0]"][0]
    assert (numbers.on(weight, "forward"), numbers.on(weight, "gradient")) == ("2", "?")
    assert "∂L/∂w₁ = ?" in tip(numbers, graph.by_key["P.weight[0,0]"], gradient=True)
    assert Numbers(graph, found, ["loss:loss"]).loss(graph.by_key["loss:loss"]) == "?"


def test_that_no_gradient_is_shown_at_what_is_given_or_right():
    graph, found = lecture()
    numbers = Numbers(graph, found)
    shown = {graph.by_key[edge.source].text for edge in graph.edges if numbers.on(edge, "gradient")}
    assert shown == {"w₁", "w₂", "w₃", "×", "+", "P", "Q", "−"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2"), (-4.0, "−4"), (1.94, "1.94"), (0.5, "0.50"), (12.345, "12.3"), (340.4, "340"), (0.0031, "0.003"),
        (-0.00042, "−0.0004"), (2e-5, "2e−5"), (0.0, "0"), (-0.0, "0"), (1.5e6, "2e6"), (math.inf, "∞"),
        (-math.inf, "−∞"), (math.nan, "–"), (9.996, "10.0"), (0.00999, "0.01"),
    ],
)  # fmt: skip
def test_that_numbers_at_lines_are_short(value, text):
    assert short(value) == text
    assert len(text) <= 7


def test_that_numbers_in_sentences_have_six_digits():
    assert [exact(value) for value in (4.0, -0.0, 1 / 3, -1.5e-9, math.nan)] == ["4", "0", "0.333333", "−1.5e−09", "–"]
