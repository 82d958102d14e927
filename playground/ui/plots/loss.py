"""The loss after every epoch, on the training and on the test rows: what falls, and what turns."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.data.table import Array
from playground.training.snapshot import Snapshot
from playground.ui.plots.key import Entry, Key
from playground.ui.plots.loss_view import LossView
from playground.ui.session import Session
from playground.ui.theme import caption_font, themes, title_font
from playground.ui.translation import figure, language_changed, tr
from playground.ui.widgets.chip import Chip


class LossPlot(QWidget):
    """Title, key and the switch to a logarithmic axis; the curves; the losses in words."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._place: int | None = None
        self.view = LossView()
        self.key = Key()
        self.log_chip = Chip()
        self._title, self._reading = QLabel(), QLabel()
        self._lay_out()
        self.log_chip.setCheckable(True)
        self.log_chip.toggled.connect(self._set_logarithmic)
        self.view.pointed.connect(self._point)
        self.view.key_moved.connect(self._key_moved)
        session.document_changed.connect(self._forget)
        session.frame.connect(self.show_snapshot)
        session.reading.connect(self._show_reading)
        session.running_changed.connect(self.view.set_live)
        themes.changed.connect(self._recolour)
        language_changed.connect(self._retranslate)
        self._retranslate()
        if session.snapshot is not None:
            self.show_snapshot(session.snapshot)

    def _lay_out(self) -> None:
        self._title.setFont(title_font())
        self._reading.setFont(caption_font())
        self._reading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._reading.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        header = QHBoxLayout()
        header.addWidget(self._title)
        header.addSpacing(12)
        header.addWidget(self.key, 1)
        header.addWidget(self.log_chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(header)
        column.addWidget(self.view, 1)
        column.addWidget(self._reading)

    # --- what is shown -----------------------------------------------------------------------------------------------

    @property
    def history(self) -> Array:
        """What is drawn, [3, points]."""
        return self.view.history

    def reading(self) -> str:
        """The losses in words: under the pointer, else the latest."""
        return self._reading.text()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the history of a snapshot."""
        if not self.isVisible():
            return
        fewer = snapshot.history.shape[1] < self.view.history.shape[1]
        self.view.set_history(snapshot.history)
        if fewer and self._place is not None:
            self._point(None)

    def _show_reading(self, snapshot: Snapshot) -> None:
        if self.isVisible():
            self._say_reading()
            self._show_test_entry()

    def _forget(self, *documents: object) -> None:
        """Another document was opened: until it has a run of its own there is nothing to show."""
        if self._session.snapshot is None and self.view.history.shape[1]:
            self.view.set_history(np.empty((3, 0)))
            self._point(None)
            self._show_test_entry()

    def _set_logarithmic(self, logarithmic: bool) -> None:
        self.view.set_logarithmic(logarithmic)
        self.view.show_cursor(self._place)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _point(self, at: tuple[float, float] | None) -> None:
        self._place = self.view.place_of(at[0]) if at is not None else None
        self.view.show_cursor(self._place)
        self._say_reading()

    def _key_moved(self, right: int, up: int) -> None:
        last = self.view.history.shape[1] - 1
        if right == up == 0 or last < 0:
            self._place = None
        else:
            self._place = min(last, max(0, (last if self._place is None else self._place) + right))
        self.view.show_cursor(self._place)
        self._say_reading()

    def _say_reading(self) -> None:
        history = self.view.history
        said = ""
        if history.shape[1]:
            epoch, train, test = history[:, -1 if self._place is None else self._place].tolist()
            parts = [tr("epoch {epoch}", epoch=figure(int(epoch))), tr("train {loss}", loss=figure(train))]
            if np.isfinite(test):
                parts.append(tr("test {loss}", loss=figure(test)))
            said = "  ".join(parts)
        self._reading.setText(said)
        self.view.setAccessibleDescription(said or self.view.hint.text())

    # --- words and colours -------------------------------------------------------------------------------------------

    def _show_test_entry(self) -> None:
        theme = themes.current()
        entries = [Entry(tr("train"), "line", theme.accent)]
        if not self.view.history.shape[1] or np.isfinite(self.view.history[2]).any():
            entries.append(Entry(tr("test"), "dashes", theme.forward))
        if tuple(entries) != self.key.entries:
            self.key.set_entries(entries)

    def _recolour(self) -> None:
        self._show_test_entry()
        self.view.set_history(self.view.history)
        self.view.show_cursor(self._place)

    def _retranslate(self) -> None:
        self._title.setText(tr("Loss"))
        self.log_chip.setText(tr("log"))
        self.log_chip.rename(tr("Logarithmic axis"))
        self.view.set_hint(tr("The loss after every epoch appears here while it trains."))
        self.setAccessibleName(tr("Loss"))
        self.view.setAccessibleName(tr("Loss curves"))
        self._show_test_entry()
        self._say_reading()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        if self._session.snapshot is not None:
            self.show_snapshot(self._session.snapshot)
