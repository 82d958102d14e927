"""Stages of operations without parameters: an activation on its own, softmax, dropout, add, multiply, concat.

Each is a pair of emitters over whole buffers, [width][batch↑]: forward from the inputs' places to the output's,
backward from upstream, inputs and output to wherever the gradient for each input goes (`arrive(input, where, vector)`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.elementwise import ACTIVATIONS
from playground.engine.native.losses import softmax_backward, softmax_forward
from playground.engine.native.random_draws import counted

Arrive = Callable[[int, Index, str], None]


@dataclass(frozen=True)
class Shape:
    """Widths of the inputs, the columns of every buffer, and how far apart its rows lie."""

    widths: tuple[int, ...]
    columns: int
    stride: int


@dataclass(frozen=True)
class Joint:
    """Emitters of one operation."""

    forward: Callable[[Builder, Shape, Sequence[Place], Place], None]
    backward: Callable[[Builder, Shape, Place, Sequence[Place], Place, Arrive], None]


def _each(b: Builder, shape: Shape, body: Callable[[Index], None]) -> None:
    """`body(i)` for every vector of a buffer as wide as the first input."""

    def one(i: Index, _: tuple[str, ...]) -> tuple[()]:
        body(i)
        return ()

    b.loop(shape.widths[0] * shape.stride, b.lanes, one, unroll=4)


def _activation(name: str) -> Joint:
    row = ACTIVATIONS[name]

    def forward(b: Builder, shape: Shape, inputs: Sequence[Place], output: Place) -> None:
        _each(b, shape, lambda i: b.store(row.value(b, b.load(b.at(inputs[0], i))), b.at(output, i)))

    def backward(
        b: Builder, shape: Shape, upstream: Place, inputs: Sequence[Place], output: Place, arrive: Arrive
    ) -> None:
        kept = inputs[0] if row.needs_z else output
        _each(b, shape, lambda i: arrive(0, i, row.pass_back(b, b.load(b.at(upstream, i)), b.load(b.at(kept, i)))))

    return Joint(forward, backward)


def _softmax_forward(b: Builder, shape: Shape, inputs: Sequence[Place], output: Place) -> None:
    def column(n: Index, _: tuple[str, ...]) -> tuple[()]:
        softmax_forward(b, shape.widths[0], shape.stride, b.at(inputs[0], n), b.at(output, n))
        return ()

    b.loop(shape.columns, b.lanes, column, unroll=2)


def _softmax_backward(
    b: Builder, shape: Shape, upstream: Place, inputs: Sequence[Place], output: Place, arrive: Arrive
) -> None:
    def column(n: Index, _: tuple[str, ...]) -> tuple[()]:
        softmax_backward(
            b,
            shape.widths[0],
            shape.stride,
            b.at(output, n),
            b.at(upstream, n),
            lambda k, vector: arrive(0, b.add(b.times(k, shape.stride), n), vector),
        )
        return ()

    b.loop(shape.columns, b.lanes, column, unroll=2)


#: The numbers of a dropout for one batch, side by side in memory: the key of its words and its threshold, both as the
#: bits of a 64-bit integer, and what a kept value is multiplied by.
KEY, THRESHOLD, FACTOR = range(3)
DROPOUT_NUMBERS = 3


def _dropout_forward(b: Builder, shape: Shape, inputs: Sequence[Place], output: Place) -> None:
    """Values times their mask, which is kept for the way back: `inputs` are values, mask and the batch's numbers."""
    values, mask, numbers = inputs
    width = shape.widths[0]
    key = b.load_word(b.at(numbers, KEY))
    threshold = b.splat_word(b.load_word(b.at(numbers, THRESHOLD)))
    factor = b.splat(b.load_scalar(b.at(numbers, FACTOR)))

    def unit(k: Index, _: tuple[str, ...]) -> tuple[()]:
        def column(n: Index, _: tuple[str, ...]) -> tuple[()]:
            # Lane by lane the next sample, whose word of this unit is `width` further on.
            words = counted(b, key, b.add(b.times(n, width), k), width)
            bits = b.let(f"lshr {b.words} {words}, {b.integers(11)}")
            kept = b.let(f"icmp uge {b.words} {bits}, {threshold}")
            where = b.add(b.times(k, shape.stride), n)
            factors = b.select(kept, factor, "zeroinitializer")
            b.store(factors, b.at(mask, where))
            b.store(b.fmul(b.load(b.at(values, where)), factors), b.at(output, where))
            return ()

        b.loop(shape.columns, b.lanes, column, unroll=2)
        return ()

    b.loop(width, 1, unit)


