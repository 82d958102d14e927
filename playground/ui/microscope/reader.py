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

from playground.engine.formulas import Number
from playground.engine.passes import Kind, Known, Pass, Step
from playground.engine.program import Instruction
from playground.engine.symbols import Symbols
from playground.training.plan import Plan, rules_of
from playground.training.snapshot import Snapshot
from playground.ui.canvas.face import feature_label
from playground.ui.canvas.operations.planned import names_of, target_of
from playground.ui.session import Session

#: Milliseconds between two steps that are played.
PLAY_INTERVAL = 500
#: While a run goes on its passes are followed where rows times parameters are at most so many.
FOLLOWED = 200_000


class Reader(QObject):
    """A play head over the steps of a pass.

    Attributes:
        found: the pass that is read; None before the first, and after another document was opened. `plan` is the plan
            that it belongs to and `symbols` are the names of all its numbers, as the canvas has them.
        done: how many of its steps are done; the present one is the last of these.
        rows: the training rows that the user chose; None: those of the batch that comes next.
        row, unit: which of the pass' rows and which unit of the present node are looked at, both from 0.
        target: the weight or bias that the user chose, by name and index.

    `pass_changed` says that everything may be another; `moved` that the play head, the row or the unit is.
    """

    pass_changed = Signal()
    moved = Signal()
    target_changed = Signal()
    playing_changed = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.found: Pass | None = None
        self.plan: Plan | None = None
        self.done = self.row = self.unit = 0
        self.rows: tuple[int, ...] | None = None
        self.target: Number | None = None
        self.active = False
        self._symbols: Symbols | None = None
        self._known: tuple[int, Known] | None = None
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

    # --- what is read ------------------------------------------------------------------------------

    @property
    def symbols(self) -> Symbols:
        """The names of all numbers; there has to be a pass."""
        assert self._symbols is not None, "the caller knows that there is a pass"
        return self._symbols

    @property
    def step(self) -> Step | None:
        """The present step; None before the first."""
        return self.found.steps[self.done - 1] if self.found is not None and self.done else None

    @property
    def instruction(self) -> Instruction | None:
        """What the present step executes; None at the loss, at the update and before the first step."""
        step = self.step
        return self.found.instruction(step) if self.found is not None and step is not None else None

    @property
    def stage(self) -> Kind:
        """In which stage of the pass the play head is."""
        return self.step.kind if self.step is not None else "forward"

    @property
    def known(self) -> Known:
        """What has been reached; there has to be a pass."""
        assert self.found is not None, "the caller knows that there is a pass"
        if self._known is None or self._known[0] != self.done:
            self._known = self.done, self.found.known(self.done)
        return self._known[1]

    @property
    def units(self) -> int:
        """How many units the present step has to choose from."""
        one = self.instruction
        return self.found.program.widths[one.output] if self.found is not None and one is not None else 1

    @property
    def at_end(self) -> bool:
        """Whether all steps are done."""
        return self.found is not None and self.done == len(self.found.steps)

    @property
    def alone(self) -> bool:
        """Whether the pass is over chosen rows that are not the next batch: it changes nothing."""
        return self.found is not None and not self.found.by_engine

    @property
    def numbers(self) -> tuple[int, ...]:
        """Which training rows the pass is over."""
        if self.found is None:
            return ()
        return self.rows if self.rows is not None and self.alone else tuple(self.found.rows.tolist())

    @property
    def shown_row(self) -> int | None:
        """The training row that is looked at."""
        return self.numbers[self.row] if self.found is not None else None

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
        steps = self._steps_back()
        for _ in range(steps):
            self.session.step_back()
        if steps:
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
        if not self.waiting and self.session.first_error is None:
            self.session.step(what)
            self._ask(0)

    def play(self, on: bool) -> None:
        """Have one step follow the other, slowly, to the end of the pass."""
        if on == self.playing:
            return
        if on:
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

    def go_to_stage(self, kind: Kind) -> None:
        """Go to the first step of a stage."""
        if self.found is not None:
            kinds = [step.kind for step in self.found.steps]
            self.go_to(kinds.index(kind) + 1)

    def go_to(self, done: int) -> None:
        """Have so many steps done."""
        if self.found is None:
            return
        self.session.pause()
        self.done = min(max(done, 0), len(self.found.steps))
        self.unit = min(self.unit, self.units - 1)
        self.moved.emit()

    def show_row(self, row: int) -> None:
        """Look at another of the pass' rows, from 0."""
        if self.found is not None:
            self.row = min(max(row, 0), self.found.samples - 1)
            self.moved.emit()

    def show_unit(self, unit: int) -> None:
        """Look at another unit of the present node, from 0."""
        if self.found is not None:
            self.unit = min(max(unit, 0), self.units - 1)
            self.moved.emit()

    def choose(self, name: str, index: tuple[int, ...]) -> None:
        """Choose a weight or a bias; one that the network does not have is none."""
        self._aim((name, index))

    def _aim(self, target: Number | None) -> None:
        plan = self.plan or self.session.plan
        shapes = {p.name: p.shape for p in plan.program.parameters} if plan is not None else {}
        if target is not None:
            shape = shapes.get(target[0], ())
            fits = len(target[1]) == len(shape) and all(0 <= i < n for i, n in zip(target[1], shape, strict=True))
            target = target if shape and fits else None
        if target != self.target:
            self.target = target
            self.target_changed.emit()

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
        self._aim(self.target)
        self.pass_changed.emit()

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
