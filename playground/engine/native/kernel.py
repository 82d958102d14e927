"""The micro-kernel: the one matrix product that forward, delta and weight gradient share.

C[m, n] = start(m) + Σₖ A[m, k]·B[k, n]:

                 columns, `lanes` at a time
              ┌───────┬───────┬── ─ ─     One block: 8 rows × 2 vectors of C live in registers while k runs. Each
    B  k │    │ ▒▒▒▒▒ │ ▒▒▒▒▒ │           step loads two vectors of B and, for each row, one number of A spread over all
         ▼    ├───────┼───────┼──         lanes, which serves both. A is read with any strides, so that a weight
              ┌───────┬───────┬── ─ ─     matrix serves as it lies in memory for the forward pass and for its
    A ▒ ▒ ▒   │ ■ ■ ■ │ ■ ■ ■ │  8 rows   transpose; B and C are read and written along their rows. Rows go in groups
              │ ■ ■ ■ │ ■ ■ ■ │           of 8, then 4, 2 and 1; with 16 registers instead of 32, of 4, 2 and 1.
              └───────┴───────┴── ─ ─
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.engine.native.builder import Builder, Index, Place

#: Vectors across a block.
VECTORS = 2
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


def block_rows(lanes: int) -> int:
    """Rows of a block: its sums, two vectors of B and some of A fill the registers, of which AVX-512 has 32, others 16.

    Eight rows in 16 registers spill, and take twice as long.
    """
    return 8 if lanes == 8 else 4


def groups(first: int, count: int) -> Iterator[tuple[int, int]]:
    """What whole blocks leave over, from row `first` on, in groups of 4, 2 and 1: (first row, rows)."""
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
    across = VECTORS * b.lanes

    def block(m: Index, size: int) -> None:
        left = b.at(a.place, b.times(m, a.rows))

        def some(n: Index, count: int) -> None:
            below = b.at(right.place, n)

            def step(k: Index, sums: tuple[str, ...]) -> tuple[str, ...]:
                head, column = b.at(below, b.times(k, right.rows)), b.at(left, b.times(k, a.columns))
                vectors = [b.load(b.at(head, c * b.lanes)) for c in range(count)]
                numbers = [b.spread(b.at(column, r * a.rows)) for r in range(size)]
                pairs = ((number, vector) for vector in vectors for number in numbers)
                return tuple(b.fma(*pair, total) for pair, total in zip(pairs, sums, strict=True))

            starts = tuple(start(b.add(m, r)) for r in range(size))
            sums = _deep(b, step, starts * count, depth)
            for c in range(count):
                finish(m, b.add(n, c * b.lanes), list(sums[c * size : (c + 1) * size]))

        def many(n: Index, _: tuple[str, ...]) -> tuple[()]:
            some(n, VECTORS)
            return ()

        whole_columns = columns // across * across
        b.loop(whole_columns, across, many)
        if columns > whole_columns:
            some(whole_columns, (columns - whole_columns) // b.lanes)

    tall = block_rows(b.lanes)

    def whole_block(m: Index, _: tuple[str, ...]) -> tuple[()]:
        block(m, tall)
        return ()

    whole_rows = rows // tall * tall
    b.loop(whole_rows, tall, whole_block)
    for first, size in groups(whole_rows, rows):
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
    """As many vectors as lanes, transposed: neighbours trade single numbers, then blocks of two are dealt out.

    Both are instructions with a constant inside; a shuffle of lanes at will would need a vector to steer it.
    """
    neighbours = _neighbours(b, vectors)
    columns = zip(*(_dealt(b, [pair[parity] for pair in neighbours]) for parity in range(2)), strict=True)
    return [column for both in columns for column in both]


def summed(b: Builder, vectors: list[str]) -> str:
    """Up to `lanes` vectors: one vector, lane r of it the sum over vector r's lanes. The same moves, adding."""
    sums = [b.fadd(x, y) for x, y in _neighbours(b, vectors)]
    while len(sums) > 1:
        sums = [b.fadd(*_even_and_odd(b, x, y)) for x, y in zip(sums[::2], sums[1::2], strict=True)]
    return sums[0]


def _neighbours(b: Builder, vectors: list[str]) -> list[tuple[str, str]]:
    """For every two vectors x, y: (x0 y0 x2 y2 …) and (x1 y1 x3 y3 …)."""
    lanes = b.lanes
    vectors = vectors + ["zeroinitializer"] * (lanes - len(vectors))
    lower, upper = ([i - i % 2 + parity + i % 2 * lanes for i in range(lanes)] for parity in range(2))
    return [(b.shuffle(x, y, lower), b.shuffle(x, y, upper)) for x, y in zip(vectors[::2], vectors[1::2], strict=True)]


def _even_and_odd(b: Builder, x: str, y: str) -> tuple[str, str]:
    """The even blocks of two numbers of x and y, and the odd ones."""
    even, odd = ([i for i in range(2 * b.lanes) if i // 2 % 2 == parity] for parity in range(2))
    return b.shuffle(x, y, even), b.shuffle(x, y, odd)


def _dealt(b: Builder, vectors: list[str]) -> list[str]:
    """A square of blocks of two, transposed: vector k takes block k of each."""
    if len(vectors) == 1:
        return vectors
    pairs = [_even_and_odd(b, x, y) for x, y in zip(vectors[::2], vectors[1::2], strict=True)]
    even, odd = (_dealt(b, [pair[parity] for pair in pairs]) for parity in range(2))
    return [vector for both in zip(even, odd, strict=True) for vector in both]


def turn_rows(b: Builder, heads: list[Place], width: int, target: Place, apart: int) -> None:
    """Up to `lanes` rows of `width` numbers, anywhere in memory, as columns: number j of all of them at j·apart."""

    def square(j: Index) -> None:
        rows = [b.load(b.at(head, j)) for head in heads]
        for r, vector in enumerate(transposed(b, rows)):
            b.store(vector, b.at(target, b.times(b.add(j, r), apart)))

    def squares(j: Index, _: tuple[str, ...]) -> tuple[()]:
        square(j)
        return ()

    if width < b.lanes:
        for j in range(width):
            vector = "zeroinitializer"
            for k, head in enumerate(heads):
                vector = b.insert(vector, b.load_scalar(b.at(head, j)), k)
            b.store(vector, b.at(target, j * apart))
        return
    b.loop(width // b.lanes * b.lanes, b.lanes, squares)
    if width % b.lanes:
        square(width - b.lanes)  # Some are turned twice: no row is read past its end.
