"""Single frozen weights: a mask that follows its weights through every edit, and never raises whatever it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.data.prepare import make_table
from playground.document import edits, fragment
from playground.document.catalog import NODE_KINDS
from playground.document.check import problems
from playground.document.compile import compile_network
from playground.document.frozen import FROZEN_MASK, is_frozen, mask_of
from playground.document.model import Document, Node, Wire
from playground.document.presets import PRESETS
from playground.messages import UserError

XOR = PRESETS["xor"].document
TABLE = make_table("xor", 40, 0.1, 0)
#: The hidden layer, 2 → 4, its activation, and the output layer, 4 → 1.
HIDDEN, CURVE, OUTPUT = (node.id for node in XOR.network.nodes if node.kind in ("dense", "activation"))


def frozen(document: Document, id: str = HIDDEN) -> set[tuple[int, int]]:
    """The frozen weights of a node."""
    mask = mask_of(document.network.node(id))
    return {(i, u) for i, row in enumerate(mask) for u, cell in enumerate(row) if cell}


def freeze(*weights: tuple[int, int], id: str = HIDDEN, document: Document = XOR) -> Document:
    for input, unit in weights:
        document = edits.freeze_weight(document, id, input, unit, True)
    return document


def with_mask(mask: Any) -> Document:
    """XOR as a file with that mask would be."""
    nodes = tuple(
        replace(node, fields={**node.fields, FROZEN_MASK: mask}) if node.id == HIDDEN else node
        for node in XOR.network.nodes
    )
    return replace(XOR, network=replace(XOR.network, nodes=nodes))


def mask_problems(document: Document) -> list[str]:
    return [str(one.message) for one in problems(document, TABLE) if one.severity == "error"]


def test_that_a_weight_is_frozen_and_freed_and_the_field_goes_with_the_last() -> None:
    before = repr(XOR)
    document = freeze((0, 1), (1, 3), (1, 3))
    assert document.network.node(HIDDEN).fields[FROZEN_MASK] == (
        (False, True, False, False),
        (False, False, False, True),
    )
    assert is_frozen(document.network.node(HIDDEN), 1, 3)
    assert not is_frozen(document.network.node(HIDDEN), 0, 3)
    document = edits.freeze_weight(document, HIDDEN, 0, 1, False)
    assert frozen(document) == {(1, 3)}
    document = edits.freeze_weight(document, HIDDEN, 1, 3, False)
    assert document == XOR
    assert repr(XOR) == before


@pytest.mark.parametrize("place", [(2, 0), (0, 4), (-1, 0), (0, -1)])
def test_that_a_weight_that_is_not_there_is_refused_by_its_place(place: tuple[int, int]) -> None:
    with pytest.raises(UserError) as refused:
        edits.freeze_weight(XOR, HIDDEN, *place, True)
    assert str(refused.value) == (
        f"Dense 4 has no weight [{place[0]}, {place[1]}]: its weights are 2 × 4, counted from 0."
    )
    assert not is_frozen(freeze((0, 0)).network.node(HIDDEN), *place)


def test_that_what_has_no_weights_freezes_none() -> None:
    with pytest.raises(UserError, match="has no weight to freeze"):
        edits.freeze_weight(XOR, CURVE, 0, 0, True)
    alone = edits.add_node(XOR, "alone", "dense")
    with pytest.raises(UserError, match="has no weight to freeze"):
        edits.freeze_weight(alone, "alone", 0, 0, True)
    with pytest.raises(UserError, match="There is no node"):
        edits.freeze_weight(XOR, "nowhere", 0, 0, True)


def test_that_the_program_is_told_which_weights_are_frozen() -> None:
    document = freeze((0, 1), (1, 3))
    parameters = {one.name: one for one in compile_network(document, TABLE).program.parameters}
    assert parameters[f"{HIDDEN}.weight"].mask == (1, 7)
    assert all(one.mask == () for name, one in parameters.items() if name != f"{HIDDEN}.weight")
    assert compile_network(XOR, TABLE).program != compile_network(document, TABLE).program


def test_that_other_units_leave_the_weights_of_those_that_stay_frozen() -> None:
    document = freeze((0, 1), (1, 3))
    assert frozen(edits.set_field(document, HIDDEN, "units", 6)) == {(0, 1), (1, 3)}
    assert frozen(edits.set_field(document, HIDDEN, "units", 3)) == {(0, 1)}
    assert FROZEN_MASK not in edits.set_field(document, HIDDEN, "units", 1).network.node(HIDDEN).fields
    assert mask_problems(edits.set_field(document, HIDDEN, "units", 6)) == []


def test_that_the_layer_behind_keeps_the_frozen_weights_of_units_that_stay() -> None:
    document = freeze((0, 0), (3, 0), id=OUTPUT)
    more = edits.set_field(document, HIDDEN, "units", 6)
    assert frozen(more, OUTPUT) == {(0, 0), (3, 0)}
    assert mask_problems(more) == []
    assert frozen(edits.set_field(document, HIDDEN, "units", 3), OUTPUT) == {(0, 0)}


def test_that_a_frozen_weight_stays_with_its_feature() -> None:
    """As the weights themselves do: where x1 goes, x2's weights are the first row."""
    document = freeze((1, 2))
    (first,) = (node.id for node in document.network.nodes if node.kind == "input")
    fewer = edits.set_field(document, first, "features", ("x2",))
    assert frozen(fewer) == {(0, 2)}
    assert frozen(edits.set_field(fewer, first, "features", ("x1^2", "x1", "x2"))) == {(2, 2)}
    assert frozen(edits.set_field(document, first, "features", ("x1",))) == set()


