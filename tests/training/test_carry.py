"""What a changed network keeps of what was learned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from playground.document import edits
from playground.document.model import Document
from playground.training.carry import Kept, carry, keep
from playground.training.plan import Plan, make_plan
from playground.training.run import Run

Documents = Callable[..., Document]


def carried(kept: Kept, old: Run, document: Document) -> tuple[Plan, Run]:
    plan = make_plan(document)
    keep(kept, old.plan.program, old.state)
    state = carry(kept, old.plan.program, old.state, plan.program, plan.initial_state())
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
    np.testing.assert_array_equal(
        weights(changed, "h1.weight"), plan.program.views(plan.initial_state().values)["h1.weight"]
    )
    _, back = carried(kept, changed, before.document)
    np.testing.assert_array_equal(back.state.values, run.state.values)
