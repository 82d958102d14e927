"""The session: owns the document, the undo stack and the trainer, and is the one way from a gesture to all of them.

gesture → `edit` → a new immutable document → one undo command → `document_changed(old, new)` → canvas, inspector, plots
and trainer each update what differs. Views never write to one another. The trainer answers through its mailbox, which
the display timer looks at 60 times a second; `frame` is emitted at most once a tick, never per training event, and
`reading`, for figures and sentences, at most four times a second.
"""

from __future__ import annotations

import itertools
import queue
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from playground.data.table import Table
from playground.document import edits
from playground.document.check import Problem, problems
from playground.document.compile import same_program
from playground.document.model import DataSpec, Document
from playground.engine.state import State
from playground.messages import Message, UserError, message
from playground.training import orders
from playground.training.plan import Plan, Rules, rules_of
from playground.training.snapshot import Captured, Ended, Event, Examined, Failed, Loaded, Snapshot, Tabled
from playground.training.trainer import Trainer
from playground.ui.hand import Hand
from playground.ui.questions import Questions
from playground.ui.translation import language_changed
from playground.ui.undo import Command, EditCommand

#: Milliseconds between two looks into the mailbox.
DISPLAY_INTERVAL = 16
#: Seconds between two changes of what is read: figures and sentences change at most four times a second, together.
READ_INTERVAL = 0.25

Edit = Callable[[Document], Document]


