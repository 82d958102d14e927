"""The settings of training that a newcomer does not need, as a form built from the catalog."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.document import edits
from playground.document.catalog import TRAINING_FIELDS
from playground.document.model import Document
from playground.messages import Message, message
from playground.ui.session import Session
from playground.ui.translation import tr
from playground.ui.widgets.card import Card
from playground.ui.widgets.field_form import FieldForm


class TrainingForm(Card):
    """Every training setting; each change is one undo step and the weights stay."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(framed=False, parent=parent)
        self._session = session
        self.form = FieldForm(TRAINING_FIELDS)
        self.form.changed.connect(self._set)
        holder = QVBoxLayout()
        holder.addWidget(self.form)
        holder.addStretch(1)
        self.body.addLayout(holder)
        session.document_changed.connect(self._show)
        self._show(session.document, session.document)

    def retranslate(self) -> None:
        """Say the title in the language of the window."""
        self.set_title(tr("Training"))

    def _set(self, key: str, wanted: object) -> None:
        field = next(field for field in TRAINING_FIELDS if field.key == key)
        shown: Message | object = field.choice_label(wanted) if field.type == "choice" else wanted
        name = message("set {field} to {value}", field=field.label, value=shown)
        self._session.edit(name, lambda document: edits.set_training(document, **{key: wanted}))

    def _show(self, old: Document, new: Document) -> None:
        training = new.training
        self.form.set_values({field.key: getattr(training, field.key) for field in TRAINING_FIELDS})
        hidden = set() if training.optimizer == "sgd" else {"momentum"}
        self.form.show_only(field.key for field in TRAINING_FIELDS if field.key not in hidden)
