"""Each way in which a network cannot be trained, by its exact sentence, and what its remedy makes of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import FrameType
from typing import Any

import numpy as np
import pytest

from playground.data.prepare import make_table
from playground.data.table import Table
from playground.document import edits
from playground.document.check import expected_outputs, problems, widths
from playground.document.compile import compile_network
from playground.document.model import DataSpec, Document, Network, Node, TrainingSpec, Wire
from playground.document.presets import PRESETS
from playground.document.shapes import order, trained
from playground.messages import UserError

XOR = make_table("xor", 40, 0.1, 0)
THREE = make_table("three-classes", 60, 0.1, 0)
NUMBERS = make_table("table", 3, 0.0, 0, ("A", "B", "C"), [[1, 2, 5], [2, 1, 4], [1, 1, 3]], "C", "regression")


KINDS = {
    "in": "input",
    "loss": "loss",
    "add": "add",
    "mul": "multiply",
    "cat": "concat",
    "drop": "dropout",
    "h": "dense",
    "a": "activation",
}


def kind(id: str) -> str:
    """What the letters of an id stand for."""
    return KINDS.get(id.rstrip("0123456789"), "mystery")


def build(nodes: str, wires: str, **fields: dict[str, Any]) -> Document:
    """A document from "in h1 a1 loss" and "in-h1 h1-a1"; the kind follows from the id, fields come by id."""
    made = tuple(Node(id, kind(id), fields.get(id, {})) for id in nodes.split())
    return Document(network=Network(made, tuple(Wire(*pair.split("-")) for pair in wires.split())))


def said(document: Document, table: Table | None = XOR) -> list[str]:
    return [str(problem.message) for problem in problems(document, table)]


def mended(document: Document, table: Table | None = XOR) -> Document:
    """The first problem's remedy pressed."""
    remedy = problems(document, table)[0].remedy
    assert remedy is not None
    return remedy.apply(document)


GOOD = build("in h1 a1 h2 loss", "in-h1 h1-a1 a1-h2 h2-loss", h2={"units": 1})


def test_that_a_good_network_has_no_problems() -> None:
    assert said(GOOD) == []
    assert compile_network(GOOD, XOR).program.prediction == "h2"


def test_that_an_empty_canvas_invites() -> None:
    assert said(Document()) == ["The canvas is empty. Begin with an Input."]
    assert [node.kind for node in mended(Document()).network.nodes] == ["input"]


def test_that_missing_ends_are_named_and_added_to_the_chain() -> None:
    document = build("h1", "", h1={"units": 1})
    assert said(document) == [
        "There is no Input. Add one: the data enter the network there.",
        "There is no Loss. Add one: it measures how wrong the outputs are.",
    ]
    document = mended(mended(document))
    assert said(document) == []
    assert document.network.wires == (Wire("in", "h1"), Wire("h1", "loss"))


def test_that_an_added_loss_suits_the_data() -> None:
    document = build("in h1", "in-h1", h1={"units": 1})
    assert mended(document, THREE).network.node("loss").fields["function"] == "softmax_cross_entropy"
    assert mended(document, NUMBERS).network.node("loss").fields["function"] == "half_squared"
    assert mended(document, None).network.node("loss").fields["function"] == "binary_cross_entropy"


def test_that_a_second_input_or_loss_is_one_too_many() -> None:
    document = build("in in2 h1 loss loss2", "in2-h1 h1-loss", h1={"units": 1})
    found = problems(document, XOR)
    assert said(document)[:2] == [
        "Input (in2) and Input (in) both take the data, and a network has one input. Remove Input (in).",
        "Loss (loss) and Loss (loss2) both measure the loss, and a network has one. Remove Loss (loss2).",
    ]
    assert (found[0].node, found[0].related) == ("in", "in2")
    assert said(mended(mended(document))) == []


