"""What a snapshot shows: maps of single units, gradient and states, all of the weights that it holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from playground.document import edits
from playground.document.model import DataSpec, Document, Network, Node, Wire
from playground.document.presets import PRESETS
from playground.engine import health
from playground.engine.health import UnitState, examine
from playground.engine.training_engine import WalkEngine
from playground.engine.walk import Walk
from playground.training import orders, showing
from playground.training.plan import Plan, make_plan, rules_of
from playground.training.run import Run
from playground.training.showing import EXAMINE_AT_MOST, EXAMINE_EVERY, EXAMINED, Showing
from playground.training.snapshot import Snapshot

Documents = Callable[..., Document]
Plans = Callable[..., Plan]

COARSE = np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [0.3, -0.2]])
FINE = np.concatenate([COARSE, 0.5 * COARSE, 0.1 * COARSE])


def begun(plan: Plan, epochs: int = 0) -> Run:
    run = Run(plan, plan.initial_state())
    run.advance(epochs * run.batches_per_epoch)
    return run


def show(shown: Showing, run: Run, *, running: bool = False) -> Snapshot:
    return shown.snapshot(run, 1, running=running, speed=None)


@pytest.fixture
def shown() -> Showing:
    """Somebody looks at all nodes of the 2-4-1 network on both planes."""
    made = Showing()
    made.plane = orders.SetPlane(5, FINE, COARSE)
    made.nodes = ("in", "h1", "a1", "out")
    return made


# --- maps ------------------------------------------------------------------------------------------------------------


def test_that_maps_are_the_raw_outputs_of_every_unit_on_the_coarse_plane(shown: Showing, plan: Plans) -> None:
    run = begun(plan(), 5)
    snapshot = show(shown, run)
    buffers = Walk(run.plan.program, run.state.values).forward(COARSE)
    assert list(snapshot.maps) == ["in", "h1", "a1", "out"]
    assert snapshot.plane_number == 5
    for node, picture in snapshot.maps.items():
        assert picture.dtype == np.float32
        np.testing.assert_allclose(picture, buffers[node].T, atol=1e-6)
    # Logits, where the plane itself has probabilities.
    assert snapshot.plane is not None
    np.testing.assert_allclose(snapshot.plane[:5, 0], 1.0 / (1.0 + np.exp(-snapshot.maps["out"][0])), atol=1e-6)


def test_that_maps_keep_the_weights_of_their_moment(shown: Showing, plan: Plans) -> None:
    run = begun(plan())
    snapshot = show(shown, run)
    before = {node: picture.copy() for node, picture in snapshot.maps.items()}
    run.advance(50)
    later = show(shown, run)
    for node, picture in before.items():
        np.testing.assert_array_equal(snapshot.maps[node], picture)
    assert not np.array_equal(later.maps["out"], before["out"])


def test_that_only_what_is_asked_for_and_there_is_shown(shown: Showing, plan: Plans) -> None:
    run = begun(plan())
    shown.nodes = ("a1", "loss", "deleted", "out")
    assert list(show(shown, run).maps) == ["a1", "out"]
    shown.nodes = ()
    assert show(shown, run).maps == {}
    shown.nodes = ("a1",)
    for plane in (None, orders.SetPlane(1, FINE), orders.SetPlane(2, np.zeros((4, 3)), np.zeros((4, 3)))):
        shown.plane = plane
        assert show(shown, run).maps == {}


def test_that_maps_reach_behind_every_kind_of_operation(document: Documents, shown: Showing) -> None:
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 3}),
        Node("a1", "activation", {"function": "relu"}),
        Node("h2", "dense", {"units": 3}),
        Node("drop", "dropout", {"rate": 0.5}),
        Node("sum", "add"),
        Node("product", "multiply"),
        Node("cat", "concat"),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    pairs = [
        ("in", "h1"), ("h1", "a1"), ("in", "h2"), ("h2", "drop"), ("a1", "sum"), ("drop", "sum"), ("a1", "product"),
        ("drop", "product"), ("sum", "cat"), ("product", "cat"), ("cat", "out"), ("out", "loss"),
    ]  # fmt: skip
    network = Network(nodes, tuple(Wire(*pair) for pair in pairs))
    run = begun(make_plan(replace(document(), network=network)), 3)
    shown.nodes = tuple(node.id for node in nodes)
    maps = show(shown, run).maps
    buffers = Walk(run.plan.program, run.state.values).forward(COARSE)
    assert set(maps) == {node.id for node in nodes} - {"loss"}
    for node, picture in maps.items():
        np.testing.assert_allclose(picture, buffers[node].T, atol=1e-6, err_msg=node)


@pytest.mark.parametrize("walk", [False, True])
@pytest.mark.parametrize("size", [1e300, 1e38, 1e5])
def test_that_what_is_no_number_is_nan_and_nothing_warns(shown: Showing, plan: Plans, size: float, walk: bool) -> None:
    """1e300 overflows in float64 behind the activation, 1e38 only as it is drawn, 1e5 nowhere."""
    run = begun(plan())
    program = run.plan.program
    if walk:
        run.engine = WalkEngine(program, run.engine.x, run.plan.dataset.y_train)
    views = program.views(run.state.values)
    views["h1.weight"][:] = [[size, -size, size, 1.0], [size, size, size, 1.0]]
    views["out.weight"][:] = [[size], [-size], [size], [1.0]]
    shown.unit = ("h1", 0)
    snapshot = show(shown, run)
    for picture in (*snapshot.maps.values(), snapshot.unit, snapshot.plane):
        assert picture is not None
        assert not np.isinf(picture).any()
    z = COARSE @ views["h1.weight"][:, 0]
    known = np.abs(z) < 3e38
    np.testing.assert_allclose(snapshot.maps["h1"][0][known], z[known], rtol=1e-6)
    assert np.isnan(snapshot.maps["h1"][0][~known]).all()
    np.testing.assert_allclose(snapshot.maps["h1"][3], COARSE.sum(axis=1), atol=1e-6)


def test_that_a_snapshot_without_new_pictures_has_those_of_the_last_one_and_the_weights_of_now(
    shown: Showing, plan: Plans
) -> None:
    run = begun(plan())
    shown.unit = ("h1", 1)
    first = show(shown, run)
    run.advance(30)
    lean = shown.snapshot(run, 1, running=True, speed=None, pictures=False)
    assert lean.plane is first.plane
    assert lean.unit is first.unit
    assert all(lean.maps[node] is picture for node, picture in first.maps.items())
    np.testing.assert_array_equal(lean.values, run.state.values)
    assert not np.array_equal(lean.values, first.values)
    full = shown.snapshot(run, 1, running=True, speed=None)
    assert not np.array_equal(full.maps["out"], first.maps["out"])


def test_that_another_run_is_never_shown_with_the_pictures_of_the_one_before(shown: Showing, plan: Plans) -> None:
    first = show(shown, begun(plan()))
    other = begun(plan(), 5)
    snapshot = shown.snapshot(other, 2, running=True, speed=None, pictures=False)
    assert not np.array_equal(snapshot.maps["out"], first.maps["out"])
    np.testing.assert_array_equal(snapshot.maps["out"], show(shown, other).maps["out"])


# --- one unit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mapped", [True, False])
def test_that_one_unit_is_shown_on_the_whole_plane_whether_or_not_its_map_is(
    shown: Showing, plan: Plans, mapped: bool
) -> None:
    run = begun(plan(), 5)
    if not mapped:
        shown.nodes = ("out",)
    for unit in (("h1", 3), ("a1", 0), ("a1", 2), ("out", 0), ("in", 1)):
        shown.unit = unit
        snapshot = show(shown, run)
        assert snapshot.unit_of == unit
        assert snapshot.unit is not None
        buffers = Walk(run.plan.program, run.state.values).forward(FINE)
        np.testing.assert_allclose(snapshot.unit, buffers[unit[0]][:, unit[1]], atol=1e-6)


@pytest.mark.parametrize("unit", [None, ("h1", 4), ("loss", 0), ("deleted", 0)])
def test_that_a_unit_that_is_not_there_is_not_shown(shown: Showing, plan: Plans, unit: tuple[str, int] | None) -> None:
    shown.unit = unit
    snapshot = show(shown, begun(plan()))
    assert snapshot.unit is None
    assert snapshot.unit_of == unit


def test_that_a_look_at_one_unit_needs_no_other_code_than_the_maps(
    shown: Showing, plan: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To make it takes a tenth of a second, in which nothing trains: the pointer may pass many units in that time."""
    run = begun(plan())
    asked: set[tuple[str, ...]] = set()
    pictures = run.engine.pictures

    def note(values: np.ndarray, x: np.ndarray, buffers: tuple[str, ...]) -> np.ndarray:
        asked.add(buffers)
        return pictures(values, x, buffers)

    monkeypatch.setattr(run.engine, "pictures", note)
    for unit in itertools.product(("h1", "a1"), range(4)):
        shown.unit = unit
        show(shown, run)
    assert asked == {shown.nodes}


