"""The bar above everything: what the run does, its figures, and the one switch that the product is about."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from playground.document import edits
from playground.document.catalog import TRAINING_FIELDS, value
from playground.document.model import Document
from playground.messages import Message, message
from playground.training.snapshot import Snapshot
from playground.ui.session import Session
from playground.ui.theme import GRID, caption_font, themes
from playground.ui.translation import NO_FIGURE, figure, language_changed, tr
from playground.ui.widgets.chip import Chip, PrimaryButton, TextButton
from playground.ui.widgets.choice import Choice
from playground.ui.widgets.figure import Figure
from playground.ui.widgets.number_field import NumberField
from playground.ui.widgets.switch import Switch

_FIELDS = {field.key: field for field in TRAINING_FIELDS}


class Transport(QWidget):
    """Train, step, reset and seed; the figures; *Activations*; rate, optimizer and pace; *More*.

    A newcomer sees Train, accuracy and epoch, the switch and *More*. `more_toggled` tells when the rest is opened.
    """

    more_toggled = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._more = False
        self.train = PrimaryButton(icon="play")
        self.hint = QLabel()
        self.step = Chip(icon="step", arrow=True)
        self.step_batch, self.step_epoch = QAction(self), QAction(self)
        self.reset = Chip(icon="reset")
        self.seed = Chip(icon="dice")
        self.figures = {
            "epoch": Figure("", widest="10,000"),
            "updates": Figure("", widest="100,000"),
            "train_loss": Figure("", widest="0.0000"),
            "test_loss": Figure("", widest="0.0000"),
            "accuracy": Figure("", widest="100.0 %"),
        }
        self.switch = Switch(size="large")
        self.switch_words = QLabel()
        self.rate_words, self.rate = QLabel(), NumberField(_FIELDS["learning_rate"])
        self.optimizer = Choice(_FIELDS["optimizer"])
        self.full_speed = Chip()
        self.more = TextButton(arrow=True)
        self._lay_out()
        self._connect()
        self._retranslate()
        self._show_document(session.document, session.document)
        self.set_more(False)

    def _lay_out(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.step_batch)
        menu.addAction(self.step_epoch)
        self.step.setMenu(menu)
        for label in (self.hint, self.switch_words, self.rate_words):
            label.setFont(caption_font())
        self.full_speed.setCheckable(True)
        self.more.setCheckable(True)
        self.rate.setFixedWidth(72)
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, 2 * GRID)
        row.setSpacing(2 * GRID)
        left: tuple[QWidget, ...] = (self.train, self.hint, self.step, self.reset, self.seed)
        middle: tuple[QWidget, ...] = (self.switch, self.switch_words)
        right: tuple[QWidget, ...] = (self.rate_words, self.rate, self.optimizer, self.full_speed, self.more)
        for widget in left:
            row.addWidget(widget)
        row.addSpacing(3 * GRID)
        for shown in self.figures.values():
            row.addWidget(shown)
            row.addSpacing(2 * GRID)
        row.addStretch(1)
        for widget in middle:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        session = self._session
        self.train.clicked.connect(self.toggle)
        self.step_batch.triggered.connect(lambda: session.step("batch"))
        self.step_epoch.triggered.connect(lambda: session.step("epoch"))
        self.reset.clicked.connect(session.reset)
        self.seed.clicked.connect(session.new_seed)
        self.switch.clicked.connect(self.set_activations)
        self.rate.value_changed.connect(lambda rate: self._set("learning_rate", rate))
        self.optimizer.value_changed.connect(lambda name: self._set("optimizer", name))
        self.full_speed.clicked.connect(self._set_full_speed)
        self.more.clicked.connect(self._toggle_more)
        session.running_changed.connect(self._show_running)
        session.document_changed.connect(self._show_document)
        session.reading.connect(self._show_snapshot)
        language_changed.connect(self._retranslate)
        themes.changed.connect(self.update)

    # --- what the user does ------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Train, or pause."""
        if self._session.running:
            self._session.pause()
        else:
            self._session.train()

    def set_activations(self, on: bool) -> None:
        """Switch every activation on or off, as one undo step; the weights stay."""
        name = message("switch activations on") if on else message("switch activations off")
        self._session.edit(name, lambda document: edits.set_all_enabled(document, on))

    def set_more(self, is_open: bool) -> None:
        """Open or close what a newcomer does not need."""
        self._more = is_open
        self.more.setChecked(is_open)
        self._retranslate()
        self._fit()

    def _toggle_more(self, is_open: bool) -> None:
        self.set_more(is_open)
        self.more_toggled.emit(is_open)

    def _set(self, key: str, wanted: object) -> None:
        name = message("set {field} to {value}", field=_FIELDS[key].label, value=_shown(key, wanted))
        self._session.edit(name, lambda document: edits.set_training(document, **{key: wanted}))

    def _set_full_speed(self, full: bool) -> None:
        name = message("train at full speed") if full else message("train at a watchable pace")
        pace = None if full else self._watchable
        self._session.edit(name, lambda document: edits.set_training(document, pace=pace))

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _show_running(self, running: bool) -> None:
        self.train.set_icon("pause" if running else "play")
        self.train.setText(tr("Pause") if running else tr("Train"))
        self.train.setAccessibleName(self.train.text())

    def _show_document(self, old: Document, new: Document) -> None:
        activations = [node for node in new.network.nodes if node.kind == "activation"]
        on = [bool(value(node, "enabled")) for node in activations]
        self.switch.setEnabled(bool(activations))
        self.switch.setChecked(bool(on) and all(on))
        self._say_switch(on)
        self.rate.set_value(new.training.learning_rate)
        self.optimizer.set_value(new.training.optimizer)
        self.full_speed.setChecked(new.training.pace is None)
        if new.training.pace is not None:
            self._watchable = new.training.pace
        self.seed.setText(tr("Seed {seed}", seed=new.training.seed))
        if self._session.snapshot is None:
            for shown in self.figures.values():
                shown.set_text(NO_FIGURE)

    #: The pace to which "full speed" returns when it is released.
    _watchable = 20.0

    def _say_switch(self, on: list[bool]) -> None:
        if not on:
            words = tr("there are none: this is a linear model")
        elif all(on):
            words = tr("on: units can bend")
        elif not any(on):
            words = tr("off: every unit is a straight sheet")
        else:
            words = tr("some are off")
        self.switch_words.setText(words)
        self.switch.setAccessibleDescription(words)

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        figures = snapshot.figures
        regression = snapshot.plan.meaning == "value"
        accuracy = figures.train_accuracy if figures.test_accuracy is None else figures.test_accuracy
        texts = {
            "epoch": figure(snapshot.epoch),
            "updates": figure(snapshot.updates),
            "train_loss": figure(figures.train_loss),
            "test_loss": figure(figures.test_loss),
            "accuracy": figure(accuracy, percent=True),
        }
        for key, text in texts.items():
            self.figures[key].set_text(text)
        if regression == self.figures["accuracy"].isVisibleTo(self):
            self._regression = regression
            self._fit()

    _regression = False

    def _retranslate(self, _language: object = None) -> None:
        self._show_running(self._session.running)
        # Room for both words, so that nothing beside it moves.
        self.train.reserve((tr("Train"), tr("Pause")))
        self.hint.setText(tr("Space"))
        self.step.setText(tr("Step"))
        self.step_batch.setText(tr("One batch"))
        self.step_epoch.setText(tr("To the end of the epoch"))
        self.reset.setText(tr("Reset"))
        self.reset.setToolTip(tr("Back to the same initial weights"))
        self.seed.setToolTip(tr("New seed: other initial weights"))
        labels = {
            "epoch": tr("Epoch"),
            "updates": tr("Updates"),
            "train_loss": tr("Train loss"),
            "test_loss": tr("Test loss"),
            "accuracy": tr("Test accuracy"),
        }
        for key, label in labels.items():
            self.figures[key].set_label(label)
        self.switch.setText(tr("Activations"))
        self.switch.setAccessibleName(tr("Activations"))
        self.rate_words.setText(tr("Learning rate"))
        self.full_speed.setText(tr("Full speed"))
        self.full_speed.setToolTip(tr("Train as fast as the processor can; the weights are the same"))
        self.more.setText(tr("Less") if self._more else tr("More"))
        self._show_document(self._session.document, self._session.document)
        self._fit()

    # --- room --------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Show what belongs to the mode and has room: the least needed goes first where the window is narrow."""
        more = self._more
        always: list[QWidget] = [self.train, self.switch, self.more]
        wanted: list[QWidget] = (
            [
                *(self.figures["accuracy"], self.figures["epoch"], self.reset, self.step, self.rate, self.optimizer),
                *(self.figures["test_loss"], self.figures["train_loss"], self.full_speed, self.seed),
                *(self.rate_words, self.figures["updates"]),
            ]
            if more
            else [self.figures["accuracy"], self.figures["epoch"], self.switch_words, self.hint]
        )
        everything = [self.hint, self.step, self.reset, self.seed, *self.figures.values(), self.switch_words]
        everything += [self.rate_words, self.rate, self.optimizer, self.full_speed]
        room = self.width() - 11 * GRID - sum(_width(widget) for widget in always)
        shown = set()
        for widget in wanted:
            if widget is self.figures["accuracy"] and self._regression:
                continue
            room -= _width(widget)
            if room < 0:
                break
            shown.add(widget)
        for widget in everything:
            widget.setVisible(widget in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Only what is always shown needs room."""
        widths = sum(_width(widget) for widget in (self.train, self.switch, self.more))
        return QSize(widths + 8 * GRID, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar's own ground, and the line under it."""
        theme = themes.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.line)
        painter.end()


def _width(widget: QWidget) -> int:
    hint = max(widget.sizeHint().width(), widget.minimumWidth())
    return min(hint, widget.maximumWidth()) + (4 if isinstance(widget, Figure) else 2) * GRID


def _shown(key: str, wanted: object) -> object:
    label: Message | None = None
    if _FIELDS[key].type == "choice":
        label = _FIELDS[key].choice_label(wanted)
    return label if label is not None else wanted
