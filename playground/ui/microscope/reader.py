"""The one model that all parts of the microscope read: a pass, and how far into it a reader has come.

The pass is made on the trainer's thread from the present weights; the window only moves a play head over its steps, so
that back and forth show the same numbers to the bit. Weights change in one way alone, the session's own step and step
back: what is trained here is what training would have trained.
"""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from playground.engine.passes import Pass
from playground.engine.symbols import Symbols
from playground.training.plan import Plan, rules_of
from playground.training.snapshot import Snapshot
from playground.ui.canvas.face import feature_label
from playground.ui.canvas.operations.planned import names_of, target_of
from playground.ui.microscope.asking import Asking
from playground.ui.microscope.head import PlayHead
from playground.ui.microscope.typeset import Typesetter
from playground.ui.session import Session

#: Milliseconds between two steps that are played.
PLAY_INTERVAL = 500
#: While a run goes on its passes are followed where rows times parameters are at most so many.
FOLLOWED = 200_000
#: So many symbols of a network are drawn before an equation needs them.
_WARMED = 500


class Reader(PlayHead):
    """A play head, the passes that it is put over, and the session's way on and back.

    `playing_changed` says that one step follows the other by itself, or no longer.

    Attributes:
        active: whether anybody looks.
        asking: the question that is open, and what it covers.
        typesetter: what all parts of the microscope have their equations from; `close` ends it.
    """

    playing_changed = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        # The first to hear of a step: what it asks for is covered before anybody shows it.
        self.asking = Asking(self)
        self.active = False
        self.typesetter = Typesetter(self)
        self._numbers = itertools.count(1)
        self._awaited: int | None = None
        self._then: int | None = 0
        self._again = False
        self._asked = rules_of(session.document.training)
        self._clock = QTimer(self)
        self._clock.setInterval(PLAY_INTERVAL)
        self._clock.timeout.connect(self._play_on)
        session.document_changed.connect(self._forget)
        session.plan_changed.connect(self._catch_up)
        session.reading.connect(self._catch_up)

    def close(self) -> None:
        """End what works for it; of no use afterwards."""
        self.set_active(False)
        self.typesetter.close()

    @property
    def playing(self) -> bool:
        """Whether one step follows the other by itself."""
        return self._clock.isActive()

    @property
    def waiting(self) -> bool:
        """Whether a pass is on its way; steps that would need it are passed over until then."""
        return self._awaited is not None

    # --- moving ------------------------------------------------------------------------------------

    def begin(self, rows: tuple[int, ...] | None = None) -> None:
        """Look at these training rows, or at the next batch, from the first step on."""
        self.rows, self.row = rows, 0
        self._ask(0)

    def forward(self) -> None:
        """One step on. After the last one of a batch it is trained, and the next one begins."""
        self.session.pause()
        if self.waiting:
            return
        if self.found is None:
            self._ask(1)
        elif not self.at_end:
            self.go_to(self.done + 1)
        elif not self.alone:
            self.finish_batch()

    def back(self) -> None:
        """One step back. Before the first one the batch trained last is taken back, and its end is shown."""
        self.play(False)
        self.session.pause()
        if self.waiting or self.found is None:
            return
        if self.done:
            self.go_to(self.done - 1)
        elif self._steps_back():
            self.session.step_back()
            self._ask(-1)

    def rewind(self) -> None:
        """To the first value of the pass; from there to where stepping began, all batches since taken back."""
        self.play(False)
        self.session.pause()
        if self.waiting or self.found is None:
            return
        if self.done:
            self.go_to(0)
            return
        if self._steps_back():
            self.session.rewind()
            self._ask(0)

    def can_go_back(self) -> bool:
        """Whether there is anything before the present step."""
        return self.found is not None and (self.done > 0 or self._steps_back() > 0)

    def _steps_back(self) -> int:
        snapshot = self.session.snapshot
        return snapshot.steps_back if snapshot is not None else 0

    def finish_batch(self) -> None:
        """Train the batch, wherever the play head is, and stand before the next one."""
        self._train("batch")

    def finish_epoch(self) -> None:
        """Train to the end of the epoch, and stand before the next batch."""
        self._train("epoch")

    def _train(self, what: str) -> None:
        if self.waiting:
            return
        self.session.step(what)
        if self.session.first_error is None:
            self._ask(0)

    def play(self, on: bool) -> None:
        """Have one step follow the other, slowly, to the end of the pass."""
        if on == self.playing:
            return
        if on:
            self.asking.end()
            self._clock.start()
            self.forward()
        else:
            self._clock.stop()
        self.playing_changed.emit(self.playing)

    def _play_on(self) -> None:
        if self.at_end:
            self.play(False)
        else:
            self.forward()

    # --- where passes come from --------------------------------------------------------------------

    def set_active(self, active: bool) -> None:
        """Whether anybody looks: else nothing is asked for, and nothing is played."""
        self.active = active
        if not active:
            self.play(False)
        elif self.session.snapshot is not None:
            self._catch_up()

    def _ask(self, then: int | None) -> None:
        """Ask for a pass; `then` is how many of its steps are done, −1: all, None: as many as are now."""
        self._awaited, self._then, self._again = next(self._numbers), then, False
        self._asked = rules_of(self.session.document.training)
        # A chosen row may be the very batch that comes next: then it is that one.
        whole = self.rows is None or len(self.rows) == self._asked.batching.size
        self.session.examine(None if whole else self.rows, partial(self._receive, self._awaited))

    def _receive(self, number: int, plan: Plan | None, found: Pass | None) -> None:
        if number != self._awaited:
            return
        if found is not None and found.by_engine and self.rows not in (None, tuple(found.rows.tolist())):
            self.session.examine(self.rows, partial(self._receive, number))
            return
        self._awaited = None
        if found is None and self.rows is not None and plan is not None:
            self.begin()  # the row that was chosen is no longer there
        elif found is not None and plan is not None and plan is self.session.plan:
            self._take(plan, found)
            if self._again:
                self._catch_up()

    def _take(self, plan: Plan, found: Pass) -> None:
        before = self.found
        same = before is not None and len(before.steps) == len(found.steps)
        if not (same and before is not None and np.array_equal(before.rows, found.rows)):
            self.row = 0
        done = self._then if self._then is not None else self.done if same else 0
        self.plan, self.found, self._known = plan, found, None
        self.done = len(found.steps) if done < 0 else min(done, len(found.steps))
        self.row, self.unit = min(self.row, found.samples - 1), min(self.unit, self.units - 1)
        labels = [feature_label(name) for name in plan.dataset.features]
        names = names_of(plan, self.session.document)
        if (
            before is None
            or before.program is not found.program
            or self._symbols is None
            or self._symbols.names != names
        ):
            self._symbols = Symbols(found.program, labels, names, target_of(plan))
            self._warm()
        self._aim(self.target)
        self.pass_changed.emit()

    def _warm(self) -> None:
        """Have the symbols of this network drawn when there is nothing else to do."""
        if self._symbols is not None:
            self.typesetter.warm(symbol.latex for symbol in itertools.islice(self._symbols.every(), _WARMED))

    def _catch_up(self, _news: Snapshot | Plan | None = None) -> None:
        """Ask again where the pass is no longer that of the present weights, data and rules."""
        snapshot, found = self.session.snapshot, self.found
        if found is None or not self.active:
            return
        if self.waiting:
            self._again = True
        elif self.plan is not self.session.plan:
            self._ask(None)
        elif snapshot is not None and not self._is_of(found, snapshot) and (self.follows or not snapshot.running):
            # Set by hand, or trained meanwhile: who reads on in a run that goes on stays at the same step.
            self._ask(None if snapshot.updates == found.before.updates or snapshot.running else 0)

    @property
    def follows(self) -> bool:
        """Whether passes are small enough to be followed while a run goes on."""
        return self.found is not None and self.found.samples * self.found.program.size <= FOLLOWED

    def _is_of(self, found: Pass, snapshot: Snapshot) -> bool:
        rules = rules_of(self.session.document.training)
        asked = self._asked.hyper == rules.hyper and self._asked.batching == rules.batching
        state = found.before
        return (
            asked
            and state.updates == snapshot.updates
            and np.array_equal(state.values, snapshot.values, equal_nan=True)
        )

    def _forget(self, _old: object, _new: object) -> None:
        """Another document was opened: nothing of the one before is shown."""
        if self.session.plan is None and (self.found is not None or self.waiting):
            self.play(False)
            self.found = self.plan = self._symbols = self._awaited = self.rows = None
            self.done = self.row = self.unit = 0
            self._aim(None)
            self.pass_changed.emit()
