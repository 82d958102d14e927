"""Gradient descent, seen: the loss along one number, its tangent, the step that the learning rate takes, and others'.

Everything is of the rows of the pass and computed by the walk. A larger rate can be tried without being used.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.data.table import Array
from playground.document.settings import TRAINING_FIELDS
from playground.engine.derivation import place_of
from playground.engine.descent import FullStep, Slice, Terrain, full_step, handed_to, slice_along, trail
from playground.engine.formulas import Number
from playground.engine.optimizers import Hyper
from playground.engine.program import Program
from playground.ui.microscope.chain_lines import brief, told_apart
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.slice_plot import SlicePlot
from playground.ui.theme import GRID, caption_font, figure_font
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.number_field import NumberField

#: So many of the last steps are drawn.
TRAIL = 30
#: Milliseconds after which a change is computed: a slice takes a few hundred passes.
_PATIENCE = 60
#: Seconds for the points of a slice; how many they are at most and at least.
_BUDGET, _POINTS, _FEWEST = 0.005, 81, 13
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class DescentPage(QWidget):
    """The slice along the reader's target; without one along the first weight."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._rate: float | None = None
        self._steps: list[Array] = []
        self._program: Program | None = None
        rate = next(field for field in TRAINING_FIELDS if field.key == "learning_rate")
        self.plot = SlicePlot()
        self.rate = NumberField(rate)
        self.usual = Chip()
        self._rate_words, self._landing, self._whole, self._others = QLabel(), QLabel(), QLabel(), QLabel()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_PATIENCE)
        self._wait.timeout.connect(self._compute)
        self._lay_out()
        self.rate.value_changed.connect(self._try)
        self.usual.clicked.connect(lambda: self._try(None))
        for signal in (reader.pass_changed, reader.target_changed):
            signal.connect(self._renew)
        self.retranslate()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(GRID)
        rates = QHBoxLayout()
        rates.addWidget(self._rate_words)
        rates.addWidget(self.rate)
        rates.addWidget(self.usual)
        rates.addStretch(1)
        for label in (self._landing, self._whole, self._others):
            label.setWordWrap(True)
            label.setMinimumWidth(160)
            side.addWidget(label)
        self._others.setFont(caption_font())
        self._landing.setFont(figure_font(13, bold=False))
        self._whole.setFont(figure_font(13, bold=False))
        side.addStretch(1)
        words = QWidget()
        words.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        room = QScrollArea()
        room.setWidget(words)
        room.setWidgetResizable(True)
        room.setFrameShape(QScrollArea.Shape.NoFrame)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (words, room.viewport()):
            ground.setAutoFillBackground(False)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addLayout(rates)
        right.addWidget(room, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * GRID)
        row.addWidget(self.plot, 3)
        row.addLayout(right, 2)

    # --- keeping up --------------------------------------------------------------------------------

    def _renew(self) -> None:
        found = self._reader.found
        if found is None or found.program is not self._program:
            self._program, self._steps, self._rate = None if found is None else found.program, [], None
        if found is not None:
            self._walk_on(found.before.values)
        if self.isVisible():
            self._wait.start()

    def _walk_on(self, values: Array) -> None:
        """One more step of the trail; taken back it is one less."""
        steps = self._steps
        if len(steps) > 1 and np.array_equal(steps[-2], values):
            steps.pop()
        elif not steps or not np.array_equal(steps[-1], values):
            self._steps = [*steps, values][-TRAIL:]

    def _try(self, rate: object) -> None:
        """Try a learning rate without using it; None: the one that is used."""
        self._rate = None if rate is None else float(rate)  # type: ignore[arg-type]
        self._wait.start()

    def _number(self) -> Number | None:
        found = self._reader.found
        if found is None or not found.program.parameters:
            return None
        first = found.program.parameters[0]
        return self._reader.target or (first.name, (0,) * len(first.shape))

    def _compute(self) -> None:
        """Everything anew; only for somebody who looks."""
        found, number = self._reader.found, self._number()
        if not self.isVisible():
            return
        if found is None or number is None:
            self._tell(tr("Press Step, or click a data point: the loss around its weights is drawn here."))
            return
        terrain = Terrain(found.program, found.x, found.trace.targets, found.hyper, found.masks)
        begun = time.perf_counter()
        height = terrain.height(found.before.values)
        affordable = int(_BUDGET / max(time.perf_counter() - begun, 1e-6))
        used = found.hyper.learning_rate if self._rate is None else self._rate
        self.rate.set_value(used)
        self.usual.setEnabled(used != found.hyper.learning_rate)
        if not np.isfinite(height):
            self._tell(tr("The loss is no finite number here: there is no slope to follow."))
            return
        points = min(max(affordable, _FEWEST), _POINTS)
        along = slice_along(terrain, found.before, number, points=points, rate=self._rate)
        name = self._reader.symbols.parameter(*number).text
        steps = self._steps[-min(max(affordable // 3, 2), TRAIL) :]
        self.plot.show_slice(along, trail(terrain, steps, [number]), name)
        step = full_step(terrain, found.before, self._rate)
        self._tell(_landing(along, name), _whole(step), self._hand_over(terrain, number, used))

    def _tell(self, landing: str, whole: str = "", others: str = "") -> None:
        """Say these, and draw nothing where there is nothing to be said of it."""
        if not whole:
            self.plot.clear_slice()
        self._landing.setText(landing)
        self._whole.setText(whole)
        self._others.setText(others)
        self.plot.setAccessibleDescription(f"{landing} {whole}".strip())

    def _hand_over(self, terrain: Terrain, number: Number, rate: float) -> str:
        """The same gradient, used by SGD and by Adam."""
        found = self._reader.found
        assert found is not None, "the caller knows that there is a pass"
        hypers = [replace(Hyper(optimizer), learning_rate=rate) for optimizer in ("sgd", "adam")]
        place = place_of(terrain.program, number)
        sgd, adam = (said(brief(float(change[place]))) for change in handed_to(terrain, found.before, hypers))
        return tr(
            "Backpropagation computes the gradient; the optimizer uses it. With the same gradient SGD moves "
            "{name} by {sgd}, Adam by {adam}.",
            name=self._reader.symbols.parameter(*number).text,
            sgd=sgd,
            adam=adam,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again."""
        super().showEvent(event)
        self._wait.start()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self._rate_words.setText(tr("Learning rate η to try"))
        self.rate.setAccessibleName(tr("Learning rate η to try"))
        self.usual.setText(tr("As in training"))
        self.plot.setAccessibleName(tr("Loss along one weight"))
        if self.isVisible():
            self._wait.start()

    def restyle(self) -> None:
        """The theme has changed."""
        self.plot.themed()


def _landing(along: Slice, name: str) -> str:
    """Where the step puts the number, and what that alone does."""
    at, lands = told_apart(along.at, along.lands)
    height, lower = told_apart(along.height, along.lands_height)
    return tr(
        "{name} = {at}, slope {slope}: the step leads to {lands}. Along {name} alone L goes from {height} to {lower}.",
        name=name,
        at=said(at),
        slope=said(brief(along.slope)),
        lands=said(lands),
        height=said(height),
        lower=said(lower),
    )


def _whole(step: FullStep) -> str:
    """What the step of all weights does."""
    before, after = (said(text) for text in told_apart(step.height_before, step.height_after))
    if not np.isfinite(step.height_after):
        return tr("All weights together: L is no finite number any more. The step is far too long.")
    if step.height_after == step.height_before:
        return tr("All weights together: L stays at {before}.", before=before)
    if step.overshoots:
        return tr("All weights together: L jumps from {before} up to {after}. The step is too long.",
                  before=before, after=after)  # fmt: skip
    return tr("All weights together: L falls from {before} to {after}.", before=before, after=after)


def said(number: str) -> str:
    """A written number within a sentence: its power of ten raised, 4.854·10⁻⁵."""
    digits, power, exponent = number.partition("e")
    return f"{digits}·10{str(int(exponent.replace('−', '-'))).translate(_RAISED)}" if power else number
