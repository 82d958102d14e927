"""Edits are pure, refuse with a sentence, and never leave half of a change behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.document import edits
from playground.document.catalog import title, value
from playground.document.model import Document, EarlyStopping, Network, Node, Wire
from playground.messages import UserError


def chain(*kinds: str) -> Document:
    """A document whose nodes are `n0` → `n1` → … of the given kinds."""
    nodes = tuple(Node(f"n{i}", kind) for i, kind in enumerate(kinds))
    wires = tuple(Wire(f"n{i}", f"n{i + 1}") for i in range(len(kinds) - 1))
    return Document(network=Network(nodes, wires))


def path(document: Document) -> list[str]:
    """The kinds along the chain that begins at the input."""
    network = document.network
    at = next(node.id for node in network.nodes if node.kind == "input")
    found = []
    while True:
        found.append(at)
        following = network.targets(at)
        if not following:
            return found
        assert len(following) == 1
        at = following[0]


def wires(document: Document) -> list[tuple[str, str]]:
    return [(wire.source, wire.target) for wire in document.network.wires]


def test_that_new_ids_read_like_the_textbook_and_never_come_back() -> None:
    document = Document()
    assert [edits.fresh_id(document, kind) for kind in ("input", "dense", "activation", "loss", "add")] == [
        "in",
        "h1",
        "a1",
        "loss",
        "add1",
    ]
    document = edits.add_node(document, "in", "input")
    assert edits.fresh_id(document, "input") == "in2"
    assert edits.fresh_id(document, "dense", used={"h1", "h2"}) == "h3"


def test_that_adding_keeps_the_fields_and_snaps_to_the_grid() -> None:
    document = edits.add_node(Document(), "h1", "dense", (101.9, -7.0), units=3.0)
    node = document.network.node("h1")
    assert node.position == (100.0, -8.0)
    assert value(node, "units") == 3
    assert isinstance(value(node, "units"), int)
    assert value(node, "bias") is True


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"units": 0}, "Units is 0; it must be a whole number from 1 to 1024."),
        ({"units": 2.5}, "Units is 2.5; it must be a whole number from 1 to 1024."),
        ({"units": True}, "Units is True; it must be a whole number from 1 to 1024."),
        ({"bias": 1}, "Bias is 1; it must be true or false."),
        ({"colour": 1}, "Dense 4 has no setting “colour”."),
        (
            {"init": "ones"},
            "Initial weights is ones; it must be one of glorot_uniform, glorot_normal, he_uniform, he_normal, normal, "
            "zeros.",
        ),
    ],
)
def test_that_a_value_out_of_range_is_refused_by_name(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        edits.add_node(Document(), "h1", "dense", **fields)
    assert str(refused.value) == sentence


def test_that_an_id_is_given_once_and_a_kind_must_exist() -> None:
    document = edits.add_node(Document(), "h1", "dense")
    with pytest.raises(UserError, match="already a node with the id “h1”"):
        edits.add_node(document, "h1", "dense")
    with pytest.raises(UserError, match="no node kind “lstm”"):
        edits.add_node(document, "l1", "lstm")


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("n1", "n1", "Dense 4 cannot feed itself: a network has no loops."),
        ("n3", "n1", "Nothing can follow Loss: it is where the network ends."),
        ("n1", "n0", "Nothing can feed Input: it takes the data."),
        ("n0", "n1", "Input already feeds Dense 4."),
        ("n2", "n1", "tanh cannot feed Dense 4: Dense 4 already leads to tanh, and a network has no loops."),
        ("n1", "gone", "There is no node “gone” to connect."),
    ],
)
def test_that_an_impossible_wire_is_refused_naming_both_nodes(source: str, target: str, sentence: str) -> None:
    document = chain("input", "dense", "activation", "loss")
    assert str(edits.refusal(document, source, target)) == sentence
    with pytest.raises(UserError) as refused:
        edits.connect(document, source, target)
    assert str(refused.value) == sentence


def test_that_a_loop_through_a_node_of_many_inputs_is_refused() -> None:
    document = edits.add_node(chain("input", "add", "dense", "dense", "loss"), "sum", "add")
    with pytest.raises(
        UserError, match=r"Dense 4 \(n3\) cannot feed Add \(n1\): Add \(n1\) already leads to Dense 4 \(n3\)"
    ):
        edits.connect(document, "n3", "n1")


def test_that_a_second_wire_replaces_the_first_where_a_node_takes_one() -> None:
    document = edits.add_node(chain("input", "dense", "dense", "loss"), "x", "dense")
    document = edits.connect(document, "x", "n2")
    assert document.network.sources("n2") == ("x",)
    # The replaced wire no longer counts as a way: n1 may now follow what it used to lead to.
    assert edits.connect(document, "n2", "n1").network.sources("n1") == ("n2",)


def test_that_many_wires_enter_a_concat_in_their_order() -> None:
    document = chain("input", "dense", "concat", "loss")
    document = edits.connect(document, "n0", "n2")
    assert document.network.sources("n2") == ("n1", "n0")


def test_that_disconnecting_takes_one_wire() -> None:
    document = chain("input", "dense", "loss")
    assert wires(edits.disconnect(document, "n0", "n1")) == [("n1", "n2")]
    assert edits.disconnect(document, "n0", "n2") == document


def test_that_a_chain_closes_over_a_removed_node() -> None:
    """Case E02: no wire to the removed node stays behind."""
    document = chain("input", "dense", "activation", "loss")
    assert wires(edits.remove(document, ["n1"])) == [("n0", "n2"), ("n2", "n3")]
    assert wires(edits.remove(document, ["n1", "n2"])) == [("n0", "n3")]
    assert wires(edits.remove(document, ["n0"])) == [("n1", "n2"), ("n2", "n3")]
    assert edits.remove(document, ["n0", "n1", "n2", "n3"]).network == Network()


def test_that_a_wire_removed_on_purpose_stays_removed() -> None:
    document = chain("input", "dense", "activation", "loss")
    assert wires(edits.remove(document, ["n1"], [Wire("n0", "n1")])) == [("n2", "n3")]


def test_that_closing_a_chain_keeps_the_order_of_a_concat_and_makes_no_double_wire() -> None:
    document = chain("input", "dense", "concat", "loss")
    document = edits.connect(document, "n0", "n2")
    assert edits.remove(document, ["n1"]).network.sources("n2") == ("n0",)
    document = edits.insert_on_wire(document, Wire("n0", "n2"), "h2", "dense")
    assert document.network.sources("n2") == ("n1", "h2")
    assert edits.remove(document, ["n1"]).network.sources("n2") == ("n0", "h2")


def test_that_a_node_dropped_on_a_wire_stands_between_its_ends() -> None:
    document = edits.insert_on_wire(chain("input", "dense", "loss"), Wire("n0", "n1"), "a1", "activation", (4, 8))
    assert path(document) == ["n0", "a1", "n1", "n2"]
    with pytest.raises(UserError, match="Loss cannot stand on a wire"):
        edits.insert_on_wire(document, Wire("n0", "a1"), "loss", "loss")
    with pytest.raises(UserError, match="is not there"):
        edits.insert_on_wire(document, Wire("n0", "n1"), "h9", "dense")
    with pytest.raises(UserError, match="Dense 4 already has wires"):
        edits.put_on_wire(document, Wire("n0", "a1"), "n1")


def test_that_a_network_is_built_by_pressing_names_alone() -> None:
    document = Document()
    selected = None
    for kind, fields in (("input", {}), ("dense", {}), ("activation", {}), ("dense", {"units": 1}), ("loss", {})):
        id = edits.fresh_id(document, kind)
        document = edits.append_node(document, id, kind, selected, **fields)
        selected = id
    assert path(document) == ["in", "h1", "a1", "h2", "loss"]


@pytest.mark.parametrize("order", [("input", "loss", "dense"), ("loss", "input", "dense"), ("loss", "dense", "input")])
def test_that_the_ends_find_each_other_in_any_order(order: tuple[str, ...]) -> None:
    document = Document()
    for kind in order:
        document = edits.append_node(document, edits.fresh_id(document, kind), kind)
    assert path(document) == ["in", "h1", "loss"]


def test_that_a_layer_added_with_nothing_selected_goes_before_the_output_layer() -> None:
    document = edits.set_field(chain("input", "dense", "activation", "dense", "loss"), "n3", "units", 1)
    assert path(edits.append_node(document, "h1", "dense")) == ["n0", "n1", "n2", "h1", "n3", "n4"]
    assert path(edits.append_node(document, "h1", "dense", "n4")) == ["n0", "n1", "n2", "h1", "n3", "n4"]
    assert path(edits.append_node(document, "h1", "dense", "n1")) == ["n0", "n1", "h1", "n2", "n3", "n4"]
    assert path(edits.append_node(document, "h1", "dense", "n3")) == ["n0", "n1", "n2", "n3", "h1", "n4"]
    assert path(edits.append_node(document, "h1", "dense", outputs=3)) == ["n0", "n1", "n2", "n3", "h1", "n4"]


def test_that_a_node_added_after_a_fork_feeds_all_its_branches() -> None:
    document = edits.connect(chain("input", "dense", "concat", "loss"), "n0", "n2")
    document = edits.append_node(document, "h1", "dense", "n0")
    assert document.network.sources("n1") == ("h1",)
    assert document.network.sources("n2") == ("n1", "h1")
    assert document.network.targets("n0") == ("h1",)


def test_that_moving_names_and_switches_change_only_themselves() -> None:
    document = chain("input", "dense", "activation", "loss")
    moved = edits.move(document, {"n1": (9.0, 11.0), "gone": (0.0, 0.0)})
    assert moved.network.node("n1").position == (8.0, 12.0)
    with pytest.raises(UserError, match="cannot be placed"):
        edits.move(document, {"n1": (float("nan"), 0.0)})
    named = edits.rename(document, "n1", "  hidden \n layer ")
    assert str(title(named.network.node("n1"))) == "hidden layer"
    assert edits.rename(named, "n1", " ") == document
    off = edits.set_all_enabled(document, False)
    assert value(off.network.node("n2"), "enabled") is False
    assert edits.set_enabled(off, "n2", True) == edits.set_all_enabled(document, True)
    assert off.network.wires == document.network.wires
    with pytest.raises(UserError, match="Dense 4 has no setting “enabled”"):
        edits.set_enabled(document, "n1", False)
    with pytest.raises(UserError, match="no node “gone”"):
        edits.rename(document, "gone", "x")


def test_that_training_and_data_settings_are_judged_by_name() -> None:
    document = edits.set_training(Document(), learning_rate=1, pace=None, early_stopping=EarlyStopping(patience=3))
    assert document.training.learning_rate == 1.0
    assert document.training.early_stopping == EarlyStopping(patience=3)
    for changes, sentence in (
        ({"learning_rate": 0.0}, "Learning rate η is 0; it must be above 0 and at most 10."),
        ({"learning_rate": float("nan")}, "Learning rate η is nan; it must be above 0 and at most 10."),
        ({"momentum": 1.0}, "Momentum is 1; it must be at least 0 and below 1."),
        ({"optimizer": "sdg"}, "Optimizer is sdg; it must be one of sgd, adam, rmsprop, adagrad."),
        ({"target_loss": -1.0}, "Stop at training loss is -1; it must be 0 or more."),
        ({"warmth": 1}, "Training has no setting “warmth”."),
        (
            {"early_stopping": EarlyStopping(patience=0)},
            "Patience is 0; it must be a whole number of 1 or more.",
        ),
    ):
        with pytest.raises(UserError) as refused:
            edits.set_training(document, **changes)
        assert str(refused.value) == sentence
    data = edits.set_data(document, kind="circle", noise=0).data
    assert (data.kind, data.noise) == ("circle", 0.0)
    with pytest.raises(UserError, match="Test share is 1; it must be at least 0 and below 1"):
        edits.set_data(document, test_fraction=1.0)
    with pytest.raises(UserError, match="data have no setting “size”"):
        edits.set_data(document, size=3)


def given(document: Document) -> Document:
    numbers = {"n1": {"weight": [[1.0], [2.0]], "bias": [0.5]}, "n2": {"weight": [[3.0]]}}
    return replace(document, parameters=numbers)


def test_that_given_weights_survive_what_leaves_their_shape_alone() -> None:
    document = chain("input", "dense", "dense", "loss")
    document = edits.set_field(edits.set_field(document, "n1", "units", 1), "n2", "units", 1)
    document = given(document)
    cut = edits.disconnect(document, "n0", "n1")
    assert edits.connect(cut, "n0", "n1").parameters == document.parameters
    assert edits.insert_on_wire(document, Wire("n1", "n2"), "a1", "activation").parameters == document.parameters
    assert set(edits.set_field(document, "n1", "units", 3).parameters) == set()
    assert set(edits.set_field(document, "n2", "units", 3).parameters) == {"n1"}
    assert set(edits.set_field(document, "n0", "features", ["x1"]).parameters) == {"n2"}
    assert set(edits.remove(document, ["n1"]).parameters) == set()
    assert edits.set_field(document, "n1", "bias", False).parameters["n1"] == {"weight": [[1.0], [2.0]]}
    assert set(edits.set_field(document, "n1", "init", "zeros").parameters) == {"n2"}
    assert edits.clear(document) == Document()
