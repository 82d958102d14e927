"""Places of the region plot read one by one, by pointer or keys, and training points picked there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QLabel

from playground.data.table import Dataset, Table
from playground.ui.plots.region_view import RegionView
from playground.ui.plots.region_words import reading
from playground.ui.plots.scene import CELLS, Scene, nearest_row, placed

#: How near to a point's middle a click takes it, logical pixels.
PICKED = 12.0


class Probing:
    """A part of `RegionPlot`."""

    view: RegionView
    row_picked: SignalInstance
    _scene: Scene | None
    _data: Table | Dataset | None
    _at: tuple[float, float] | None
    _reading: QLabel
    #: Whether somebody is asked for a value: none is told here meanwhile.
    covered = False

    def _shown(self) -> tuple[NDArray[np.float32] | None, bool]:
        """What the picture is of, [cells, outputs], and whether that is a single unit."""
        raise NotImplementedError

    def _point(self, at: tuple[float, float] | None) -> None:
        self._at = at
        self.view.show_probe(None)
        self._say_reading()

    def _pick(self, at: tuple[float, float] | None) -> None:
        """Tell which training point is there; a click must hit it, Enter takes the nearest."""
        by_key, at = at is None, at or self._at
        if at is None or self._scene is None or not isinstance(self._data, Dataset):
            return
        area = self.view.area()
        found = nearest_row(self._scene, self._data, at, (area.width(), area.height()))
        if found is not None and (by_key or found[1] <= PICKED):
            self.row_picked.emit(found[0])

    def mark_row(self, row: int | None) -> None:
        """Put a ring around a training point; None takes it away."""
        scene, data = self._scene, self._data
        if row is None or scene is None or not isinstance(data, Dataset) or row >= len(data.train):
            self.view.show_probe(None)
            return
        place = placed(scene, data.train[[row]])[0]
        self.view.show_probe((float(place[0]), float(place[1])))

    def _key_moved(self, right: int, up: int) -> None:
        """Move the probe cell by cell."""
        scene = self._scene
        if scene is None:
            return
        if right == up == 0:
            self._point(None)
            return
        width, height = scene.horizontal[1] - scene.horizontal[0], scene.vertical[1] - scene.vertical[0]
        x, y = self._at or (scene.horizontal[0] + width / 2, scene.vertical[0] + height / 2)
        x = min(max(x + right * width / CELLS, scene.horizontal[0]), scene.horizontal[1])
        y = min(max(y + up * height / CELLS, scene.vertical[0]), scene.vertical[1])
        self._at = x, y
        self.view.show_probe((x, y))
        self._say_reading()

    def set_covered(self, covered: bool) -> None:
        """Tell no value, or tell them again."""
        self.covered = covered
        self._say_reading()

    def _say_reading(self) -> None:
        scene, at = self._scene, self._at
        outputs, unit = self._shown()
        outputs = None if self.covered else outputs
        said = reading(scene, outputs, at, unit) if scene is not None and at is not None else ""
        self._reading.setText(said)
        self._reading.setToolTip(said)
