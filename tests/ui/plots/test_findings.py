from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import preset

from playground.document import edits
from playground.document.check import problems
from playground.document.model import Document, EarlyStopping
from playground.training.plan import make_plan
from playground.training.run import Run
from playground.training.snapshot import Snapshot
from playground.ui.findings import MOST, Insight, lower_rate, sentences, still_for
from playground.ui.linear_limit import at_linear_limit, is_linear


def trained(document: Document, epochs: int | None = None) -> Run:
    """A run of a document to its end, or for so many epochs."""
    if epochs is not None:
        document = edits.set_training(document, epochs=epochs)
    plan = make_plan(document)
    run = Run(plan, plan.initial_state())
    while run.stopped is None:
        run.advance(1000)
    return run


def untrained(document: Document) -> Run:
    plan = make_plan(document)
    return Run(plan, plan.initial_state())


def snapshot_of(run: Run) -> Snapshot:
    return Snapshot(
        run=1,
        plan=run.plan,
        running=False,
        stopped=run.stopped,
        epoch=run.state.epoch,
        updates=run.state.updates,
        figures=run.figures(),
        samples_per_second=None,
        history=run.history.thinned(),
        plane=None,
        plane_number=0,
        values=run.state.values.copy(),
        engine="walk",
    )


def judged(run: Run) -> tuple[Insight, ...]:
    document = run.plan.document
    found = problems(document, run.plan.dataset.table)
    return sentences(run.plan, snapshot_of(run), found, document, run.divergence)


def said(run: Run) -> str:
    return " | ".join(str(insight.message) for insight in judged(run))


def change_inits(document: Document, init: str) -> Document:
    for node in document.network.nodes:
        if node.kind == "dense":
            document = edits.set_field(document, node.id, "init", init)
    return document


@pytest.fixture(scope="module")
def xor() -> Run:
    return trained(preset("xor"))


@pytest.fixture(scope="module")
def linear_xor() -> Run:
    return trained(preset("xor", activations=False))


def test_that_an_untrained_network_is_told_to_train():
    words = said(untrained(preset("xor")))
    assert words.startswith("Not trained yet")
    assert "right" not in words
    assert "Solved" not in words


def test_that_solved_is_said_with_the_share_of_the_test_points(xor):
    share = xor.figures().test_accuracy
    assert share >= 0.97
    assert said(xor).startswith(f"Solved: {np.floor(share * 1000) / 10:.1f}\N{NO-BREAK SPACE}% of the test points")
    assert judged(xor)[0].tone == "ok"
    assert "line" not in said(xor)


def test_that_linear_xor_is_told_its_limit_and_offered_the_switch(linear_xor):
    words = said(linear_xor)
    assert "Solved" not in words
    assert "the model is the limit" in words
    assert "With the activations off this network is one straight line. On XOR a line gets at most about 75 %" in words
    remedies = [insight.remedy for insight in judged(linear_xor) if insight.remedy is not None]
    assert [str(remedy.label) for remedy in remedies] == ["Switch activations on"]
    after = remedies[0].apply(linear_xor.plan.document)
    assert not is_linear(make_plan(after))


def test_that_training_longer_really_does_not_help_where_that_was_said(linear_xor):
    longer = trained(linear_xor.plan.document, epochs=1500)
    assert longer.figures().train_loss >= 0.99 * linear_xor.figures().train_loss
    assert longer.figures().test_accuracy <= 0.8


def test_that_a_stuck_linear_stack_is_not_told_that_the_model_is_the_limit():
    """All weights zero: the loss stands still, but a line would separate the mails; only the start is at fault."""
    document = change_inits(preset("spam-linear", activations=False), "zeros")
    run = trained(document, epochs=60)
    assert still_for(run.history.rows()) >= 59
    assert is_linear(run.plan)
    assert not at_linear_limit(run.plan, run.state.values)
    words = said(run)
    assert "The loss has moved less than 1 %" in words
    assert "limit" not in words


def test_that_a_line_that_is_enough_is_said_to_be_enough():
    run = trained(preset("spam-linear", activations=False))
    words = said(run)
    assert words.startswith("Solved: ")
    assert "test mails" in words
    assert "one straight line, and here that is enough" in words
    assert all(insight.remedy is None for insight in judged(run))


def test_that_a_product_of_features_is_not_called_a_line():
    document = edits.set_field(preset("xor", activations=False), "in", "features", ("x1", "x2", "x1*x2"))
    for run in (untrained(document), trained(document)):
        assert "one linear map of the chosen features" in said(run)
        assert "straight line" not in said(run)
        assert "75 %" not in said(run)


def test_that_overfitting_names_the_epoch_at_which_the_test_loss_was_lowest():
    run = trained(preset("overfit"))
    epochs, _, test = run.history.rows()
    best = int(test.argmin())
    assert f"lowest at epoch {int(epochs[best])} " in said(run)
    assert "that is overfitting" in said(run)


