"""The built-in kinds of data, a row each; one more needs one row here and one function that draws."""

from __future__ import annotations

from collections.abc import Mapping

from playground.data import shapes, spam
from playground.data.family import Family, centred_frame, corner_frame, drawn, fixed_frame
from playground.messages import message

_UNIT = (-1.0, 1.0)
_VALUES = fixed_frame(_UNIT, _UNIT)

_ROWS = (
    Family(
        "xor",
        message("XOR"),
        drawn(shapes.xor, centred_frame(rim=0.5)),
        noise=0.12,
        noise_range=(0.0, 0.5),
    ),
    Family(
        "xor-corners",
        message("XOR, four corners"),
        shapes.xor_corners,
        samples=4,
        noise=0.0,
        test_fraction=0.0,
        sized=False,
    ),
    Family(
        "gauss",
        message("Two clouds"),
        drawn(shapes.gauss, centred_frame(rim=0.5)),
        noise=0.15,
        noise_range=(0.0, 0.5),
    ),
    Family(
        "circle",
        message("Circle"),
        drawn(shapes.circle, centred_frame(rim=0.85)),
        noise=0.05,
        noise_range=(0.0, 0.3),
        scaling="standardise",
    ),
    Family(
        "moons",
        message("Two moons"),
        drawn(shapes.moons, centred_frame(rim=1.5 / shapes.MOON_UNIT, grain=1.0 / shapes.MOON_UNIT)),
        noise=0.15,
        noise_range=(0.0, 0.5),
        scaling="standardise",
    ),
    Family(
        "spiral",
        message("Spiral"),
        drawn(shapes.spiral, centred_frame(rim=0.9)),
        noise=0.02,
        noise_range=(0.0, 0.2),
        scaling="standardise",
    ),
    Family(
        "spam-linear",
        message("Spam, separable"),
        drawn(spam.separable, corner_frame(rim=6.0, edge=9.0), classes=spam.CLASSES, axes=spam.PICTURE_AXES),
        samples=400,
        noise=0.8,
        noise_range=(0.0, 2.0),
        scaling="standardise",
    ),
    Family(
        "spam-nonlinear",
        message("Spam, not separable"),
        drawn(spam.not_separable, corner_frame(rim=8.5, edge=10.0), classes=spam.CLASSES, axes=spam.PICTURE_AXES),
        noise=0.4,
        noise_range=(0.0, 2.0),
        scaling="standardise",
    ),
    Family(
        "spambase",
        message("Spam, real mail"),
        spam.spambase,
        samples=4601,
        noise=0.0,
        test_fraction=0.25,
        scaling="standardise",
        sized=False,
    ),
    Family(
        "checkerboard",
        message("Checkerboard"),
        drawn(shapes.checkerboard, centred_frame(rim=1.0)),
        samples=1000,
        noise=0.0,
        noise_range=(0.0, 0.2),
        scaling="standardise",
    ),
    Family(
        "three-classes",
        message("Three classes"),
        drawn(shapes.three_classes, centred_frame(rim=0.55), classes=("0", "1", "2")),
        noise=0.15,
        noise_range=(0.0, 0.5),
    ),
    Family(
        "plane",
        message("A plane to fit"),
        drawn(shapes.plane, _VALUES, classes=()),
        noise=0.05,
        noise_range=(0.0, 0.5),
    ),
    Family(
        "bumps",
        message("Hills and hollows to fit"),
        drawn(shapes.bumps, _VALUES, classes=()),
        noise=0.05,
        noise_range=(0.0, 0.5),
    ),
    Family(
        "sine",
        message("A wave to fit"),
        drawn(shapes.sine, fixed_frame(_UNIT, (-1.5, 1.5)), columns=("x1",), classes=()),
        samples=200,
        noise=0.1,
        noise_range=(0.0, 0.5),
    ),
)

#: Every built-in kind by its name in a project, in the order in which the window offers them.
FAMILIES: Mapping[str, Family] = {family.name: family for family in _ROWS}
