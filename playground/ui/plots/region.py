"""The decision region: what the network answers everywhere in the plane, and the data points it learned from.

The trainer evaluates the plane with every snapshot; this only draws. Where the data have more than two columns the
picture is a slice through the others, and says so; where they have one it is a curve.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.data.table import Array, Dataset, Indices, Table
from playground.document import catalog
from playground.messages import UserError
from playground.training.plan import Plan
from playground.training.snapshot import Snapshot
from playground.ui.plots.key import Key
from playground.ui.plots.picture import signed_colors
from playground.ui.plots.probing import Probing
from playground.ui.plots.region_view import RegionView
from playground.ui.plots.region_words import description, entries, names_tell, title
from playground.ui.plots.scene import (
    CELLS,
    MAP_SIDE,
    Scene,
    make_scene,
    picture_of,
    point_size,
    points_of,
    positive,
)
from playground.ui.plots.slice_bar import SliceBar
from playground.ui.session import Session
from playground.ui.theme import caption_font, themes, title_font
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.switch import Switch

#: Milliseconds after which a table is shown although no network came for it.
PATIENCE = 150
SPACING = 4

NO_ROWS: Indices = np.empty(0, dtype=np.int64)


class RegionPlot(Probing, QWidget):
    """Title and reading, the square plot, its key, and the choice of a slice.

    `row_picked` tells which of the training rows (counted in data order) was clicked, or is nearest where Enter was
    pressed.
    """

    row_picked = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._data: Table | Dataset | None = None
        self._scene: Scene | None = None
        self._number = 0
        self._outputs: NDArray[np.float32] | None = None
        # The unit that is asked for, and the one whose outputs are here.
        self._wanted: tuple[str, int] | None = None
        self._unit: tuple[str, int] | None = None
        self._unit_outputs: NDArray[np.float32] | None = None
        self._counts = (0, 0)
        self._at: tuple[float, float] | None = None
        self.view = RegionView()
        self.key = Key()
        self.slice_bar = SliceBar()
        self.test_switch = Switch(size="small")
        self._title, self._reading = QLabel(), QLabel()
        self._header, self._footer = QHBoxLayout(), QHBoxLayout()
        self._lay_out()
        self._bare = QTimer(self)
        self._bare.setSingleShot(True)
        self._bare.setInterval(PATIENCE)
        self._bare.timeout.connect(self._show_bare)
        self.test_switch.setChecked(True)
        self.test_switch.toggled.connect(self._show_points)
        self.slice_bar.changed.connect(self._rebuild)
        self.view.pointed.connect(self._point)
        self.view.key_moved.connect(self._key_moved)
        self.view.picked.connect(self._pick)
        session.table_changed.connect(self._await_plan)
        session.plan_changed.connect(self.show_plan)
        session.frame.connect(self.show_snapshot)
        session.reading.connect(self._show_reading)
        session.running_changed.connect(self.view.set_live)
        themes.changed.connect(self._recolour)
        language_changed.connect(self._retranslate)
        self._retranslate()
        if session.plan is not None:
            self.show_plan(session.plan)

    def _lay_out(self) -> None:
        self._title.setFont(title_font())
        self._reading.setFont(caption_font())
        self._reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._reading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._header.addWidget(self._title)
        self._header.addWidget(self._reading, 1)
        self._footer.addWidget(self.key, 1)
        self._footer.addWidget(self.test_switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addLayout(self._header)
        column.addWidget(self.view, 1)
        column.addLayout(self._footer)
        column.addWidget(self.slice_bar)

    # --- what is shown -----------------------------------------------------------------------------------------------

    @property
    def scene(self) -> Scene | None:
        """The part of the input space that is shown."""
        return self._scene

    def reading(self) -> str:
        """The value under the pointer in words, empty where there is none."""
        return self._reading.text()

    def show_plan(self, plan: Plan) -> None:
        """Show the data of a plan, and have the trainer evaluate its plane."""
        self._bare.stop()
        before = self._data
        self._data = plan.dataset
        if isinstance(before, Dataset) and self._scene is not None and _same_plane(before, plan.dataset):
            if not np.array_equal(before.train, plan.dataset.train):
                self._show_points()
            return
        self._rebuild()

    def _await_plan(self, table: Table) -> None:
        """A network for these rows comes in a moment; if none does, they are shown alone."""
        self._bare.start()

    def _show_bare(self) -> None:
        """No network fits the table: show its points alone."""
        table = self._session.table
        if table is not None:
            self._data = table
            self._rebuild()

    def _rebuild(self) -> None:
        """Make the scene anew, from the data or from another choice of columns."""
        if self._data is None:
            return
        table = self._data.table if isinstance(self._data, Dataset) else self._data
        self.slice_bar.offer(table)
        try:
            self._scene = make_scene(self._data, self.slice_bar.columns(), self.slice_bar.held())
            plane, coarse = self._planes()
        except UserError as error:
            self._session.noticed.emit(error.message)
            return
        self._outputs = None
        self._take_unit(None, None)
        self._number = self._session.set_plane(plane, coarse) if plane is not None else 0
        self._show_scene()

    def _planes(self) -> tuple[Array | None, Array | None]:
        """The rows to be evaluated for the picture, and for the maps of single units."""
        scene, data = self._scene, self._data
        if scene is None or not isinstance(data, Dataset):
            return None, None
        return scene.inputs(data), scene.inputs(data, MAP_SIDE) if scene.flat else None

    def show_unit(self, node: str | None, unit: int = 0) -> None:
        """Show the output of one unit of a node large, in place of the network's; None: the network's again.

        It is there with the next snapshot; until then, and where there is no such unit, what is shown stays.
        """
        wanted = None if node is None else (node, unit)
        if wanted != self._wanted:
            self._wanted = wanted
            self._session.show_unit(wanted)
            if wanted is None:
                self._take_unit(None, None)
                self._show_outputs()

    def _take_unit(self, unit: tuple[str, int] | None, outputs: NDArray[np.float32] | None) -> None:
        before, self._unit = self._unit, unit
        self._unit_outputs = outputs
        if unit != before:
            self._say_title()
            self._say_reading()
            self._say_key()

    def _show_scene(self) -> None:
        scene = self._scene
        if scene is None:
            return
        names = scene.names if names_tell(scene) else ("", "")
        self.view.set_frame(scene.horizontal, scene.vertical, names)
        self._fit()
        self._show_points()
        self._show_outputs()
        self._say_title()
        self._say_reading()

    def _show_points(self) -> None:
        scene, theme = self._scene, themes.current()
        if scene is None:
            return
        rows = len(scene.table.features)
        train, test = np.arange(rows), NO_ROWS
        if isinstance(self._data, Dataset):
            train, test = self._data.train, self._data.test
        shown = test if self.test_switch.isChecked() else NO_ROWS
        self.view.set_points(points_of(scene, train, shown, theme), point_size(len(train) + len(shown)))
        self.test_switch.setVisible(len(test) > 0)
        self._counts = len(train), len(shown)
        self._say_key()

    def _say_key(self) -> None:
        if self._scene is not None:
            self.key.set_entries(entries(self._scene, *self._counts, self.view.outside, self._unit is not None))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the plane of a snapshot, if it is the one that was asked for."""
        if snapshot.plane is None or snapshot.plane_number != self._number or self._scene is None:
            return
        before = self._outputs, self._unit_outputs
        self._outputs = snapshot.plane
        if self._wanted is None or snapshot.unit is None:
            self._take_unit(None, None)
        elif snapshot.unit_of == self._wanted:
            self._take_unit(self._wanted, snapshot.unit)
        # While a large network trains, not every snapshot has new pictures.
        renewed = self._outputs is not before[0] or self._unit_outputs is not before[1]
        if self.isVisible() and renewed:
            self._show_outputs()

    def _show_reading(self, snapshot: Snapshot) -> None:
        if self.isVisible():
            self._say_reading()
            if not snapshot.running:
                self._describe()

    def _show_outputs(self) -> None:
        scene, theme = self._scene, themes.current()
        outputs, unit = self._shown()
        self.view.set_curve(None, None)
        if scene is None or outputs is None:
            self.view.set_picture(None, None)
            return
        if scene.flat:
            grid = outputs.reshape(CELLS, CELLS, -1)
            colors, pieces = (signed_colors(grid[:, :, 0], theme), None) if unit else picture_of(scene, outputs, theme)
            self.view.set_picture(colors, pieces, undefined=not np.isfinite(outputs).any())
            return
        values = positive(scene.table, outputs).astype(np.float64)
        finite = np.isfinite(values)
        self.view.set_picture(None, None, undefined=not finite.any())
        self.view.set_curve(scene.along[finite], values[finite])

    def _shown(self) -> tuple[NDArray[np.float32] | None, bool]:
        """What the picture is of, [cells, outputs], and whether that is a single unit."""
        return (self._outputs, False) if self._unit_outputs is None else (self._unit_outputs[:, None], True)

    # --- words and colours -------------------------------------------------------------------------------------------

    def _say_title(self) -> None:
        said = title(self._scene) if self._unit is None else self._unit_title(*self._unit)
        self._title.setText(said)
        self.setAccessibleName(said)
        self.view.setAccessibleName(said)
        self._describe()

    def _unit_title(self, node: str, unit: int) -> str:
        plan = self._session.plan
        named = {one.id: one for one in plan.document.network.nodes} if plan is not None else {}
        called = tr(catalog.title(named[node])) if node in named else node
        return tr("{node}, unit {number}", node=called, number=unit + 1)

    def _describe(self) -> None:
        """The picture in words, for whoever cannot see it."""
        said = description(self._scene, *self._shown()) if self._scene is not None else ""
        self.view.setAccessibleDescription(said)

    def _recolour(self) -> None:
        self._show_scene()
        self.key.update()

    def _retranslate(self) -> None:
        self.test_switch.setText(tr("Test points"))
        self.slice_bar.retranslate()
        if self._scene is not None and self._data is not None:
            self._scene = make_scene(self._data, self.slice_bar.columns(), self.slice_bar.held())
        self._show_scene()
        self._say_title()
        self._say_reading()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the plot be no taller than it is wide, so that its key stays beside it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        side = max(self.view.minimumHeight(), self.view.height_for(self.width()))
        parts = [self._header.sizeHint(), self._footer.sizeHint()]
        if not self.slice_bar.isHidden():
            parts.append(self.slice_bar.sizeHint())
        around = sum(part.height() + SPACING for part in parts)
        self.view.setMaximumHeight(side)
        self.setMaximumHeight(side + around)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self._show_outputs()


def _same_plane(before: Dataset, after: Dataset) -> bool:
    """Whether the inputs of the plane are still the same numbers."""
    return (
        before.table is after.table
        and before.features == after.features
        and np.array_equal(before.scaling.offset, after.scaling.offset)
        and np.array_equal(before.scaling.scale, after.scaling.scale)
        and (len(before.table.columns) <= 2 or np.array_equal(before.train, after.train))
    )