def test_that_a_run_whose_test_loss_falls_is_not_accused_of_overfitting(xor, linear_xor):
    lecture = trained(preset("lecture"))
    for run in (xor, linear_xor, lecture):
        assert "overfitting" not in said(run)


def test_that_divergence_says_where_it_began_and_lowers_the_rate_at_one_press():
    run = trained(preset("single-neuron", learning_rate=3.0), epochs=400)
    assert run.stopped == "diverged"
    first, second = judged(run)[:2]
    assert f"at update {run.divergence.update:,}" in str(first.message)
    assert "The last finite weights are back." in str(first.message)
    assert first.tone == "error"
    assert "learning rate was 3." in str(second.message)
    document = second.remedy.apply(run.plan.document)
    assert document.training.learning_rate == 1.0
    lower = sentences(run.plan, snapshot_of(run), (), document, run.divergence)
    assert all(insight.remedy is None for insight in lower)


RATES = [(3.0, 1.0), (1.0, 0.3), (0.1, 0.03), (0.03, 0.01), (0.5, 0.1), (2e-4, 3e-5)]


@pytest.mark.parametrize(("rate", "lower"), RATES)
def test_that_a_lower_rate_is_a_round_number_about_a_third(rate, lower):
    changed = lower_rate(rate).apply(preset("xor", learning_rate=rate))
    assert changed.training.learning_rate == pytest.approx(lower)


def test_that_too_long_steps_are_noticed_before_they_diverge():
    run = trained(preset("single-neuron", learning_rate=1.8), epochs=4)
    first, last = run.history.rows()[1, [0, -1]].tolist()
    assert run.stopped == "epochs"
    assert last > 1.02 * first
    assert f"The training loss has risen, from {first:.2f} to {last:.2f}" in said(run)
    rate = next(insight.remedy for insight in judged(run) if insight.remedy is not None)
    better = trained(rate.apply(run.plan.document), epochs=4)
    assert better.figures().train_loss < first
    assert "risen" not in said(better)


def test_that_spam_is_compared_with_always_saying_ham():
    run = trained(preset("spambase"), epochs=2)
    table, test = run.plan.dataset.table, run.plan.dataset.test
    share = float((table.targets[test] == 0).mean())
    assert f"Always answering “ham” would get {np.floor(share * 1000) / 10:.1f}" in said(run)
    assert "test mails" in said(run)


def test_that_hundred_per_cent_is_said_only_where_all_are_right(xor):
    almost = replace(snapshot_of(xor), figures=replace(xor.figures(), test_accuracy=0.9996))
    words = str(sentences(xor.plan, almost, (), xor.plan.document)[0].message)
    assert "99.9\N{NO-BREAK SPACE}%" in words


def test_that_without_test_rows_the_training_rows_are_judged():
    run = trained(edits.set_data(preset("xor"), test_fraction=0.0))
    assert "of the training points are right" in said(run)


def test_that_a_regression_says_how_far_its_loss_has_come():
    words = said(trained(preset("lecture")))
    assert words.startswith("The training loss has come from 11.25 down to 0.0")
    assert "right" not in words
    assert "Without an activation this network is one flat sheet." in words
    assert "one straight line" in said(untrained(preset("single-neuron")))


def test_that_errors_come_first_with_their_remedies(xor):
    document = edits.remove(xor.plan.document, ["loss"])
    found = problems(document, xor.plan.dataset.table)
    insights = sentences(xor.plan, snapshot_of(xor), found, document)
    assert {insight.tone for insight in insights} == {"error"}
    assert insights[0].message == found[0].message
    assert insights[0].remedy is found[0].remedy


def test_that_nothing_is_said_of_a_snapshot_of_another_plan(xor, linear_xor):
    assert sentences(xor.plan, snapshot_of(linear_xor), (), xor.plan.document) == ()
    assert sentences(None, None, (), Document()) == ()


def test_that_early_stopping_says_so():
    stopping = EarlyStopping(patience=5)
    run = trained(edits.set_training(preset("overfit"), early_stopping=stopping))
    assert run.stopped == "early_stopping"
    assert "The best weights are back." in said(run)


def test_that_never_more_than_three_sentences_are_said(xor, linear_xor):
    for run in (xor, linear_xor, untrained(change_inits(preset("xor", activations=False), "zeros"))):
        assert 1 <= len(judged(run)) <= MOST


def test_how_long_a_loss_has_stood_still():
    epochs = np.arange(101.0)
    flat = np.stack([epochs, np.where(epochs < 40, 2.0 - 0.02 * epochs, 1.2), epochs * np.nan])
    assert still_for(flat) == 60
    falling = np.stack([epochs, np.exp(-epochs / 10.0), epochs * np.nan])
    assert still_for(falling) == 0
    assert still_for(flat[:, :1]) == 0
    assert still_for(np.empty((3, 0))) == 0