@pytest.mark.parametrize(
    ("wires", "sentence"),
    [
        ("in-h1 h1-a1 h2-loss", "No path leads from Input to Loss. Connect tanh to Dense 1."),
        ("in-h1 h1-a1 a1-h2", "No path leads from Input to Loss. Connect Dense 1 to Loss."),
        ("h1-a1 a1-h2 h2-loss", "No path leads from Input to Loss. Connect Input to Dense 4."),
    ],
)
def test_that_a_broken_path_names_both_sides_of_the_gap(wires: str, sentence: str) -> None:
    document = build("in h1 a1 h2 loss", wires, h2={"units": 1})
    assert said(document) == [sentence]
    assert said(mended(document)) == []


def test_that_a_path_broken_in_more_than_one_way_is_left_to_the_user() -> None:
    document = build("in h1 h2 h3 loss", "in-h1 in-h2 h3-loss", h3={"units": 1})
    assert said(document) == ["No path leads from Input to Loss. Draw wires from one to the other."]
    assert problems(document, XOR)[0].remedy is None


def test_that_gaps_on_the_path_are_named() -> None:
    document = build("in h1 h2 add h3 loss", "in-h1 h1-add h2-add add-h3 h3-loss", h3={"units": 1})
    assert said(document) == ["Nothing feeds Dense 4 (h2). Connect a node to it."]
    document = build("in h1 add h3 loss", "in-h1 h1-add add-h3 h3-loss", h3={"units": 1})
    assert said(document) == ["Add has 1 input and needs 2. Connect another node to it, or remove it."]
    assert said(mended(document)) == []


def test_that_a_node_beside_the_path_is_only_a_warning() -> None:
    document = edits.add_node(edits.add_node(GOOD, "h9", "dense", units=7), "a9", "activation", function="sin")
    document = edits.connect(document, "in", "h9")
    found = problems(document, XOR)
    assert said(document) == [
        "Dense 7 does not lead to Loss, so it is left out of training.",
        "sin does not lead to Loss, so it is left out of training.",
    ]
    assert {problem.severity for problem in found} == {"warning"}
    assert set(compile_network(document, XOR).program.widths) == {"in", "h1", "a1", "h2"}
    assert trained(document.network) == ("in", "h1", "a1", "h2", "loss")


def test_that_a_loop_from_a_file_names_both_ends_of_one_wire() -> None:
    """Case E01."""
    document = build("in h1 a1 add h2 loss", "in-add add-h1 h1-a1 a1-add a1-h2 h2-loss", h2={"units": 1})
    problem = problems(document, XOR)[0]
    assert str(problem.message) == (
        "Add feeds Dense 4, which already leads to Add: a network has no loops. Remove the wire."
    )
    assert (problem.node, problem.related) == ("add", "h1")
    with pytest.raises(UserError, match="a network has no loops"):
        compile_network(document, XOR)
    itself = build("in h1 a1 loss", "in-h1 h1-h1 h1-loss")
    assert "Dense 4 feeds itself, and a network has no loops. Remove the wire." in said(itself)


def test_that_wires_no_hand_could_draw_are_named_and_removed() -> None:
    wires = GOOD.network.wires
    for extra, sentence in (
        (("h1", "gone"), "A wire leads from Dense 4 to “gone”, which is not there. Remove the wire."),
        (("gone", "h1"), "A wire leads to Dense 4 from “gone”, which is not there. Remove the wire."),
        (("gone", "too"), "A wire leads from “gone” to “too”, which are not there. Remove the wire."),
        (("in", "h1"), "Input feeds Dense 4 2 times. Keep one wire."),
        (("h1", "in"), "Dense 4 feeds Input, which takes the data. Remove the wire."),
        (("loss", "a1"), "Loss feeds tanh, but nothing can follow it. Remove the wire."),
        (("h1", "h2"), "Dense 1 takes one input and has 2. Keep only Dense 4, or join them with Add."),
    ):
        document = replace(GOOD, network=replace(GOOD.network, wires=(*wires, Wire(*extra))))
        assert sentence in said(document)
        problem = next(p for p in problems(document, XOR) if str(p.message) == sentence)
        assert problem.remedy is not None
        assert sentence not in said(problem.remedy.apply(document))


