"""The decision region in words: its title, its key, the value under the pointer, the picture described."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.ui.plots.key import Entry
from playground.ui.plots.scene import CELLS, MOST_POINTS, Scene, positive, value_level
from playground.ui.plots.words import class_text, column_text
from playground.ui.theme import themes
from playground.ui.translation import figure, tr

Outputs = NDArray[np.float32]


def title(scene: Scene | None) -> str:
    """What the plot is called: it depends on what the data ask for."""
    if scene is None or scene.table.classes:
        return tr("Decision region")
    return tr("Output") if scene.flat else tr("Fitted curve")


def names_tell(scene: Scene) -> bool:
    """Whether the names of the axes say more than x₁ and x₂ do, which everybody expects there."""
    return scene.table.columns != ("x1", "x2") or bool(scene.table.axes)


def reading(scene: Scene, outputs: Outputs | None, at: tuple[float, float], unit: bool = False) -> str:
    """Where the pointer is and what the network answers there, in the cell under it: "x₁ 0.42  x₂ −0.61 → 0.987".

    With `unit`, the outputs are those of a single unit, [cells, 1], and have no meaning beyond their value.
    """
    names = [column_text(scene.table.columns[place]) for place in scene.columns]
    places = "  ".join(f"{name} {figure(value, decimals=2)}" for name, value in zip(names, at, strict=False))
    if outputs is None:
        return places
    row, column = scene.cell(*at)
    cell = outputs[row * CELLS + column]
    if not np.isfinite(cell).all():
        return f"{places} → {tr('undefined')}"
    if unit:
        return f"{places} → {figure(float(cell[0]), decimals=3)}"
    if len(scene.table.classes) > 2:
        best = int(cell.argmax())
        return f"{places} → {class_text(scene.table, best)} {figure(float(cell[best]), decimals=3)}"
    return f"{places} → {figure(float(positive(scene.table, cell)), decimals=3)}"


def description(scene: Scene, outputs: Outputs | None, unit: bool = False) -> str:
    """The picture for whoever cannot see it: its axes and how much of it is given to what; `unit` as for `reading`."""
    said = [tr("Axes: {names}.", names=", ".join(scene.names))]
    if outputs is not None and not np.isfinite(outputs).any():
        said.append(tr("The output is undefined."))
    elif outputs is not None:
        values = positive(scene.table, outputs)
        if len(scene.table.classes) == 2 and not unit:
            share = figure(float((values > 0.5).mean()), percent=True)
            said.append(tr("{share} of the area is given to “{name}”.", share=share, name=class_text(scene.table, 1)))
        elif not scene.table.classes or unit:
            low, high = figure(float(np.nanmin(values))), figure(float(np.nanmax(values)))
            said.append(tr("The output goes from {low} to {high}.", low=low, high=high))
    return " ".join([*said, tr("Arrow keys read single places.")])


def entries(scene: Scene, train: int, test: int, outside: int, unit: bool = False) -> list[Entry]:
    """The key for so many training points and so many test points, some of them outside of the picture.

    The picture of a single `unit` has a scale of its own.
    """
    theme, table = themes.current(), scene.table
    found = []
    for index in range(len(table.classes)):
        mark = theme.classes[index % len(theme.classes)]
        found.append(Entry(class_text(table, index), "marker", mark.color, mark.marker))
    if not table.classes and scene.flat:
        level = 1.0 if unit else value_level(table)
        span = tr("{low} to {high}", low=figure(-level, decimals=2), high=figure(level, decimals=2))
        found.append(Entry(span, "scale"))
        found.append(Entry(tr("train"), "hollow", theme.text, "circle"))
    elif not table.classes:
        found.append(Entry(tr("output"), "line", theme.accent))
        found.append(Entry(column_text(table.target), "marker", theme.text))
    if test:
        marker = "square" if table.classes else "diamond" if scene.flat else "circle"
        found.append(Entry(tr("test"), "hollow", theme.text, marker))
    if train + test > MOST_POINTS:
        found.append(Entry(tr("{most} of {rows} points", most=figure(MOST_POINTS), rows=figure(train + test)), "none"))
    if outside:
        found.append(Entry(tr("{count} outside", count=figure(outside)), "none"))
    return found
