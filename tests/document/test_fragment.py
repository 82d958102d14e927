"""Copy and paste: what comes back is what was copied, under new ids, and junk is refused with a word."""

from __future__ import annotations

import json

import pytest

from playground.document import edits, fragment
from playground.document.model import Document, Network, Node, Wire
from playground.document.presets import PRESETS
from playground.messages import UserError


def test_that_a_pasted_part_has_its_wires_names_and_weights_under_new_ids() -> None:
    document = edits.move(PRESETS["lecture"].document, {"P": (100.0, 40.0)})
    pasted, ids = fragment.paste(document, fragment.copy(document, ["P", "Q"]))
    assert ids == ("h1", "h2")
    first, second = (pasted.network.node(id) for id in ids)
    assert (first.name, first.fields, first.position) == ("P", document.network.node("P").fields, (124.0, 64.0))
    assert second.position is None
    assert pasted.network.wires == (*document.network.wires, Wire("h1", "h2"))
    assert pasted.parameters["h1"]["weight"] == [[2.0], [1.0]]
    assert pasted.network.nodes[:4] == document.network.nodes


def test_that_wires_to_what_was_not_copied_stay_behind() -> None:
    document = PRESETS["xor"].document
    pasted, ids = fragment.paste(document, fragment.copy(document, ["h1", "out"]))
    assert not any(set(ids) & {wire.source, wire.target} for wire in pasted.network.wires)


def test_that_used_ids_do_not_come_back() -> None:
    document = PRESETS["xor"].document
    _, ids = fragment.paste(document, fragment.copy(document, ["h1"]), used={"h2", "h3"})
    assert ids == ("h4",)


def test_that_an_unknown_kind_and_unknown_keys_are_copied_too() -> None:
    node = Node("x", "attention", {"heads": 8, "mask": (1, 2)})
    document = Document(network=Network((node,)))
    pasted, (id,) = fragment.paste(document, fragment.copy(document, ["x"]))
    assert pasted.network.node(id) == Node(id, "attention", {"heads": 8, "mask": (1, 2)})


def fragment_of(**changes: object) -> str:
    text = {
        "format": fragment.FORMAT,
        "version": 1,
        "nodes": [{"id": "a", "kind": "dense"}, {"id": "b", "kind": "dense"}],
        "wires": [["a", "b"]],
    }
    return json.dumps({**text, **changes})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The clipboard holds no part of a network."),
        ("hello", "The clipboard holds no part of a network."),
        ('{"format": "backprop-playground", "version": 1}', "The clipboard holds no part of a network."),
        ("[" * 100_000, "The clipboard holds no part of a network."),
        (fragment_of(nodes=[{"id": "a", "kind": "dense", "units": float("nan")}]), "holds no part of a network"),
        (fragment_of(nodes=[{"id": "a", "kind": "?", "z": 5}]).replace("5", "1e999"), "holds no part of a network"),
        (fragment_of(version=2), "comes from another version of the program (format 2, this one reads 1)"),
        (fragment_of(nodes=[], wires=[]), "The clipboard holds no nodes."),
        (fragment_of(nodes={}), "“nodes” is not a list"),
        (fragment_of(nodes=[{"id": "a"}]), "a node has no id or no kind"),
        (fragment_of(nodes=[{"id": "a", "kind": "dense", "name": 3}], wires=[]), "a name is not a text"),
        (fragment_of(nodes=[{"id": "a", "kind": "dense", "position": [1]}], wires=[]), "a position is not two numbers"),
        (fragment_of(nodes=[{"id": "a", "kind": "dense"}] * 2, wires=[]), "two nodes have one id"),
        (fragment_of(wires=[["a", "c"]]), "a wire leads to a node that was not copied"),
        (fragment_of(wires=["ab"]), "a wire leads to a node that was not copied"),
        (fragment_of(wires=[["a", "b"], ["a", "b"]]), "a node has more wires than it can take"),
        (
            fragment_of(wires=[["a", "b"], ["b", "a"]]),
            "Dense 4 (a) feeds Dense 4 (b), which already leads to Dense 4 (a)",
        ),
        (fragment_of(wires=[["a", "a"]]), "feeds itself, and a network has no loops"),
        (fragment_of(parameters=[1]), "its parameters are not a table"),
        (
            fragment_of(nodes=[{"id": "a", "kind": "dense", "units": -3}], wires=[]),
            "cannot be pasted: Units is -3; it must be a whole number from 1 to 1024. Copy it again.",
        ),
        (
            fragment_of(nodes=[{"id": "a", "kind": "loss"}, {"id": "b", "kind": "dense"}]),
            "a wire leads where none can",
        ),
    ],
)
def test_that_junk_is_refused_with_a_word(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        fragment.paste(PRESETS["xor"].document, text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("given", [{"weight": "x"}, {"weight": [[1.0]]}, {"bias": [1, 2]}, 7])
def test_that_numbers_of_no_such_layer_are_left_behind(given: object) -> None:
    text = fragment_of(nodes=[{"id": "a", "kind": "dense"}], wires=[], parameters={"a": given})
    document, ids = fragment.paste(PRESETS["xor"].document, text)
    assert document.network.node(ids[0]).kind == "dense"
    assert ids[0] not in document.parameters


def test_that_a_fragment_knows_itself() -> None:
    assert fragment.is_fragment(fragment.copy(PRESETS["xor"].document, ["h1"]))
    assert not fragment.is_fragment("x1,x2,class")
