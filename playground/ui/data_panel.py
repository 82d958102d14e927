"""The data: experiments as small pictures of their real points, and how much, how noisy, how split and how scaled.

The pictures are drawn after the window has been: they must not make its start slower.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.data.families import FAMILIES
from playground.data.table import Table
from playground.document import edits
from playground.document.catalog import DATA_FIELDS, Field
from playground.document.model import DataSpec, Document
from playground.document.presets import PRESETS
from playground.messages import UserError, message
from playground.training.plan import table_of
from playground.ui.data_slider import AmountSlider
from playground.ui.session import Session
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.card import Card
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.field_form import Editor, editor_for
from playground.ui.widgets.number_field import NumberField
from playground.ui.widgets.thumbnail import Cloud, Thumbnail, ThumbnailGroup, cloud_of

#: How many experiments a newcomer meets, and how many stand side by side where there is room.
FIRST, COLUMNS = 6, 3
#: The experiment whose data come from a file too large to be read for a picture.
LARGE = "spambase"
#: Changes of one field that follow each other faster than this are one undo step, seconds.
TOGETHER = 1.0
#: Titles too long for the two lines under a small picture.
_SHORT = {"lecture": message("The lecture")}
HIGHEST_SHARE, LEAST_RANGE = 0.95, 0.01


def envelope() -> Cloud:
    """A letter of dots, for mail that has not been read: ham its body, spam its flap."""
    across, down = np.linspace(0.0, 1.0, 9), np.linspace(0.2, 0.8, 5)[1:-1]
    body = [(x, y) for x in across for y in (0.2, 0.8)] + [(x, y) for x in (0.0, 1.0) for y in down]
    flap = [(x, 0.8 - 0.36 * (1.0 - abs(2.0 * x - 1.0))) for x in np.linspace(0.0, 1.0, 11)[1:-1]]
    places = np.array(body + flap)
    return Cloud(places, np.repeat([0, 1], [len(body), len(flap)]))


def presets_of(data: DataSpec) -> tuple[str, ...]:
    """The experiments with that kind of data, those of the same amount and split first; reads no large file."""
    found = []
    for name, preset in PRESETS.items():
        if name == LARGE or data.kind == LARGE:
            if name == data.kind:
                found.append((0, name))
            continue
        own = preset.document.data
        if own.kind != data.kind or (own.kind == "table" and (own.columns, own.rows) != (data.columns, data.rows)):
            continue
        found.append((int((own.samples, own.test_fraction) != (data.samples, data.test_fraction)), name))
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


def settings_of(data: DataSpec) -> frozenset[str]:
    """The settings that change anything for that kind of data."""
    family = FAMILIES.get(data.kind)
    own = {"samples", "noise"} if family is not None and family.sized else set()
    return frozenset(own | {"test_fraction", "seed", "scaling"})


class DataPanel(Card):
    """Thumbnails, and under *More* the settings. `preset_chosen` carries a name; whoever owns the window opens it."""

    preset_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(framed=False, parent=parent)
        self._session = session
        self._more = self._compact = False
        self._waiting = list(PRESETS)
        self._drawing = QTimer(self)
        self._drawing.setSingleShot(True)
        self._drawing.timeout.connect(self._draw_one)
        self.group = ThumbnailGroup("")
        self.tiles = {name: Thumbnail(name, "") for name in PRESETS}
        for tile in self.tiles.values():
            self.group.add(tile)
        self.group.chosen.connect(self._choose)
        self.settings = DataSettings(session)
        self.body.addWidget(self.group)
        self.body.addWidget(self.settings)
        self.body.addStretch()
        session.document_changed.connect(self._show_document)
        session.table_changed.connect(self._take_table)
        language_changed.connect(self._retranslate)
        self._retranslate()
        self.set_more(False)
        self._show_document(None, session.document)

    def set_more(self, more: bool) -> None:
        """Show all experiments and the settings, or what a newcomer needs."""
        self._more = more
        self.settings.setVisible(more and not self._compact)
        self._show_tiles()

    def set_compact(self, compact: bool) -> None:
        """Stand in one column, without the settings, where the window is narrow."""
        self._compact = compact
        self.group.set_columns(1 if compact else COLUMNS)
        self.settings.setVisible(self._more and not compact)

    def _show_tiles(self) -> None:
        chosen = self.group.choice()
        places = enumerate(self.tiles)
        self.group.offer({name for place, name in places if self._more or place < FIRST or name == chosen})

    def _choose(self, name: str) -> None:
        self.preset_chosen.emit(name)
        # Whoever was asked may have refused: what is shown is what is open.
        self._show_document(None, self._session.document)

    def _show_document(self, old: Document | None, document: Document) -> None:
        names = presets_of(document.data)
        if self.group.choice() not in names or old is None or old.data.kind != document.data.kind:
            self.group.set_choice(names[0] if names else None)
            self._show_tiles()

    def _take_table(self, table: Table) -> None:
        """Real mails have been read: their picture can be the real one now."""
        if self._session.document.data.kind == LARGE:
            self.tiles[LARGE].set_cloud(cloud_of(table))

    # --- pictures ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Once the window is there, draw the thumbnails, one at a time."""
        super().paintEvent(event)
        if self._waiting and not self._drawing.isActive():
            self._drawing.start(0)

    def _draw_one(self) -> None:
        if not self._waiting:
            return
        name = self._waiting.pop(0)
        if name == LARGE:
            if self._session.document.data.kind != LARGE or self._session.table is None:
                self.tiles[name].set_cloud(envelope())
        else:
            self.tiles[name].set_cloud(cloud_of(table_of(PRESETS[name].document.data)))
        if self._waiting:
            self._drawing.start(0)

    def _retranslate(self) -> None:
        self.set_title(tr("Data"))
        self.group.setAccessibleName(tr("Experiments"))
        for name, tile in self.tiles.items():
            tile.rename(tr(_SHORT.get(name, PRESETS[name].title)))
            tile.setToolTip(tr(PRESETS[name].summary))
            tile.setAccessibleDescription(tr(PRESETS[name].summary))


