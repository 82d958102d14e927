"""A play head over the steps of a pass: what is reached, which row and which unit are looked at, and where it goes.

It only moves within the pass that it has; where passes come from is the business of `reader`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.engine.formulas import Number
from playground.engine.passes import Kind, Known, Pass, Step
from playground.engine.program import Instruction
from playground.engine.symbols import Symbols
from playground.training.plan import Plan
from playground.ui.session import Session


class PlayHead(QObject):
    """The reader's place in a pass.

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

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.found: Pass | None = None
        self.plan: Plan | None = None
        self.done = self.row = self.unit = 0
        self.rows: tuple[int, ...] | None = None
        self.target: Number | None = None
        self._symbols: Symbols | None = None
        self._known: tuple[int, Known] | None = None

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

    # --- moving ------------------------------------------------------------------------------------

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
