"""The region plot shows the output of a single unit large, says so, reads its values, and goes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import preset
from PySide6.QtCore import QPoint

from playground.document import edits
from playground.engine.walk import Walk
from playground.messages import message
from playground.ui import theme
from playground.ui.plots.picture import signed_colors
from playground.ui.plots.region import RegionPlot
from playground.ui.plots.scene import CELLS, MAP_SIDE
from playground.ui.theme import LIGHT


@pytest.fixture
def plot(session, qtbot):
    made = RegionPlot(session)
    qtbot.addWidget(made)
    made.resize(420, 480)
    made.show()
    return made


@pytest.fixture
def show(plot, opened, qtbot):
    """Opens an experiment and shows a unit of it, or nothing but the experiment."""

    def open_and_show(name, node=None, unit=0):
        session = opened(edits.set_training(preset(name), seed=3))
        qtbot.waitUntil(lambda: session.snapshot.plane is not None, timeout=10_000)
        if node is not None:
            plot.show_unit(node, unit)
            qtbot.waitUntil(lambda: plot._unit == (node, unit), timeout=10_000)
        return plot

    return open_and_show


def truth(session, plot, node, unit):
    """The unit's raw output in every cell, from the lowest row up, by the walk."""
    snapshot = session.snapshot
    cells = plot.scene.inputs(snapshot.plan.dataset)
    return Walk(snapshot.plan.program, snapshot.values).forward(cells)[node][:, unit]


def at(plot, qtbot, across, up):
    area = plot.view.area()
    place = QPoint(round(area.left() + across * area.width()), round(area.bottom() - up * area.height()))
    qtbot.mouseMove(plot.view.viewport(), place)
    return plot.reading()


def names(session):
    """Ids of the dense layers and activations, in their order."""
    nodes = session.document.network.nodes
    return [node.id for node in nodes if node.kind == "dense"], [node.id for node in nodes if node.kind == "activation"]


def test_that_coarse_and_fine_planes_are_the_same_slice_in_the_same_order(show, session, qtbot):
    """The lowest row comes first, and along a row x₁ rises: so the map of the input's first unit is a ramp."""
    plot = show("xor")
    session.show_maps(("in",))
    qtbot.waitUntil(lambda: "in" in session.snapshot.maps, timeout=10_000)
    first, second = session.snapshot.maps["in"].reshape(2, MAP_SIDE, MAP_SIDE)
    assert (np.diff(first, axis=1) > 0).all()
    assert (np.diff(first, axis=0) == 0).all()
    assert (np.diff(second, axis=0) > 0).all()
    fine = plot.scene.inputs(session.plan.dataset)[:, 0].reshape(CELLS, CELLS)
    # The middles of the cells: the outer ones lie half a cell within the edge.
    edges = [row[0] - (row[1] - row[0]) / 2 for row in (first[0], fine[0])]
    assert edges[0] == pytest.approx(edges[1], abs=1e-6)


@pytest.mark.parametrize("kind", [0, 1])
def test_that_a_unit_is_drawn_in_the_colours_of_a_map_with_the_points_and_no_line(show, session, kind):
    show("circle")
    node = names(session)[kind][0]
    plot = show("circle", node, 2)
    values = truth(session, plot, node, 2).reshape(CELLS, CELLS)
    wanted = signed_colors(values, LIGHT)
    channels = [np.ascontiguousarray(colors).view(np.uint8) for colors in (plot.view.picture.colors, wanted)]
    assert np.abs(np.subtract(*[channel.astype(int) for channel in channels])).max() <= 3
    assert values.min() < -0.3
    assert values.max() > 0.3
    assert plot.view.contour.pieces == 0
    assert sum(len(cloud.at) for cloud in plot.view.clouds) == len(session.table.features)


def test_that_the_title_the_reading_and_the_words_are_the_unit_s_and_go_back_with_it(show, session, qtbot):
    plot = show("circle")
    dense = names(session)[0][0]
    network = at(plot, qtbot, 0.3, 0.6)
    title, described = plot.accessibleName(), plot.view.accessibleDescription()
    colors = plot.view.picture.colors.copy()
    plot.show_unit(dense, 1)
    assert plot.accessibleName() == title, "nothing is said before it is so"
    qtbot.waitUntil(lambda: plot._unit == (dense, 1), timeout=10_000)
    assert plot.accessibleName() == plot._title.text() == "Dense 8, unit 2"
    values = truth(session, plot, dense, 1).reshape(CELLS, CELLS)
    said = float(plot.reading().rpartition(" → ")[2].replace("−", "-"))
    assert plot.reading() != network
    assert said == pytest.approx(values[60, 30], abs=0.15)
    assert "The output goes from −" in plot.view.accessibleDescription()
    assert "is given to" not in plot.view.accessibleDescription()
    plot.show_unit(None)
    assert plot.accessibleName() == title
    assert plot.reading() == network
    assert plot.view.accessibleDescription() == described
    np.testing.assert_array_equal(plot.view.picture.colors, colors)
    assert plot.view.contour.pieces > 0


def test_that_one_unit_is_never_shown_under_the_name_of_another(show, session, qtbot):
    """A snapshot made before the pointer went on still holds the unit of before."""
    plot = show("circle")
    dense = names(session)[0][0]
    plot.show_unit(dense, 0)
    qtbot.waitUntil(lambda: plot._unit == (dense, 0), timeout=10_000)
    old, colors = session.snapshot, plot.view.picture.colors.copy()
    plot.show_unit(dense, 3)
    plot.show_snapshot(old)
    assert plot._title.text().endswith("unit 1")
    np.testing.assert_array_equal(plot.view.picture.colors, colors)
    qtbot.waitUntil(lambda: plot._unit == (dense, 3), timeout=10_000)
    assert plot._title.text().endswith("unit 4")
    assert not np.array_equal(plot.view.picture.colors, colors)


