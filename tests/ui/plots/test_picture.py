from __future__ import annotations

import numpy as np
import pytest

from playground.ui.plots.picture import STRENGTH, class_colors, signed_colors
from playground.ui.theme import DARK, LIGHT, mix


def rgb(color) -> int:
    return 0xFF000000 | color.red() << 16 | color.green() << 8 | color.blue()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_the_middle_is_the_surface_and_the_ends_are_the_two_classes(theme):
    colors = signed_colors(np.array([[-1.0, 0.0, 1.0]], dtype=np.float32), theme)
    assert colors[0, 1] == rgb(theme.surface)
    for found, end in ((colors[0, 0], theme.negative), (colors[0, 2], theme.positive)):
        wanted = mix(theme.surface, end, STRENGTH)
        assert [found >> shift & 255 for shift in (16, 8, 0)] == pytest.approx(
            [wanted.red(), wanted.green(), wanted.blue()], abs=1
        )


def test_that_levels_are_fixed_whatever_else_is_in_the_picture():
    alone = signed_colors(np.array([[0.25]]), LIGHT)[0, 0]
    with np.errstate(all="raise"):
        among = signed_colors(np.array([[0.25, -0.1, 40.0, -np.inf, np.nan]]), LIGHT)[0]
    assert among[0] == alone
    assert among[2] == signed_colors(np.array([[1.0]]), LIGHT)[0, 0]


def test_that_what_is_not_a_number_has_a_colour_of_its_own():
    values = np.full((3, 3), np.nan, dtype=np.float32)
    values[1, 1] = 0.0
    with np.errstate(all="raise"):
        colors = signed_colors(values, LIGHT)
    assert colors[0, 0] == rgb(LIGHT.chip)
    assert colors[1, 1] == rgb(LIGHT.surface)


def test_that_three_classes_show_the_most_probable_one_the_stronger_the_surer():
    grid = np.array([[[1 / 3, 1 / 3, 1 / 3], [0.0, 1.0, 0.0], [0.1, 0.1, 0.8], [np.nan, 0.0, 1.0]]])
    undecided, sure, fairly, undefined = class_colors(grid, LIGHT)[0].tolist()
    assert undecided == rgb(LIGHT.surface)
    wanted = mix(LIGHT.surface, LIGHT.classes[1].color, STRENGTH)
    assert [sure >> shift & 255 for shift in (16, 8, 0)] == pytest.approx(
        [wanted.red(), wanted.green(), wanted.blue()], abs=1
    )
    assert fairly not in (undecided, sure)
    assert undefined == rgb(LIGHT.chip)
