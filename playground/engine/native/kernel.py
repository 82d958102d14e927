"""The micro-kernel: the one matrix product that forward, delta and weight gradient share.

columns, `lanes` at a time                C[m, n] = start(m) + Σₖ A[m, k]·B[k, n]
┌───────┬───────┬── ─ ─
B  k │    │ ▒▒▒▒▒ │       │               One block: up to 8 rows × one vector of C lives in registers while k runs.
▼    ├───────┼───────┼──             Each step loads one vector of B and, for each row, one number of A spread
┌───────┬───────┬── ─ ─         over all lanes. A is read with any strides, so that a weight matrix serves
A ▒ ▒ ▒   │ ■ ■ ■ │       │    8 rows     as it lies in memory for the forward pass and for its transpose; B and C
│ ■ ■ ■ │       │               are read and written along their rows.
└───────┴───────┴── ─ ─         Rows go in groups of 8, then 4, 2 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.engine.native.builder import Builder, Index, Place

#: Rows of a block: with one vector of B and one of A they fill the registers.
ROWS = 8
#: Depths up to this are written out.
WRITTEN_OUT = 16

Start = Callable[[Index], str]
Finish = Callable[[Index, Index, list[str]], None]


@dataclass(frozen=True)
class Strided:
    """A matrix in memory: element [row, column] lies at `place + row·rows + column·columns`."""

    place: Place
    rows: int
    columns: int


def groups(count: int) -> Iterator[tuple[int, int]]:
    """Row groups of 8, then the rest in 4, 2, 1, as (first row, rows); the eights come as one run to be looped over."""
    first = count // ROWS * ROWS
    for size in (4, 2, 1):
        if count - first >= size:
            yield first, size
            first += size


def product(
    b: Builder, a: Strided, right: Strided, rows: int, depth: int, columns: int, start: Start, finish: Finish
) -> None:
    """C = start + A·B for all rows and `columns` columns (a multiple of the lanes); `finish(m, n, vectors)` stores.

    `finish` gets the first row, the first column and one vector for each row of the group. `right.columns` must be 1.
    """

    def block(m: Index, size: int) -> None:
        def column(n: Index, _: tuple[str, ...]) -> tuple[()]:
            left = b.at(a.place, b.times(m, a.rows))
            below = b.at(right.place, n)

            def step(k: Index, sums: tuple[str, ...]) -> tuple[str, ...]:
                vector = b.load(b.at(below, b.times(k, right.rows)))
                across = b.at(left, b.times(k, a.columns))
                return tuple(
                    b.fma(b.splat(b.load_scalar(b.at(across, r * a.rows))), vector, total)
                    for r, total in enumerate(sums)
                )

            sums = tuple(start(b.add(m, r)) for r in range(size))
            finish(m, n, list(_deep(b, step, sums, depth)))
            return ()

        b.loop(columns, b.lanes, column)

    whole = rows // ROWS * ROWS

    def eight(m: Index, _: tuple[str, ...]) -> tuple[()]:
        block(m, ROWS)
        return ()

    if whole:
        b.loop(whole, ROWS, eight)
    for first, size in groups(rows):
        block(first, size)


def _deep(
    b: Builder, step: Callable[[Index, tuple[str, ...]], tuple[str, ...]], sums: tuple[str, ...], depth: int
) -> tuple[str, ...]:
    """The sum over k. A short one is written out; few rows then keep two sums each, so that the adds overlap."""
    if depth > WRITTEN_OUT:
        return b.loop(depth, 1, step, sums)
    chains = 2 if len(sums) <= 4 and depth >= 4 else 1
    running = [sums] + [("zeroinitializer",) * len(sums)] * (chains - 1)
    for k in range(depth):
        running[k % chains] = step(k, running[k % chains])
    if chains == 1:
        return running[0]
    return tuple(b.fadd(x, y) for x, y in zip(*running, strict=True))


def transposed(b: Builder, vectors: list[str]) -> list[str]:
    """As many vectors as lanes, transposed by butterflies: in round w, pairs w apart exchange halves of size w."""
    lanes = b.lanes
    vectors = vectors + ["zeroinitializer"] * (lanes - len(vectors))
    width = 1
    while width < lanes:
        lower = [i if not i // width & 1 else lanes + i - width for i in range(lanes)]
        upper = [i + width if not i // width & 1 else lanes + i for i in range(lanes)]
        for j in range(lanes):
            if not j // width & 1:
                x, y = vectors[j], vectors[j + width]
                vectors[j], vectors[j + width] = b.shuffle(x, y, lower), b.shuffle(x, y, upper)
        width *= 2
    return vectors


def summed(b: Builder, vectors: list[str]) -> str:
    """Up to `lanes` vectors: one vector, lane r of it the sum over vector r's lanes. The same butterflies, adding."""
    lanes = b.lanes
    vectors = vectors + ["zeroinitializer"] * (lanes - len(vectors))
    width = 1
    while len(vectors) > 1:
        lower = [i if not i // width & 1 else lanes + i - width for i in range(lanes)]
        upper = [i + width if not i // width & 1 else lanes + i for i in range(lanes)]
        vectors = [
            b.fadd(b.shuffle(x, y, lower), b.shuffle(x, y, upper))
            for x, y in zip(vectors[::2], vectors[1::2], strict=True)
        ]
        width *= 2
    return vectors[0]
