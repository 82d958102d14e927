"""The built-in families: balanced, reproducible, and stable while a slider moves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data.families import FAMILIES
from playground.data.shapes import MOON_UNIT
from playground.messages import UserError

DRAWN = sorted(name for name, family in FAMILIES.items() if family.sized)
CLASSIFIED = sorted(name for name in DRAWN if FAMILIES[name].make(20, 0.1, 0).classes)


def default(name, seed=0):
    family = FAMILIES[name]
    return family.make(family.samples, family.noise, seed)


def test_that_every_kind_of_the_contract_is_there():
    names = {"xor", "xor-corners", "gauss", "circle", "moons", "spiral", "checkerboard", "spam-linear"}
    names |= {"spam-nonlinear", "three-classes", "plane", "bumps", "sine", "spambase"}
    assert names <= set(FAMILIES)
    assert all(name == family.name for name, family in FAMILIES.items())


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_that_a_table_is_complete_and_finite(name):
    table = default(name)
    rows = FAMILIES[name].samples
    assert table.features.shape == (rows, len(table.columns))
    assert table.targets.shape == (rows,)
    assert np.isfinite(table.features).all()
    assert np.isfinite(table.targets).all()
    assert table.features.flags.c_contiguous
    assert table.features.dtype == table.targets.dtype == np.float64
    assert (table.task == "regression") == (table.classes == ())
    assert len(table.axes) in (0, len(table.columns))
    if table.classes:
        assert set(np.unique(table.targets)) == set(range(len(table.classes)))


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_that_what_a_family_starts_with_lies_within_its_own_limits(name):
    family = FAMILIES[name]
    assert family.noise_range[0] <= family.noise <= family.noise_range[1]
    assert 0.0 <= family.test_fraction < 1.0
    assert family.scaling in ("none", "standardise", "min_max")


@pytest.mark.parametrize("name", CLASSIFIED)
@pytest.mark.parametrize("samples", [41, 500])
def test_that_classes_are_balanced_at_every_size(name, samples):
    counts = np.bincount(FAMILIES[name].make(samples, 0.1, 5).targets.astype(int))
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", DRAWN)
@given(seed=st.integers(0, 2**63), samples=st.integers(6, 60), more=st.integers(0, 60))
@settings(max_examples=15, deadline=None)
def test_that_more_samples_leave_the_first_ones_where_they_are(name, seed, samples, more):
    few, many = FAMILIES[name].make(samples, 0.1, seed), FAMILIES[name].make(samples + more, 0.1, seed)
    np.testing.assert_array_equal(few.features, many.features[:samples])
    np.testing.assert_array_equal(few.targets, many.targets[:samples])


@pytest.mark.parametrize("name", [name for name in DRAWN if not name.startswith("spam")])
def test_that_noise_pushes_each_point_along_a_way_of_its_own(name):
    def everything(noise):
        table = FAMILIES[name].make(50, noise, 3)
        return np.column_stack([table.features, table.targets])

    still, little, much = everything(0.0), everything(0.01), everything(0.02)
    np.testing.assert_allclose(much - still, 2 * (little - still), atol=1e-12)
    assert np.abs(little - still).max() > 0.001


@pytest.mark.parametrize("name", DRAWN)
def test_that_another_seed_gives_other_points_of_the_same_classes(name):
    first, second = FAMILIES[name].make(50, 0.1, 0), FAMILIES[name].make(50, 0.1, 1)
    assert not np.allclose(first.features, second.features)
    if first.classes:
        np.testing.assert_array_equal(first.targets, second.targets)


def test_that_xor_has_four_clouds_whose_class_is_exclusive_or():
    table = FAMILIES["xor"].make(2000, 0.12, 0)
    centres = np.sign(table.features) * 0.5
    np.testing.assert_array_equal(table.targets == 1, centres[:, 0] != centres[:, 1])
    assert (table.features - centres).std(axis=0) == pytest.approx([0.12, 0.12], rel=0.05)
    clouds = np.unique(centres, axis=0, return_counts=True)[1]
    assert len(clouds) == 4
    assert clouds.min() > 430


def test_that_the_corners_are_the_truth_table_and_a_symmetric_start_never_leaves_it():
    """Case A09: all weights 0.5, SGD at 0.5 for 1,000 epochs ends with both hidden columns at 3.50046139 and 75 %."""
    table = FAMILIES["xor-corners"].make(500, 0.3, 9)
    np.testing.assert_array_equal(table.features, [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(table.targets, [0, 1, 1, 0])
    targets = table.targets[:, None]
    hidden, output = np.full((2, 2), 0.5), np.full((2, 1), 0.5)
    hidden_bias, output_bias = np.zeros(2), np.zeros(1)
    for _ in range(1000):
        active = np.tanh(table.features @ hidden + hidden_bias)
        logits = active @ output + output_bias
        upstream = (1 / (1 + np.exp(-logits)) - targets) / 4
        back = (upstream @ output.T) * (1 - active**2)
        output -= 0.5 * active.T @ upstream
        output_bias -= 0.5 * upstream.sum(axis=0)
        hidden -= 0.5 * table.features.T @ back
        hidden_bias -= 0.5 * back.sum(axis=0)
    assert hidden == pytest.approx(np.full((2, 2), 3.50046139), abs=1e-8)
    assert ((logits > 0) == targets).mean() == 0.75


def test_that_a_circle_without_noise_is_a_disc_in_a_ring():
    table = FAMILIES["circle"].make(1000, 0.0, 0)
    radius = np.hypot(*table.features.T)
    assert radius[table.targets == 1].max() <= 0.4
    assert radius[table.targets == 0].min() >= 0.65
    assert radius.max() <= 0.9


def test_that_moons_without_noise_are_the_usual_half_circles_centred():
    table = FAMILIES["moons"].make(1000, 0.0, 0)
    usual = table.features * MOON_UNIT + [0.5, 0.25]
    upper, lower = usual[table.targets == 0], usual[table.targets == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    np.testing.assert_allclose(np.hypot(*(lower - [1.0, 0.5]).T), 1.0)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_that_a_spiral_winds_once_and_its_arms_lie_opposite():
    table = FAMILIES["spiral"].make(1000, 0.0, 0)
    first = table.targets == 0
    along = np.hypot(*table.features.T) / 0.9
    assert along.max() - along.min() == pytest.approx(0.9, abs=0.01)  # of a turn
    angle = 2 * np.pi * along + np.where(first, 0, np.pi)
    np.testing.assert_allclose(table.features, 0.9 * along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))


def test_that_a_checkerboard_has_sixteen_squares_in_turn():
    table = FAMILIES["checkerboard"].make(2000, 0.0, 0)
    cells = np.floor((table.features + 1) * 2).astype(int)
    np.testing.assert_array_equal(cells.sum(axis=1) % 2, table.targets)
    assert len(np.unique(cells, axis=0)) == 16


def test_that_regression_targets_follow_their_formula():
    plane = FAMILIES["plane"].make(100, 0.0, 0)
    np.testing.assert_allclose(plane.targets, plane.features @ [0.6, -0.3] + 0.1)
    sine = FAMILIES["sine"].make(100, 0.0, 0)
    np.testing.assert_allclose(sine.targets, np.sin(np.pi * sine.features[:, 0]))
    bumps = FAMILIES["bumps"].make(4000, 0.0, 0)
    top = bumps.features[bumps.targets.argmax()]
    assert bumps.targets.max() == pytest.approx(1.0, abs=0.05)
    assert bumps.targets.min() == pytest.approx(-1.0, abs=0.05)
    np.testing.assert_allclose(np.abs(top), 0.5, atol=0.1)
    assert top[0] * top[1] > 0


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_that_the_frame_holds_nearly_all_points_whatever_the_noise(name, share):
    low, high = FAMILIES[name].noise_range
    table = FAMILIES[name].make(2000, low + share * (high - low), 0)
    for place in range(len(table.columns)):
        left, right = table.extent[place]
        inside = (table.features[:, place] >= left) & (table.features[:, place] <= right)
        assert inside.mean() > 0.99


@pytest.mark.parametrize("name", DRAWN)
def test_that_the_frame_never_depends_on_the_points(name):
    assert FAMILIES[name].make(50, 0.1, 0).extent == FAMILIES[name].make(90, 0.1, 7).extent


@pytest.mark.parametrize("name", ["xor", "gauss", "circle", "moons", "spiral"])
def test_that_the_plane_is_shown_on_minus_one_to_one_at_first(name):
    assert default(name).extent == ((-1.0, 1.0), (-1.0, 1.0))


@pytest.mark.parametrize(
    ("samples", "noise", "words"),
    [
        (3, 0.1, "3 samples"),
        (10**9, 0.1, "1000000000"),
        (50, -0.1, "-0.1"),
        (50, math.nan, "nan"),
        (50, 1e300, "1e+300"),
    ],
)
def test_that_settings_that_make_no_data_are_refused(samples, noise, words):
    with pytest.raises(UserError) as caught:
        FAMILIES["xor"].make(samples, noise, 0)
    assert words in str(caught.value)
