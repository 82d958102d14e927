"""The computation graph of a program: which operations it has, what they are called, where they stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from playground.document.model import Document, Network, Node, Wire
from playground.document.presets import PRESETS
from playground.engine.program import Instruction, Parameter, Program
from playground.training.plan import make_plan
from playground.ui.canvas.operations import planned
from playground.ui.canvas.operations.building import operations_of
from playground.ui.canvas.operations.graph import Graph
from playground.ui.canvas.operations.layout import arrange
from playground.ui.canvas.operations.words import Numbers, caption_of, tip


def graph_of(document: Document) -> Graph:
    plan = make_plan(document)
    return planned.graph_of(plan, document)


def xor_with(*nodes: Node, wires: tuple[tuple[str, str], ...] = ()) -> Document:
    ends = (Node("in", "input", {"features": ("x1", "x2")}), *nodes)
    joined = wires or tuple((one.id, other.id) for one, other in pairwise(ends))
    return replace(PRESETS["xor"].document, network=Network(ends, tuple(Wire(*pair) for pair in joined)))


def hidden(*layers: int) -> Document:
    nodes = []
    for number, units in enumerate(layers, start=1):
        nodes += [Node(f"h{number}", "dense", {"units": units}), Node(f"a{number}", "activation", {"function": "tanh"})]
    return xor_with(*nodes, Node("out", "dense", {"units": 1}), Node("loss", "loss"))


RESIDUAL = xor_with(
    Node("h1", "dense", {"units": 2}),
    Node("a1", "activation", {"function": "relu"}),
    Node("sum", "add"),
    Node("both", "concat"),
    Node("out", "dense", {"units": 1}),
    Node("loss", "loss", {"function": "half_squared"}),
    wires=(
        ("in", "h1"), ("h1", "a1"), ("in", "sum"), ("a1", "sum"), ("in", "both"), ("sum", "both"), ("both", "out"),
        ("out", "loss"),
    ),
)  # fmt: skip

DOCUMENTS = {
    "lecture": PRESETS["lecture"].document,
    "one weight": PRESETS["single-neuron"].document,
    "xor": PRESETS["xor"].document,
    "2-8-8-1": hidden(8, 8),
    "2-2-2-1": hidden(2, 2),
    "spiral": PRESETS["spiral"].document,
    "spambase": PRESETS["spambase"].document,
    "skip": RESIDUAL,
}


def test_that_the_lecture_is_the_drawing():
    graph = graph_of(PRESETS["lecture"].document)
    assert graph.level == "single"
    assert [one.text for one in graph.operations] == [
        "A", "B", "w₁", "×", "w₂", "×", "+", "P", "w₃", "×", "Q", "C", "−", "L = ½(Q − C)²",
    ]  # fmt: skip
    assert [(graph.by_key[edge.source].text, graph.by_key[edge.target].text) for edge in graph.edges] == [
        ("w₁", "×"), ("A", "×"), ("w₂", "×"), ("B", "×"), ("×", "+"), ("×", "+"), ("+", "P"), ("w₃", "×"), ("P", "×"),
        ("×", "Q"), ("Q", "−"), ("C", "−"), ("−", "L = ½(Q − C)²"),
    ]  # fmt: skip
    places = {key: place for key, place in arrange(graph).places.items()}

    def at(key: str) -> tuple[float, float]:
        return places[key]

    # A and B on the rows of their products, w₁ above and w₂ below, P to L on one line in the middle, w₃ and C above it.
    assert at("in:0")[1] == at("P:0:×0")[1] == -at("in:1")[1] == -at("P:0:×1")[1] < 0
    assert at("P.weight[0,0]")[0] == at("P:0:×0")[0] == at("P.weight[1,0]")[0]
    assert at("P.weight[0,0]")[1] < at("P:0:×0")[1] < at("P:0:×1")[1] < at("P.weight[1,0]")[1]
    line = ["P:0:+", "P:0", "Q:0:×0", "Q:0", "loss:0:−", "loss:loss"]
    assert [at(key)[1] for key in line] == [0] * 6
    assert at("Q.weight[0,0]") == (at("Q:0:×0")[0], at("loss:target:0")[1])
    assert at("loss:target:0")[1] < 0


def test_that_every_operation_knows_its_node_unit_and_parameter():
    graph = graph_of(PRESETS["xor"].document)
    found = {one.parameter: one for one in graph.operations if one.parameter}
    program = graph.program
    assert len(found) == program.size
    for (name, index), one in found.items():
        assert name == f"{one.node}.{'weight' if len(index) == 2 else 'bias'}"
        assert one.unit == index[-1]
        (edge,) = graph.out_of[one.key]
        assert edge.target == one.host
        assert graph.by_key[one.host].unit == one.unit
    carried = {(edge.buffer, edge.unit) for edge in graph.edges if edge.buffer}
    assert carried == {(name, unit) for name, width in program.widths.items() for unit in range(width)}


def test_that_small_networks_number_their_weights_and_larger_ones_say_input_and_unit():
    xor = graph_of(PRESETS["xor"].document)
    assert [one.text for one in xor.operations if one.label == "w"][-1] == "w₁₂"
    larger = graph_of(hidden(5))
    assert larger.level == "single"
    assert [one.text for one in larger.operations if one.label == "w"][:3] == ["w[1,1]", "w[2,1]", "w[1,2]"]


@pytest.mark.parametrize(
    ("name", "level"), [("lecture", "single"), ("xor", "single"), ("2-8-8-1", "units"), ("spambase", "layers")]
)
def test_that_the_level_is_the_finest_that_can_be_read(name, level):
    graph = graph_of(DOCUMENTS[name])
    assert graph.level == level
    assert len(graph.operations) <= 120


def test_that_the_count_of_nodes_decides_and_is_that_of_the_graph():
    for units in range(1, 40):
        graph = graph_of(hidden(units))
        single = operations_of(graph.program, ("x₁", "x₂"), level="single")
        assert (graph.level == "single") == (len(single.operations) <= 120)


def test_that_units_of_several_layers_are_told_apart():
    graph = graph_of(hidden(2, 2))
    assert [one.text for one in graph.operations if one.kind == "value"] == [
        "h[1,1]",
        "h[1,2]",
        "h[2,1]",
        "h[2,2]",
        "out",
    ]
    assert [one.text for one in graph_of(hidden(2)).operations if one.kind == "value"] == ["h₁", "h₂", "out"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_that_values_flow_to_the_right_and_nothing_overlaps(name):
    graph = graph_of(DOCUMENTS[name])
    layout = arrange(graph)
    known: set[str] = set()
    for one in graph.operations:
        assert {edge.source for edge in graph.into[one.key]} <= known
        known.add(one.key)
    for edge in graph.edges:
        (start, _), (end, _) = layout.places[edge.source], layout.places[edge.target]
        assert start == end if graph.by_key[edge.source].host else start < end
    boxes = {key: (x, y, *layout.sizes[key]) for key, (x, y) in layout.places.items()}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = abs(a[0] - b[0]) >= (a[2] + b[2]) / 2.0 + 2.0 or abs(a[1] - b[1]) >= (a[3] + b[3]) / 2.0 + 2.0
        assert apart, f"{one} and {other}"


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "spiral"])
def test_that_no_line_runs_through_an_operation_that_it_does_not_join(name):
    graph = graph_of(DOCUMENTS[name])
    layout = arrange(graph)
    for edge in graph.edges:
        for start, end in pairwise(layout.courses[edge.key]):
            for key, middle in layout.places.items():
                if key not in (edge.source, edge.target):
                    reach = min(layout.sizes[key]) / 2.0
                    assert _distance(middle, start, end) >= reach - 1.0, f"{edge.key} through {key}"


def _distance(point, start, end):
    across, down = end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    share = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return ((point[0] - start[0] - share * across) ** 2 + (point[1] - start[1] - share * down) ** 2) ** 0.5


def test_that_the_same_network_always_gets_the_same_places():
    one, other = arrange(graph_of(RESIDUAL)), arrange(graph_of(RESIDUAL))
    assert one.places == other.places
    assert one.courses == other.courses


def test_that_an_edge_over_several_columns_goes_around_what_is_between():
    graph = graph_of(RESIDUAL)
    layout = arrange(graph)
    (skip,) = (edge for edge in graph.edges if edge.source == "in:0" and edge.target == "sum:0")
    assert len(layout.courses[skip.key]) > 2


def test_that_what_the_prediction_does_not_need_is_left_out():
    weight = Parameter("h", "weight", (1, 1), "zeros")
    other = Parameter("idle", "weight", (1, 1), "zeros")
    program = Program(
        "in",
        (
            Instruction("dense", "idle", ("in",), "idle", (other.name,)),
            Instruction("dense", "h", ("in",), "h", (weight.name,)),
        ),
        {"in": 1, "idle": 1, "h": 1},
        (weight, other),
        "half_squared",
        "h",
    )
    assert {one.node for one in operations_of(program, ("x",)).operations} == {"in", "h", "loss"}


def test_that_a_frozen_weight_is_not_to_be_found():
    program = make_plan(PRESETS["lecture"].document).program
    kept = replace(program, parameters=(replace(program.parameters[0], mask=(1,)), *program.parameters[1:]))
    graph = operations_of(kept, ("A", "B"))
    assert [one.text for one in graph.operations if one.frozen] == ["w₂"]
    assert [caption_of(one) for one in graph.operations if one.kind == "parameter"] == [
        "to be found",
        "",
        "to be found",
    ]
    assert "frozen" in tip(Numbers(graph, None), graph.by_key["P.weight[1,0]"])