def _dropout_backward(
    b: Builder, shape: Shape, upstream: Place, inputs: Sequence[Place], output: Place, arrive: Arrive
) -> None:
    """The same mask: `inputs` is that alone."""
    (mask,) = inputs
    _each(b, shape, lambda i: arrive(0, i, b.fmul(b.load(b.at(upstream, i)), b.load(b.at(mask, i)))))


def _folded(join: Callable[[Builder, str, str], str]) -> Callable[[Builder, Shape, Sequence[Place], Place], None]:
    """Forward by one operation over all inputs, in their order."""

    def forward(b: Builder, shape: Shape, inputs: Sequence[Place], output: Place) -> None:
        def one(i: Index) -> None:
            total = b.load(b.at(inputs[0], i))
            for place in inputs[1:]:
                total = join(b, total, b.load(b.at(place, i)))
            b.store(total, b.at(output, i))

        _each(b, shape, one)

    return forward


def _add_backward(
    b: Builder, shape: Shape, upstream: Place, inputs: Sequence[Place], output: Place, arrive: Arrive
) -> None:
    def one(i: Index) -> None:
        gradient = b.load(b.at(upstream, i))
        for k in range(len(inputs)):
            arrive(k, i, gradient)

    _each(b, shape, one)


def _multiply_backward(
    b: Builder, shape: Shape, upstream: Place, inputs: Sequence[Place], output: Place, arrive: Arrive
) -> None:
    """Towards each input upstream times the product of the others, never output / input."""

    def one(i: Index) -> None:
        gradient = b.load(b.at(upstream, i))
        values = [b.load(b.at(place, i)) for place in inputs]
        for k in range(len(inputs)):
            others = [value for j, value in enumerate(values) if j != k]
            product = others[0]
            for other in others[1:]:
                product = b.fmul(product, other)
            arrive(k, i, b.fmul(gradient, product))

    _each(b, shape, one)


def _blocks(b: Builder, shape: Shape, copy: Callable[[int, Index, Index], None]) -> None:
    """`copy(input, where in the input, where in the output)` for every vector of a concat."""
    first = 0
    for k, width in enumerate(shape.widths):

        def one(i: Index, _: tuple[str, ...], k: int = k, first: int = first) -> tuple[()]:
            copy(k, i, b.add(first, i))
            return ()

        b.loop(width * shape.stride, b.lanes, one, unroll=4)
        first += width * shape.stride


def _concat_forward(b: Builder, shape: Shape, inputs: Sequence[Place], output: Place) -> None:
    _blocks(b, shape, lambda k, i, o: b.store(b.load(b.at(inputs[k], i)), b.at(output, o)))


def _concat_backward(
    b: Builder, shape: Shape, upstream: Place, inputs: Sequence[Place], output: Place, arrive: Arrive
) -> None:
    _blocks(b, shape, lambda k, i, o: arrive(k, i, b.load(b.at(upstream, o))))


#: Every operation without parameters.
JOINTS: Mapping[str, Joint] = {
    **{name: _activation(name) for name in ACTIVATIONS},
    "softmax": Joint(_softmax_forward, _softmax_backward),
    "dropout": Joint(_dropout_forward, _dropout_backward),
    "add": Joint(_folded(lambda b, x, y: b.fadd(x, y)), _add_backward),
    "multiply": Joint(_folded(lambda b, x, y: b.fmul(x, y)), _multiply_backward),
    "concat": Joint(_concat_forward, _concat_backward),
}
