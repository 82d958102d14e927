"""Gradient descent, seen: the loss along one number, its tangent, the step that the learning rate takes, and others'.

Everything is of the rows of the pass and computed by the walk. A larger rate can be tried without being used.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.data.table import Array
from playground.document.settings import TRAINING_FIELDS
from playground.engine.descent import Terrain, full_step, handed_to, slice_along, trail
from playground.engine.formulas import Number
from playground.engine.optimizers import Hyper
from playground.engine.program import Program
from playground.ui.microscope.chain_lines import brief
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
#: Rows times parameters for which a slice is computed with all its points; larger ones have fewer.
_EASY, _POINTS, _FEWER = 400_000, 81, 21


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
        if found is not None:
            if found.program is not self._program:
                self._program, self._steps = found.program, []
            if not self._steps or not np.array_equal(self._steps[-1], found.before.values):
                self._steps = [*self._steps, found.before.values][-TRAIL:]
        if self.isVisible():
            self._wait.start()

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
        found, number = self._reader.found, self._number()
        if found is None or number is None:
            self._landing.setText(tr("Press Step, or click a data point: the loss around its weights is drawn here."))
            return
        terrain = Terrain(found.program, found.x, found.trace.targets, found.hyper, found.masks)
        easy = found.samples * found.program.size <= _EASY
        along = slice_along(terrain, found.before, number, points=_POINTS if easy else _FEWER, rate=self._rate)
        name = self._reader.symbols.parameter(*number).text
        self.plot.show_slice(along, trail(terrain, self._steps, [number]), name)
        used = found.hyper.learning_rate if self._rate is None else self._rate
        self.rate.set_value(used)
        self.usual.setEnabled(self._rate is not None and self._rate != found.hyper.learning_rate)
        self._landing.setText(
            tr(
                "{name} = {at}, slope {slope}: the step leads to {lands}. Along {name} alone L goes from {height} "
                "to {lower}.",
                name=name,
                at=brief(along.at),
                slope=brief(along.slope),
                lands=brief(along.lands),
                height=brief(along.height),
                lower=brief(along.lands_height),
            )
        )
        step = full_step(terrain, found.before, self._rate)
        words = (
            tr("All weights together: L jumps from {before} up to {after}. The step is too long.",
               before=brief(step.height_before), after=brief(step.height_after))
            if step.overshoots else
            tr("All weights together: L falls from {before} to {after}.",
               before=brief(step.height_before), after=brief(step.height_after))
        )  # fmt: skip
        self._whole.setText(words)
        self._hand_over(terrain, number, used)
        self.plot.setAccessibleDescription(f"{self._landing.text()} {words}")

    def _hand_over(self, terrain: Terrain, number: Number, rate: float) -> None:
        """The same gradient, used by SGD and by Adam."""
        found = self._reader.found
        assert found is not None
        hypers = [replace(Hyper(optimizer), learning_rate=rate) for optimizer in ("sgd", "adam")]
        place = terrain.program.views(np.arange(float(terrain.program.size)))[number[0]][number[1]]
        sgd, adam = (float(change[int(place)]) for change in handed_to(terrain, found.before, hypers))
        self._others.setText(
            tr(
                "Backpropagation computes the gradient; the optimizer uses it. With the same gradient SGD moves "
                "this weight by {sgd}, Adam by {adam}.",
                sgd=brief(sgd),
                adam=brief(adam),
            )
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
