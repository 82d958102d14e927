"""The settings of training that a newcomer does not need, as a form built from the catalog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from playground.document import edits
from playground.document.catalog import TRAINING_FIELDS
from playground.document.model import Document
from playground.messages import Message, message
from playground.ui.session import Session
from playground.ui.theme import GRID
from playground.ui.translation import tr
from playground.ui.widgets.card import Card
from playground.ui.widgets.field_form import FieldForm

_FIELDS = {field.key: field for field in TRAINING_FIELDS}
#: From this width on both columns have room.
_SIDE_BY_SIDE = 420
#: How they stand side by side: what the optimizer does, and how far and how fast the run goes.
_COLUMNS = (
    ("optimizer", "learning_rate", "momentum", "nesterov", "batch_size", "l1", "l2"),
    ("epochs", "pace", "target_loss", "shuffle", "seed"),
)


class TrainingForm(Card):
    """Every training setting; each change is one undo step and the weights stay."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(framed=False, parent=parent)
        self._session = session
        self.forms = [FieldForm(_FIELDS[key] for key in column) for column in _COLUMNS]
        self._columns = columns = QHBoxLayout()
        columns.setSpacing(6 * GRID)
        for form in self.forms:
            form.changed.connect(self._set)
            form.setMaximumWidth(360)
            columns.addWidget(form, 1000, Qt.AlignmentFlag.AlignTop)
        columns.addStretch(1)
        self.body.addLayout(columns)
        self.body.addStretch(1)
        session.document_changed.connect(self._follow)
        self._show(session.document)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below each other where there is no room side by side."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def retranslate(self) -> None:
        """Say the title in the language of the window."""
        self.set_title(tr("Training"))

    def _set(self, key: str, wanted: object) -> None:
        field = _FIELDS[key]
        shown: Message | object = field.choice_label(wanted) if field.type == "choice" else wanted
        name = message("set {field} to {value}", field=field.label, value=shown)
        self._session.edit(name, lambda document: edits.set_training(document, **{key: wanted}))

    def _follow(self, old: Document, new: Document) -> None:
        if old.training is not new.training:
            self._show(new)

    def _show(self, document: Document) -> None:
        training = document.training
        hidden = set() if training.optimizer == "sgd" else {"momentum", "nesterov"}
        if not training.momentum:
            hidden.add("nesterov")
        for form, column in zip(self.forms, _COLUMNS, strict=True):
            form.set_values({key: getattr(training, key) for key in column})
            form.show_only(key for key in column if key not in hidden)
