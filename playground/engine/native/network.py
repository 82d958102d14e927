"""A program as compiled code: gather, forward, loss, backward and update, for as many batches as are asked for.

What one batch does is emitted by `stages` and `backward`; here it is put into a loop over batches and one over epochs.
"""

from __future__ import annotations

from playground.engine.native.backward import Backward
from playground.engine.native.builder import Index, Place
from playground.engine.native.joints import DROPOUT_NUMBERS, FACTOR, KEY, THRESHOLD
from playground.engine.native.kernel import turn_rows
from playground.engine.native.random_draws import branch, shuffle_function


class Network(Backward):
    """Emits one program for one batch size and one optimizer.

    The module has `run(p, slots, x, y, order, rows, batch, epoch, stream, batches, updates, dropouts, numbers, ws,
    loss)`: it trains `batches` batches from `batch` of `epoch` on, the first after `updates` others, shuffling anew at
    each epoch's head where `stream` is not 0, and adds up the loss of every sample. `dropouts` has for each dropout
    its key, threshold and factor (`joints`).
    """

    def text(self) -> str:
        """The module."""
        b = self.b
        shuffle_function(b)
        with b.function(
            "void @epoch(ptr noalias %p, ptr noalias %slots, ptr noalias %x, ptr noalias %y, ptr noalias %order, "
            "i64 %rows, i64 %first, i64 %batches, i64 %done, i64 %updates, ptr noalias %dropouts, "
            "ptr noalias %numbers, ptr noalias %ws, ptr noalias %loss)"
        ):
            b.loop("%batches", 1, self._one_batch)
            b.emit("ret void")
        self._run_function()
        return self.module()

    def _one_batch(self, i: Index, _: tuple[str, ...]) -> tuple[()]:
        b = self.b
        start = b.times(b.add("%first", i), self.batch)
        rest = b.let(f"sub i64 %rows, {start}")
        short = b.let(f"icmp slt i64 {rest}, {self.batch}")
        self.valid = b.let(f"select i1 {short}, i64 {rest}, i64 {self.batch}")
        count = b.let(f"uitofp i64 {self.valid} to double")
        step = b.let(f"add i64 %done, {i}")
        self.update.begin(b, Place("%numbers"), self.ws["batch"], count, step)
        self._begin_dropouts(step)
        self._gather(start)
        self.update.enter(b, self.ws["batch"])
        self._walk()
        return ()

    def _begin_dropouts(self, step: str) -> None:
        """Write what each dropout needs for this batch."""
        b = self.b
        update = b.let(f"add i64 %updates, {step}") if self.dropouts else step
        for number, one in enumerate(self.dropouts):
            given, own = Place("%dropouts", DROPOUT_NUMBERS * number), self.ws[f"dropout {one.output}"]
            b.store_word(branch(b, b.load_word(b.at(given, KEY)), update), b.at(own, KEY))
            for k in (THRESHOLD, FACTOR):
                b.store_word(b.load_word(b.at(given, k)), b.at(own, k))

    def _run_function(self) -> None:
        b = self.b
        with b.function(
            "void @run(ptr noalias %p, ptr noalias %slots, ptr noalias %x, ptr noalias %y, ptr noalias %order, "
            "i64 %rows, i64 %batch, i64 %epoch, i64 %stream, i64 %batches, i64 %updates, ptr noalias %dropouts, "
            "ptr noalias %numbers, ptr noalias %ws, ptr noalias %loss)"
        ):
            per_epoch = b.let(f"udiv i64 {b.let(f'add i64 %rows, {self.batch - 1}')}, {self.batch}")
            for name in ("left", "at", "now", "done"):
                b.emit(f"%{name} = alloca i64")
            for value, name in (("%batches", "left"), ("%batch", "at"), ("%epoch", "now"), ("0", "done")):
                b.emit(f"store i64 {value}, ptr %{name}")
            top, after = b.label(), b.label()
            b.emit(f"br label %{top}")
            b.start(top)
            left, at, now, done = (b.let(f"load i64, ptr %{name}") for name in ("left", "at", "now", "done"))
            with b.branch(b.let("icmp ne i64 %stream, 0")):
                b.emit(f"call void @shuffle(ptr %order, i64 %rows, i64 {branch(b, '%stream', now)})")
            rest = b.let(f"sub i64 {per_epoch}, {at}")
            fewer = b.let(f"icmp ult i64 {left}, {rest}")
            count = b.let(f"select i1 {fewer}, i64 {left}, i64 {rest}")
            b.emit(
                f"call void @epoch(ptr %p, ptr %slots, ptr %x, ptr %y, ptr %order, i64 %rows, i64 {at}, i64 {count}, "
                f"i64 {done}, i64 %updates, ptr %dropouts, ptr %numbers, ptr %ws, ptr %loss)"
            )
            remaining = b.let(f"sub i64 {left}, {count}")
            b.emit(f"store i64 {remaining}, ptr %left")
            b.emit("store i64 0, ptr %at")
            b.emit(f"store i64 {b.let(f'add i64 {now}, 1')}, ptr %now")
            b.emit(f"store i64 {b.let(f'add i64 {done}, {count}')}, ptr %done")
            b.emit(f"br i1 {b.let(f'icmp eq i64 {remaining}, 0')}, label %{after}, label %{top}")
            b.start(after)
            b.emit("ret void")

    def _gather(self, start: Index) -> None:
        """Bring the batch's rows into columns, one vector of samples at a time.

        What is stored is whole vectors: a vector that is read back soon after its lanes were written one by one waits
        until every one of them has reached the cache.
        """
        b, program = self.b, self.program
        sources = (
            ("%x", program.widths[program.input], self.ws[f"value {program.input}"]),
            ("%y", program.widths[program.prediction], self.ws["targets"]),
        )

        def some(n: Index, count: int) -> None:
            order = b.let(f"getelementptr inbounds i64, ptr %order, i64 {b.add(start, n)}")
            rows = [
                b.let(f"load i64, ptr {b.let(f'getelementptr inbounds i64, ptr {order}, i64 {k}')}, align 8")
                for k in range(count)
            ]
            for source, width, target in sources:
                heads = [Place(source, b.times(row, width)) for row in rows]
                turn_rows(b, heads, width, b.at(target, n), self.stride)

        whole = self.batch // b.lanes * b.lanes

        def many(n: Index, _: tuple[str, ...]) -> tuple[()]:
            some(n, b.lanes)
            return ()

        b.loop(whole, b.lanes, many, unroll=2)
        if self.batch > whole:
            some(whole, self.batch - whole)
