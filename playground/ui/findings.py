"""What can be said of a run: plain sentences, each true of the numbers it was made from, each with its remedy.

`sentences` is a pure function: the same plan, snapshot and problems give the same words. A sentence is only said where
what it claims was checked; "the model is the limit" for one is said of a linear model whose loss has stopped moving
*and* has no slope left in any direction that a linear map can take.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from playground.data.table import Array, Indices
from playground.document import edits
from playground.document.catalog import value
from playground.document.check import Problem
from playground.document.model import Document
from playground.document.problem import Remedy
from playground.messages import Message, message
from playground.training.plan import Plan
from playground.training.run import Divergence
from playground.training.snapshot import Snapshot
from playground.ui.linear_limit import at_linear_limit, is_linear
from playground.ui.plots.words import class_text
from playground.ui.translation import figure

Tone = Literal["ok", "info", "warn", "error"]

#: Most sentences at a time: more are not read.
MOST = 3
#: From this share of right answers on a problem counts as solved.
SOLVED = 0.97
#: The loss "has not moved" where it stayed within this share of itself, for at least so many epochs.
STILL, STILL_EPOCHS = 0.01, 30
#: A test loss "has risen" where it is this much above its lowest value, and by this share of where it began, this many
#: epochs later, and still near the highest that it has had since then.
RISEN, RISEN_SHARE, RISEN_EPOCHS, STILL_HIGH = 1.1, 0.01, 5, 0.9


@dataclass(frozen=True)
class Insight:
    """One sentence. `tone`: good news, a fact, a warning or a failure; `remedy` mends it at one press."""

    tone: Tone
    message: Message
    remedy: Remedy | None = None


def sentences(
    plan: Plan | None,
    snapshot: Snapshot | None,
    problems: Sequence[Problem],
    document: Document,
    divergence: Divergence | None = None,
) -> tuple[Insight, ...]:
    """At most `MOST` sentences about a run, the most important first.

    Args:
        plan: what is in place; None before the first network that works.
        snapshot: the latest; one of another plan is not looked at.
        problems: of the document as it is now.
        document: as it is now, which may be newer than the plan.
        divergence: where the run ran away, if it did.
    """
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        return tuple(Insight("error", problem.message, problem.remedy) for problem in errors[:MOST])
    if plan is None or snapshot is None or snapshot.plan is not plan:
        return ()
    found = [*_about_run(plan, snapshot, document, divergence)]
    found += [Insight("warn", problem.message, problem.remedy) for problem in problems]
    return tuple(found[:MOST])


def _about_run(plan: Plan, snapshot: Snapshot, document: Document, divergence: Divergence | None) -> Iterator[Insight]:
    if snapshot.stopped == "diverged":
        yield from _diverged(document, divergence)
    if snapshot.updates == 0:
        yield Insight("info", message("Not trained yet: these are the initial weights. Press Train and watch."))
        yield from _linear(plan, solved=False)
        return
    right, solved = _score(plan, snapshot)
    yield from right
    if plan.meaning == "value":
        yield from _fit(snapshot)
    if not solved and snapshot.stopped != "diverged":
        yield from _risen(snapshot, document)
        yield from _still(plan, snapshot)
    yield from _overfitting(snapshot)
    yield from _linear(plan, solved)
    yield from _stopped(plan, snapshot)


# --- divergence ------------------------------------------------------------------------------------------------------


def _diverged(document: Document, divergence: Divergence | None) -> Iterator[Insight]:
    if divergence is None:
        yield Insight("error", message("The loss ran away. The last finite weights are back."))
        return
    where = {"update": figure(divergence.update), "epoch": figure(divergence.epoch)}
    if divergence.began is None:
        said = message(
            "The loss ran away at update {update} (epoch {epoch}); it had grown from the start. "
            "The last finite weights are back.",
            **where,
        )
    else:
        said = message(
            "The loss ran away at update {update} (epoch {epoch}); it was lowest at epoch {began}. "
            "The last finite weights are back.",
            **where,
            began=figure(divergence.began),
        )
    yield Insight("error", said)
    rate = divergence.learning_rate
    if document.training.learning_rate >= rate:
        said = message("The learning rate was {rate}. Try a lower one.", rate=f"{rate:g}")
        yield Insight("info", said, lower_rate(rate))


def lower_rate(rate: float) -> Remedy:
    """Set the learning rate to a round number about a third of the present one."""
    power = math.floor(math.log10(rate / 2.9))
    lower = (3.0 if rate / 2.9 >= 3.0 * 10.0**power else 1.0) * 10.0**power
    lower = float(f"{lower:.6g}")
    label = message("Set the learning rate to {rate}", rate=f"{lower:g}")
    return Remedy(label, partial(edits.set_training, learning_rate=lower))


# --- how good it is --------------------------------------------------------------------------------------------------


def _score(plan: Plan, snapshot: Snapshot) -> tuple[list[Insight], bool]:
    """The share of right answers, and whether that solves it."""
    figures = snapshot.figures
    tested = figures.test_accuracy is not None
    share = figures.test_accuracy if tested else figures.train_accuracy
    if share is None:
        return [], False
    rows = _rows(plan, tested)
    shown = _share(share)
    if share >= SOLVED:
        return [Insight("ok", message("Solved: {share} of the {rows} are right.", share=shown, rows=rows))], True
    data = plan.dataset
    most, name = _majority(plan, data.test if tested else data.train)
    said = message(
        "{share} of the {rows} are right. Always answering “{name}” would get {most}.",
        share=shown,
        rows=rows,
        name=name,
        most=_share(most),
    )
    return [Insight("warn" if share <= most else "info", said)], False


def _rows(plan: Plan, tested: bool) -> Message:
    kind = plan.document.data.kind
    if kind.startswith("spam"):
        return message("test mails") if tested else message("training mails")
    if kind == "table":
        return message("test rows") if tested else message("training rows")
    return message("test points") if tested else message("training points")


def _share(share: float) -> str:
    """A share in percent, rounded down: 100.0 % is said only where all are right."""
    return figure(math.floor(share * 1000.0 + 1e-9) / 1000.0, percent=True)


def _loss(loss: float) -> str:
    """A loss in three or four digits."""
    return figure(loss, decimals=4 if loss < 1 else 2)


def _majority(plan: Plan, rows: Indices) -> tuple[float, str]:
    """The share of the most frequent class among some rows, and its name."""
    table = plan.dataset.table
    counts = np.bincount(table.targets[rows].astype(np.int64), minlength=len(table.classes))
    most = int(counts.argmax())
    return float(counts[most] / counts.sum()), class_text(table, most)


def _fit(snapshot: Snapshot) -> Iterator[Insight]:
    """How far the loss of a regression has come."""
    first, last = float(snapshot.history[1, 0]), snapshot.figures.train_loss
    if last is None or not last < first:
        return
    said = message("The training loss has come from {first} down to {last}.", first=_loss(first), last=_loss(last))
    yield Insight("info", said)


# --- where the loss is going -----------------------------------------------------------------------------------------


def _risen(snapshot: Snapshot, document: Document) -> Iterator[Insight]:
    """The training loss is above where it began."""
    first, last = float(snapshot.history[1, 0]), snapshot.figures.train_loss
    if last is not None and last > 1.02 * first:
        said = message(
            "The training loss has risen, from {first} to {last}: the steps are too long.",
            first=_loss(first),
            last=_loss(last),
        )
        yield Insight("warn", said, lower_rate(document.training.learning_rate))


def _still(plan: Plan, snapshot: Snapshot) -> Iterator[Insight]:
    epochs = still_for(snapshot.history)
    if epochs < STILL_EPOCHS:
        return
    moved = message("The loss has moved less than 1 % in {epochs} epochs.", epochs=figure(epochs))
    if is_linear(plan) and at_linear_limit(plan, snapshot.values):
        said = message("{moved} Training longer will not help: the model is the limit.", moved=moved)
        yield Insight("warn", said)
    else:
        yield Insight("info", moved)


def still_for(history: Array) -> int:
    """For how many epochs up to the last one the training loss has stayed within `STILL` of itself."""
    epochs, losses = history[0], history[1]
    if len(losses) < 2 or not losses[-1] > 0:
        return 0
    back = losses[::-1]
    spread = np.maximum.accumulate(back) - np.minimum.accumulate(back)
    moving = np.flatnonzero(spread > STILL * losses[-1])
    first = len(losses) - int(moving[0]) if len(moving) else 0
    return int(epochs[-1] - epochs[first])


def _overfitting(snapshot: Snapshot) -> Iterator[Insight]:
    epochs, train, test = snapshot.history
    if len(epochs) < 3 or not np.isfinite(test).all():
        return
    best = int(test.argmin())
    risen = test[-1] >= RISEN * test[best] and test[-1] - test[best] >= RISEN_SHARE * test[0]
    lasting = epochs[-1] - epochs[best] >= RISEN_EPOCHS and test[-1] >= STILL_HIGH * test[best:].max()
    if best > 0 and risen and lasting and train[-1] < train[best]:
        said = message(
            "The test loss was lowest at epoch {epoch} ({lowest}) and has risen to {last}, while the training loss "
            "fell: that is overfitting.",
            epoch=figure(int(epochs[best])),
            lowest=_loss(float(test[best])),
            last=_loss(float(test[-1])),
        )
        yield Insight("warn", said)


def _stopped(plan: Plan, snapshot: Snapshot) -> Iterator[Insight]:
    early = plan.rules.early_stopping
    if snapshot.stopped == "target_loss":
        yield Insight("ok", message("Stopped: the training loss came down to where you wanted it."))
    elif snapshot.stopped == "early_stopping" and early is not None:
        if early.restore_best:
            yield Insight("info", message("Stopped early: nothing better in a while. The best weights are back."))
        else:
            yield Insight("info", message("Stopped early: nothing better in a while."))


# --- the linear model ------------------------------------------------------------------------------------------------


def _linear(plan: Plan, solved: bool) -> Iterator[Insight]:
    if not is_linear(plan):
        return
    network = plan.document.network
    off = [node for node in network.nodes if node.kind == "activation" and not value(node, "enabled")]
    remedy = Remedy(message("Switch activations on"), partial(edits.set_all_enabled, on=True))
    what = _shape(plan)
    if not off:
        said = message("Without an activation this network is {what}.", what=what)
    elif solved:
        said = message("With the activations off this network is {what}, and here that is enough.", what=what)
    else:
        said = message("With the activations off this network is {what}.", what=what)
    if not solved and plan.document.data.kind.startswith("xor") and set(plan.dataset.features) <= {"x1", "x2"}:
        said = message("{said} On XOR a line gets at most about 75 % right.", said=said)
    yield Insight("info", said, remedy if off and not solved else None)


def _shape(plan: Plan) -> Message:
    """What a linear map looks like in the picture: a line only where its features are the plane's own two."""
    data = plan.dataset
    plain = len(data.features) == 2 and data.features == data.table.columns
    if plain and len(data.table.classes) == 2:
        return message("one straight line")
    if plain and not data.table.classes:
        return message("one flat sheet")
    if len(data.features) == 1 and data.features == data.table.columns and not data.table.classes:
        return message("one straight line")
    return message("one linear map of the chosen features")
