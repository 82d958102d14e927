"""What a changed network keeps of what was learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.engine.walk import Walk
from playground.training.carry import Kept, carry, keep
from playground.training.plan import Plan, make_plan
from playground.training.run import Run

Documents = Callable[..., Document]


def carried(kept: Kept, old: Run, document: Document) -> tuple[Plan, Run]:
    plan = make_plan(document)
    keep(kept, old.plan, old.state)
    state = carry(kept, old.plan, old.state, plan)
    return plan, Run(plan, state)


def weights(run: Run, name: str) -> np.ndarray:
    return run.plan.program.views(run.state.values)[name]


def test_that_a_switched_off_activation_keeps_all_that_was_learned(document: Documents) -> None:
    before = make_plan(document(momentum=0.9))
    run = Run(before, before.initial_state())
    run.advance(5)
    _, after = carried({}, run, edits.set_all_enabled(before.document, False))
    np.testing.assert_array_equal(after.state.values, run.state.values)
    np.testing.assert_array_equal(after.state.slots["velocity"], run.state.slots["velocity"])
    assert (after.state.updates, after.state.epoch) == (5, 1)


def test_that_other_layers_survive_a_changed_one_and_undo_brings_its_weights_back(document: Documents) -> None:
    before = make_plan(document())
    run = Run(before, before.initial_state())
    run.advance(5)
    kept: Kept = {}
    wider = edits.set_field(before.document, "h1", "units", 6)
    plan, changed = carried(kept, run, wider)
    np.testing.assert_array_equal(weights(changed, "out.bias"), weights(run, "out.bias"))
    initial = plan.program.views(plan.initial_state().values)
    np.testing.assert_array_equal(weights(changed, "h1.weight")[:, :4], weights(run, "h1.weight"))
    np.testing.assert_array_equal(weights(changed, "h1.weight")[:, 4:], initial["h1.weight"][:, 4:])
    np.testing.assert_array_equal(weights(changed, "out.weight")[:4], weights(run, "out.weight"))
    np.testing.assert_array_equal(weights(changed, "out.weight")[4:], initial["out.weight"][4:])
    _, back = carried(kept, changed, before.document)
    np.testing.assert_array_equal(back.state.values, run.state.values)


def test_that_units_keep_their_weights_behind_a_concat(document: Documents) -> None:
    """in → h1 (4) and in → h2 (3), side by side into out: of h1 a unit is taken away, of h2 one is added."""
    nodes = [
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 4}),
        Node("a1", "activation", {"function": "tanh"}),
        Node("h2", "dense", {"units": 3}),
        Node("cat", "concat"),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    ]
    pairs = [("in", "h1"), ("h1", "a1"), ("in", "h2"), ("a1", "cat"), ("h2", "cat"), ("cat", "out"), ("out", "loss")]
    network = Network(tuple(nodes), tuple(Wire(*pair) for pair in pairs))
    before = make_plan(replace(document(momentum=0.9), network=network))
    run = Run(before, before.initial_state())
    run.advance(5)
    fewer = edits.set_field(edits.set_field(before.document, "h1", "units", 3), "h2", "units", 4)
    _, after = carried({}, run, fewer)
    np.testing.assert_array_equal(
        weights(after, "out.weight")[[0, 1, 2, 3, 4, 5]], weights(run, "out.weight")[[0, 1, 2, 4, 5, 6]]
    )
    velocity = after.plan.program.views(after.state.slots["velocity"])["out.weight"]
    learned = run.plan.program.views(run.state.slots["velocity"])["out.weight"]
    np.testing.assert_array_equal(velocity[:6], learned[[0, 1, 2, 4, 5, 6]])
    assert velocity[6] == 0.0


def joined(document: Document, order: tuple[str, ...]) -> Document:
    """h1 (3) through tanh and through a sine, h2 (2) and the input itself, side by side in this order; then out."""
    nodes = [
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 3}),
        Node("a1", "activation", {"function": "tanh"}),
        Node("a2", "activation", {"function": "sin"}),
        Node("h2", "dense", {"units": 2}),
        Node("cat", "concat"),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    ]
    pairs = [("in", "h1"), ("h1", "a1"), ("h1", "a2"), ("in", "h2"), *((source, "cat") for source in order),
             ("cat", "out"), ("out", "loss")]  # fmt: skip
    return replace(document, network=Network(tuple(nodes), tuple(Wire(*pair) for pair in pairs)))


def answers(run: Run) -> np.ndarray:
    x = run.plan.dataset.x_train
    return Walk(run.plan.program, run.state.values).forward(x)[run.plan.program.prediction]


@pytest.mark.parametrize("order", list(permutations(("a1", "a2", "h2", "in")))[1:])
def test_that_behind_a_concat_in_another_order_every_weight_stays_with_what_feeds_it(
    document: Documents, order: tuple[str, ...]
) -> None:
    """Also where one layer feeds it twice, through two activations: then the network computes what it did."""
    before = make_plan(joined(document(momentum=0.9), ("a1", "a2", "h2", "in")))
    run = Run(before, before.initial_state())
    run.advance(5)
    kept: Kept = {}
    plan, after = carried(kept, run, edits.order_inputs(before.document, "cat", order))
    assert plan.document.network.sources("cat") == order
    np.testing.assert_allclose(answers(after), answers(run), rtol=1e-12)
    widths = {"a1": 3, "a2": 3, "h2": 2, "in": 2}
    old = dict(zip(widths, np.split(np.arange(10), np.cumsum(list(widths.values()))[:-1]), strict=True))
    rows = np.concatenate([old[source] for source in order])
    np.testing.assert_array_equal(weights(after, "out.weight"), weights(run, "out.weight")[rows])
    velocity = [one.plan.program.views(one.state.slots["velocity"])["out.weight"] for one in (after, run)]
    np.testing.assert_array_equal(velocity[0], velocity[1][rows])
    _, back = carried(kept, after, before.document)
    np.testing.assert_array_equal(back.state.values, run.state.values)
    np.testing.assert_array_equal(back.state.slots["velocity"], run.state.slots["velocity"])


def test_that_behind_a_concat_weights_survive_an_activation_that_is_put_in_or_taken_out(document: Documents) -> None:
    before = make_plan(joined(document(), ("a1", "a2", "h2", "in")))
    run = Run(before, before.initial_state())
    run.advance(5)
    for changed in (
        edits.insert_on_wire(before.document, Wire("a1", "cat"), "a3", "activation", function="relu"),
        edits.remove(before.document, ["a1"]),
    ):
        _, after = carried({}, run, changed)
        np.testing.assert_array_equal(weights(after, "out.weight"), weights(run, "out.weight"))


def test_that_a_layer_that_feeds_a_concat_once_more_begins_there_with_initial_weights(document: Documents) -> None:
    before = make_plan(joined(document(), ("a1", "h2", "in")))
    run = Run(before, before.initial_state())
    run.advance(5)
    plan, after = carried({}, run, edits.connect(before.document, "a2", "cat"))
    np.testing.assert_array_equal(weights(after, "out.weight")[:7], weights(run, "out.weight"))
    initial = plan.program.views(plan.initial_state().values)["out.weight"]
    np.testing.assert_array_equal(weights(after, "out.weight")[7:], initial[7:])


def test_that_a_unit_taken_away_comes_back_with_its_weights_and_the_others_as_they_are_now(document: Documents) -> None:
    before = make_plan(document())
    run = Run(before, before.initial_state())
    run.advance(5)
    kept: Kept = {}
    _, fewer = carried(kept, run, edits.set_field(before.document, "h1", "units", 3))
    fewer.advance(5)
    _, back = carried(kept, fewer, before.document)
    np.testing.assert_array_equal(weights(back, "h1.weight")[:, :3], weights(fewer, "h1.weight"))
    np.testing.assert_array_equal(weights(back, "h1.weight")[:, 3:], weights(run, "h1.weight")[:, 3:])
    np.testing.assert_array_equal(weights(back, "out.weight")[3:], weights(run, "out.weight")[3:])
