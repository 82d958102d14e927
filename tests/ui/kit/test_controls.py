"""Switches, buttons, segments, thumbnails: by mouse, by keyboard alone, by name, and in both themes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.data.families import FAMILIES
from playground.ui.theme import DARK, LIGHT, TARGET, apply
from playground.ui.widgets.card import Card
from playground.ui.widgets.chip import Chip, PrimaryButton, TextButton
from playground.ui.widgets.choice import DropDown, TickBox
from playground.ui.widgets.figure import Figure
from playground.ui.widgets.motion import duration, set_reduced_motion
from playground.ui.widgets.segmented import Segmented
from playground.ui.widgets.switch import Switch
from playground.ui.widgets.thumbnail import Cloud, Thumbnail, ThumbnailGroup, cloud_of

KEYS = [Qt.Key.Key_Space, Qt.Key.Key_Return]


@pytest.fixture(autouse=True)
def light(qapp):
    apply(qapp, LIGHT)


@pytest.fixture
def put(qtbot):
    """Put controls into a shown window that has the focus."""

    def placed(*widgets):
        window = QWidget()
        qtbot.addWidget(window)
        row = QHBoxLayout(window)
        for widget in widgets:
            row.addWidget(widget)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        windows.append(window)
        return window

    windows = []  # a window that nobody holds is gone at once
    yield placed
    windows.clear()


def picture(widget):
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def all_controls():
    down = DropDown()
    down.addItem("tanh")
    return [
        Chip("Step"),
        Chip("Seed", icon="dice", arrow=True),
        Chip(icon="undo", name="Undo"),
        PrimaryButton("Train", icon="play"),
        TextButton("More", arrow=True),
        Switch("Activations", size="large"),
        Switch("Bias", size="small"),
        TickBox("x₁"),
        down,
        Thumbnail("xor", "XOR"),
    ]


def test_that_every_control_is_large_enough_named_and_shows_its_focus(put, qtbot):
    controls = all_controls()
    put(*controls)
    for control in controls:
        assert min(control.width(), control.height()) >= TARGET, control
        name = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
        assert len(name) > 1, control
        control.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(control.hasFocus)
        focused = picture(control)
        control.clearFocus()
        assert (picture(control) != focused).any(), control


def test_that_every_control_follows_the_theme_and_shows_that_it_is_disabled(put, qapp):
    controls = all_controls()
    put(*controls)
    light = [picture(control) for control in controls]
    apply(qapp, DARK)
    for control, before in zip(controls, light, strict=True):
        after = picture(control)
        assert (after != before).any(), control
        control.setEnabled(False)
        assert (picture(control) != after).any(), control


@pytest.mark.parametrize("key", KEYS)
def test_that_a_focused_button_keeps_the_key_that_starts_the_training(put, qtbot, key):
    chip, elsewhere = Chip("Reset"), Chip("Step")
    window = put(chip, elsewhere)
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    started = []
    QShortcut(QKeySequence(key), window).activated.connect(lambda: started.append(True))
    if key == Qt.Key.Key_Return:
        chip.setAutoDefault(True)
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(chip.clicked):
        qtbot.keyClick(chip, key)
    assert started == []
    window.setFocus()
    qtbot.keyClick(window, key)
    assert started == [True]


def test_that_a_click_on_a_button_leaves_the_keyboard_where_it_was(put, qtbot):
    chip, canvas = Chip("Reset"), QWidget()
    canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    put(chip, canvas)
    canvas.setFocus()
    with qtbot.waitSignal(chip.clicked):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert canvas.hasFocus()


def test_that_words_of_a_button_may_change_without_a_jump(put):
    chip = PrimaryButton("Train", icon="play")
    chip.reserve(["Train", "Pause training"])
    put(chip)
    before = chip.sizeHint()
    chip.setText("Pause training")
    chip.set_icon("pause")
    assert chip.sizeHint() == before
    chip.setText("Train")
    assert chip.sizeHint() == before


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("size", ["small", "normal", "large"])
def test_that_a_switch_is_switched_by_keyboard_and_says_so(put, qtbot, key, size):
    switch = Switch("Activations", size=size)
    put(switch)
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(switch.toggled):
        qtbot.keyClick(switch, key)
    state = QAccessible.queryAccessibleInterface(switch).state()
    assert (switch.isChecked(), bool(state.checkable), bool(state.checked)) == (True, True, True)
    qtbot.waitUntil(lambda: switch.position() == 1.0, timeout=1000)


def test_that_the_words_of_a_switch_switch_too(put, qtbot):
    switch = Switch("Activations", size="large")
    put(switch)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(4, switch.height() // 2))
    assert switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() - 10, switch.height() // 2))
    assert not switch.isChecked()


def test_that_reduced_motion_moves_nothing(put):
    assert 0 < duration(1000) < 200
    set_reduced_motion(True)
    try:
        switch = Switch("Activations")
        put(switch)
        switch.setChecked(True)
        assert switch.position() == 1.0
        assert duration() == 0
    finally:
        set_reduced_motion(False)


def test_that_a_figure_keeps_its_place_whatever_it_shows(put):
    figure = Figure("Train loss", widest="0.0000")
    put(figure)
    widths = set()
    for text in ("–", "0.0007", "1.1111", "0.0524"):
        figure.set_text(text)
        widths.add(figure.sizeHint().width())
        assert figure.accessibleName() == f"Train loss {text}"
    assert len(widths) == 1
    figure.set_text("1,204,000.0")
    wide = figure.sizeHint().width()
    figure.set_text("1")
    assert figure.sizeHint().width() == wide > widths.pop()


def segments():
    return Segmented("View", [("drawing", "Drawing"), ("neurons", "Neurons"), ("operations", "Operations")])


def test_that_segments_are_exclusive_and_tell_only_of_the_users_choice(put, qtbot):
    control = segments()
    put(control)
    with qtbot.assertNotEmitted(control.chosen):
        control.set_choice("neurons")
    assert [control.segment(key).isChecked() for key in ("drawing", "neurons", "operations")] == [False, True, False]
    with qtbot.waitSignal(control.chosen) as said:
        qtbot.mouseClick(control.segment("operations"), Qt.MouseButton.LeftButton)
    assert said.args == ["operations"]
    with qtbot.assertNotEmitted(control.chosen):
        qtbot.mouseClick(control.segment("operations"), Qt.MouseButton.LeftButton)
    assert control.segment("operations").isChecked()
    with pytest.raises(KeyError):
        control.set_choice("nothing")


def test_that_segments_are_one_stop_for_tab_and_arrows_move_within(put, qtbot):
    before, control, after = Chip("before"), segments(), Chip("after")
    window = put(before, control, after)
    before.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert control.segment("drawing").hasFocus()
    told = []
    control.chosen.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(window.focusWidget(), key)
    assert told == ["neurons", "operations", "drawing", "operations", "drawing", "operations"]
    assert control.segment("operations").hasFocus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert after.hasFocus()
    qtbot.keyClick(after, Qt.Key.Key_Backtab)
    assert control.segment("operations").hasFocus()


def test_that_a_segment_that_cannot_be_had_is_skipped(put, qtbot):
    control = segments()
    put(control)
    control.set_available("neurons", False)
    control.segment("drawing").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(control.segment("drawing"), Qt.Key.Key_Right)
    assert control.choice() == "operations"


@pytest.fixture
def group(put):
    made = ThumbnailGroup("Data", columns=3)
    places = np.random.default_rng(0).random((40, 2))
    for key in ("xor", "circle", "spiral", "moons", "gauss"):
        made.add(Thumbnail(key, key.title(), Cloud(places, (places[:, 0] > 0.5).astype(np.int64))))
    put(made)
    return made


def test_that_one_thumbnail_is_chosen_by_mouse(group, qtbot):
    group.set_choice("xor")
    with qtbot.waitSignal(group.chosen) as said:
        qtbot.mouseClick(group.tiles()[2], Qt.MouseButton.LeftButton)
    assert said.args == ["spiral"]
    assert [tile.isChecked() for tile in group.tiles()] == [False, False, True, False, False]
    with qtbot.assertNotEmitted(group.chosen):
        group.set_choice(None)
    assert group.choice() is None


def test_that_arrows_walk_through_the_thumbnails(group, qtbot):
    tiles = group.tiles()
    group.set_choice("xor")
    tiles[0].setFocus(Qt.FocusReason.TabFocusReason)
    told = []
    group.chosen.connect(told.append)
    here = tiles[0]
    for key in ("Left", "Right", "Down", "Down", "Up", "End", "Home"):
        qtbot.keyClick(here, getattr(Qt.Key, f"Key_{key}"))
        here = next(tile for tile in tiles if tile.hasFocus())
    assert told == ["circle", "gauss", "circle", "gauss", "xor"]


def test_that_thumbnails_that_are_not_offered_leave_no_gap_and_no_arrow_finds_them(group, qtbot):
    tiles = group.tiles()
    group.offer({"xor", "moons", "gauss"})
    qtbot.waitUntil(lambda: len({tile.y() for tile in tiles if tile.isVisible()}) == 1)
    assert [tile.key for tile in sorted(tiles, key=lambda tile: tile.x()) if tile.isVisible()] == [
        "xor",
        "moons",
        "gauss",
    ]
    group.set_choice("xor")
    tiles[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(tiles[0], Qt.Key.Key_Right)
    assert group.choice() == "moons"
    group.offer({tile.key for tile in tiles})
    qtbot.waitUntil(lambda: len({tile.y() for tile in tiles}) == 2)
    assert all(tile.isVisible() for tile in tiles)


def test_that_thumbnails_carry_the_classes_in_both_colours(group):
    image = picture(group.tiles()[0])[:, :, :3].reshape(-1, 3)
    colours = {tuple(row) for row in image.tolist()}
    for color in (LIGHT.negative, LIGHT.positive):
        assert color.getRgb()[:3] in colours


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_that_every_family_can_be_drawn_small(name):
    family = FAMILIES[name]
    cloud = cloud_of(family.make(family.samples, family.noise, 0))
    assert cloud.places.shape == (len(cloud.classes), 2)
    assert len(cloud.classes) <= 72
    assert np.isfinite(cloud.places).all()
    assert cloud.places.min() >= 0.0
    assert cloud.places.max() <= 1.0
    assert len(np.unique(cloud.classes)) >= 2
    assert np.ptp(cloud.places, axis=0).min() > 0.2


def test_that_a_card_shows_its_title_and_holds_its_body(qtbot, qapp):
    card = Card("Decision region")
    qtbot.addWidget(card)
    assert isinstance(card.body, QVBoxLayout)
    card.body.addWidget(Chip("Restore the best"))
    card.header.addWidget(TextButton("log"))
    card.resize(240, 120)
    card.show()
    middle = picture(card)[-20, card.width() // 2]
    assert tuple(middle.tolist()[:3]) == LIGHT.surface.getRgb()[:3]
    apply(qapp, DARK)
    middle = picture(card)[-20, card.width() // 2]
    assert tuple(middle.tolist()[:3]) == DARK.surface.getRgb()[:3]
    card.set_title("결정 영역")
    assert (card.title(), card.accessibleName()) == ("결정 영역", "결정 영역")
