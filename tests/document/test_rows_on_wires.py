"""Several free nodes on a wire, one after the other."""

from __future__ import annotations

import pytest

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import UserError

NODES = (
    Node("in", "input"),
    Node("s", "add"),
    Node("loss", "loss"),
    Node("p", "dense"),
    Node("q", "activation"),
    Node("r", "dense"),
)
JOINED = (Wire("in", "s"), Wire("s", "loss"))


def document(*wires: Wire) -> Document:
    return Document(network=Network(NODES, (*JOINED, *wires)))


@pytest.mark.parametrize("wires", [(), (Wire("p", "q"),), (Wire("p", "q"), Wire("q", "r"))])
def test_that_nodes_stand_on_a_wire_in_the_order_given_whether_they_were_joined_or_not(wires: tuple[Wire, ...]) -> None:
    after = edits.put_on_wire(document(*wires), Wire("in", "s"), "p", "q", "r").network
    assert set(after.wires) == {Wire("in", "p"), Wire("p", "q"), Wire("q", "r"), Wire("r", "s"), Wire("s", "loss")}
    assert len(after.wires) == 5


def test_that_the_targets_input_keeps_its_place_among_its_inputs() -> None:
    before = Document(network=Network(NODES, (Wire("in", "s"), Wire("r", "s"), Wire("s", "loss"))))
    after = edits.put_on_wire(before, Wire("in", "s"), "p", "q")
    assert after.network.sources("s") == ("q", "r")


@pytest.mark.parametrize(
    ("wires", "ids", "sentence"),
    [
        ((Wire("r", "s"),), ("p", "r"), "Dense 4 already has wires"),
        ((Wire("q", "p"),), ("p", "q"), "already has wires"),
        ((), ("p", "loss"), "values do not pass through it"),
    ],
)
def test_that_other_wires_and_ends_are_refused(wires: tuple[Wire, ...], ids: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        edits.put_on_wire(document(*wires), Wire("in", "s"), *ids)