class Session(Questions, QObject):
    """What the window is about.

    Attributes:
        document: what the user built; replaced, never changed.
        table: the raw rows of its data; None while they are being made.
        problems: what keeps it from training, and warnings, as of the last change.
        plan: what the trainer has in place; None before the first network that works.
        snapshot: the last one taken from the mailbox that belongs to `plan`.
        selection: ids of the selected nodes.
    """

    document_changed = Signal(object, object)
    table_changed = Signal(object)
    problems_changed = Signal(object)
    plan_changed = Signal(object)
    frame = Signal(object)
    reading = Signal(object)
    running_changed = Signal(bool)
    selection_changed = Signal(object)
    ended = Signal(object)
    noticed = Signal(object)

    def __init__(self, document: Document | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = Document()
        self.table: Table | None = None
        self.problems: tuple[Problem, ...] = ()
        self.plan: Plan | None = None
        self.snapshot: Snapshot | None = None
        self.selection: frozenset[str] = frozenset()
        self.running = False
        self.undo_stack = QUndoStack(self)
        self.used_ids: set[str] = set()
        self._numbers = itertools.count(1)
        self._run = 0
        self._starts = 0
        self._read = 0.0
        self._loading: orders.Load | None = None
        self._wanted_table = 0
        self._tabulated: DataSpec | None = None
        self._tabulating = False
        self._fresh = True
        self._state: State | None = None
        self._resume = False
        self._trainer = Trainer()
        self._ask(
            self._trainer.tell,
            self._numbers,
            Hand(self.undo_stack, self._trainer.tell, self.noticed.emit, lambda: self.snapshot),
        )
        self._timer = QTimer(self)
        self._timer.setInterval(DISPLAY_INTERVAL)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        language_changed.connect(self._retranslate)
        if document is not None:
            self.open(document)

    def close(self) -> None:
        """End the trainer's thread and wait for it; the session is of no use afterwards."""
        self._timer.stop()
        self._trainer.close()

    # --- the document ------------------------------------------------------------------------------

    def open(self, document: Document, state: State | None = None) -> None:
        """Take up another document, with the state it was saved in; nothing of the one before is kept."""
        self.pause()
        self.undo_stack.clear()
        self.undo_stack.setClean()
        self.used_ids.clear()
        self.select(())
        self.plan = self.snapshot = self._tabulated = self._loading = None
        # What the trainer still has to say of the document before is stale.
        self._run = next(self._numbers)
        self._fresh, self._state = True, state
        self._show(document)

    def edit(self, text: Message, edit: Edit, gesture: object | None = None) -> bool:
        """Do one user action as one undo step; `text` names it ("add Dense 4"). A refused edit says why.

        Edits of one gesture (any object that stands for a drag) merge. Returns whether the document changed.
        """
        try:
            after = edit(self.document)
        except UserError as error:
            self.noticed.emit(error.message)
            return False
        if after == self.document:
            return False
        self.undo_stack.push(EditCommand(text, self.document, after, self._show, gesture))
        return True

    def _retranslate(self, _language: str) -> None:
        for index in range(self.undo_stack.count()):
            command = self.undo_stack.command(index)
            if isinstance(command, Command):
                command.retranslate()

    def select(self, ids: Iterable[str]) -> None:
        """Select these nodes and no others; ids that do not exist are passed over."""
        known = {node.id for node in self.document.network.nodes}
        selection = frozenset(ids) & known
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    def fresh_id(self, kind: str) -> str:
        """An id that no node had since the document was opened: a new one never wakes the weights of a deleted one."""
        return edits.fresh_id(self.document, kind, self.used_ids)

    def _show(self, document: Document) -> None:
        """Make a document the present one, and tell everybody what changed."""
        old, self.document = self.document, document
        self.used_ids.update(node.id for node in document.network.nodes)
        self.select(self.selection)
        known = self._tabulated is not None and not _data_differs(self._tabulated, document.data)
        # Judged before anybody is told: whoever shows the document shows it with its problems, and once.
        judged = self._find() if known and not self._tabulating else self.problems
        before, self.problems = self.problems, judged
        self.document_changed.emit(old, document)
        if judged != before:
            self.problems_changed.emit(judged)
        if old.training.seed != document.training.seed:
            self._fresh, self._resume = True, False
        if not known:
            self._tabulated, self._wanted_table, self._tabulating = document.data, next(self._numbers), True
            self._trainer.tell(orders.Tabulate(self._wanted_table, document.data))
        elif not self._tabulating:
            # Else the table that is on its way brings the document of that moment with it.
            if self._fresh or not same_program(old, document):
                self._load()
            elif old.training != document.training:
                self._trainer.tell(orders.Change(rules_of(document.training)))

    def _judge(self, extra: tuple[Problem, ...] = ()) -> None:
        before, self.problems = self.problems, extra or self._find()
        if self.problems != before:
            self.problems_changed.emit(self.problems)

    def _find(self) -> tuple[Problem, ...]:
        return problems(self.document, self.table) if self.table is not None else ()

    @property
    def settled(self) -> bool:
        """Whether the trainer has answered all that it was asked about the document."""
        return not self._tabulating and self._loading is None

    @property
    def first_error(self) -> Problem | None:
        """The first problem that keeps the network from training."""
        return next((problem for problem in self.problems if problem.severity == "error"), None)

    def _load(self) -> None:
        """Hand the document to the trainer; one that cannot be trained is not: the last valid one keeps its weights."""
        if self.table is None:
            return
        error = self.first_error
        if error is not None:
            if self.running:
                self._resume = not self._fresh
                self._trainer.tell(orders.Pause())
                self._set_running(False)
                if self._fresh:
                    self.noticed.emit(error.message)
            return
        self._run = next(self._numbers)
        if self._fresh and not self._resume:
            self._set_running(False)
        self._loading = orders.Load(self._run, self.document, self.table, self._fresh, self._state)
        self._trainer.tell(self._loading)
        wanted = self._resume or self.running
        self._fresh, self._state, self._resume = False, None, False
        if wanted:
            # Also where the run before ended of itself while this one was on its way.
            self.train()

    # --- training ----------------------------------------------------------------------------------

    def train(self) -> bool:
        """Start or go on training; where the network cannot be trained the reason is told and False returned.

        A document that was opened a moment ago starts as soon as its data are there.
        """
        return self._train(rules_of(self.document.training))

    def train_for(self, epochs: int) -> None:
        """Train so many epochs at full speed, whatever the document's pace."""
        self._train(replace(rules_of(self.document.training), epochs=epochs, pace=None))

    def _train(self, rules: Rules) -> bool:
        if self._fresh and self._tabulating:
            self._resume = True
            self._set_running(True)
            return True
        error = self.first_error
        if error is not None:
            self.noticed.emit(error.message)
            return False
        self._starts += 1
        self._trainer.tell(orders.Go(rules))
        self._set_running(True)
        return True

    def pause(self) -> None:
        """Stop between two batches."""
        self._resume = False
        if self.running:
            self._trainer.tell(orders.Pause())
            self._set_running(False)

    def step(self, what: str) -> None:
        """Train one "batch" or to the end of one "epoch", then stand still."""
        error = self.first_error
        if error is not None:
            self.noticed.emit(error.message)
            return
        self.pause()
        self._trainer.tell(orders.Step(what))

    def reset(self) -> None:
        """Back to the same initial weights."""
        self.pause()
        self._trainer.tell(orders.Reset())

    def new_seed(self) -> None:
        """Other initial weights: the next seed, as one undo step."""
        seed = self.document.training.seed + 1
        self.edit(message("new seed {seed}", seed=seed), lambda document: edits.set_training(document, seed=seed))

    def step_back(self) -> None:
        """Take back the last step of a batch or an epoch that was told, to the bit."""
        self.pause()
        self._trainer.tell(orders.Back())

    def rewind(self) -> None:
        """Take back all steps that were told, to the bit: to where stepping began."""
        self.pause()
        self._trainer.tell(orders.Back(all_steps=True))

    def _set_running(self, running: bool) -> None:
        if running != self.running:
            self.running = running
            self.running_changed.emit(running)

    # --- what the trainer answers ------------------------------------------------------------------

    def tick(self) -> None:
        """One beat of the display timer: take the events, then the latest snapshot; stale ones are dropped."""
        while True:
            try:
                self._take(self._trainer.events.get_nowait())
            except queue.Empty:
                break
        snapshot = self._trainer.snapshots.take()
        if snapshot is not None and self.plan is not None and snapshot.run == self._run:
            self.snapshot = snapshot
            self.frame.emit(snapshot)
            now = time.monotonic()
            if not snapshot.running or now - self._read >= READ_INTERVAL:
                self._read = now
                self.reading.emit(snapshot)

    def _take(self, event: Event) -> None:
        match event:
            case Tabled(number=number, table=table) if number == self._wanted_table:
                self.table, self._tabulating = table, False
                self.table_changed.emit(table)
                self._judge()
                self._load()
            case Loaded(run=run, plan=plan) if run == self._run:
                self.plan, self._loading = plan, None
                self.plan_changed.emit(plan)
            case Ended(run=run, starts=starts) if run == self._run:
                if starts == self._starts:
                    # Else it was told to go on before this came.
                    self._set_running(False)
                self.ended.emit(event)
            case Captured() | Examined():
                self._answer(event)
            case Failed(number=number, reason=reason) if number in (self._run, self._wanted_table):
                self._take_failure(number, reason)

    def _take_failure(self, number: int, reason: Message) -> None:
        """The trainer stands still; what it did not take is a problem of the document, until that changes."""
        self.pause()
        if number == self._wanted_table:
            self._tabulated, self._tabulating = None, False
            self._judge((Problem(None, reason),))
        elif self._loading is not None:
            self._fresh, self._state = self._fresh or self._loading.fresh, self._loading.state
            self._loading = None
            self._judge((Problem(None, reason),))
        self.noticed.emit(reason)


def _data_differs(old: DataSpec, new: DataSpec) -> bool:
    """Whether the rows, the split or the scaling may differ."""
    return replace(old, extra={}) != replace(new, extra={})
