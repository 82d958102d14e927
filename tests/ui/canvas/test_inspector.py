"""The inspector: fields of the catalog, named edits, shapes in and out, problems with their remedies."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from playground.document import edits
from playground.document.model import Document, Network, Node
from playground.document.problem import Problem, Remedy
from playground.messages import message
from playground.ui.inspector import Inspector, flow_text
from playground.ui.problem_row import ProblemList


@pytest.fixture
def inspector(hand, qtbot):
    inspector = Inspector(hand.session)
    qtbot.addWidget(inspector)
    inspector.resize(300, 600)
    inspector.show()
    inspector.activateWindow()
    return inspector


def type_into(field, text):
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_that_a_typed_number_is_one_edit_with_a_name(hand, inspector):
    hand.session.select(["h1"])
    assert inspector.title() == "Dense 4"
    assert inspector.form.keys()[:3] == ("units", "bias", "init")
    type_into(inspector.form.editor("units"), "8")
    assert hand.node("h1").fields["units"] == 8
    assert hand.session.undo_stack.undoText() == "set Units to 8"
    assert inspector.title() == "Dense 8"
    hand.session.undo_stack.undo()
    assert inspector.form.editor("units").value() == 4


def test_that_steps_of_one_number_are_one_undo_step_and_another_field_is_another(hand, inspector):
    hand.session.select(["h1"])
    field = inspector.form.editor("units")
    field.setFocus()
    for _ in range(5):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert hand.node("h1").fields["units"] == 9
    assert hand.session.undo_stack.count() == 1
    inspector.form.editor("bias").click()
    assert hand.session.undo_stack.count() == 2
    assert hand.session.undo_stack.undoText() == "set Bias to off"
    hand.session.undo_stack.undo()
    hand.session.undo_stack.undo()
    assert hand.node("h1").fields == {"units": 4}


def test_that_the_form_stays_while_its_values_change_so_that_the_focus_stays(hand, inspector):
    hand.session.select(["h1"])
    form = inspector.form
    type_into(form.editor("units"), "5")
    assert inspector.form is form
    hand.session.select(["out"])
    assert inspector.form is form
    assert form.editor("units").value() == 1


def test_that_several_of_a_kind_are_set_together_in_one_step(hand, inspector):
    hand.session.select(["h1", "out"])
    type_into(inspector.form.editor("units"), "3")
    assert hand.node("h1").fields["units"] == hand.node("out").fields["units"] == 3
    assert hand.session.undo_stack.count() == 1
    hand.session.select(["h1", "a1"])
    assert inspector.form is None


def test_that_a_choice_and_a_name_are_set(hand, inspector):
    hand.session.select(["a1"])
    choice = inspector.form.editor("function")
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    assert hand.node("a1").fields["function"] == "relu"
    assert hand.session.undo_stack.undoText() == "set Function to ReLU"
    type_into(inspector.name, "bend")
    assert hand.node("a1").name == "bend"
    assert inspector.title() == "bend"
    type_into(inspector.name, " ")
    assert hand.node("a1").name is None


def test_that_the_input_offers_the_features_of_the_table(hand, inspector):
    hand.session.select(["in"])
    assert "x1^2" in inspector.form.editor("features").available()
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "in", "features", ("x1", "odd")))
    assert "odd" in inspector.form.editor("features").available()


def test_that_shapes_and_parameters_are_told(hand):
    document = hand.session.document
    assert flow_text(document, hand.node("h1")) == "takes 2 values · gives 4 values · 8 weights and 4 biases"
    assert flow_text(document, hand.node("in")) == "gives 2 values"
    assert flow_text(document, hand.node("loss")) == "takes 1 value"


def test_that_problems_are_listed_in_full_with_buttons_that_mend(hand, inspector):
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "out", "units", 3))
    hand.session.select(["out"])
    (row,) = inspector.problem_rows()
    assert row.words.text() == str(hand.session.problems[0].message)
    row.button.click()
    assert hand.node("out").fields["units"] == 1
    assert inspector.problem_rows() == []


def test_that_a_problem_that_says_the_same_is_mended_by_the_edit_of_this_moment(hand, inspector):
    def problem(units):
        mend = Remedy(message("Mend"), lambda document: edits.set_field(document, "h1", "units", units))
        return Problem("h1", message("Too many."), remedy=mend)

    shown = ProblemList(hand.session, inspector)
    for units in (5, 6):
        shown.show_problems([problem(units)])
        (row,) = shown.rows()
    row.button.click()
    assert hand.node("h1").fields["units"] == 6


def test_that_nothing_selected_shows_the_network(hand, inspector):
    assert inspector.title() == "Network"
    assert inspector.form is None
    hand.session.select(["h1"])
    hand.session.select([])
    assert inspector.title() == "Network"


def test_that_an_unknown_kind_has_no_fields_and_says_what_it_is(open_canvas, qtbot):
    hand = open_canvas(Document(network=Network((Node("x", "warp", {"power": 3}),))))
    hand.settle()
    inspector = Inspector(hand.session)
    qtbot.addWidget(inspector)
    hand.session.select(["x"])
    assert inspector.form is None
    assert "warp" in inspector.title()


def test_that_enter_on_the_canvas_leads_here_and_esc_back(hand, inspector, qtbot):
    hand.view.inspect_wanted.connect(lambda: inspector.setFocus())
    hand.session.select(["h1"])
    hand.view.inspect_wanted.emit()
    assert QApplication.focusWidget() is inspector.form.editor("units")
    with qtbot.waitSignal(inspector.left):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


def test_that_a_change_while_a_value_is_refused_leaves_the_document_alone(hand, inspector):
    hand.session.select(["h1"])
    document = hand.session.document
    type_into(inspector.form.editor("units"), "none")
    assert hand.session.document is document
    assert inspector.form.reason("units")


def test_that_tab_goes_from_the_name_through_the_settings_to_the_remedies(open_canvas, small, qtbot):
    hand = open_canvas(small)
    hand.settle()
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    inspector, beside = Inspector(hand.session), QLineEdit()
    row.addWidget(inspector)
    row.addWidget(beside)
    window.show()
    hand.session.edit(message("wrong"), lambda document: edits.set_field(document, "out", "units", 3))
    hand.session.select(["out"])
    QApplication.processEvents()
    passed, at = [], inspector.name
    while at is not beside and len(passed) < 50:
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.isVisible():
            passed.append(at)
        at = at.nextInFocusChain()
    form = inspector.form
    editors = list(map(form.editor, form.keys()))
    assert passed == [inspector.name, *editors, inspector.problem_rows()[0].button]


def test_that_one_of_something_is_said_in_the_singular(hand, inspector):
    hand.session.edit(message("small"), lambda document: edits.set_field(document, "in", "features", ("x1",)))
    hand.session.edit(message("small"), lambda document: edits.set_field(document, "h1", "units", 1))
    document = hand.session.document
    assert flow_text(document, hand.node("h1")) == "takes 1 value · gives 1 value · 1 weight and 1 bias"
    hand.session.select(())
    assert "1 → 1 → 1, 4 parameters" in inspector._flow.text()
