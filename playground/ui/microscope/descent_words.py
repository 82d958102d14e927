"""What the descent page says in words: where a step leads, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.engine.descent import FullStep, Plane, Slice
from playground.engine.exact import rounded
from playground.ui.microscope.chain_lines import brief, told_apart
from playground.ui.translation import tr

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def said(number: str) -> str:
    """A written number within a sentence: its power of ten raised, 4.854·10⁻⁵."""
    digits, power, exponent = number.partition("e")
    return f"{digits}·10{str(int(exponent.replace('−', '-'))).translate(_RAISED)}" if power else number


def landing_on_curve(along: Slice, name: str, *, frozen: bool) -> str:
    """Where the step puts the number, and what that alone does."""
    if frozen:
        return tr("{name} = {at}, slope {slope}: it is frozen, no step moves it.",
                  name=name, at=said(brief(along.at)), slope=said(brief(along.slope)))  # fmt: skip
    at, lands = told_apart(along.at, along.lands)
    height, lower = told_apart(along.height, along.lands_height)
    words = tr(
        "{name} = {at}, slope {slope}: the step leads to {lands}. Along {name} alone L goes from {height} to {lower}.",
        name=name,
        at=said(at),
        slope=said(brief(along.slope)),
        lands=said(lands),
        height=said(height),
        lower=said(lower),
    )
    return words if along.places[0] <= along.lands <= along.places[-1] else f"{words} {_outside()}"


def landing_on_plane(plane: Plane, names: Sequence[str]) -> str:
    """Where the step puts both numbers, and what these two alone do."""
    pairs = [told_apart(at, lands) for at, lands in zip(plane.at, plane.lands, strict=True)]
    height, lower = told_apart(plane.height, plane.lands_height)
    words = tr(
        "Slopes {first} along {a} and {second} along {b}: the step leads from ({at}) to ({lands}). "
        "With these two alone L goes from {height} to {lower}.",
        first=said(brief(plane.slopes[0])),
        second=said(brief(plane.slopes[1])),
        a=names[0],
        b=names[1],
        at=", ".join(said(at) for at, _ in pairs),
        lands=", ".join(said(lands) for _, lands in pairs),
        height=said(height),
        lower=said(lower),
    )
    inside = all(line[0] <= lands <= line[-1] for line, lands in zip(plane.places, plane.lands, strict=True))
    return words if inside else f"{words} {_outside()}"


def _outside() -> str:
    return tr("That is outside of the picture.")


def step_of_all(step: FullStep) -> str:
    """What the step of all weights does."""
    before, after = (said(text) for text in told_apart(step.height_before, step.height_after))
    if not np.isfinite(step.height_after):
        return tr("All weights together: L is no finite number any more. The step is far too long.")
    if step.height_after == step.height_before:
        return tr("All weights together: L stays at {before}.", before=before)
    if step.overshoots:
        return tr("All weights together: L jumps from {before} up to {after}. The step is too long.",
                  before=before, after=after)  # fmt: skip
    return tr("All weights together: L falls from {before} to {after}.", before=before, after=after)


def handed_over(names: Sequence[str], sgd: Sequence[float], adam: Sequence[float]) -> str:
    """The same gradient, used by SGD and by Adam."""
    return tr(
        "Backpropagation computes the gradient; the optimizer uses it. With the same gradient SGD moves "
        "{name} by {sgd}, Adam by {adam}.",
        name=", ".join(names),
        sgd=", ".join(said(brief(change)) for change in sgd),
        adam=", ".join(said(brief(change)) for change in adam),
    )


def reading(names: Sequence[str], numbers: Sequence[float]) -> str:
    """What is read at a place: w₁ = 1.5, w₃ = 2: L = 2.5."""
    *places, height = (said(rounded(number)) for number in numbers)
    there = ", ".join(f"{name} = {place}" for name, place in zip(names, places, strict=True))
    return f"{there}: L = {height}"