@pytest.mark.parametrize("gone", ["deleted", "loss"])
def test_that_where_there_is_no_such_unit_the_network_stays_and_nothing_else_is_said(show, session, qtbot, gone):
    plot = show("circle")
    title, colors = plot._title.text(), plot.view.picture.colors.copy()
    plot.show_unit(gone, 0)
    qtbot.waitUntil(lambda: session.snapshot.unit_of == (gone, 0), timeout=10_000)
    assert plot._title.text() == title
    np.testing.assert_array_equal(plot.view.picture.colors, colors)


def test_that_a_unit_taken_away_while_it_is_shown_leaves_the_network(show, session, qtbot):
    plot = show("circle")
    dense = names(session)[0][0]
    plot.show_unit(dense, 3)
    qtbot.waitUntil(lambda: plot._unit == (dense, 3), timeout=10_000)
    session.edit(message("fewer units"), lambda document: edits.set_field(document, dense, "units", 2))
    qtbot.waitUntil(lambda: plot._unit is None, timeout=10_000)
    assert plot._title.text() == "Decision region"
    session.undo_stack.undo()
    qtbot.waitUntil(lambda: plot._unit == (dense, 3), timeout=10_000)


def test_that_a_unit_without_a_number_is_grey_and_says_so(show, session, qtbot):
    plot = show("circle")
    dense = names(session)[0][0]
    plot.show_unit(dense, 0)
    qtbot.waitUntil(lambda: plot._unit == (dense, 0), timeout=10_000)
    at(plot, qtbot, 0.5, 0.5)
    with np.errstate(all="raise"):
        undefined = replace(session.snapshot, unit=np.full_like(session.snapshot.unit, np.nan))
        session.frame.emit(undefined)
        session.reading.emit(undefined)
        plot.grab()
    assert plot.view._undefined.isVisible()
    assert plot.reading().endswith("→ undefined")
    chip = 0xFF000000 | LIGHT.chip.red() << 16 | LIGHT.chip.green() << 8 | LIGHT.chip.blue()
    assert set(np.unique(plot.view.picture.colors).tolist()) == {chip}


def test_that_zero_is_the_surface_and_what_lies_beyond_one_has_the_full_colour(show, session):
    show("circle")
    dense = names(session)[0][0]
    plot = show("circle", dense, 0)
    unit = np.zeros(CELLS * CELLS, np.float32)
    unit[0], unit[1], unit[2], unit[3] = 1.0, 70.0, -1.0, -70.0
    plot.show_snapshot(replace(session.snapshot, unit=unit))
    colors = plot.view.picture.colors.ravel()
    surface = 0xFF000000 | LIGHT.surface.red() << 16 | LIGHT.surface.green() << 8 | LIGHT.surface.blue()
    assert colors[4] == surface
    assert colors[0] == colors[1] != surface
    assert colors[2] == colors[3] != surface
    assert colors[0] != colors[2]


def test_that_on_a_line_a_unit_is_a_curve_too(show, session, qtbot):
    plot = show("single-neuron")
    dense = names(session)[0][0]
    plot.show_unit(dense, 0)
    qtbot.waitUntil(lambda: plot._unit == (dense, 0), timeout=10_000)
    _, drawn = plot.view.curve.getData()
    np.testing.assert_allclose(drawn, truth(session, plot, dense, 0), atol=1e-6)
    assert plot._title.text() == "Dense 1, unit 1"
    other = np.cos(plot.scene.along).astype(np.float32)
    plot.show_snapshot(replace(session.snapshot, unit=other))
    np.testing.assert_allclose(plot.view.curve.getData()[1], other)
    assert plot.view.picture.colors is None


def test_that_the_scale_of_a_value_is_the_unit_s_while_it_is_shown(show, session, qtbot):
    plot = show("lecture")
    network = plot.key.accessibleName()
    dense = names(session)[0][0]
    plot.show_unit(dense, 0)
    qtbot.waitUntil(lambda: plot._unit == (dense, 0), timeout=10_000)
    assert plot.key.accessibleName().startswith("−1.00 to 1.00")
    assert plot.key.accessibleName() != network
    plot.show_unit(None)
    assert plot.key.accessibleName() == network


def test_that_another_theme_and_another_plane_reach_it(show, session, qtbot):
    plot = show("spambase")
    dense = names(session)[0][0]
    plot.show_unit(dense, 0)
    qtbot.waitUntil(lambda: plot._unit == (dense, 0), timeout=10_000)
    light = plot.view.picture.colors.copy()
    theme.themes.choose("dark")
    dark = plot.view.picture.colors.copy()
    assert not np.array_equal(dark, light)
    number, column = plot._number, session.table.columns[-1]
    plot.slice_bar.up.set_value(column)
    plot.slice_bar.up.value_changed.emit(column)
    assert plot._unit is None, "of another plane nothing is known yet"
    qtbot.waitUntil(lambda: plot._number > number and plot._unit == (dense, 0), timeout=10_000)
    values = truth(session, plot, dense, 0)
    np.testing.assert_allclose(session.snapshot.unit, values, atol=1e-4)
    assert not np.array_equal(plot.view.picture.colors, dark)


def test_that_what_came_while_hidden_is_drawn_when_shown(show, session, qtbot):
    plot = show("circle")
    dense = names(session)[0][0]
    before = plot.view.picture.colors
    plot.hide()
    plot.show_unit(dense, 1)
    qtbot.waitUntil(lambda: plot._unit == (dense, 1), timeout=10_000)
    assert plot.view.picture.colors is before
    plot.show()
    assert not np.array_equal(plot.view.picture.colors, before)
