"""A run: a network in training, without a thread. The window's trainer and the command line both drive one of these."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from playground.data.table import Array, Indices
from playground.engine import metrics
from playground.engine.engines import make_engine
from playground.engine.optimizers import penalty, weight_mask
from playground.engine.state import State
from playground.engine.training_engine import Engine, start_of_batch
from playground.training.history import History
from playground.training.plan import Plan, Rules

#: From this epoch on losses are noted every so many-th part of the epochs done.
HISTORY_SHARE = 1000


@dataclass(frozen=True)
class Figures:
    """How good the weights are: data losses over all training or test rows, the penalty apart; None: does not apply."""

    train_loss: float | None
    test_loss: float | None
    penalty: float
    train_accuracy: float | None
    test_accuracy: float | None


@dataclass(frozen=True)
class Divergence:
    """The loss ran away: at which update and epoch, and the epoch after which it only rose (None: from the start)."""

    update: int
    epoch: int
    began: int | None
    learning_rate: float


class Run:
    """A state being trained by one engine under one plan.

    Attributes:
        stopped: why the run ended ("epochs", "early_stopping", "target_loss", "diverged"), None while it can go on.
        restored: the epoch whose weights early stopping put back in place; None: they are the last ones.
        divergence: what is known of it where `stopped` is "diverged".
        samples: trained since the run was made.
    """

    def __init__(self, plan: Plan, state: State, history: History | None = None) -> None:
        self.plan = plan
        self.rules = plan.rules
        self.state = state
        data = plan.dataset
        self.engine: Engine = make_engine(plan.program, data.x_train, data.y_train)
        self.history = history or History()
        self.stopped: str | None = None
        self.restored: int | None = None
        self.divergence: Divergence | None = None
        self.samples = 0
        self._mask = weight_mask(plan.program)
        self._good: State | None = None
        self.go_on()
        if not len(self.history):
            self._record(state.epoch)

    @property
    def batches_per_epoch(self) -> int:
        """How many updates an epoch takes, the short last batch included."""
        return math.ceil(len(self.plan.dataset.x_train) / self.rules.batching.size)

    def go_on(self) -> None:
        """Allow as many epochs more as the rules give, whatever ended the run before."""
        self.stopped = None
        self.restored = None
        self.divergence = None
        self._end = self.state.epoch + self.rules.epochs
        self._best: tuple[float, int, State] | None = None  # test loss, epoch, copy

    def change(self, rules: Rules) -> None:
        """Go on under other rules, the weights kept. Another batch size begins the epoch under way again."""
        if rules.batching != self.rules.batching:
            self.state.batch = 0
        if rules.epochs != self.rules.epochs:
            self._end = self.state.epoch + rules.epochs
        self.rules = rules

    def go_back(self, state: State) -> None:
        """Stand where the run stood before: at an earlier state of its own. What was noted since is forgotten."""
        self.state.restore(state)
        self.history.cut(state.epoch)
        self.stopped = self.restored = self.divergence = None
        if self._best is not None and self._best[1] > state.epoch:
            self._best = None
        if self._good is not None and self._good.updates > state.updates:
            self._good = state.copy()

    def advance(self, batches: int) -> None:
        """Train up to `batches` batches, then judge whether the run is over; ends on an epoch where it gets so far."""
        if self.stopped is not None:
            return
        epoch = self.state.epoch
        chunk = self.engine.train(self.state, self.rules.hyper, self.rules.batching, self._stretch(batches))
        self.samples += chunk.samples
        if chunk.diverged_at is not None:
            self._diverge(chunk.diverged_at)
        elif self.state.epoch != epoch:
            self._end_epoch()

    def _stretch(self, batches: int) -> int:
        """As many of `batches` as may be trained before the losses must be looked at.

        That is at the end of each epoch where the run may end on what they are; else, as a run grows long, every
        `HISTORY_SHARE`th part of it, which keeps the curve's shape and costs a fast engine little.
        """
        state, per_epoch = self.state, self.batches_per_epoch
        rest = per_epoch - start_of_batch(state, self.rules.batching, len(self.engine.x)) // self.rules.batching.size
        judged = self.rules.target_loss is not None or self.rules.early_stopping is not None
        epochs = 1 if judged else max(1, min(state.epoch // HISTORY_SHARE, self._end - state.epoch))
        if batches < rest:
            return batches
        return rest + per_epoch * min(epochs - 1, (batches - rest) // per_epoch)

    def figures(self) -> Figures:
        """The losses and accuracies of the present weights; takes a forward pass over all rows."""
        data, values = self.plan.dataset, self.state.values
        train_loss, train_accuracy = self._score(data.x_train, data.y_train, data.train)
        test_loss, test_accuracy = self._score(data.x_test, data.y_test, data.test)
        with np.errstate(over="ignore"):
            weights = penalty(values, self._mask, self.rules.hyper)
        return Figures(train_loss, test_loss, weights, train_accuracy, test_accuracy)

    def _score(self, x: Array, y: Array, rows: Indices) -> tuple[float | None, float | None]:
        if not len(rows):
            return None, None
        outputs = self.engine.outputs(self.state.values, x)
        classes = self.plan.dataset.table.targets[rows].astype(np.int64)
        return self.engine.mean_loss(outputs, y), metrics.accuracy(self.plan.meaning, outputs, classes)

    def finish(self) -> None:
        """Put the best weights in place where early stopping promised them, whatever ended the run."""
        early = self.rules.early_stopping
        if early is None or not early.restore_best or self._best is None:
            return
        _, epoch, best = self._best
        if best.updates != self.state.updates:
            self.restored = epoch
            self.state.restore(replace(best, epoch=self.state.epoch, updates=self.state.updates))

    def _end_epoch(self) -> None:
        loss = self._record(self.state.epoch)
        if not math.isfinite(loss):
            self._diverge(self.engine.go_back(self.state))
            return
        # Judged whatever else ends the run here: the epoch may be the best one.
        patience_is_over = self._patience_is_over()
        if self.rules.target_loss is not None and loss <= self.rules.target_loss:
            self.stopped = "target_loss"
        elif patience_is_over:
            self.stopped = "early_stopping"
        elif self.state.epoch >= self._end:
            self.stopped = "epochs"
        if self.stopped is not None:
            self.finish()

    def _record(self, epoch: int) -> float:
        """Note the losses after an epoch; returns the training loss."""
        data = self.plan.dataset
        train_loss = self._train_loss()
        test_loss = self._loss(data.x_test, data.y_test) if len(data.test) else None
        if math.isfinite(train_loss):
            self.history.append(epoch, train_loss, test_loss)
            self._good = self.state.copy()
        return train_loss

    def _train_loss(self) -> float:
        return self._loss(self.plan.dataset.x_train, self.plan.dataset.y_train)

    def _loss(self, x: Array, y: Array) -> float:
        return self.engine.mean_loss(self.engine.outputs(self.state.values, x), y)

    def _patience_is_over(self) -> bool:
        """Judge early stopping by the test loss, or by the training loss where nothing is held out."""
        early = self.rules.early_stopping
        if early is None:
            return False
        _, train_loss, test_loss = self.history.rows()[:, -1]
        loss = train_loss if math.isnan(test_loss) else test_loss
        if self._best is None or loss < self._best[0] - early.min_delta:
            self._best = loss, self.state.epoch, self.state.copy()
        return self.state.epoch - self._best[1] >= early.patience

    def _diverge(self, update: int) -> None:
        epochs, losses, _ = self.history.rows()
        lowest = int(losses.argmin()) if len(losses) else 0
        began = int(epochs[lowest]) if len(losses) and lowest > 0 else None
        if self._good is not None and not math.isfinite(self._train_loss()):
            # Finite weights may still give an infinite loss over all rows: then those of the epoch before are good.
            self.state.restore(self._good)
        self.divergence = Divergence(update, self.state.epoch, began, self.rules.hyper.learning_rate)
        self.stopped = "diverged"
        self.finish()