class DataSettings(QWidget):
    """A row for each setting that applies to the kind of data: amounts with a slider, the seed with its dice."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._last: tuple[str, float, object] = ("", 0.0, object())
        self.labels: dict[str, QLabel] = {}
        self.editors: dict[str, Editor] = {}
        self.sliders = {"noise": AmountSlider(), "test_fraction": AmountSlider()}
        self.dice = Chip(icon="dice")
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        self._reason.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for line, field in enumerate(DATA_FIELDS):
            self._add(field, line)
        self._grid.addWidget(self._reason, len(DATA_FIELDS), 0, 1, 3)
        for key, slider in self.sliders.items():
            slider.moved.connect(partial(self._moved, key))
        self.dice.clicked.connect(self._roll)
        session.document_changed.connect(self._follow)
        language_changed.connect(self.retranslate)
        self.retranslate()
        self.show_data(session.document.data)

    def _add(self, field: Field, line: int) -> None:
        editor = editor_for(field)
        self.labels[field.key], self.editors[field.key] = QLabel(), editor
        self._grid.addWidget(self.labels[field.key], line, 0)
        editor.value_changed.connect(partial(self._typed, field.key))
        if isinstance(editor, NumberField):
            editor.problem_changed.connect(self._say)
        if field.key in self.sliders:
            self._grid.addWidget(self.sliders[field.key], line, 1)
            editor.setFixedWidth(60)
            self._grid.addWidget(editor, line, 2)
        elif field.key == "seed":
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(editor, 1)
            row.addWidget(self.dice)
            self._grid.addLayout(row, line, 1, 1, 2)
        else:
            self._grid.addWidget(editor, line, 1, 1, 2)

    def _follow(self, old: Document, new: Document) -> None:
        if old.data is not new.data:
            self.show_data(new.data)

    def show_data(self, data: DataSpec) -> None:
        """Show the values of a document's data, and only the settings that apply to it."""
        shown = settings_of(data)
        family = FAMILIES.get(data.kind)
        for key, editor in self.editors.items():
            editor.set_value(getattr(data, key))
            for widget in (self.labels[key], editor, self.sliders.get(key)):
                if widget is not None:
                    widget.setVisible(key in shown)
        low, high = family.noise_range if family is not None else (0.0, 1.0)
        self.sliders["noise"].set_span(low, high, max(LEAST_RANGE, (high - low) / 50.0))
        self.sliders["test_fraction"].set_span(0.0, HIGHEST_SHARE, 0.05)
        for key, slider in self.sliders.items():
            slider.set_amount(getattr(data, key))

    def _moved(self, key: str, amount: float) -> None:
        self._change(key, amount, self.sliders[key].gesture)

    def _typed(self, key: str, value: Any) -> None:
        """A field has a new value; steps that follow each other quickly (the wheel) are one undo step."""
        before, when, gesture = self._last
        now = time.monotonic()
        if key != before or now - when > TOGETHER:
            gesture = object()
        self._last = (key, now, gesture)
        self._change(key, value, gesture)

    def _roll(self) -> None:
        self._change("seed", self._session.document.data.seed + 1, None)

    def _change(self, key: str, value: Any, gesture: object | None) -> None:
        label = next(field.label for field in DATA_FIELDS if field.key == key)

        def edit(document: Document) -> Document:
            return edits.set_data(document, **{key: value})

        try:
            edit(self._session.document)
        except UserError as error:
            self._say(tr(error.message))
            return
        self._say("")
        self._session.edit(message("change {setting}", setting=label), edit, gesture)

    def _say(self, reason: str) -> None:
        """Say why a value was not taken."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))

    def retranslate(self) -> None:
        """Say all words in the language of the window."""
        for field in DATA_FIELDS:
            self.labels[field.key].setText(tr(field.label))
            self.labels[field.key].setToolTip(tr(field.help))
            slider = self.sliders.get(field.key)
            if slider is not None:
                slider.setAccessibleName(tr(field.label))
                slider.setToolTip(tr(field.help))
        self.dice.rename(tr("Other data: the next seed"))
