"""The form built from the catalog, the lists and ticks on it, and the notice at the bottom of the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS
from playground.ui.theme import LIGHT, apply
from playground.ui.widgets.choice import FeatureList, TickBox
from playground.ui.widgets.field_form import FieldForm
from playground.ui.widgets.toast import Toast


@pytest.fixture
def form_of(qtbot, qapp):
    apply(qapp, LIGHT)

    def made(fields) -> FieldForm:
        form = FieldForm(fields)
        qtbot.addWidget(form)
        with qtbot.waitActive(form):
            form.show()
            form.activateWindow()
        return form

    return made


@pytest.mark.parametrize(
    "fields",
    [TRAINING_FIELDS, DATA_FIELDS, *(kind.fields for kind in NODE_KINDS.values() if kind.fields)],
)
def test_that_a_form_shows_every_field_with_its_default_and_a_name(form_of, fields):
    form = form_of(fields)
    assert form.keys() == tuple(field.key for field in fields)
    assert form.values() == {field.key: field.default for field in fields}
    for field in fields:
        assert form.editor(field.key).accessibleName() == str(field.label)
        assert form.editor(field.key).height() >= 24


def test_that_values_from_elsewhere_are_shown_in_silence(form_of, qtbot):
    form = form_of(TRAINING_FIELDS)
    with qtbot.assertNotEmitted(form.changed):
        form.set_values({"optimizer": "adam", "learning_rate": 0.003, "shuffle": False, "pace": None})
    values = form.values()
    assert (values["optimizer"], values["learning_rate"], values["shuffle"], values["pace"]) == (
        "adam", 0.003, False, None,
    )  # fmt: skip
    assert values["batch_size"] == 10
    assert form.editor("learning_rate").text() == "0.003"
    assert form.editor("optimizer").currentText() == "Adam"


def test_that_each_kind_of_control_tells_its_key_and_value(form_of, qtbot):
    form = form_of(NODE_KINDS["dense"].fields)
    told = []
    form.changed.connect(lambda key, value: told.append((key, value)))
    units = form.editor("units")
    units.setFocus()
    units.selectAll()
    qtbot.keyClicks(units, "8")
    qtbot.keyClick(units, Qt.Key.Key_Return)
    qtbot.keyClick(form.editor("bias"), Qt.Key.Key_Space)
    form.editor("init").setFocus()
    qtbot.keyClick(form.editor("init"), Qt.Key.Key_Down)
    assert told == [("units", 8), ("bias", False), ("init", "glorot_normal")]


def test_that_a_bad_text_is_explained_under_its_field(form_of, qtbot):
    form = form_of(NODE_KINDS["dense"].fields)
    units = form.editor("units")
    units.setText("0")
    with qtbot.assertNotEmitted(form.changed):
        units.commit()
    assert form.reason("units") == "Units is 0; it must be a whole number from 1 to 1024."
    form.set_values({"units": 4})
    assert form.reason("units") == ""


def test_that_fields_which_do_not_apply_are_hidden(form_of):
    form = form_of(TRAINING_FIELDS)
    form.show_only(["optimizer", "learning_rate"])
    assert form.editor("optimizer").isVisible()
    assert not form.editor("momentum").isVisible()
    form.show_only(form.keys())
    assert form.editor("momentum").isVisible()


@pytest.fixture
def features(form_of):
    form = form_of(NODE_KINDS["input"].fields)
    form.set_available("features", ["x1", "x2", "x1^2", "x1*x2"])
    editor = form.editor("features")
    assert isinstance(editor, FeatureList)
    return form


def ticks(form):
    return {box.text(): box for box in form.findChildren(TickBox) if not box.isHidden()}


def test_that_features_are_ticked_in_the_order_of_the_list(features, qtbot):
    told = []
    features.changed.connect(lambda key, value: told.append((key, value)))
    assert list(ticks(features)) == ["x₁", "x₂", "x₁²", "x₁·x₂"]
    qtbot.keyClick(ticks(features)["x₁·x₂"], Qt.Key.Key_Space)
    qtbot.mouseClick(ticks(features)["x₁"], Qt.MouseButton.LeftButton)
    assert told == [("features", ("x1", "x2", "x1*x2")), ("features", ("x2", "x1*x2"))]


def test_that_the_last_feature_stays_and_the_form_says_why(features, qtbot):
    features.set_values({"features": ["x1^2"]})
    with qtbot.assertNotEmitted(features.changed):
        qtbot.keyClick(ticks(features)["x₁²"], Qt.Key.Key_Space)
    assert ticks(features)["x₁²"].isChecked()
    assert features.reason("features") == "The network needs at least one feature."


def test_that_a_chosen_column_which_is_gone_can_be_taken_away(features):
    features.set_values({"features": ["words", "x1"]})
    assert "words" in ticks(features)
    assert ticks(features)["words"].isChecked()


@pytest.fixture
def window(qtbot, qapp):
    apply(qapp, LIGHT)
    made = QWidget()
    made.resize(900, 600)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_that_a_notice_lies_at_the_bottom_and_stays_there(window):
    toast = Toast(window)
    toast.say("Saved.", mood="ok")
    for width, height in ((900, 600), (500, 400)):
        window.resize(width, height)
        inside = toast.geometry()
        assert window.rect().contains(inside)
        assert abs(inside.center().x() - window.width() // 2) <= 1
        assert 40 < window.height() - inside.bottom() < 80, "above the buttons of the canvas"
    assert (toast.text(), toast.accessibleName(), toast.mood()) == ("Saved.", "Saved.", "ok")


def test_that_a_long_sentence_wraps_instead_of_leaving_the_window(window):
    window.resize(420, 400)
    toast = Toast(window)
    toast.say("Dense 4 gives 4 values, Dense 2 expects 3. Set it to 4. " * 2, mood="warn", action="Set it to 4")
    assert window.rect().contains(toast.geometry())
    assert toast.height() > 44


def test_that_the_action_is_done_once_by_keyboard_and_the_notice_goes(window, qtbot):
    done = []
    toast = Toast(window)
    toast.say("Training diverged.", mood="error", action="Set 0.003", on_action=lambda: done.append(True))
    button = toast._action
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert done == [True]
    assert not toast.isVisible()


def test_that_a_notice_goes_by_itself_but_an_error_waits(window):
    toast = Toast(window)
    toast.say("Saved.")
    assert toast._timer.isActive()
    toast._timer.timeout.emit()
    assert not toast.isVisible()
    toast.say("The file could not be written.", mood="error")
    assert not toast._timer.isActive()
    toast.dismiss()


def test_that_escape_closes_a_focused_notice(window, qtbot):
    toast = Toast(window)
    toast.say("Saved.", action="Show")
    toast._action.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(toast._action, Qt.Key.Key_Escape)
    assert not toast.isVisible()
