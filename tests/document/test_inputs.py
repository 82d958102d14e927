"""The order of a concat's inputs as an edit: wires, given weights and frozen ones go together, nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from playground.document import edits
from playground.document.frozen import frozen_places, is_frozen, mask_of, with_mask
from playground.document.model import Document, Network, Node, Wire
from playground.messages import UserError

#: How many values each of the concat's inputs gives, in their order.
WIDTHS = {"h1": 2, "h2": 3, "in": 2}


def joined() -> Document:
    """Two layers and the input side by side into out, and from there through a tanh into a further layer."""
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 2}),
        Node("h2", "dense", {"units": 3}),
        Node("cat", "concat"),
        Node("a", "activation", {"function": "tanh"}),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    pairs = [("in", "h1"), ("h1", "cat"), ("in", "h2"), ("h2", "cat"), ("in", "cat"), ("cat", "a"), ("a", "out"),
             ("out", "loss")]  # fmt: skip
    given = {
        "out": {"weight": tuple((float(row),) for row in range(7)), "bias": (0.5,)},
        "h1": {"weight": ((1.0, 2.0), (3.0, 4.0))},
    }
    document = Document(network=Network(nodes, tuple(Wire(*pair) for pair in pairs)), parameters=given)
    for row in (0, 4, 6):
        document = edits.freeze_weight(document, "out", row, 0, True)
    return edits.freeze_weight(document, "h1", 1, 0, True)


def where(order: tuple[str, ...]) -> list[int]:
    """Where each row behind the concat was before."""
    starts = dict(zip(WIDTHS, (0, 2, 5), strict=True))
    return [starts[source] + k for source in order for k in range(WIDTHS[source])]


@pytest.mark.parametrize("order", list(permutations(WIDTHS)))
def test_that_given_and_frozen_weights_go_with_what_feeds_them(order):
    before = joined()
    after = edits.order_inputs(before, "cat", order)
    assert after.network.sources("cat") == order
    assert [row[0] for row in after.parameters["out"]["weight"]] == [float(row) for row in where(order)]
    assert after.parameters["out"]["bias"] == (0.5,)
    assert [after.parameters["out"]["weight"][row][0] for row in frozen_places(after.network.node("out"))] == sorted(
        (0.0, 4.0, 6.0), key=where(order).index
    )
    assert after.parameters["h1"] == before.parameters["h1"]
    assert after.network.node("h1") == before.network.node("h1")
    assert set(after.network.wires) == set(before.network.wires)
    others = [wire for wire in before.network.wires if wire.target != "cat"]
    assert [wire for wire in after.network.wires if wire.target != "cat"] == others
    assert edits.order_inputs(after, "cat", tuple(WIDTHS)) == before


def test_that_an_input_moves_one_place_at_a_time_and_not_past_an_end():
    document = joined()
    assert edits.move_input(document, "cat", "h1", 1).network.sources("cat") == ("h2", "h1", "in")
    assert edits.move_input(document, "cat", "in", -1).network.sources("cat") == ("h1", "in", "h2")
    assert edits.move_input(document, "cat", "h1", 2).network.sources("cat") == ("h2", "in", "h1")
    assert edits.move_input(document, "cat", "h1", -1) == document
    assert edits.move_input(document, "cat", "in", 1) == document
    assert edits.move_input(document, "cat", "in", -9).network.sources("cat") == ("in", "h1", "h2")


def test_that_rows_go_along_through_a_second_concat():
    before = joined()
    nodes = (*before.network.nodes, Node("cat2", "concat"))
    wires = [wire for wire in before.network.wires if wire != Wire("a", "out")]
    wires += [Wire("h2", "cat2"), Wire("a", "cat2"), Wire("cat2", "out")]
    weight = tuple((float(row),) for row in range(10))
    before = replace(before, network=Network(nodes, tuple(wires)), parameters={"out": {"weight": weight}})
    before = edits.forget_frozen(before, "out")
    inner = edits.order_inputs(before, "cat", ("in", "h2", "h1"))
    rows = [row[0] for row in inner.parameters["out"]["weight"]]
    assert rows == [0.0, 1.0, 2.0, *(3.0 + row for row in where(("in", "h2", "h1")))]
    outer = edits.order_inputs(before, "cat2", ("a", "h2"))
    assert [row[0] for row in outer.parameters["out"]["weight"]] == [*range(3, 10), 0.0, 1.0, 2.0]


def test_that_numbers_of_another_shape_are_left_as_they_are():
    document = joined()
    odd = replace(document, parameters={"out": {"weight": ((1.0,), (2.0,))}})
    assert edits.order_inputs(odd, "cat", ("in", "h1", "h2")).parameters == odd.parameters
    short = with_mask(document.network.node("out"), ((True,), (False,)))
    nodes = tuple(short if node.id == "out" else node for node in document.network.nodes)
    odd = replace(document, network=replace(document.network, nodes=nodes))
    after = edits.order_inputs(odd, "cat", ("in", "h1", "h2"))
    assert mask_of(after.network.node("out")) == ((True,), (False,))
    assert is_frozen(after.network.node("out"), 0, 0)


def test_that_an_incomplete_network_has_its_inputs_ordered_as_well():
    """The input has no width: what the rows are is not known, and their order is the wires' alone."""
    document = joined()
    nodes = tuple(Node("in", "input", {"features": ()}) if node.id == "in" else node for node in document.network.nodes)
    bare = replace(document, network=replace(document.network, nodes=nodes), parameters={})
    assert edits.order_inputs(bare, "cat", ("in", "h2", "h1")).network.sources("cat") == ("in", "h2", "h1")


@pytest.mark.parametrize("order", [("h1", "h2"), ("h1", "h2", "in", "in"), ("h1", "h2", "out"), ()])
def test_that_an_order_names_each_input_once(order):
    with pytest.raises(UserError, match="names each of them once"):
        edits.order_inputs(joined(), "cat", order)


def test_that_only_the_inputs_of_a_concat_have_an_order():
    document = joined()
    for id in ("out", "in", "loss"):
        with pytest.raises(UserError, match="have no order"):
            edits.order_inputs(document, id, document.network.sources(id))
        assert not edits.has_order(document.network, id)
    assert edits.has_order(document.network, "cat")
    assert not edits.has_order(document.network, "nobody")
    alone = edits.remove(document, wires=[Wire("h1", "cat"), Wire("in", "cat")])
    assert not edits.has_order(alone.network, "cat")
