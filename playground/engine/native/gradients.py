"""The gradients of one dense layer's parameters, each vector stepped by the update as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.kernel import Strided, product, summed, transposed
from playground.engine.native.packing import padded, row_length
from playground.engine.native.updates import Block, Update

ZERO = "zeroinitializer"


@dataclass(frozen=True)
class Gradients:
    """Emits for one layer: `columns` of every buffer, of which `batch` hold a sample, rows `stride` apart."""

    b: Builder
    update: Update
    columns: int
    stride: int
    batch: int

    def _runs(self, count: int, some: Callable[[Index, int], None]) -> None:
        """`some(first, lanes)` for whole vectors' worth of `count`, then for the rest."""
        lanes = self.b.lanes
        whole = count // lanes * lanes

        def many(i: Index, _: tuple[str, ...]) -> tuple[()]:
            some(i, lanes)
            return ()

        self.b.loop(whole, lanes, many)
        if count > whole:
            some(whole, count - whole)

    def narrow(self, x: Place, upstream: Place, weight: Block, inputs: int, units: int, row: int) -> None:
        """One or two units: sums over the batch within vectors, one vector of inputs at a time."""
        b = self.b

        for unit in range(units):
            d = b.at(upstream, unit * self.stride)

            def some(i: Index, count: int, d: Place = d, unit: int = unit) -> None:
                sums = [self._dot(b.at(x, b.times(b.add(i, r), self.stride)), d) for r in range(count)]
                self.update.apply(b, weight.at(b, b.add(unit * row, i)), summed(b, sums), weight=True)

            self._runs(inputs, some)

    def _dot(self, left: Place, right: Place | None) -> str:
        """Lane by lane the sum over a row's vectors of left · right; of left alone where right is None."""
        b = self.b

        def step(n: Index, total: tuple[str, ...]) -> tuple[str, ...]:
            vector = b.load(b.at(left, n))
            if right is None:
                return (vector if total[0] == ZERO else b.fadd(vector, total[0]),)
            other = b.load(b.at(right, n))
            return (b.fmul(vector, other) if total[0] == ZERO else b.fma(vector, other, total[0]),)

        return b.loop(self.columns, b.lanes, step, (ZERO,), unroll=4)[0]

    def turn(self, upstream: Place, turned: Place, units: int) -> None:
        """The gradient of a wide layer as [batch][units↑]."""
        b, width = self.b, row_length(units, self.b.lanes)

        def square(u: Index, count: int) -> None:
            def column(n: Index, _: tuple[str, ...]) -> tuple[()]:
                rows = [b.load(b.at(upstream, b.add(b.times(b.add(u, r), self.stride), n))) for r in range(count)]
                for k, vector in enumerate(transposed(b, rows)):
                    if not isinstance(n, int) or n + k < self.batch:
                        b.store(vector, b.at(turned, b.add(b.times(b.add(n, k), width), u)))
                return ()

            b.loop(self.columns, b.lanes, column, unroll=2)

        self._runs(units, square)

    def wide(self, x: Place, turned: Place, weight: Block, inputs: int, units: int) -> None:
        """The product of inputs and transposed gradient over the batch."""
        b, width = self.b, row_length(units, self.b.lanes)

        def finish(m: Index, n: Index, vectors: list[str]) -> None:
            for r, gradient in enumerate(vectors):
                where = b.add(b.times(b.add(m, r), width), n)
                self.update.apply(b, weight.at(b, where), gradient, weight=True)

        left, right = Strided(x, self.stride, 1), Strided(turned, width, 1)
        product(b, left, right, inputs, self.batch, padded(units, b.lanes), lambda m: ZERO, finish)

    def wide_bias(self, turned: Place, block: Block, units: int) -> None:
        """The transposed gradient summed over the batch, by two sums that overlap."""
        b, width = self.b, row_length(units, self.b.lanes)

        def some(u: Index, _: tuple[str, ...]) -> tuple[()]:
            column = b.at(turned, u)

            def step(k: Index, sums: tuple[str, ...]) -> tuple[str, ...]:
                vectors = (b.load(b.at(column, b.times(b.add(k, r), width))) for r in range(2))
                return tuple(v if total == ZERO else b.fadd(total, v) for total, v in zip(sums, vectors, strict=True))

            even = self.batch // 2 * 2
            first, second = b.loop(even, 2, step, (ZERO, ZERO), unroll=8)
            if even < self.batch:
                first = b.fadd(first, b.load(b.at(column, even * width)))
            total = first if second == ZERO else b.fadd(first, second)
            self.update.apply(b, block.at(b, u), total, weight=False)
            return ()

        b.loop(padded(units, b.lanes), b.lanes, some)

    def bias(self, upstream: Place, block: Block, units: int) -> None:
        """The gradient summed over the batch."""
        b = self.b

        def some(u: Index, count: int) -> None:
            sums = [self._dot(b.at(upstream, b.times(b.add(u, r), self.stride)), None) for r in range(count)]
            self.update.apply(b, block.at(b, u), summed(b, sums), weight=False)

        self._runs(units, some)
