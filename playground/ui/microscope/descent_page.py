"""Gradient descent, seen: the loss along one number or over two, the step that the learning rate takes, and others'.

Everything is of the rows of the pass and computed by the walk, on a thread of its own; only what was asked for last is
shown. A larger rate can be tried without being used.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QStackedLayout, QVBoxLayout, QWidget

from playground.data.table import Array
from playground.document.settings import TRAINING_FIELDS
from playground.engine.descent import Plane, Slice
from playground.engine.program import Program
from playground.ui.microscope import descent_words as words
from playground.ui.microscope.flow import Flow, scrolled
from playground.ui.microscope.lookout import Lookout
from playground.ui.microscope.page import Page
from playground.ui.microscope.plane_plot import PlanePlot
from playground.ui.microscope.prospect import NoProspect, Prospect, Request, prospects
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.slice_plot import SlicePlot
from playground.ui.microscope.weight_choice import WeightChoice
from playground.ui.plots.key import Entry, Key
from playground.ui.projector import number_size, projector, word_size
from playground.ui.theme import CAPTION, CONTROL, GRID, figure_font, font, themes
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.number_field import NumberField

#: So many of the last steps are drawn.
TRAIL = 30
#: Milliseconds after which a change is worked out, and between two looks at what has been.
_PATIENCE, _LOOK = 60, 15
_OTHER = {"sgd": "SGD", "adam": "Adam"}


class DescentPage(Page):
    """The curve along the reader's target, without one along the first weight, or the surface over that and another."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._rate: float | None = None
        self._steps: list[Array] = []
        self._program: Program | None = None
        self._shown: Prospect | None = None
        rate = next(field for field in TRAINING_FIELDS if field.key == "learning_rate")
        self.plot, self.plane, self.key = SlicePlot(), PlanePlot(), Key()
        self.choice, self.rate = WeightChoice(self), NumberField(rate)
        self.usual, self.close_up = Chip(), Chip()
        self.close_up.setCheckable(True)
        self._rate_words, self._landing, self._whole, self._others = QLabel(), QLabel(), QLabel(), QLabel()
        self._read = QLabel()
        self._lookout: Lookout[Prospect | NoProspect] = Lookout("descent")
        self._wait, self._look = QTimer(self), QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_PATIENCE)
        self._look.setInterval(_LOOK)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        reader = self._reader
        self._wait.timeout.connect(self._ask)
        self._look.timeout.connect(self._take)
        self.rate.value_changed.connect(self._try)
        self.usual.clicked.connect(lambda: self._try(None))
        self.choice.first_chosen.connect(lambda number: reader.choose(*number))
        for signal in (self.choice.changed, self.close_up.toggled, self.plane.reshaped, reader.session.running_changed):
            signal.connect(self._later)
        for signal in (reader.pass_changed, reader.target_changed):
            signal.connect(self._renew)
        for plot in (self.plot, self.plane):
            plot.read.connect(self._say_reading)
        projector.changed.connect(self._resize_type)
        self._resize_type()

    def _lay_out(self) -> None:
        rate = QWidget()
        rates = QHBoxLayout(rate)
        rates.setContentsMargins(0, 0, 0, 0)
        rates.setSpacing(GRID)
        rates.addWidget(self._rate_words)
        rates.addWidget(self.rate)
        choice = self.choice
        controls = Flow(choice.count, choice.first, choice.second, self.close_up, rate, self.usual)
        for label in (self._landing, self._whole, self._others):
            label.setWordWrap(True)
            label.setMinimumWidth(160)
        self._read.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        right = _column(controls, scrolled(self._landing, self._whole, self._others))
        pictures, below = QWidget(), QWidget()
        self._foot = below
        self._pictures, self._below = QStackedLayout(pictures), QStackedLayout(below)
        self._pictures.addWidget(self.plot)
        self._pictures.addWidget(self.plane)
        self._below.addWidget(self.key)
        self._below.addWidget(self._read)
        left = _column(pictures, below)
        left.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * GRID)
        row.addLayout(left, 1)
        row.addLayout(right, 1)

    def _resize_type(self, _on: object = None) -> None:
        """As large as numbers and words are now."""
        for label in (self._landing, self._whole):
            label.setFont(figure_font(number_size(13), bold=False))
        for label in (self._others, self._read):
            label.setFont(figure_font(number_size(CAPTION), bold=False) if projector.on else font(CAPTION))
        self.rate.setFont(figure_font(number_size(CONTROL), bold=False))
        self.key.set_type(word_size(CAPTION))
        self._foot.setFixedHeight(max(20, number_size(CAPTION) + 10) if projector.on else 20)

    # --- what is asked for from outside ------------------------------------------------------------

    def show_surface(self, on: bool = True) -> None:
        """Show the surface over two weights, or the curve along one."""
        self.choice.set_two(on)

    @property
    def idle(self) -> bool:
        """Whether everything that was asked for is shown."""
        return not (self._wait.isActive() or self._look.isActive() or self._lookout.busy)

    # --- keeping up --------------------------------------------------------------------------------

    def _renew(self) -> None:
        found = self._reader.found
        if found is None or found.program is not self._program:
            self._program, self._steps, self._rate = None if found is None else found.program, [], None
        if found is not None:
            self._walk_on(found.before.values)
        self._later()

    def _walk_on(self, values: Array) -> None:
        """One more step of the trail; taken back it is one less."""
        steps = self._steps
        if len(steps) > 1 and np.array_equal(steps[-2], values):
            steps.pop()
        elif not steps or not np.array_equal(steps[-1], values):
            self._steps = [*steps, values][-TRAIL:]

    def _try(self, rate: float | None) -> None:
        """Try a learning rate without using it; None: the one that is used."""
        self._rate = rate
        self._later()

    def _later(self, _news: object = None) -> None:
        """Work it out soon, for somebody who looks; what changes until then is of the same piece."""
        if self.isVisible() and not self._wait.isActive():
            self._wait.start()

    def _ask(self) -> None:
        """Have everything worked out anew."""
        reader, found = self._reader, self._reader.found
        if not self.isVisible():
            return
        self.choice.follow(found, reader.symbols if found is not None else None, reader.target)
        numbers = self.choice.numbers
        if found is None or not numbers:
            self._lookout.drop()
            self._tell(tr("Press Step, or click a data point: the loss around its weights is drawn here."))
            return
        used = found.hyper.learning_rate if self._rate is None else self._rate
        self.rate.set_value(used)
        self.usual.setEnabled(used != found.hyper.learning_rate)
        self._pictures.setCurrentWidget(self.plane if len(numbers) == 2 else self.plot)
        names = tuple(reader.symbols.parameter(*number).text for number in numbers)
        request = Request(found, numbers, names, self._rate, tuple(self._steps), self.close_up.isChecked(),
                          self.plane.aspect(), reader.session.running)  # fmt: skip
        self._lookout.ask(partial(prospects, request))
        self._look.start()

    def _take(self) -> None:
        """Show the newest that has been worked out."""
        seen = self._lookout.take()
        if isinstance(seen, Prospect):
            self._show(seen)
        elif seen is not None:
            self._tell(tr("The loss is no finite number here: there is no slope to follow."))
        if not self._lookout.busy:
            self._look.stop()

    # --- what is shown -----------------------------------------------------------------------------

    def _show(self, prospect: Prospect) -> None:
        request, seen = prospect.request, prospect.seen
        names = request.names
        if isinstance(seen, Slice):
            self.plot.show_slice(seen, prospect.trail, names[0], prospect.other)
            landing = words.landing_on_curve(seen, names[0], frozen=request.frozen)
        else:
            self.plane.show_plane(seen, prospect.trail, (names[0], names[1]), prospect.other)
            landing = words.landing_on_plane(seen, names)
        self._shown = prospect
        self._tell(landing, words.step_of_all(prospect.step), words.handed_over(names, prospect.sgd, prospect.adam))
        self._show_key()

    def _tell(self, landing: str, whole: str = "", others: str = "") -> None:
        """Say these, and draw nothing where there is nothing to be said of it."""
        if not whole:
            self._shown = None
            self.plot.clear_slice()
            self.plane.clear_plane()
            self.key.set_entries(())
        self._landing.setText(landing)
        self._whole.setText(whole)
        self._others.setText(others)
        for plot in (self.plot, self.plane):
            plot.setAccessibleDescription(f"{landing} {whole}".strip())

    def _show_key(self) -> None:
        if self._shown is None:
            return
        now, seen, request = themes.current(), self._shown.seen, self._shown.request
        entries = [Entry(tr("now"), "hollow", now.text)]
        if isinstance(seen, Plane):
            entries += [Entry(tr("the step"), "line", now.accent), Entry(tr("downhill"), "dashes", now.gradient)]
        else:
            entries += [Entry(tr("the step"), "marker", now.accent, "triangle_down"),
                        Entry(tr("tangent"), "dashes", now.gradient)]  # fmt: skip
        entries.append(Entry(_OTHER[request.other], "hollow", now.text, "diamond"))
        if len(self._shown.trail) > 1:
            entries.append(Entry(tr("before"), "marker", now.muted))
        if not np.isfinite(seen.heights).all():
            entries.append(Entry(tr("no finite number"), "marker", now.chip, "square"))
        self.key.set_entries(entries)

    def _say_reading(self, numbers: tuple[float, ...] | None) -> None:
        """Where the pointer, or the arrow keys, have come to."""
        self._below.setCurrentWidget(self.key if numbers is None else self._read)
        if numbers is not None and self._shown is not None:
            self._read.setText(words.reading(self._shown.request.names, numbers))

    # --- events ------------------------------------------------------------------------------------

    def end_work(self) -> None:
        """End the thread; of no use afterwards."""
        self._wait.stop()
        self._look.stop()
        self._lookout.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again."""
        super().showEvent(event)
        self._resize_type()
        self._later()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is worked out for nobody."""
        super().hideEvent(event)
        self._wait.stop()
        self._look.stop()
        self._lookout.drop()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self._rate_words.setText(tr("Try η ="))
        self.rate.setAccessibleName(tr("Learning rate η to try"))
        self.usual.setText(tr("As in training"))
        self.close_up.setText(tr("Close up"))
        self.close_up.setToolTip(tr("No more of the loss than the step needs"))
        self.plot.setAccessibleName(tr("Loss along one weight"))
        self.plane.setAccessibleName(tr("Loss over two weights"))
        self.choice.retranslate()
        self._later()

    def restyle(self) -> None:
        """The theme has changed."""
        self.plot.themed()
        self.plane.themed()
        self._show_key()


def _column(*parts: QWidget | QLayout) -> QVBoxLayout:
    """These below each other, the last but for a fixed one taking what is left."""
    column = QVBoxLayout()
    column.setSpacing(GRID)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return column
