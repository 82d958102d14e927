from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from experiments import preset
from PySide6.QtCore import QPoint, Qt

from playground.data.prepare import inputs, prepare
from playground.data.slice import plane
from playground.data.table import Dataset, Table
from playground.document import edits
from playground.document.model import DataSpec, Document
from playground.engine import metrics
from playground.engine.walk import Walk
from playground.messages import message
from playground.ui import theme
from playground.ui.plots.region import RegionPlot
from playground.ui.plots.scene import CELLS, MOST_POINTS, make_scene
from playground.ui.theme import DARK, LIGHT
from playground.ui.translation import set_language


@pytest.fixture
def plot(session, qtbot):
    made = RegionPlot(session)
    qtbot.addWidget(made)
    made.resize(420, 480)
    made.show()
    return made


@pytest.fixture
def shown(plot, opened, qtbot):
    """Opens a document and waits until its picture is drawn."""

    def show(document: Document) -> RegionPlot:
        opened(document)
        qtbot.waitUntil(lambda: drawn(plot), timeout=10_000)
        return plot

    return show


def drawn(plot: RegionPlot) -> bool:
    x, _ = plot.view.curve.getData()
    return plot.view.picture.colors is not None or (x is not None and len(x) > 0)


def zeros(document: Document) -> Document:
    for node in document.network.nodes:
        if node.kind == "dense":
            document = edits.set_field(document, node.id, "init", "zeros")
    return document


def hover(plot: RegionPlot, qtbot, across: float, up: float) -> str:
    """Point at shares of the plot's area, from the left and from below."""
    area = plot.view.area()
    x, y = area.left() + across * area.width(), area.bottom() - up * area.height()
    qtbot.mouseMove(plot.view.viewport(), QPoint(round(x), round(y)))
    return plot.reading()


def pixel(color) -> int:
    return 0xFF000000 | color.red() << 16 | color.green() << 8 | color.blue()


def test_that_an_undecided_network_is_the_surface_everywhere_and_has_no_line(shown):
    plot = shown(zeros(preset("xor")))
    assert plot.view.picture.colors.shape == (CELLS, CELLS)
    assert set(np.unique(plot.view.picture.colors).tolist()) == {pixel(LIGHT.surface)}
    assert plot.view.contour.pieces == 0


def test_that_a_picture_without_a_number_is_grey_and_says_so(shown, session, qtbot):
    plot = shown(preset("xor"))
    nothing = np.full_like(session.snapshot.plane, np.nan)
    with np.errstate(all="raise"):
        undefined = replace(session.snapshot, plane=nothing)
        session.frame.emit(undefined)
        session.reading.emit(undefined)
        plot.grab()
    assert set(np.unique(plot.view.picture.colors).tolist()) == {pixel(LIGHT.chip)}
    assert plot.view._undefined.isVisible()
    assert hover(plot, qtbot, 0.3, 0.6).endswith("→ undefined")
    assert "undefined" in plot.view.accessibleDescription()
    plot.show_snapshot(session.snapshot)
    assert not plot.view._undefined.isVisible()


def test_that_the_pointer_reads_what_the_network_answers_in_the_cell_below_it(shown, session, qtbot):
    plot = shown(preset("spam-linear"))
    said = hover(plot, qtbot, 0.7, 0.2)
    x, y = (float(part.split()[-1]) for part in said.split(" → ")[0].split("  "))
    low, high = plot.scene.horizontal
    cell = (high - low) / CELLS
    centre = [[low + (np.floor((value - low) / cell) + 0.5) * cell for value in (x, y)]]
    plan = session.plan
    outputs = Walk(plan.program, session.snapshot.values).forward(inputs(plan.dataset, np.array(centre)))
    wanted = metrics.probabilities(plan.meaning, outputs[plan.program.prediction])[0, 0]
    assert float(said.split(" → ")[1]) == pytest.approx(wanted, abs=6e-3)
    assert said.startswith("x₁ ")


def test_that_a_new_empty_network_shows_the_points_alone(shown, session, qtbot):
    plot = shown(preset("xor"))
    said = hover(plot, qtbot, 0.3, 0.6)
    session.open(Document())
    qtbot.waitUntil(lambda: not isinstance(plot._data, Dataset), timeout=5000)
    assert plot.view.picture.colors is None
    assert plot.view.clouds
    assert " → " in said
    assert " → " not in plot.reading()
    assert "of the area is given" not in plot.view.accessibleDescription()


def test_that_leaving_the_plot_ends_the_reading(shown, qtbot):
    plot = shown(preset("xor"))
    assert hover(plot, qtbot, 0.5, 0.5)
    plot.view.leaveEvent(None)
    assert plot.reading() == ""


