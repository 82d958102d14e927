"""The trainer: one thread and its loop. Orders come by a queue, snapshots leave by a mailbox, events by a second queue.

It blocks while nothing is to be trained, and looks for orders between chunks of about five milliseconds (or one batch,
where that takes longer). A snapshot is built only when the last one was taken, or when a pause or a step asks for it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from playground.messages import Message, UserError, message
from playground.training import orders
from playground.training.carry import Kept, carry, has_index, keep, set_kept
from playground.training.mailbox import Mailbox
from playground.training.plan import make_plan, table_of
from playground.training.run import Run
from playground.training.showing import Showing, pass_over
from playground.training.snapshot import Captured, Ended, Event, Examined, Failed, Loaded, Snapshot, Tabled
from playground.training.trail import Trail

#: Seconds of work between two looks at the orders.
CHUNK = 0.005
#: Seconds of training between two snapshots, and between two with new pictures, for each second that one takes.
BETWEEN_SNAPSHOTS = 4.0
#: Samples per second are measured over this long.
SPEED_WINDOW = 0.5


class Trainer:
    """Owns the thread. Every method may be called from any other thread; none of them blocks but `close`."""

    def __init__(self) -> None:
        self.snapshots: Mailbox[Snapshot] = Mailbox()
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._orders: queue.SimpleQueue[orders.Order] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="trainer", daemon=True)
        self._thread.start()

    def tell(self, order: orders.Order) -> None:
        """Give an order; it is carried out after those given before."""
        self._orders.put(order)

    def close(self) -> None:
        """End the thread and wait for it: at most one order or chunk of work. Orders not begun are dropped."""
        with suppress(queue.Empty):
            while True:
                self._orders.get_nowait()
        self.tell(orders.Quit())
        self._thread.join()

    def _work(self) -> None:
        _Loop(self.snapshots, self.events, self._orders).work()


class _Loop:
    """What the thread itself knows; nobody else touches it."""

    def __init__(
        self,
        snapshots: Mailbox[Snapshot],
        events: queue.SimpleQueue[Event],
        order_queue: queue.SimpleQueue[orders.Order],
    ) -> None:
        self.snapshots = snapshots
        self.events = events
        self.orders = order_queue
        self.run: Run | None = None
        self.number = 0
        self.running = False
        self.starts = 0
        self.kept: Kept = {}
        self.showing = Showing()
        self.trail = Trail()
        self.batch_seconds = 1e-4
        self.next_snapshot = self.next_pictures = 0.0
        self.handlers: dict[type, Callable[..., None]] = {
            orders.Tabulate: self.tabulate,
            orders.Load: self.load,
            orders.Go: self.go,
            orders.Pause: self.pause,
            orders.Step: self.step,
            orders.Reset: self.reset,
            orders.Change: self.change,
            orders.SetPlane: self.set_plane,
            orders.ShowMaps: self.show_maps,
            orders.ShowUnit: self.show_unit,
            orders.SetParameter: self.set_parameter,
            orders.Capture: self.capture,
            orders.Examine: self.examine,
            orders.Back: self.back,
        }

    def work(self) -> None:
        """Carry out orders and train, until told to quit."""
        while True:
            order = self.next_order()
            try:
                if isinstance(order, orders.Quit):
                    return
                if order is not None:
                    self.handlers[type(order)](order)
                elif self.running:
                    self.train_chunk()
            except UserError as error:
                self.fail(order, error.message)
            except Exception as error:
                self.fail(order, message("The trainer stopped: {error}.", error=f"{type(error).__name__}: {error}"))

    def next_order(self) -> orders.Order | None:
        """The next order; waits for one while nothing is to be done, or until the pace lets the next batch begin."""
        try:
            if not self.running:
                return self.orders.get()
            wait = self.wait_for_pace()
            return self.orders.get(timeout=wait) if wait > 0 else self.orders.get_nowait()
        except queue.Empty:
            return None

    # --- orders ------------------------------------------------------------------------------------------------------

    def tabulate(self, order: orders.Tabulate) -> None:
        self.events.put(Tabled(order.number, table_of(order.data)))

    def load(self, order: orders.Load) -> None:
        self.number = order.run
        self.trail.clear()
        plan = make_plan(order.document, order.table)
        if self.run is None or order.fresh:
            self.kept = {}
            self.running = False
            self.run = Run(plan, order.state.copy() if order.state else plan.initial_state())
        else:
            keep(self.kept, self.run.plan, self.run.state)
            state = carry(self.kept, self.run.plan, self.run.state, plan)
            if order.document.data != self.run.plan.document.data or plan.rules.batching != self.run.rules.batching:
                state.batch = 0
            self.run = Run(plan, state, self.run.history)
        self.events.put(Loaded(order.run, plan))
        self.start_clocks()
        self.show()

    def go(self, order: orders.Go) -> None:
        self.starts += 1
        self.trail.clear()
        if self.run is not None:
            if order.rules is not None:
                self.run.change(order.rules)
            self.run.go_on()
            self.running = True
            self.start_clocks()

    def pause(self, order: orders.Pause) -> None:
        self.running = False
        self.show()

    def step(self, order: orders.Step) -> None:
        self.running = False
        if self.run is None:
            return
        if self.run.stopped is not None:
            self.run.go_on()
        self.trail.push(self.run.state)
        self.run.advance(1 if order.what == "batch" else self.run.batches_per_epoch)
        self.show()
        self.report_end()

    def reset(self, order: orders.Reset) -> None:
        self.running = False
        self.kept = {}
        self.trail.clear()
        if self.run is not None:
            rules = self.run.rules
            self.run = Run(self.run.plan, self.run.plan.initial_state())
            self.run.change(rules)
            self.show()

    def change(self, order: orders.Change) -> None:
        if self.run is not None:
            self.run.change(order.rules)
            self.start_clocks()
            self.show()

    def set_plane(self, order: orders.SetPlane) -> None:
        self.showing.plane = order
        self.show()

    def show_maps(self, order: orders.ShowMaps) -> None:
        self.showing.nodes = order.nodes
        self.show()

    def show_unit(self, order: orders.ShowUnit) -> None:
        self.showing.unit = order.unit
        self.show()

    def set_parameter(self, order: orders.SetParameter) -> None:
        views = self.run.plan.program.views(self.run.state.values) if self.run is not None else {}
        if order.name in views and has_index(views[order.name].shape, order.index):
            views[order.name][order.index] = order.value
        else:
            set_kept(self.kept, order.name, order.index, order.value)
        self.showing.touched(order.number)
        self.show()

    def capture(self, order: orders.Capture) -> None:
        if self.run is not None:
            self.events.put(Captured(self.number, order.number, self.run.plan, self.run.state.copy()))

    def examine(self, order: orders.Examine) -> None:
        plan = self.run.plan if self.run is not None else None
        found = pass_over(self.run, order.rows) if self.run is not None else None
        self.events.put(Examined(self.number, order.number, plan, found))

    def back(self, order: orders.Back) -> None:
        state = self.trail.first() if order.all_steps else self.trail.pop()
        if self.run is not None and state is not None:
            self.running = False
            self.run.go_back(state)
            self.show()

    # --- training ----------------------------------------------------------------------------------------------------

    def start_clocks(self) -> None:
        """Count pace and speed from now."""
        self.pace_start = self.speed_start = time.perf_counter()
        self.pace_batches = 0
        self.speed_samples = self.run.samples if self.run else 0
        self.speed: float | None = None

    def wait_for_pace(self) -> float:
        """Seconds until the pace lets the next batch begin; 0 at full speed or where training lags behind."""
        run = self.run
        if run is None or run.rules.pace is None:
            return 0.0
        per_batch = 1.0 / (run.rules.pace * run.batches_per_epoch)
        wait = self.pace_start + (self.pace_batches + 1) * per_batch - time.perf_counter()
        if wait < -0.25:
            self.pace_start -= wait
        return max(0.0, wait)

    def train_chunk(self) -> None:
        """Train for about `CHUNK` seconds, or as many batches as the pace has due; then show it if it is time."""
        run = self.run
        if run is None:
            return
        began = time.perf_counter()
        due = max(1, int(CHUNK / self.batch_seconds))
        if run.rules.pace is not None:
            paced = int((began - self.pace_start) * run.rules.pace * run.batches_per_epoch) - self.pace_batches
            due = min(due, max(1, paced))
        before = run.state.updates
        run.advance(due)
        done = run.state.updates - before
        self.pace_batches += done
        now = time.perf_counter()
        if done > 0:
            self.batch_seconds = max(1e-7, (now - began) / done)
        self.measure_speed(now)
        if run.stopped is not None:
            self.running = False
            self.show()
            self.report_end()
        elif self.snapshots.empty and now >= self.next_snapshot:
            self.show(pictures=now >= self.next_pictures)

    def measure_speed(self, now: float) -> None:
        run = self.run
        if run is not None and now - self.speed_start >= SPEED_WINDOW:
            self.speed = (run.samples - self.speed_samples) / (now - self.speed_start)
            self.speed_start, self.speed_samples = now, run.samples

    # --- telling -----------------------------------------------------------------------------------------------------

    def report_end(self) -> None:
        run = self.run
        if run is not None and run.stopped is not None:
            epoch, restored = run.state.epoch, run.restored
            self.events.put(Ended(self.number, run.stopped, epoch, run.divergence, self.starts, restored))

    def fail(self, order: orders.Order | None, reason: Message) -> None:
        self.running = False
        number = order.number if isinstance(order, orders.Tabulate) else self.number
        self.events.put(Failed(number, reason))

    def show(self, *, pictures: bool = True) -> None:
        """Put a snapshot into the mailbox; one that comes while it trains may do with the pictures of the last one."""
        run = self.run
        if run is None:
            return
        began = time.perf_counter()
        snapshot = self.showing.snapshot(run, self.number, running=self.running, speed=self.speed,
                                         steps_back=len(self.trail), pictures=pictures)  # fmt: skip
        self.snapshots.put(snapshot)
        now = time.perf_counter()
        again = now + BETWEEN_SNAPSHOTS * (now - began - self.showing.examining)
        if pictures:
            self.next_pictures = again
        else:
            self.next_snapshot = again
