"""When a run ends, what it keeps, and that nothing but seed and settings decides the weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from playground.document.model import EarlyStopping
from playground.training.history import History
from playground.training.plan import Plan
from playground.training.run import Run

Plans = Callable[..., Plan]


def trained(plan: Plan, batches: int = 10_000) -> Run:
    run = Run(plan, plan.initial_state())
    while run.stopped is None:
        run.advance(batches)
    return run


def test_that_it_stops_after_its_epochs_and_goes_on_for_as_many(plan: Plans) -> None:
    run = trained(plan(epochs=3))
    assert (run.stopped, run.state.epoch, run.state.updates) == ("epochs", 3, 15)
    run.go_on()
    while run.stopped is None:
        run.advance(1)
    assert run.state.epoch == 6
    assert list(run.history.rows()[0]) == [0, 1, 2, 3, 4, 5, 6]


def test_that_pieces_of_any_size_give_the_same_weights_to_the_bit(plan: Plans) -> None:
    whole, pieces = trained(plan(epochs=7)), trained(plan(epochs=7), batches=2)
    np.testing.assert_array_equal(whole.state.values, pieces.state.values)


def test_that_the_target_loss_ends_it(plan: Plans) -> None:
    run = trained(plan(epochs=1000, learning_rate=0.3, target_loss=0.2))
    losses = run.history.rows()[1]
    assert run.stopped == "target_loss"
    assert losses[-1] <= 0.2 < losses[-2]


def test_that_figures_are_those_of_the_final_weights_over_all_rows(plan: Plans) -> None:
    made = plan(epochs=2, l2=0.1)
    run = trained(made)
    figures = run.figures()
    data = made.dataset
    logits = np.tanh(data.x_test @ value(run, "h1.weight") + value(run, "h1.bias")) @ value(run, "out.weight")
    logits += value(run, "out.bias")
    p = 1.0 / (1.0 + np.exp(-logits))
    expected = -np.log(np.where(data.y_test == 1.0, p, 1.0 - p)).mean()
    assert figures.test_loss == pytest.approx(expected, abs=1e-12)
    assert figures.test_accuracy == ((p > 0.5) == (data.y_test == 1.0)).mean()
    weights = (value(run, "h1.weight") ** 2).sum() + (value(run, "out.weight") ** 2).sum()
    assert figures.penalty == pytest.approx(0.05 * weights)


def value(run: Run, name: str) -> np.ndarray:
    return run.plan.program.views(run.state.values)[name]


class Scripted(Run):
    """A run whose test losses are given; each epoch leaves its own number in the weights."""

    script: Iterator[float]

    def _loss(self, x: np.ndarray, y: np.ndarray) -> float:
        if y is self.plan.dataset.y_train:
            return 1.0
        self.state.values[:] = self.state.epoch
        return next(self.script)


@pytest.mark.parametrize(("patience", "epochs", "stopped"), [(10, 5, "epochs"), (2, 99, "early_stopping")])
def test_that_the_best_weights_come_back_on_every_exit(plan: Plans, patience: int, epochs: int, stopped: str) -> None:
    """A18: test losses 5, 3, 1, 2, 4: the weights of epoch 3, copied and not referred to."""
    made = plan(epochs=epochs, early_stopping=EarlyStopping(patience))
    Scripted.script = iter([9.0, 5.0, 3.0, 1.0, 2.0, 4.0])
    run = Scripted(made, made.initial_state())
    while run.stopped is None:
        run.advance(1)
    assert run.stopped == stopped
    assert run.restored == 3
    np.testing.assert_array_equal(run.state.values, np.full(made.program.size, 3.0))


def test_that_the_best_weights_come_back_after_divergence(plan: Plans) -> None:
    """A18: the same, and a loss that is no number in the fifth epoch."""
    made = plan(epochs=99, early_stopping=EarlyStopping(50))
    Scripted.script = iter([9.0, 5.0, 3.0, 1.0, 2.0])
    run = Scripted(made, made.initial_state())
    while run.state.epoch < 4:
        run.advance(1)
    run.state.values[:] = np.inf
    run.advance(1)
    assert (run.stopped, run.restored) == ("diverged", 3)
    np.testing.assert_array_equal(run.state.values, np.full(made.program.size, 3.0))


def test_that_the_target_loss_is_kept_where_the_best_weights_are_the_last_ones(plan: Plans) -> None:
    run = trained(plan(epochs=1000, learning_rate=0.3, target_loss=0.2, early_stopping=EarlyStopping(50)))
    figures = run.figures()
    assert figures.train_loss is not None
    assert run.history.rows()[2].argmin() == len(run.history) - 1
    assert (run.stopped, run.restored) == ("target_loss", None)
    assert figures.train_loss <= 0.2


def test_that_a_stop_by_hand_restores_the_best_weights_too(plan: Plans) -> None:
    made = plan(epochs=99, early_stopping=EarlyStopping(50))
    Scripted.script = iter([9.0, 5.0, 3.0, 1.0, 2.0, 4.0])
    run = Scripted(made, made.initial_state())
    while run.state.epoch < 5:
        run.advance(1)
    run.finish()
    assert run.state.values[0] == 3.0


def test_that_divergence_says_where_it_began_and_leaves_finite_weights(plan: Plans) -> None:
    made = plan(epochs=400, learning_rate=9.9, l2=9.0)
    run = trained(made)
    assert run.stopped == "diverged"
    assert run.divergence is not None
    assert run.divergence.learning_rate == 9.9
    assert run.divergence.update >= 1
    assert np.isfinite(run.state.values).all()
    assert run.state.updates == run.divergence.update - 1


def test_that_the_learning_rate_changes_without_touching_weights_or_velocity(plan: Plans) -> None:
    made = plan(epochs=5, momentum=0.9)
    run = Run(made, made.initial_state())
    run.advance(5)
    values, velocity = run.state.values.copy(), run.state.slots["velocity"].copy()
    run.change(plan(epochs=5, momentum=0.9, learning_rate=0.5).rules)
    np.testing.assert_array_equal(run.state.values, values)
    np.testing.assert_array_equal(run.state.slots["velocity"], velocity)


def test_that_a_thinned_history_keeps_first_last_lowest_and_highest() -> None:
    history = History()
    generator = np.random.default_rng(0)
    losses = generator.random(100_000)
    losses[54_321], losses[77_777] = -1.0, 2.0
    for epoch, loss in enumerate(losses):
        history.append(epoch, loss, loss / 2)
    thinned = history.thinned(2000)
    assert thinned.shape[1] <= 2000
    assert (np.diff(thinned[0]) > 0).all()
    assert (thinned[0, 0], thinned[0, -1]) == (0, 99_999)
    assert {54_321.0, 77_777.0} <= set(thinned[0])
    np.testing.assert_array_equal(thinned[1], losses[thinned[0].astype(int)])


def test_that_without_test_rows_the_test_figures_are_missing() -> None:
    history = History()
    history.append(0, 1.0, None)
    assert math.isnan(history.rows()[2, 0])
    for epoch in range(1, 5000):
        history.append(epoch, 1.0 / epoch, None)
    assert history.thinned(100).shape[1] <= 100


def test_that_a_loss_that_is_infinite_over_all_rows_only_leaves_finite_figures(plan: Plans) -> None:
    """A11 at the end of an epoch: after full batches the run-away loss is first seen by the evaluation."""
    run = trained(plan(epochs=2000, batch_size=1000, learning_rate=10.0, l2=10.0))
    assert run.stopped == "diverged"
    figures = run.figures()
    assert figures.train_loss is not None
    assert math.isfinite(figures.train_loss)
    assert figures.test_loss is not None
    assert math.isfinite(figures.test_loss)