def test_that_arrow_keys_read_places_too(shown, qtbot):
    plot = shown(preset("xor"))
    qtbot.keyClick(plot.view, Qt.Key.Key_Right)
    qtbot.keyClick(plot.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert plot.reading().startswith("x₁ 0.02  x₂ 0.20 → ")
    qtbot.keyClick(plot.view, Qt.Key.Key_Escape)
    assert plot.reading() == ""


@pytest.mark.parametrize("size", [(420, 480), (300, 700), (900, 300), (240, 260)])
def test_that_the_plot_is_square_in_every_room(shown, qtbot, size):
    plot = shown(preset("spam-linear"))
    plot.resize(*size)
    plot.grab()
    area = plot.view.area()
    assert area.width() == pytest.approx(area.height(), abs=1.0)
    assert area.width() > 100


def test_that_training_and_test_points_are_all_there_in_shapes_of_their_class(shown, session):
    plot = shown(preset("xor"))
    data = session.plan.dataset
    counts = {True: 0, False: 0}
    for cloud in plot.view.clouds:
        index = 0 if cloud.points.marker == "square" else 1
        rows = data.test if cloud.points.hollow else data.train
        wanted = data.table.features[rows][data.table.targets[rows] == index]
        assert np.array_equal(cloud.points.at, wanted)
        counts[cloud.points.hollow] += len(wanted)
    assert plot.view.outside == 0
    assert counts == {True: len(data.test), False: len(data.train)}


def test_that_points_beyond_the_frame_are_left_out_and_counted(shown, session):
    plot = shown(preset("spambase"))
    drawn_points = sum(len(cloud.at) for cloud in plot.view.clouds)
    assert plot.view.outside > 10
    assert drawn_points + plot.view.outside == len(session.table.features)
    assert f"{plot.view.outside} outside" in plot.key.accessibleName()


def test_that_test_points_can_be_taken_away(shown, qtbot):
    plot = shown(preset("xor"))
    assert "test" in plot.key.accessibleName()
    plot.test_switch.click()
    assert not any(cloud.points.hollow for cloud in plot.view.clouds)
    assert "test" not in plot.key.accessibleName()


def test_that_no_more_than_five_thousand_points_are_drawn_and_the_key_says_so(shown):
    plot = shown(edits.set_data(preset("xor"), samples=20_000))
    assert MOST_POINTS * 0.95 <= sum(len(cloud.points.at) for cloud in plot.view.clouds) <= MOST_POINTS
    assert "5,000 of 20,000 points" in plot.key.accessibleName()


def test_that_axes_say_what_they_mean(shown):
    plot = shown(preset("spam-linear"))
    axes = {side: plot.view.axes[side].labelText for side in ("bottom", "left")}
    assert axes == {"bottom": "promotional words per hundred", "left": "links per hundred words"}
    assert [entry.text for entry in plot.key.entries] == ["ham", "spam", "test"]


def test_that_a_plane_of_another_question_is_not_drawn(shown, session):
    plot = shown(preset("xor"))
    before = plot.view.picture.colors
    other = replace(session.snapshot, plane=session.snapshot.plane * 0, plane_number=session.snapshot.plane_number - 1)
    plot.show_snapshot(other)
    assert plot.view.picture.colors is before


def test_that_a_change_of_the_network_alone_asks_for_no_new_plane(shown, session, qtbot):
    plot = shown(preset("xor"))
    number = session.snapshot.plane_number
    plan = session.plan
    session.edit(message("off"), lambda document: edits.set_all_enabled(document, False))
    qtbot.waitUntil(lambda: session.plan is not plan and session.snapshot.plan is session.plan, timeout=5000)
    assert session.snapshot.plane_number == number
    assert plot.view.picture.colors is not None


def test_that_the_scene_holds_no_more_items_after_many_frames(shown, session):
    plot = shown(preset("xor"))
    before = len(plot.view.scene().items())
    for _ in range(300):
        plot.show_snapshot(session.snapshot)
    assert len(plot.view.scene().items()) == before


def test_that_real_mail_is_a_slice_of_chosen_columns(shown, session, qtbot):
    plot = shown(preset("spambase"))
    bar, number = plot.slice_bar, session.snapshot.plane_number
    assert bar.isVisible()
    assert plot.scene.sliced
    table, train = session.plan.dataset.table, session.plan.dataset.train
    free = [index for index in range(57) if index not in plot.scene.columns]
    assert plot.scene.held[free] == pytest.approx(table.features[train][:, free].mean(axis=0))
    bar.held_choice.set_value("row")
    bar.held_choice.value_changed.emit("row")
    bar.row_field.setText("17")
    bar.row_field.commit()
    assert np.array_equal(plot.scene.held[free], table.features[16, free])
    qtbot.waitUntil(lambda: session.snapshot.plane_number > number + 1, timeout=10_000)
    assert plot.view.picture.colors is not None


@pytest.mark.parametrize("features", [("c", "x1", "b", "x2"), ("x2", "c"), ("x1*x2", "b", "x1"), ("c",)])
@pytest.mark.parametrize("shown_columns", [("x1", "x2"), ("b", "x1")])
def test_that_the_cells_of_a_slice_are_what_transforming_and_scaling_every_one_gives(features, shown_columns):
    rows = np.random.default_rng(3).normal(size=(40, 4)) * [1.0, 5.0, 0.1, 20.0]
    columns = ("x1", "x2", "b", "c")
    table = Table(columns, rows, "t", rows[:, 0], "regression")
    dataset = prepare(table, features=features, test_fraction=0.5, seed=0, scaling="standardise", encoding="value")
    scene = make_scene(dataset, shown_columns, 7)
    every = inputs(dataset, plane(dataset, *shown_columns, 7, CELLS).raw)
    assert scene.inputs(dataset) == pytest.approx(every, abs=1e-12)


def test_that_one_column_never_lies_along_both_axes(shown, session):
    plot = shown(preset("spambase"))
    bar = plot.slice_bar
    for column in (bar.up.value(), session.table.columns[-1]):
        bar.across.set_value(column)
        bar.across.value_changed.emit(column)
        assert bar.across.value() == column
        assert bar.up.value() != column
        assert plot.scene.columns[0] == session.table.columns.index(column)


def test_that_two_columns_need_no_choice_of_a_slice(shown):
    plot = shown(preset("xor"))
    assert not plot.slice_bar.isVisible()
    assert not plot.scene.sliced


def test_that_a_value_of_two_columns_is_a_heat_map_of_fixed_levels(shown, session):
    plot = shown(preset("lecture"))
    assert plot.view.contour.pieces == 0
    assert all(cloud.points.rim is not None for cloud in plot.view.clouds)
    before = plot.view.picture.colors.copy()
    doubled = session.snapshot.plane.copy()
    doubled[0] *= 100.0
    plot.show_snapshot(replace(session.snapshot, plane=doubled))
    assert np.array_equal(plot.view.picture.colors[1:], before[1:])


def test_that_the_same_picture_is_not_drawn_again_and_another_is(shown, session):
    plot = shown(preset("xor"))
    drawn = plot.view.picture.colors
    plot.show_snapshot(replace(session.snapshot, values=session.snapshot.values + 1.0))
    assert plot.view.picture.colors is drawn
    plot.show_snapshot(replace(session.snapshot, plane=session.snapshot.plane.copy()))
    assert plot.view.picture.colors is not drawn


def test_that_a_value_of_one_column_is_a_curve_through_the_points(shown, session):
    plot = shown(preset("single-neuron"))
    x, y = plot.view.curve.getData()
    assert y == pytest.approx(-x, abs=1e-6)
    places = np.concatenate([cloud.at for cloud in plot.view.clouds])
    table = session.table
    assert {tuple(place) for place in places.tolist()} == set(
        zip(table.features[:, 0].tolist(), table.targets.tolist(), strict=True)
    )
    assert plot.view.picture.colors is None


def test_that_a_table_without_a_network_shows_its_points(plot, session, qtbot):
    data = DataSpec("circle", samples=60, noise=0.05)
    session.open(replace(Document(), data=data))
    qtbot.waitUntil(lambda: len(plot.view.clouds) > 0, timeout=5000)
    assert sum(len(cloud.at) for cloud in plot.view.clouds) == 60
    assert plot.view.picture.colors is None


def test_that_a_change_of_theme_reaches_picture_points_and_pens(shown):
    plot = shown(preset("xor"))
    light = plot.view.picture.colors.copy()
    theme.themes.choose("dark")
    assert not np.array_equal(plot.view.picture.colors, light)
    assert plot.view.clouds[0].points.color in (DARK.negative, DARK.positive)
    assert plot.view.axes["left"].textPen().color() == DARK.muted


def test_that_a_change_of_language_keeps_the_slice_and_leaves_no_name_empty(shown):
    plot = shown(preset("spambase"))
    plot.slice_bar.up.set_value("char_freq_$")
    plot.slice_bar.up.value_changed.emit("char_freq_$")
    set_language("ko")
    assert plot.slice_bar.columns()[1] == "char_freq_$"
    assert all((plot.accessibleName(), plot.view.accessibleName(), plot.test_switch.text()))
    for control in (plot.slice_bar.across, plot.slice_bar.up, plot.slice_bar.held_choice, plot.slice_bar.row_field):
        assert control.accessibleName()


def test_that_what_came_while_hidden_is_drawn_when_shown(shown, session):
    plot = shown(preset("xor"))
    before = plot.view.picture.colors
    plot.hide()
    plot.show_snapshot(replace(session.snapshot, plane=1.0 - session.snapshot.plane))
    assert plot.view.picture.colors is before
    plot.show()
    assert not np.array_equal(plot.view.picture.colors, before)


def test_that_the_line_is_where_the_network_is_undecided(shown, session, qtbot):
    plot = shown(preset("spam-linear", activations=False))
    values = session.snapshot.plane.reshape(CELLS, CELLS)
    path = plot.view.contour._path
    ends = [path.elementAt(index) for index in range(path.elementCount())]
    assert plot.view.contour.pieces > 50
    for end in itertools.islice(ends, 0, None, 7):
        row, column = plot.scene.cell(end.x, end.y)
        rows, columns = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
        assert values[rows, columns].min() <= 0.5 <= values[rows, columns].max()
