"""Cards stand in columns as values flow, on the grid, and cover one another never."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.document import edits
from playground.document.layout import make_room, positions, tidy, usual_size
from playground.document.model import Document, Network, Node, Wire
from playground.document.presets import PRESETS


def overlaps(network: Network, places: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    size = usual_size(network)
    boxes = {id: (x, y, x + size(id)[0], y + size(id)[1]) for id, (x, y) in places.items()}
    return [
        (one, other)
        for one, other in combinations(boxes, 2)
        if boxes[one][0] < boxes[other][2]
        and boxes[other][0] < boxes[one][2]
        and boxes[one][1] < boxes[other][3]
        and boxes[other][1] < boxes[one][3]
    ]


def test_that_a_chain_runs_from_left_to_right_on_one_line() -> None:
    network = PRESETS["xor"].document.network
    places = tidy(network)
    order = ["in", "h1", "a1", "out", "loss"]
    lefts = [places[id][0] for id in order]
    assert lefts == sorted(set(lefts))
    assert len({places[id][1] for id in order}) == 1


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count = draw(st.integers(1, 14))
    nodes = tuple(Node(f"n{i}", draw(st.sampled_from(["concat", "activation"]))) for i in range(count))
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=25))
    return Network(nodes, tuple(Wire(f"n{a}", f"n{b}") for a, b in sorted(pairs) if a < b))


@given(networks())
@settings(max_examples=100, deadline=None)
def test_that_tidy_cards_never_overlap_and_wires_lead_to_the_right(network: Network) -> None:
    places = tidy(network)
    assert set(places) == {node.id for node in network.nodes}
    assert not overlaps(network, places)
    assert all(x % 4 == 0 and y % 4 == 0 for x, y in places.values())
    assert all(places[wire.source][0] < places[wire.target][0] for wire in network.wires)


def tidied(document: Document) -> Document:
    return edits.move(document, tidy(document.network))


@given(networks(), st.integers(0, 13))
@settings(max_examples=100, deadline=None)
def test_that_a_placed_card_stays_and_the_others_find_room(network: Network, index: int) -> None:
    chosen = network.nodes[index % len(network.nodes)].id
    document = edits.move(Document(network=network), {chosen: (400.0, 300.0)})
    places = positions(document.network)
    assert places[chosen] == (400.0, 300.0)
    assert set(places) == {node.id for node in network.nodes}
    assert not overlaps(network, places)


def test_that_tidy_places_written_into_the_nodes_stay_as_they_are() -> None:
    document = tidied(PRESETS["xor"].document)
    assert positions(document.network) == tidy(document.network)
    assert tidied(document) == document


def test_that_cards_make_room_for_one_put_between_them() -> None:
    document = tidied(PRESETS["xor"].document)
    before = positions(document.network)
    document = make_room(edits.insert_on_wire(document, Wire("h1", "a1"), "h2", "dense"), "h2")
    after = positions(document.network)
    assert (after["in"], after["h1"]) == (before["in"], before["h1"])
    assert after["h1"][0] < after["h2"][0] < after["a1"][0]
    assert after["loss"][0] - after["out"][0] == before["loss"][0] - before["out"][0]
    assert not overlaps(document.network, after)
    untouched = edits.insert_on_wire(PRESETS["xor"].document, Wire("h1", "a1"), "h2", "dense")
    assert make_room(untouched, "h2") == untouched


def test_that_a_card_dropped_on_a_short_wire_over_what_feeds_it_stands_beside_it() -> None:
    document = tidied(PRESETS["xor"].document)
    before = positions(document.network)
    size = usual_size(document.network)
    right = before["h1"][0] + size("h1")[0]
    for left in (right - 8.0, before["h1"][0] + 8.0, right, right + 12.0):
        dropped = edits.insert_on_wire(document, Wire("h1", "a1"), "h2", "dense", (left, before["h1"][1] + 8.0))
        after = positions(make_room(dropped, "h2").network)
        assert not overlaps(document.network, after)
        assert after["h1"] == before["h1"]
        assert after["h2"] == (left if left >= right else right + 24.0, before["h1"][1] + 8.0)
        assert after["a1"][0] > after["h2"][0]


def test_that_a_loop_in_a_hand_edited_file_is_laid_out_all_the_same() -> None:
    nodes = tuple(Node(id, "dense") for id in ("a", "b", "c"))
    network = Network(nodes, (Wire("a", "b"), Wire("b", "c"), Wire("c", "a")))
    assert not overlaps(network, tidy(network))
    assert set(positions(network)) == {"a", "b", "c"}


def test_that_a_chain_of_1500_layers_is_laid_out() -> None:
    """Case E01."""
    nodes = tuple(Node(f"h{i}", "dense") for i in range(1500))
    wires = tuple(Wire(f"h{i}", f"h{i + 1}") for i in range(1499))
    places = tidy(Network(nodes, wires))
    assert places["h1499"][0] > places["h1498"][0] > places["h0"][0] == 0.0


def test_that_cards_give_way_to_a_wire_that_goes_around_them() -> None:
    nodes = (*(Node(id, "dense") for id in ("in", "p", "q", "out")), Node("s", "add"))
    chain = (Wire("in", "p"), Wire("p", "q"), Wire("q", "s"), Wire("s", "out"))
    around = Network(nodes, (*chain, Wire("in", "s")))
    size = usual_size(around)
    places = tidy(around)
    middles = {id: place[1] + size(id)[1] / 2.0 for id, place in places.items()}
    assert middles["in"] == middles["s"] == middles["out"]
    assert middles["p"] == middles["q"]
    assert min(places["p"][1], places["q"][1]) > middles["in"]
    straight = tidy(Network(nodes, chain))
    assert len({straight[id][1] + size(id)[1] / 2.0 for id in straight}) == 1
    assert not overlaps(around, places)


def test_that_between_two_branches_a_wire_passes_without_anything_giving_way() -> None:
    nodes = (*(Node(id, "dense") for id in ("in", "p", "q")), Node("s", "add"))
    wires = (Wire("in", "p"), Wire("in", "q"), Wire("p", "s"), Wire("q", "s"))
    assert tidy(Network(nodes, wires)) == tidy(Network(nodes, (*wires, Wire("in", "s"))))
