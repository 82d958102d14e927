"""What of a run is shown: snapshots, made on the trainer's thread through the engine that trains."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from playground.engine import metrics
from playground.engine.engines import make_engine
from playground.engine.health import Examination, examine
from playground.engine.passes import Pass, make_pass
from playground.engine.program import Array, Picture
from playground.engine.training_engine import one_blas_thread
from playground.training.orders import SetPlane
from playground.training.run import Run
from playground.training.snapshot import Snapshot

#: Rows that gradient and states are taken from, at most; evenly from all training rows.
EXAMINED = 1000
#: Seconds between two examinations while a run goes on, and the most that one may take.
EXAMINE_EVERY, EXAMINE_AT_MOST = 0.25, 0.02


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a snapshot has of the plane; the fields are a `Snapshot`'s."""

    plane: Picture | None = None
    plane_number: int = 0
    maps: Mapping[str, Picture] = field(default_factory=dict)
    unit: Picture | None = None
    unit_of: tuple[str, int] | None = None


class Showing:
    """What is to be shown; it keeps the last examination and the last pictures of the run that it was made for.

    Attributes:
        plane: the rows that are evaluated; `nodes` those of which every unit is, on the coarse rows, and `unit` the one
            that is on all of them.
        examining: seconds of the last snapshot that went into gradient and states, which have a measure of their own.
    """

    def __init__(self) -> None:
        self.plane: SetPlane | None = None
        self.nodes: tuple[str, ...] = ()
        self.unit: tuple[str, int] | None = None
        self.examining = 0.0
        self._by_hand = 0
        self._pictures = Pictures()
        self._pictured: Run | None = None
        self._run: Run | None = None
        self._examination: Examination | None = None
        self._examined = -math.inf
        self._too_long = False

    def snapshot(
        self,
        run: Run,
        number: int,
        *,
        running: bool,
        speed: float | None,
        steps_back: int = 0,
        pictures: bool = True,
    ) -> Snapshot:
        """A run at this moment; without `pictures` those of the snapshot before are in it, the very same arrays."""
        examination = self._examine(run, running)
        if pictures or self._pictured is not run:
            self._pictures, self._pictured = self._picture(run), run
        return Snapshot(
            run=number,
            plan=run.plan,
            running=running,
            stopped=run.stopped,
            epoch=run.state.epoch,
            updates=run.state.updates,
            figures=run.figures(),
            samples_per_second=speed if running else None,
            history=run.history.thinned(),
            plane=self._pictures.plane,
            plane_number=self._pictures.plane_number,
            values=run.state.values.copy(),
            engine=run.engine.name,
            maps=self._pictures.maps,
            unit=self._pictures.unit,
            unit_of=self._pictures.unit_of,
            gradient=examination.gradient if examination else None,
            states=examination.states if examination else (),
            steps_back=steps_back,
            by_hand=self._by_hand,
        )

    def _picture(self, run: Run) -> Pictures:
        number = self.plane.number if self.plane else 0
        return Pictures(self._evaluate_plane(run), number, dict(self._maps(run)), self._evaluate_unit(run), self.unit)

    def _fits(self, run: Run) -> SetPlane | None:
        """The plane, where its rows are as wide as the network's input."""
        width = run.plan.program.widths[run.plan.program.input]
        return self.plane if self.plane is not None and self.plane.inputs.shape[1] == width else None

    def _evaluate_plane(self, run: Run) -> Picture | None:
        plane = self._fits(run)
        if plane is None:
            return None
        outputs = run.engine.outputs(run.state.values, plane.inputs)
        with np.errstate(all="ignore"):
            return _finite(metrics.probabilities(run.plan.meaning, outputs).astype(np.float32))

    def _maps(self, run: Run) -> Iterator[tuple[str, Picture]]:
        plane, widths, nodes = self._fits(run), run.plan.program.widths, self._mapped(run)
        if plane is None or plane.coarse is None or not nodes:
            return
        pictures = _finite(run.engine.pictures(run.state.values, plane.coarse, nodes))
        done = 0
        for node in nodes:
            yield node, pictures[done : done + widths[node]]
            done += widths[node]

    def _mapped(self, run: Run) -> tuple[str, ...]:
        return tuple(node for node in self.nodes if node in run.plan.program.widths)

    def _evaluate_unit(self, run: Run) -> Picture | None:
        plane, widths = self._fits(run), run.plan.program.widths
        if plane is None or self.unit is None or self.unit[1] >= widths.get(self.unit[0], 0):
            return None
        node, unit = self.unit
        # Compiled code is there for the maps; for other buffers it would have to be made first, in a tenth of a second.
        mapped = self._mapped(run)
        nodes = mapped if node in mapped else (node,)
        first = sum(widths[name] for name in nodes[: nodes.index(node)])
        return _finite(run.engine.pictures(run.state.values, plane.inputs, nodes)[first + unit].copy())

    def touched(self, number: int) -> None:
        """A weight was set by hand, by the order of this number: look again with the next snapshot."""
        self._by_hand = number
        self._examined = -math.inf

    def _examine(self, run: Run, running: bool) -> Examination | None:
        now = time.perf_counter()
        self.examining = 0.0
        if run is not self._run:
            self._run, self._examination, self._too_long = run, None, False
        elif self._too_long or (running and now - self._examined < EXAMINE_EVERY):
            return self._examination
        x, y = _thinned(run.engine.x), _thinned(run.plan.dataset.y_train)
        one_blas_thread()
        # The thread's own time: a network is not too large because something else took the processor.
        began = time.thread_time()
        self._examination = examine(run.plan.program, run.state.values, x, y, run.rules.hyper)
        self._examined = time.perf_counter()
        self.examining = self._examined - now
        if time.thread_time() - began > EXAMINE_AT_MOST:
            self._examination, self._too_long = None, True
        return self._examination


def pass_over(run: Run, rows: tuple[int, ...] | None) -> Pass | None:
    """A pass from a run's present state over some training rows (None: over its next batch); it changes nothing.

    None where there is no such row.
    """
    program, data, hyper = run.plan.program, run.plan.dataset, run.rules.hyper
    one_blas_thread()
    if rows is None:
        # An engine of its own: training with it would make the run's forget what it could take back.
        engine = make_engine(program, data.x_train, data.y_train)
        batching = run.rules.batching
        return make_pass(program, run.state, data.x_train, data.y_train, hyper, engine=engine, batching=batching)
    if not rows or max(rows) >= len(data.x_train) or min(rows) < 0:
        return None
    chosen = list(rows)
    return make_pass(program, run.state, data.x_train[chosen], data.y_train[chosen], hyper)


def _finite(picture: Picture) -> Picture:
    """What is not finite as NaN, in place."""
    with np.errstate(all="ignore"):
        # One sum tells in most cases that there is nothing to look for.
        known = math.isfinite(float(picture.sum()))
    if not known:
        picture[~np.isfinite(picture)] = np.nan
    return picture


def _thinned(rows: Array) -> Array:
    if len(rows) <= EXAMINED:
        return rows
    return rows[np.linspace(0, len(rows) - 1, EXAMINED).astype(np.int64)]
