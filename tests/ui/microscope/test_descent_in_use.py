"""The descent page in use: a surface that is read and chosen by pointer and keys, and that keeps up with the reader."""

from __future__ import annotations

import numpy as np
import pytest
from descending import descent_page, settled, surface
from looking import Looker, stack
from PySide6.QtCore import Qt

from playground.engine.derivation import place_of
from playground.ui.microscope.descent_page import DescentPage
from playground.ui.microscope.prospect import Request, prospects
from playground.ui.theme import themes
from playground.ui.translation import set_language

W1, W3 = ("P.weight", (0, 0)), ("Q.weight", (0, 0))


# --- reading and keys -------------------------------------------------------------------------------


def test_that_the_pointer_reads_true_heights(descent: DescentPage, looker: Looker) -> None:
    plane = surface(descent, looker)
    got: list[tuple[float, float, float]] = []
    descent.plane.read.connect(got.append)
    descent.plane.pointed.emit((1.5, 1.7))
    w1, w3, height = got[-1]
    assert height == pytest.approx(0.5 * (w3 * (w1 + 2.0) - 5.0) ** 2)
    assert abs(w1 - 1.5) <= plane.places[0][1] - plane.places[0][0]
    assert descent._read.text().startswith("w₁ = 1.")
    assert descent._below.currentWidget() is descent._read
    descent.plane.pointed.emit(None)
    assert descent._below.currentWidget() is descent.key


def test_that_a_surface_is_read_in_its_own_names_until_that_of_another_network_is_there(
    descent: DescentPage, looker: Looker
) -> None:
    surface(descent, looker)
    said: list[str] = []

    def read() -> None:
        descent.plane.read.emit((1.0, 2.0, 3.0))
        said.append(descent._read.text())

    looker.reader.pass_changed.connect(read)
    looker.open(stack(1, 3))
    looker.begin()
    assert said
    assert all(text.startswith("w₁ = 1") for text in said)
    settled(descent, looker)


def test_that_what_is_read_stays_there_when_the_surface_gets_finer(descent: DescentPage, looker: Looker) -> None:
    plane = surface(descent, looker)
    coarse = type(plane)(
        plane.numbers, plane.at, plane.height, plane.slopes, tuple(line[::8] for line in plane.places),
        plane.heights[::8, ::8], plane.lands, plane.lands_height,
    )  # fmt: skip
    got: list[tuple[float, float, float]] = []
    descent.plane.show_plane(coarse, np.empty((0, 2)), ("a", "b"))
    descent.plane.read.connect(got.append)
    descent.plane.pointed.emit((1.5, 1.7))
    descent.plane.show_plane(plane, np.empty((0, 2)), ("a", "b"))
    assert len(got) == 2
    assert got[1] == pytest.approx(got[0])


def test_that_everything_can_be_done_with_the_keyboard(descent: DescentPage, looker: Looker, qtbot) -> None:
    descent.activateWindow()
    settled(descent, looker)
    one = descent.choice.count.segment("one")
    one.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(one, Qt.Key.Key_Right)
    settled(descent, looker)
    assert descent.choice.numbers == (W1, W3)
    qtbot.keyClick(descent.choice.second, Qt.Key.Key_Up)
    settled(descent, looker)
    assert descent.choice.numbers == (W1, ("P.weight", (1, 0)))
    qtbot.keyClick(descent.choice.first, Qt.Key.Key_End)
    settled(descent, looker)
    assert descent.choice.numbers[0] == W3
    got: list[object] = []
    descent.plane.read.connect(got.append)
    before = descent.plane._found.at
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(descent.plane, key)
    across, up = descent.plane._found.places
    right, above, height = got[-1]
    assert right - before[0] == pytest.approx(across[1] - across[0], abs=across[1] - across[0])
    assert above - before[1] == pytest.approx(2.0 * (up[1] - up[0]), abs=up[1] - up[0])
    assert np.isfinite(height)
    qtbot.keyClick(descent.plane, Qt.Key.Key_Escape)
    assert got[-1] is None