def test_that_two_nodes_of_one_id_are_named() -> None:
    document = replace(GOOD, network=replace(GOOD.network, nodes=(*GOOD.network.nodes, Node("h1", "dense"))))
    assert "2 nodes have the id “h1”. Give each its own id in the file." in said(document)


def test_that_an_unknown_kind_survives_and_cannot_be_trained() -> None:
    document = build("in x1 h1 loss", "in-x1 x1-h1 h1-loss", h1={"units": 1}, x1={"heads": 8})
    assert said(document) == [
        "This version does not know the kind “mystery”, so Unknown: mystery cannot be trained. Remove it or replace it."
    ]
    assert said(mended(document)) == []
    beside = replace(GOOD, network=replace(GOOD.network, nodes=(*GOOD.network.nodes, Node("x", "mystery"))))
    assert [problem.severity for problem in problems(beside, XOR)] == ["warning"]


def test_that_an_output_layer_of_the_wrong_width_is_set_at_one_press() -> None:
    document = build("in h1 loss", "in-h1 h1-loss")
    problem = problems(document, XOR)[0]
    assert str(problem.message) == "Dense 4 gives 4 values, Loss expects 1. Set Dense to 1."
    assert (problem.node, problem.related, problem.severity) == ("h1", "loss", "error")
    assert problem.remedy is not None
    assert str(problem.remedy.label) == "Set Dense to 1"
    assert said(mended(document)) == []


def test_that_the_layer_behind_an_activation_is_the_one_to_set() -> None:
    document = build("in h1 a1 loss", "in-h1 h1-a1 a1-loss", loss={"function": "half_squared"})
    assert said(document) == ["tanh gives 4 values, Loss expects 1. Set Dense 4 to 1."]
    named = edits.rename(document, "h1", "hidden")
    assert said(named) == ["tanh gives 4 values, Loss expects 1. Set hidden to 1."]
    assert said(mended(named)) == []


def test_that_a_layer_is_put_where_none_could_be_set() -> None:
    document = build("in loss", "in-loss")
    assert said(document) == ["Input gives 2 values, Loss expects 1. Put Dense 1 between Input and Loss."]
    assert said(mended(document)) == []
    single = build("in loss", "in-loss", **{"in": {"features": ("x1",)}})
    assert said(single) == ["There is nothing to train between Input and Loss. Add a Dense layer."]
    assert said(mended(single)) == []


@pytest.mark.parametrize(
    ("function", "table", "expected"),
    [
        ("half_squared", XOR, 1),
        ("half_squared", THREE, 3),
        ("half_squared", NUMBERS, 1),
        ("binary_cross_entropy", XOR, 1),
        ("binary_cross_entropy", THREE, None),
        ("binary_cross_entropy", NUMBERS, None),
        ("softmax_cross_entropy", XOR, 2),
        ("softmax_cross_entropy", THREE, 3),
        ("softmax_cross_entropy", NUMBERS, None),
        ("hinge", XOR, 1),
        ("hinge", THREE, 3),
        ("hinge", NUMBERS, None),
        ("huber", XOR, 1),
        ("huber", THREE, 3),
        ("huber", NUMBERS, 1),
        ("mystery", XOR, None),
    ],
)
def test_how_many_outputs_a_loss_expects(function: str, table: Table, expected: int | None) -> None:
    document = build("in h1 loss", "in-h1 h1-loss", loss={"function": function})
    assert expected_outputs(document, table) == expected


def test_that_softmax_cross_entropy_wants_one_output_for_each_of_two_classes() -> None:
    document = edits.set_field(GOOD, "loss", "function", "softmax_cross_entropy")
    assert said(document) == ["Dense 1 gives 1 value, Loss expects 2. Set Dense to 2."]
    assert said(mended(document)) == []


