"""The form of the training settings: every setting of the catalog stands on it, those that do not apply are hidden."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from watching import Reader

from playground.document import edits
from playground.document.catalog import TRAINING_FIELDS
from playground.document.model import TrainingSpec
from playground.ui.training_form import TrainingForm


@pytest.fixture
def form(xor: Reader, qtbot: QtBot) -> TrainingForm:
    made = TrainingForm(xor.session)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(form: TrainingForm) -> set[str]:
    return {key for part in form.forms for key in sorted(part.keys()) if part.editor(key).isVisible()}


def test_that_every_training_setting_has_its_place(form: TrainingForm) -> None:
    keys = form.forms[0].keys() + form.forms[1].keys()
    assert sorted(keys) == sorted(field.key for field in TRAINING_FIELDS)


@pytest.mark.parametrize(
    ("training", "hidden"),
    [
        (TrainingSpec(), {"nesterov"}),
        (TrainingSpec(momentum=0.9), set()),
        (TrainingSpec("adam", momentum=0.9), {"momentum", "nesterov"}),
        (TrainingSpec("rmsprop"), {"momentum", "nesterov"}),
        (TrainingSpec("adagrad"), {"momentum", "nesterov"}),
    ],
)
def test_that_momentum_is_sgds_and_nesterov_is_momentums(
    xor: Reader, form: TrainingForm, training: TrainingSpec, hidden: set[str]
) -> None:
    changes = {"optimizer": training.optimizer, "momentum": training.momentum}
    xor.edit(lambda document: edits.set_training(document, **changes))
    assert {field.key for field in TRAINING_FIELDS} - shown(form) == hidden


def test_that_the_switch_reaches_the_document_and_comes_back(xor: Reader, form: TrainingForm) -> None:
    xor.edit(lambda document: edits.set_training(document, momentum=0.9))
    form.forms[0].editor("nesterov").click()
    assert xor.session.document.training.nesterov is True
    xor.session.undo_stack.undo()
    assert form.forms[0].editor("nesterov").value() is False