def test_that_a_frozen_weight_stays_with_its_unit_through_a_concat() -> None:
    document = edits.insert_on_wire(XOR, Wire(CURVE, OUTPUT), "cat", "concat")
    (first,) = (node.id for node in document.network.nodes if node.kind == "input")
    document = freeze((5, 0), id=OUTPUT, document=edits.connect(document, first, "cat"))
    assert frozen(edits.set_field(document, HIDDEN, "units", 2), OUTPUT) == {(3, 0)}


def test_that_a_layer_taken_off_its_wire_and_put_back_has_its_frozen_weights() -> None:
    document = freeze((0, 1), (1, 3))
    (wire,) = (wire for wire in document.network.wires if wire.target == HIDDEN)
    off = edits.disconnect(document, wire.source, wire.target)
    assert frozen(off) == {(0, 1), (1, 3)}
    narrower = edits.set_field(off, HIDDEN, "units", 2)
    assert frozen(edits.connect(off, wire.source, wire.target)) == {(0, 1), (1, 3)}
    assert frozen(edits.connect(narrower, wire.source, wire.target)) == {(0, 1)}


def test_that_a_copy_has_the_same_frozen_weights() -> None:
    document, (id,) = fragment.paste(XOR, fragment.copy(freeze((0, 1)), [HIDDEN]))
    assert document.network.node(id).fields == freeze((0, 1)).network.node(HIDDEN).fields


@pytest.mark.parametrize(
    ("mask", "wrong"),
    [
        (((True, False),), "is 1 × 2 and must be 2 × 4"),
        (((False,) * 4,) * 3, "is 3 × 4 and must be 2 × 4"),
        (((False,) * 4, (False,) * 3), "is not a table of true and false"),
        (((0, 0, 0, 1), (0, 0, 0, 0)), "is not a table of true and false"),
        ([[True, None, "x", 1.5]] * 2, "is not a table of true and false"),
        ((True, False), "is not a table of true and false"),
        ((), "is not a table of true and false"),
        (((), ()), "is not a table of true and false"),
        (None, "is not a table of true and false"),
        (True, "is not a table of true and false"),
        ("true", "is not a table of true and false"),
        ({"0": [True]}, "is not a table of true and false"),
        ([[[True]]], "is not a table of true and false"),
    ],
)
def test_that_a_mask_that_does_not_fit_is_a_problem_with_a_remedy(mask: Any, wrong: str) -> None:
    document = with_mask(mask)
    found = [one for one in problems(document, TABLE) if one.severity == "error"]
    assert [(one.node, str(one.message)) for one in found] == [
        (HIDDEN, f"Dense 4 cannot train: what says which of its weights are frozen {wrong}. Free all of them.")
    ]
    with pytest.raises(UserError):
        compile_network(document, TABLE)
    assert found[0].remedy is not None
    assert str(found[0].remedy.label) == "Free all weights"
    assert found[0].remedy.apply(document) == XOR
    # Whatever else is done to it, nothing raises; and a weight frozen by hand mends it too.
    edits.set_field(document, HIDDEN, "units", 3)
    fragment.paste(document, fragment.copy(document, [HIDDEN]))
    assert mask_problems(freeze((0, 0), document=document)) == []
    assert not is_frozen(document.network.node(HIDDEN), 7, 7)


def test_that_a_mask_in_which_nothing_is_frozen_is_none() -> None:
    document = with_mask(((False,) * 4,) * 2)
    assert mask_problems(document) == []
    assert compile_network(document, TABLE).program == compile_network(XOR, TABLE).program


def test_that_an_edit_elsewhere_does_not_touch_a_mask_that_does_not_fit() -> None:
    """Else a file's fault would go before anyone was told of it."""
    document = edits.set_field(with_mask(((True, False),)), OUTPUT, "bias", False)
    assert document.network.node(HIDDEN).fields[FROZEN_MASK] == ((True, False),)


def test_that_the_mask_stands_on_no_form_and_means_nothing_to_other_kinds() -> None:
    assert NODE_KINDS["dense"].field(FROZEN_MASK) is None
    nodes = tuple(
        Node(node.id, node.kind, {**node.fields, FROZEN_MASK: 3}, node.name, node.position)
        if node.id == CURVE
        else node
        for node in XOR.network.nodes
    )
    document = replace(XOR, network=replace(XOR.network, nodes=nodes))
    assert compile_network(document, TABLE).program == compile_network(XOR, TABLE).program