def test_that_a_loss_for_classes_is_refused_for_numbers_and_the_reverse_kind_offered() -> None:
    document = edits.set_field(GOOD, "in", "features", ("A", "B"))
    assert said(document, NUMBERS) == [
        "Loss is binary cross-entropy, which needs classes, but “C” is a number. Use half squared error."
    ]
    assert said(mended(document, NUMBERS), NUMBERS) == []
    assert said(GOOD, THREE) == [
        "Loss is binary cross-entropy, which tells 2 classes apart, and the data have 3. Use softmax cross-entropy."
    ]
    assert said(mended(mended(GOOD, THREE), THREE), THREE) == []
    hinge = edits.set_field(document, "loss", "function", "hinge")
    assert said(hinge, NUMBERS) == ["Loss is hinge, which needs classes, but “C” is a number. Use half squared error."]
    assert said(edits.set_field(document, "loss", "function", "huber"), NUMBERS) == []


@pytest.mark.parametrize(
    ("loss", "last", "table", "encoding", "meaning"),
    [
        ("hinge", "identity", XOR, "plus_minus", "score_pm"),
        ("hinge", "tanh", THREE, "one_hot_plus_minus", "scores_pm"),
        ("hinge", "identity", THREE, "one_hot_plus_minus", "scores_pm"),
        ("huber", "identity", XOR, "zero_one", "score01"),
        ("huber", "tanh", XOR, "plus_minus", "score_pm"),
        ("huber", "identity", THREE, "one_hot", "scores01"),
        ("huber", "identity", NUMBERS, "value", "value"),
    ],
)
def test_which_targets_hinge_and_huber_are_given(
    loss: str, last: str, table: Table, encoding: str, meaning: str
) -> None:
    units = 3 if table is THREE else 1
    fields = {"in": {"features": table.columns}, "h1": {"units": units}}
    document = build("in h1 a1 loss", "in-h1 h1-a1 a1-loss", a1={"function": last}, loss={"function": loss}, **fields)
    compiled = compile_network(document, table)
    assert (compiled.encoding, compiled.meaning) == (encoding, meaning)


def test_that_a_dropout_is_compiled_with_its_rate_and_hides_no_width() -> None:
    document = build(
        "in drop1 h1 a1 drop2 h2 loss",
        "in-drop1 drop1-h1 h1-a1 a1-drop2 drop2-h2 h2-loss",
        drop1={"rate": 0.2},
        h2={"units": 1},
    )
    assert said(document) == []
    assert widths(document) == {"in": 2, "drop1": 2, "h1": 4, "a1": 4, "drop2": 4, "h2": 1, "loss": 1}
    program = compile_network(document, XOR).program
    assert [(one.op, one.rate) for one in program.instructions] == [
        ("dropout", 0.2), ("dense", 0.0), ("tanh", 0.0), ("dropout", 0.5), ("dense", 0.0),
    ]  # fmt: skip
    for rate in (-0.1, 1, "half"):
        refused = said(edits.set_network(document, _with(document, "drop2", rate)))
        assert refused[0].endswith(f"Rate is {rate}; it must be at least 0 and below 1.")


def _with(document: Document, id: str, rate: object) -> Network:
    """The network as a hand-edited file might have it."""
    nodes = tuple(replace(n, fields={"rate": rate}) if n.id == id else n for n in document.network.nodes)
    return replace(document.network, nodes=nodes)


@pytest.mark.parametrize("behind", ["h2-drop1 drop1-loss", "h2-drop1 drop1-a2 a2-loss"])
def test_that_a_dropout_among_the_outputs_is_named(behind: str) -> None:
    nodes = "in h1 a1 h2 drop1 loss" + (" a2" if "a2" in behind else "")
    document = build(nodes, f"in-h1 h1-a1 a1-h2 {behind}", h2={"units": 1})
    sentence = "Dropout 0.5 leaves out whole answers on their way to Loss. Put it before the last layer, or remove it."
    assert said(document) == [sentence]
    assert said(mended(document)) == []
    assert said(edits.set_field(document, "drop1", "rate", 0.0)) == []
    # It hides neither the layer to set nor what the outputs mean.
    wide = edits.set_field(document, "h2", "units", 3)
    assert said(wide)[0].endswith("gives 3 values, Loss expects 1. Set Dense 3 to 1.")
    assert mended(wide) == document