# --- gradient and states ---------------------------------------------------------------------------------------------


@dataclass
class Clock:
    """Time that stands still, but for what a test lets pass, and what an examination takes of it."""

    now: float = 100.0
    worked: float = 0.0
    own: float = 0.001
    waits: float = 0.0
    looks: int = 0

    def perf_counter(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.worked


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()

    def look(*arguments: object) -> health.Examination:
        made.looks += 1
        made.worked += made.own
        made.now += made.own + made.waits
        return examine(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(showing, "time", made)
    monkeypatch.setattr(showing, "examine", look)
    return made


def expected(run: Run) -> health.Examination:
    data = run.plan.dataset
    return examine(run.plan.program, run.state.values, data.x_train, data.y_train, run.rules.hyper)


def test_that_gradient_and_states_are_those_of_all_training_rows_and_the_rules(plan: Plans) -> None:
    run = begun(plan(l1=0.02, l2=0.3), 3)
    snapshot = show(Showing(), run)
    np.testing.assert_array_equal(snapshot.gradient, expected(run).gradient)
    assert snapshot.states == ()
    run.state.values[:] = 0.0
    assert show(Showing(), run).states == (UnitState("h1", "alike", (0, 1, 2, 3), 1.0),)
    run.change(plan().rules)
    assert not np.array_equal(show(Showing(), run).gradient, snapshot.gradient)


def test_that_of_many_rows_a_thousand_taken_evenly_are_looked_at(document: Documents) -> None:
    made = document()
    run = begun(make_plan(replace(made, data=replace(made.data, samples=4000, test_fraction=0.1))))
    data = run.plan.dataset
    assert len(data.x_train) == 3600
    rows = np.linspace(0, 3599, EXAMINED).astype(int)
    assert len(set(rows.tolist())) == EXAMINED
    assert (rows[0], rows[-1]) == (0, 3599)
    wanted = examine(run.plan.program, run.state.values, data.x_train[rows], data.y_train[rows], run.rules.hyper)
    np.testing.assert_array_equal(show(Showing(), run).gradient, wanted.gradient)


def test_that_it_looks_four_times_a_second_while_it_trains_and_always_when_it_stands(clock: Clock, plan: Plans) -> None:
    run, shown = begun(plan()), Showing()
    for _ in range(400):
        run.advance(1)
        show(shown, run, running=True)
        clock.now += 0.005
    assert 7 <= clock.looks <= 8, "in two seconds"
    stale = show(shown, run, running=True)
    run.advance(1)
    for _ in range(3):
        run.advance(1)
        looks = clock.looks
        np.testing.assert_array_equal(show(shown, run).gradient, expected(run).gradient)
        assert clock.looks == looks + 1
    assert not np.array_equal(stale.gradient, expected(run).gradient)


def test_that_a_number_set_by_hand_and_a_new_run_are_looked_at_at_once(clock: Clock, plan: Plans) -> None:
    run, shown = begun(plan()), Showing()
    show(shown, run, running=True)
    run.state.values[:] = 0.0
    clock.now += EXAMINE_EVERY / 2
    assert show(shown, run, running=True).states == ()
    shown.touched(3)
    snapshot = show(shown, run, running=True)
    assert [state.kind for state in snapshot.states] == ["alike"]
    assert snapshot.by_hand == 3
    np.testing.assert_array_equal(snapshot.gradient, expected(run).gradient)
    fresh = begun(plan())
    np.testing.assert_array_equal(show(shown, fresh, running=True).gradient, expected(fresh).gradient)


def test_that_a_pass_that_takes_too_long_is_made_once_a_run_and_not_again(clock: Clock, plan: Plans) -> None:
    run, shown = begun(plan()), Showing()
    clock.own = 1.1 * EXAMINE_AT_MOST
    for running in (True, False, True):
        clock.now += 1.0
        snapshot = show(shown, run, running=running)
        assert snapshot.gradient is None
        assert snapshot.states == ()
    assert clock.looks == 1
    clock.own = 0.9 * EXAMINE_AT_MOST
    assert show(shown, begun(plan())).gradient is not None
    assert clock.looks == 2


def test_that_a_machine_busy_with_something_else_costs_no_network_its_gradient(clock: Clock, plan: Plans) -> None:
    clock.waits = 3.0
    assert show(Showing(), begun(plan())).gradient is not None


def test_that_looking_leaves_one_blas_thread(shown: Showing, plan: Plans) -> None:
    """With two, a run of the walk would depend on how often it was looked at."""
    run = begun(plan())
    for rows in (None, (0, 1)):
        show(shown, run)
        assert showing.pass_over(run, rows) is not None
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


def test_that_all_that_is_shown_changes_no_weight(shown: Showing, plan: Plans) -> None:
    plain, watched = begun(plan(momentum=0.9)), begun(plan(momentum=0.9))
    shown.unit = ("a1", 1)
    for _ in range(40):
        plain.advance(1)
        watched.advance(1)
        show(shown, watched, running=True)
        show(shown, watched)
    np.testing.assert_array_equal(watched.state.values, plain.state.values)
    np.testing.assert_array_equal(watched.state.slots["velocity"], plain.state.slots["velocity"])


# --- whom the states accuse ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_that_no_built_in_experiment_is_accused_of_anything_while_it_trains(name: str) -> None:
    run = begun(make_plan(edits.set_training(PRESETS[name].document, pace=None)))
    looks = 0
    while run.stopped is None:
        assert show(Showing(), run).states == ()
        run.advance(run.batches_per_epoch * max(1, run.rules.epochs // 12))
        looks += 1
    assert run.stopped == "epochs"
    assert show(Showing(), run).states == ()
    assert looks >= 10


def test_that_a_stuck_deep_network_of_sigmoids_says_why(document: Documents) -> None:
    layers = [
        (Node(f"h{k}", "dense", {"units": 6}), Node(f"a{k}", "activation", {"function": "sigmoid"})) for k in range(10)
    ]
    ends = document().network.nodes
    nodes = (ends[0], *itertools.chain.from_iterable(layers), *ends[-2:])
    network = Network(nodes, tuple(Wire(one.id, other.id) for one, other in itertools.pairwise(nodes)))
    made = replace(document(), network=network, data=DataSpec(samples=200))
    run = begun(make_plan(edits.set_training(made, epochs=30)), 30)
    states = show(Showing(), run).states
    assert {state.kind for state in states} == {"vanishing"}
    assert states[0].node == "h0"
    assert rules_of(made.training).hyper == run.rules.hyper


def test_that_the_time_of_an_examination_is_told_apart_from_that_of_its_snapshot(plan: Plans, clock: Clock) -> None:
    run, shown = begun(plan()), Showing()
    clock.own = 0.015
    show(shown, run, running=True)
    assert shown.examining == pytest.approx(0.015)
    show(shown, run, running=True)
    assert shown.examining == 0.0, "it was not yet time for another"
    clock.now += 2.0 * EXAMINE_EVERY
    show(shown, run, running=True)
    assert shown.examining == pytest.approx(0.015)
