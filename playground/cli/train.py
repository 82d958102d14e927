"""`train`: a run at full speed, without a window; from the same plan, and to the same weights, as the window's."""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass, replace

import numpy as np

from playground.cli.interrupt import Interrupt
from playground.cli.keeping import check_outputs, keep
from playground.cli.output import Answer, aligned, note, say
from playground.cli.progress import Bar
from playground.cli.spec import Ready, open_spec
from playground.cli.start import start
from playground.cli.strict import plain
from playground.messages import UserError
from playground.training.run import Divergence, Figures, Run

#: Seconds of work between two looks at Ctrl-C and at the progress bar.
CHUNK = 0.05


@dataclass(frozen=True)
class Outcome:
    """How a run ended: see `Run.stopped`, or "cancelled"."""

    stopped: str
    seconds: float


def run(arguments: argparse.Namespace) -> Answer:
    """Train, keep what was asked for, and report; Ctrl-C ends the run early and keeps what is finished."""
    if arguments.target is not None and arguments.data is None:
        raise UserError("--target names a column of the table that --data gives. Add --data FILE.csv.")
    check_outputs(arguments.save, arguments.export)
    project = open_spec(arguments.spec)
    prepared = start(project, arguments)
    rules = prepared.plan.rules
    if arguments.epochs is not None:
        rules = replace(rules, epochs=arguments.epochs)
    with np.errstate(all="ignore"):
        training = Run(replace(prepared.plan, rules=rules), prepared.state)
        outcome = advance(training, rules.epochs)
        figures = training.figures()
    if training.divergence is not None:
        say(f"{project.where}: {explain(training.divergence, prepared)}")
    if training.restored is not None:
        note(f"The best weights are back: those of epoch {training.restored}.")
    kept = keep(Ready(prepared.plan, training.state, trained=True), arguments.save, arguments.export)
    record = record_of(training, figures, outcome)
    return _status(outcome, kept), record, _text(record)


def advance(training: Run, epochs: int) -> Outcome:
    """Train to the end of the run, or until Ctrl-C is pressed: then the batch under way is finished."""
    began = time.perf_counter()
    batches, before = 1, training.state.epoch
    with Interrupt() as interrupt, Bar(epochs) as bar:
        while training.stopped is None and epochs > 0 and not interrupt.pressed:
            chunk_began, updates = time.perf_counter(), training.state.updates
            training.advance(batches)
            seconds = time.perf_counter() - chunk_began
            done = training.state.updates - updates
            # As many batches as fit into a chunk, found by doubling: the first ones are slower than the rest.
            batches = min(2 * batches, max(1, int(CHUNK * max(1, done) / max(seconds, 1e-6))))
            bar.show(training.state.epoch - before, _last_loss(training))
    if training.stopped is None:
        training.finish()
    stopped = training.stopped or ("cancelled" if epochs > 0 else "epochs")
    return Outcome(stopped, time.perf_counter() - began)


def _last_loss(training: Run) -> float:
    return float(training.history.rows()[1, -1]) if len(training.history) else math.nan


def record_of(training: Run, figures: Figures, outcome: Outcome) -> dict[str, object]:
    """The result as the contract has it: epochs and updates are all that were trained, earlier training included."""
    speed = training.samples / outcome.seconds if training.samples and outcome.seconds > 0 else None
    return {
        "epochs": training.state.epoch,
        "updates": training.state.updates,
        "train_loss": plain(figures.train_loss),
        "test_loss": plain(figures.test_loss),
        "penalty": plain(figures.penalty),
        "train_accuracy": plain(figures.train_accuracy),
        "test_accuracy": plain(figures.test_accuracy),
        "stopped": outcome.stopped,
        "seconds": plain(outcome.seconds),
        "samples_per_second": plain(speed),
        "engine": training.engine.name,
    }


def _status(outcome: Outcome, kept: bool) -> int:
    if outcome.stopped == "cancelled":
        return 130
    if not kept:
        return 2
    return 1 if outcome.stopped == "diverged" else 0


def explain(divergence: Divergence, prepared: Ready) -> str:
    """A divergence in one line: where, since when, what was done about it and what to try."""
    since = "from the start" if divergence.began is None else f"after epoch {divergence.began}"
    tries = [f"a learning rate of {divergence.learning_rate / 10:.3g}"]
    if prepared.plan.dataset.scaling.kind == "none" and np.abs(prepared.plan.dataset.x_train).max() > 10:
        tries.append("standardised features")
    return (
        f"training diverged at update {divergence.update} (epoch {divergence.epoch}) with the learning rate "
        f"{divergence.learning_rate:g}: the loss rose {since}, until it was no finite number. "
        f"The last finite weights are back. Try {' or '.join(tries)}."
    )


_LABELS = {
    "epochs": "epochs",
    "updates": "updates",
    "train_loss": "training loss",
    "test_loss": "test loss",
    "penalty": "penalty",
    "train_accuracy": "training accuracy",
    "test_accuracy": "test accuracy",
    "stopped": "stopped by",
    "seconds": "time",
    "samples_per_second": "speed",
}
_REASONS = {
    "epochs": "its number of epochs",
    "early_stopping": "early stopping",
    "target_loss": "the target loss",
    "diverged": "divergence",
    "cancelled": "Ctrl-C",
}


def _text(record: dict[str, object]) -> str:
    """The figures that apply, one below the other."""
    rows = [
        (label, _figure(key, record[key]))
        for key, label in _LABELS.items()
        if record[key] is not None and not (key == "penalty" and record[key] == 0.0)
    ]
    return "\n".join(aligned(rows))


def _figure(key: str, value: object) -> str:
    if key == "stopped":
        return _REASONS[str(value)]
    if not isinstance(value, float):
        return f"{value:,}"
    if key.endswith("accuracy"):
        return f"{100 * value:.1f} %"
    if key == "seconds":
        return f"{value:.2f} s"
    return f"{value:,.0f} samples a second" if key == "samples_per_second" else f"{value:.6g}"