def test_that_dropout_hides_neither_a_tanh_from_the_targets_nor_a_sigmoid_from_the_check() -> None:
    document = build("in h1 a1 drop1 loss", "in-h1 h1-a1 a1-drop1 drop1-loss", h1={"units": 1})
    squared = edits.set_field(document, "loss", "function", "half_squared")
    assert compile_network(squared, XOR).encoding == "plus_minus"
    squashed = edits.set_field(document, "a1", "function", "sigmoid")
    assert "sigmoid before it would come twice" in said(squashed)[0]


@pytest.mark.parametrize("function", ["relu", "sigmoid", "softplus", "softmax"])
def test_that_an_output_that_cannot_fall_below_zero_is_named_before_a_hinge(function: str) -> None:
    document = edits.set_field(GOOD, "loss", "function", "hinge")
    assert said(document) == []
    one_sided = edits.insert_on_wire(document, Wire("h2", "loss"), "a2", "activation", function=function)
    (problem,) = problems(one_sided, XOR)
    label = {"relu": "ReLU"}.get(function, function)
    assert str(problem.message) == (
        f"Loss is hinge, whose targets are −1 and +1, and {label} never goes below 0: “{XOR.classes[0]}” is out of "
        f"reach. Remove {label}."
    )
    assert (problem.node, problem.related, problem.severity) == ("a2", "loss", "warning")
    assert mended(one_sided) == document
    assert said(edits.set_enabled(one_sided, "a2", False)) == []
    assert said(edits.set_field(one_sided, "a2", "function", "tanh")) == []


@pytest.mark.parametrize("function", ["sigmoid", "softmax"])
def test_that_probabilities_before_a_loss_of_logits_are_named_on_their_node(function: str) -> None:
    document = edits.insert_on_wire(GOOD, Wire("h2", "loss"), "a2", "activation", function=function)
    problem = problems(document, XOR)[0]
    assert str(problem.message) == (
        f"Loss is binary cross-entropy, which takes logits and applies its own sigmoid: {function} before it would "
        f"come twice. Remove {function}."
    )
    assert (problem.node, problem.related) == ("a2", "loss")
    assert mended(document) == GOOD
    assert said(edits.set_enabled(document, "a2", False)) == []
    # An activation that passes values through hides nothing.
    hidden = edits.insert_on_wire(document, Wire("a2", "loss"), "a3", "activation", function="identity")
    assert problems(hidden, XOR)[0].node == "a2"
    assert said(edits.set_field(document, "loss", "function", "half_squared")) == []


def test_that_unequal_widths_cannot_be_added_and_either_layer_gives_way() -> None:
    wires = "in-h1 in-h2 h1-add h2-add add-h3 h3-loss"
    document = build("in h1 h2 add h3 loss", wires, h2={"units": 3}, h3={"units": 1})
    problem = problems(document, XOR)[0]
    assert str(problem.message) == "Dense 4 gives 4 values, Dense 3 gives 3, and Add needs them equal. Set Dense to 4."
    assert (problem.node, problem.related) == ("add", "h2")
    assert said(mended(document)) == []
    document = build("in h1 mul h3 loss", "in-h1 h1-mul in-mul mul-h3 h3-loss", h3={"units": 1})
    assert said(document) == ["Dense 4 gives 4 values, Input gives 2, and Multiply needs them equal. Set Dense to 2."]
    assert said(mended(document)) == []
    document = build("in cat add h3 loss", "in-cat in-add cat-add in-cat add-h3 h3-loss", h3={"units": 1})
    assert said(document)[0] == "Input feeds Concat 2 times. Keep one wire."