def test_that_the_curve_is_read_along_its_one_number(descent: DescentPage, looker: Looker, qtbot) -> None:
    settled(descent, looker)
    got: list[object] = []
    descent.plot.read.connect(got.append)
    qtbot.keyClick(descent.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    w1, height = got[-1]
    assert w1 < 2.0
    assert height == pytest.approx(0.5 * (2.0 * (w1 + 2.0) - 5.0) ** 2)
    assert descent._read.text().startswith("w₁ = 1.")


# --- keeping up -------------------------------------------------------------------------------------


def test_that_only_the_last_that_was_asked_for_is_shown(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    shown = []
    show = descent.plane.show_plane
    descent.plane.show_plane = lambda *given: (shown.append(given[0]), show(*given))
    for rate in (0.02, 0.03, 0.05):
        descent._rate = rate
        descent._ask()
    settled(descent, looker)
    assert {plane.lands for plane in shown} == {shown[-1].lands}
    assert shown[-1].lands == pytest.approx((2.0 - 0.05 * 6.0, 2.0 - 0.05 * 12.0))


def test_that_leaving_drops_the_work_and_coming_back_begins_it_anew(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    descent._ask()
    descent.hide()
    assert not descent._lookout.busy
    assert not descent._look.isActive()
    looker.reader.choose(*W3)
    looker.begin((1,))
    assert not descent._wait.isActive()
    descent.show()
    plane = surface(descent, looker)
    assert plane.numbers[0] == W3
    w3, w1 = np.meshgrid(*plane.places)
    np.testing.assert_allclose(plane.heights, 0.5 * (w3 * (2.0 * w1 + 1.0) - 4.0) ** 2, rtol=1e-12, atol=1e-12)


def test_that_the_thread_is_joined_at_the_end(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    thread = descent._lookout._thread
    assert thread is not None
    assert thread.is_alive()
    descent._ask()
    descent.end_work()
    assert not thread.is_alive()


def test_that_it_speaks_the_language_and_wears_the_theme(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    light = descent.plane.picture.colors.copy()
    set_language("ko")
    descent.retranslate()
    settled(descent, looker)
    assert "기울기는 w₁ 방향 6" in descent._landing.text()
    assert descent.choice.count.segment("two").text() == "가중치 둘"
    assert "내리막" in [entry.text for entry in descent.key.entries]
    themes.choose("dark")
    descent.restyle()
    now = themes.current()
    assert descent.plane.backgroundBrush().color() == now.surface
    assert descent.plane.step.opts["pen"].color() == now.accent
    assert (descent.plane.picture.colors != light).all()
    assert now.text in [entry.color for entry in descent.key.entries]


def test_that_while_it_trains_a_surface_comes_in_one_piece_and_afterwards_it_is_fine(looker: Looker) -> None:
    looker.open(stack(1, 3, batch_size=10, pace=20.0))
    found = looker.begin()
    numbers = (("h1.weight", (0, 0)), ("h1.weight", (1, 0)))
    seen = list(prospects(Request(found, numbers, live=True), lambda: False))
    assert len(seen) == 1
    assert seen[0].seen.heights.shape in ((17, 17), (33, 33))
    with descent_page(looker) as page:
        start = surface(page, looker).at
        shown = []
        show = page.plane.show_plane
        page.plane.show_plane = lambda *given: (shown.append(given[0]), show(*given))
        looker.session.train()
        looker.until(lambda: len({plane.at for plane in shown} - {start}) >= 2)
        assert {plane.heights.shape for plane in shown if plane.at != start} <= {(17, 17), (33, 33)}
        looker.session.pause()
        looker.settle()
        assert surface(page, looker).heights.shape == (65, 65)
        weights = looker.weights()
        place = place_of(found.program, page.plane._found.numbers[0])
        assert page.plane._found.at[0] == weights[place]
