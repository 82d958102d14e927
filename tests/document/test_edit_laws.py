"""Laws that hold after any edits whatever: ids are unique, wires join nodes that are there, and nothing goes round."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data.prepare import make_table
from playground.document import edits, fragment
from playground.document.catalog import NODE_KINDS, kind_of
from playground.document.check import problems
from playground.document.frozen import mask_misfit, weight_shape
from playground.document.layout import make_room, tidy
from playground.document.model import Document, Wire
from playground.document.presets import PRESETS
from playground.document.shapes import order
from playground.messages import UserError

KINDS = tuple(NODE_KINDS)
TABLE = make_table("xor", 40, 0.1, 0)


def sound(document: Document) -> None:
    """The laws themselves."""
    network = document.network
    ids = [node.id for node in network.nodes]
    assert len(set(ids)) == len(ids)
    assert len(set(network.wires)) == len(network.wires)
    assert all(wire.source in set(ids) and wire.target in set(ids) for wire in network.wires)
    assert set(order(network)) == set(ids)
    for node in network.nodes:
        assert mask_misfit(node, weight_shape(network, node.id)) is None
        most = kind_of(node).inputs[1]
        assert most is None or len(network.sources(node.id)) <= most
        assert kind_of(node).outputs or not network.targets(node.id)


def some_edit(document: Document, pick: random.Random) -> Document:
    """One edit as a user's hand might make it, sensible or not; a refused one raises UserError."""
    ids = [node.id for node in document.network.nodes] or ["h1"]
    wires = list(document.network.wires) or [Wire("in", "out")]
    kind, id, other, wire = pick.choice(KINDS), pick.choice(ids), pick.choice(ids), pick.choice(wires)
    new = edits.fresh_id(document, kind)
    place = (pick.uniform(-500, 500), pick.uniform(-500, 500))
    acts: list[Callable[[], Document]] = [
        lambda: edits.add_node(document, new, kind, place),
        lambda: edits.append_node(document, new, kind, pick.choice([id, None])),
        lambda: make_room(edits.insert_on_wire(document, wire, new, kind), new),
        lambda: edits.put_on_wire(document, wire, id),
        lambda: edits.connect(document, id, other),
        lambda: edits.connect(document, other, id),
        lambda: edits.connect(document, id, other),
        lambda: edits.disconnect(document, wire.source, wire.target),
        lambda: edits.remove(document, [id]),
        lambda: edits.remove(document, [id, other], [wire]),
        lambda: edits.move(document, {id: place}),
        lambda: edits.set_field(document, id, "units", pick.randint(-2, 9)),
        lambda: edits.set_field(document, id, "bias", pick.choice([True, False])),
        lambda: edits.freeze_weight(document, id, pick.randint(0, 3), pick.randint(0, 3), pick.random() < 0.8),
        lambda: edits.set_field(
            document, id, "features", pick.sample(("x1", "x2", "x1^2", "sin(x1)"), 2)[: pick.randint(1, 2)]
        ),
        lambda: edits.rename(document, id, pick.choice(["", "a name", "{braces}"])),
        lambda: edits.set_all_enabled(document, pick.choice([True, False])),
        lambda: edits.set_training(document, learning_rate=pick.uniform(-1, 12)),
        lambda: fragment.paste(document, fragment.copy(document, [id, other]))[0],
        lambda: edits.move(document, tidy(document.network)),
    ]
    return pick.choice(acts)()


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_that_any_edits_leave_a_sound_document_and_the_old_one_untouched(seed: int, count: int) -> None:
    pick = random.Random(seed)
    document = PRESETS["xor"].document
    for _ in range(count):
        before, copy = document, repr(document)
        with contextlib.suppress(UserError):
            document = some_edit(document, pick)
        # Undo is to put the old document back: so it must be what it was.
        assert repr(before) == copy
        sound(document)
        for problem in problems(document, TABLE):
            assert str(problem.message).strip()


def test_that_five_thousand_edits_keep_the_laws_and_undo_to_the_start() -> None:
    """Case D11."""
    pick = random.Random(20240611)
    start = PRESETS["lecture"].document
    history = [start]
    kept = repr(start)
    refused = 0
    for step in range(5000):
        document = history[-1]
        try:
            document = some_edit(document, pick)
        except UserError:
            refused += 1
        if len(document.network.nodes) > 40:
            document = edits.remove(document, [node.id for node in document.network.nodes[10:30]])
        if step % 10 == 0:
            sound(document)
            problems(document, TABLE)
        history.append(document)
    assert 500 < refused < 4000
    while len(history) > 1:
        history.pop()
    assert repr(history[0]) == kept


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_that_every_remedy_can_be_pressed_and_the_presses_come_to_an_end(seed: int) -> None:
    pick = random.Random(seed)
    document = PRESETS["xor"].document
    for _ in range(15):
        try:
            document = some_edit(document, pick)
        except UserError:
            continue
    for _ in range(100):
        remedies = [p.remedy for p in problems(document, TABLE) if p.severity == "error" and p.remedy]
        if not remedies:
            break
        after = remedies[0].apply(document)
        assert after != document, str(remedies[0].label)
        document = after
        sound(document)
    else:
        raise AssertionError("a hundred remedies did not mend the network")