def test_that_concat_has_the_sum_of_its_widths() -> None:
    wires = "in-h1 in-cat h1-cat cat-h3 h3-loss"
    document = build("in h1 cat h3 loss", wires, h3={"units": 1})
    assert said(document) == []
    assert widths(document) == {"in": 2, "h1": 4, "cat": 6, "h3": 1, "loss": 1}
    assert widths(build("h1 a1 cat", "a1-cat h1-cat")) == {"h1": 4, "a1": None, "cat": None}


def test_that_features_the_data_do_not_have_are_named() -> None:
    assert said(GOOD, NUMBERS)[0] == "Input uses x1, x2, but the data have A, B. Use A, B."
    assert mended(GOOD, NUMBERS).network.node("in").fields["features"] == ("A", "B")
    document = edits.set_field(GOOD, "in", "features", ("x1", "x1^2", "x9"))
    assert said(document) == ["Input uses x9, but the data have x1, x2. Leave out x9."]
    assert mended(document).network.node("in").fields["features"] == ("x1", "x1^2")
    mail = make_table("spambase", 4601, 0.0, 0)
    assert said(GOOD, mail) == [
        "Input uses x1, x2, but the data have 57 columns (word_freq_make, word_freq_address, word_freq_all, …). "
        "Use 57 columns (word_freq_make, word_freq_address, word_freq_all, …)."
    ]
    assert said(mended(GOOD, mail), mail) == []


def test_that_values_out_of_range_are_named_with_the_nearest_that_fits() -> None:
    document = build("in h1 a1 loss", "in-h1 h1-loss", h1={"units": 5000}, a1={"function": "cos"})
    assert said(document)[0] == "Dense 5000: Units is 5000; it must be a whole number from 1 to 1024."
    assert mended(document).network.node("h1").fields["units"] == 1024
    bad = replace(GOOD, training=TrainingSpec(learning_rate=-1.0, batch_size=0, optimizer="lion"))
    assert said(bad) == [
        "Optimizer is lion; it must be one of sgd, adam, rmsprop, adagrad.",
        "Learning rate η is -1; it must be above 0 and at most 10.",
        "Batch size is 0; it must be a whole number from 1 to 1000000.",
    ]
    assert said(mended(mended(mended(bad)))) == []
    spec = replace(GOOD, data=DataSpec(test_fraction=1.0, scaling="log"))
    assert said(spec) == [
        "Test share is 1; it must be at least 0 and below 1.",
        "Scaling is log; it must be one of none, standardise, min_max.",
    ]
    curve = edits.set_field(GOOD, "a1", "function", "tanh")
    nodes = tuple(replace(n, fields={"function": "cos"}) if n.id == "a1" else n for n in curve.network.nodes)
    document = replace(GOOD, network=replace(GOOD.network, nodes=nodes))
    assert said(document)[0].startswith("cos: Function is cos; it must be one of identity, relu,")
    assert said(mended(document)) == []


def test_that_a_batch_larger_than_the_rows_is_no_problem() -> None:
    assert said(edits.set_training(GOOD, batch_size=1000)) == []


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"weight": [[1.0, 2.0]]}, "Dense 4 cannot start: its given weights are 1 × 2 and must be 2 × 4."),
        ({"weight": [[1.0] * 4, [1.0]]}, "Dense 4 cannot start: its given weights are not a table of numbers."),
        ({"weight": "abc"}, "Dense 4 cannot start: its given weights are not a table of numbers."),
        ({"weight": [[float("inf")] * 4] * 2}, "Dense 4 cannot start: its given weights are not a table of numbers."),
        ({"bias": [0.0]}, "Dense 4 cannot start: it has 1 given biases and must have 4."),
        ({"bias": 3}, "Dense 4 cannot start: its given biases are not a list of numbers."),
        (7, "Dense 4 cannot start: its given weights are not a table of numbers."),
    ],
)
def test_that_given_weights_of_another_shape_are_named(numbers: Any, sentence: str) -> None:
    document = replace(GOOD, parameters={"h1": numbers, "gone": {"weight": [[1]]}})
    assert said(document) == [sentence + " Start from the seed."]
    assert mended(document).parameters == {"gone": {"weight": [[1]]}}


