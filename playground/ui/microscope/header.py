"""The head of the microscope: what is looked at, the stage of the pass, the pages, and which row of the batch."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QVBoxLayout, QWidget

from playground.engine.passes import Kind
from playground.ui.canvas.operations.words import short
from playground.ui.microscope.pages import PAGES
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.step_words import STAGES
from playground.ui.theme import GRID, figure_font, themes, title_font
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip, TextButton
from playground.ui.widgets.elided import Elided
from playground.ui.widgets.segmented import Segmented

#: Numbers of a point that are written out; more are counted.
MOST_NUMBERS = 4


class Header(QWidget):
    """Two lines. `page_chosen` carries the number of a page."""

    page_chosen = Signal(int)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.title, self.subject, self.row = QLabel(), Elided(), QLabel()
        self.stages = Segmented("-", [(kind, "-") for kind in STAGES])
        self.tabs = QTabBar()
        self.before, self.after, self.batch = Chip(icon="left"), Chip(icon="right"), TextButton()
        self.title.setFont(title_font())
        self.row.setFont(figure_font(13, bold=False))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        for _ in PAGES:
            self.tabs.addTab("-")
        self._lay_out()
        self.stages.chosen.connect(self._go_to_stage)
        self.tabs.currentChanged.connect(self.page_chosen)
        self.before.clicked.connect(lambda: reader.show_row(reader.row - 1))
        self.after.clicked.connect(lambda: reader.show_row(reader.row + 1))
        self.batch.clicked.connect(lambda: reader.begin())

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(3 * GRID)
        above.addWidget(self.title)
        above.addWidget(self.subject, 1)
        above.addWidget(self.stages)
        below = QHBoxLayout()
        below.setSpacing(GRID)
        below.addWidget(self.tabs, 1)
        for control in (self.batch, self.before, self.row, self.after):
            below.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(above)
        column.addLayout(below)

    def _go_to_stage(self, kind: str) -> None:
        self._reader.go_to_stage(kind)  # type: ignore[arg-type]
        self.renew()

    # --- what is shown -----------------------------------------------------------------------------

    def renew(self) -> None:
        """Show where the reader is."""
        reader, found = self._reader, self._reader.found
        self.subject.say(self._subject())
        self.stages.setEnabled(found is not None)
        self.stages.set_choice(reader.stage)
        several = found is not None and found.samples > 1
        for control in (self.before, self.row, self.after):
            control.setVisible(several)
        self.batch.setVisible(reader.rows is not None)
        if several and found is not None:
            self.row.setText(tr("row {row} of {rows}", row=reader.row + 1, rows=found.samples))
            self.before.setEnabled(reader.row > 0)
            self.after.setEnabled(reader.row + 1 < found.samples)

    def _subject(self) -> str:
        reader, found = self._reader, self._reader.found
        if found is None or reader.plan is None:
            return ""
        point, target = point_words(reader)
        if reader.alone:
            text = tr("one point: {point}, target {target}", point=point, target=target)
        elif found.samples == 1:
            text = tr("the next batch, one row: {point}, target {target}", point=point, target=target)
        else:
            text = tr(
                "the next batch of {rows} rows: {point}, target {target}",
                rows=found.samples,
                point=point,
                target=target,
            )
        if reader.session.running and reader.follows:
            return tr("In training, numbers follow. {point}", point=text)
        if reader.session.running:
            return tr("Paused while training. {point}", point=text)
        return text

    # --- language and theme ------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.title.setText(tr("Microscope"))
        self.stages.setAccessibleName(tr("Stage of the pass"))
        self.stages.set_words([(kind, tr(words)) for kind, words in STAGES.items()])
        meanings: dict[Kind, str] = {
            "forward": tr("Values flow from the inputs to the output"),
            "loss": tr("How wrong the output is, as one number"),
            "backward": tr("Gradients flow from the loss back to every weight"),
            "update": tr("Every weight moves a little against its gradient"),
        }
        for kind, meaning in meanings.items():
            self.stages.segment(kind).setToolTip(meaning)
        self.tabs.setAccessibleName(tr("Pages of the microscope"))
        for place, page in enumerate(PAGES):
            self.tabs.setTabText(place, tr(page.label))
            self.tabs.setTabToolTip(place, tr(page.meaning))
        self.before.rename(tr("Row before"))
        self.after.rename(tr("Next row"))
        self.batch.setText(tr("Next batch"))
        self.batch.setToolTip(tr("Look at the batch that training takes next"))
        self.renew()

    def restyle(self) -> None:
        """Paint in the theme of this moment."""
        for label in (self.subject, self.row):
            label.setStyleSheet(f"color: {themes.current().muted.name()};")


def point_words(reader: Reader) -> tuple[str, str]:
    """The point that is looked at, and its right answer: "x = (0.02, −0.28)", "1"."""
    found = reader.found
    assert found is not None, "the caller knows that there is a pass"
    features = [short(float(value)) for value in found.x[reader.row]]
    targets = [short(float(value)) for value in found.trace.targets[reader.row]]
    names = reader.symbols.features
    if len(features) == 1:
        point = f"{names[0]} = {features[0]}"
    elif len(features) <= MOST_NUMBERS:
        point = f"({', '.join(names)}) = ({', '.join(features)})"
    else:
        shown = ", ".join(features[: MOST_NUMBERS - 1])
        point = tr("x = ({numbers}, … {count} numbers)", numbers=shown, count=len(features))
    return point, targets[0] if len(targets) == 1 else f"({', '.join(targets)})"