def test_that_given_biases_and_no_bias_contradict_each_other() -> None:
    document = replace(edits.set_field(GOOD, "h1", "bias", False), parameters={"h1": {"bias": [0.0] * 4}})
    assert said(document) == ["Dense 4 cannot start: it has given biases but its bias is off. Start from the seed."]


def test_that_one_class_is_said_before_the_first_step() -> None:
    """Case C11."""
    table = Table(("x1", "x2"), np.ones((4, 2)), "class", np.ones(4), "classification", ("ham", "spam"))
    assert said(GOOD, table) == ["Training needs at least 2 classes, found 1 (spam). Add rows of another class."]
    alone = replace(table, classes=("spam",), targets=np.zeros(4))
    assert said(GOOD, alone) == ["Training needs at least 2 classes, found 1 (spam). Add rows of another class."]
    empty = replace(table, features=np.ones((0, 2)), targets=np.ones(0))
    assert said(GOOD, empty) == ["The data have no rows. Add some before training."]


def start(document: Document) -> tuple[list[str], set[str]]:
    return said(document), {problem.severity for problem in problems(document, XOR)}


def test_that_a_start_from_zeros_is_named_before_training() -> None:
    """Case A09."""
    document = edits.set_field(edits.set_field(GOOD, "h1", "init", "zeros"), "h2", "init", "zeros")
    assert start(document) == (
        [
            "Dense 4 and Dense 1 both start from zeros, so all units of Dense 4 stay alike and learn nothing of their "
            "own. Start Dense 4 at random."
        ],
        {"warning"},
    )
    assert said(mended(document)) == []


def test_that_equal_given_weights_are_named_as_copies() -> None:
    """Case A09: all weights ½, and both hidden columns stay equal to the bit."""
    half = {"h1": {"weight": [[0.5] * 4] * 2}, "h2": {"weight": [[0.5]] * 4}}
    document = replace(GOOD, parameters=half)
    assert start(document) == (
        [
            "All units of Dense 4 start alike and Dense 1 weights them alike, so they stay copies of one another. "
            "Start Dense 4 at random."
        ],
        {"warning"},
    )
    assert said(mended(document)) == []


def test_that_zeros_which_break_symmetry_are_not_blamed() -> None:
    hidden = edits.set_field(GOOD, "h1", "init", "zeros")
    assert said(hidden) == []
    assert said(edits.set_field(GOOD, "h2", "init", "zeros")) == []
    linear = build("in h1 loss", "in-h1 h1-loss", h1={"units": 1, "init": "zeros"})
    assert said(linear) == []
    uneven = {"h1": {"weight": [[0.5] * 4] * 2}, "h2": {"weight": [[0.1], [0.2], [0.3], [0.4]]}}
    assert said(replace(GOOD, parameters=uneven)) == []
    biased = {"h1": {"weight": [[0.0] * 4] * 2, "bias": [1, 2, 3, 4]}, "h2": {"weight": [[0.0]] * 4}}
    assert said(replace(GOOD, parameters=biased)) == []


def test_that_relu_after_zeros_is_named_as_flat() -> None:
    document = edits.set_field(edits.set_field(GOOD, "h1", "init", "zeros"), "a1", "function", "relu")
    assert start(document) == (
        [
            "Dense 4 starts from zeros, where ReLU is flat: no slope passes it, so Dense 4 never learns. "
            "Start Dense 4 at random."
        ],
        {"warning"},
    )
    assert said(edits.set_enabled(document, "a1", False)) == []


def _layers(count: int) -> Document:
    """An input, so many layers of four widths that each feed two sums, a concat of the sums, a last layer, a loss."""
    layers = [f"h{i}" for i in range(count)]
    sums = [f"add{i}" for i in range(count)]
    wires = [f"in-{layer}" for layer in layers]
    wires += [f"{layers[(i + step) % count]}-{one}" for step in (0, 1) for i, one in enumerate(sums)]
    wires += [*(f"{one}-cat" for one in sums), "cat-out", "out-loss"]
    document = build(" ".join(["in", *layers, *sums, "cat", "loss"]), "", **{
        layer: {"units": 1 + i % 4} for i, layer in enumerate(layers)
    })  # fmt: skip
    nodes = (*document.network.nodes, Node("out", "dense", {"units": 1}))
    return Document(network=Network(nodes, tuple(Wire(*wire.split("-")) for wire in wires)))


def _steps(document: Document) -> int:
    """How many lines are run to judge a document, each turn of a loop anew: its cost, on any computer."""
    run = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        nonlocal run
        run += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        problems(document, XOR)
    finally:
        sys.settrace(before)
    return run


@pytest.mark.parametrize("broken", [False, True])
def test_that_judging_a_network_takes_steps_in_proportion_to_its_size(broken: bool) -> None:
    def made(count: int) -> Document:
        document = _layers(count)
        wires = document.network.wires
        return replace(document, network=replace(document.network, wires=wires[:: 2 if broken else 1]))

    assert len(problems(made(40), XOR)) > (0 if broken else 30)
    assert _steps(made(160)) < 4.5 * _steps(made(40))


def test_that_what_was_worked_out_of_one_network_is_never_told_of_another() -> None:
    """Answers are kept for the network itself: an equal one, or another at the same place in memory, has its own."""
    for units in range(1, 200):
        document = build("in h1 loss", "in-h1 h1-loss", h1={"units": units})
        assert widths(document)["h1"] == units
        assert widths(document) is widths(document)
        assert (said(document) == []) == (units == 1)


def test_that_a_chain_of_1500_layers_is_judged_without_recursion() -> None:
    """Case E01."""
    ids = ["in", *(f"h{i}" for i in range(1500)), "loss"]
    kinds = ["input", *["dense"] * 1500, "loss"]
    nodes = tuple(Node(id, kind) for id, kind in zip(ids, kinds, strict=True))
    wires = tuple(Wire(*pair) for pair in pairwise(ids))
    document = Document(network=Network(nodes, wires))
    assert said(document) == ["Dense 4 (h1499) gives 4 values, Loss expects 1. Set Dense to 1."]
    assert order(document.network) == tuple(ids)
    assert widths(document)["h1499"] == 4
    with pytest.raises(UserError, match=r"Dense 4 \(h1499\) cannot feed Dense 4 \(h0\)"):
        edits.connect(document, "h1499", "h0")
    closed = replace(document, network=replace(document.network, wires=(*wires, Wire("h1499", "h0"))))
    assert any("which already leads to" in text for text in said(closed))


def test_that_the_presets_mend_themselves_from_any_single_cut() -> None:
    document = PRESETS["xor"].document
    for wire in document.network.wires:
        cut = edits.disconnect(document, wire.source, wire.target)
        assert set(mended(cut).network.wires) == set(document.network.wires)


def test_that_a_wire_is_refused_exactly_where_it_would_close_a_loop() -> None:
    """Against the rule itself: join the two, and see whether there still is an order."""
    document = build(
        "in h1 a1 h2 add1 a2 h3 cat1 loss", "in-h1 h1-a1 a1-h2 h2-add1 a1-add1 add1-a2 in-h3 h3-cat1 a2-cat1 cat1-loss"
    )
    network = document.network
    for source in network.nodes:
        for target in network.nodes:
            refused = edits.refusal(document, source.id, target.id)
            takes, gives = target.kind != "input", source.kind != "loss"
            known = Wire(source.id, target.id) in network.wires
            single = target.kind not in ("add", "concat")
            wires = [wire for wire in network.wires if not (single and wire.target == target.id)]
            joined = Network(network.nodes, (*wires, Wire(source.id, target.id)))
            fits = takes and gives and not known and len(order(joined)) == len(network.nodes)
            assert (refused is None) == fits, (source.id, target.id, refused)
