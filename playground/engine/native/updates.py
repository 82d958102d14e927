"""One emitter per optimizer: a vector of parameters is stepped, given its gradient summed over the batch.

What holds for one batch is computed at its head, once, and kept in memory as the `batch` numbers; every stage of the
network reads what it needs from there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.functions import clamp, expm1

ZERO = "zeroinitializer"

#: The numbers that may change from call to call: η, β, l1, l2, and t, the steps that the optimizer has made before.
RATE, MOMENTUM, L1, L2, STEPS = range(5)
NUMBERS = 5
#: The numbers of a batch: the same four, then 1 / samples, and two of the optimizer's own.
SHARE, OWN, OWN_TOO = 4, 5, 6
BATCH_NUMBERS = 7

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8
_RMSPROP_DECAY = 0.99


@dataclass(frozen=True)
class Block:
    """Parameters in memory, and the optimizer's slots for them, laid out alike.

    Where some of them are frozen there is a mask too, with 1 for each of those and 0 for the others.
    """

    parameters: Place
    slots: tuple[Place, ...]
    mask: Place | None = None

    @classmethod
    def of(cls, places: Sequence[Place], slots: int) -> Block:
        """From the places as a stage is given them: parameters, as many slots, and the mask if there is one."""
        return cls(places[0], tuple(places[1 : 1 + slots]), *places[1 + slots :])

    def at(self, b: Builder, offset: Index) -> Block:
        """The same, `offset` numbers further on."""
        mask = None if self.mask is None else b.at(self.mask, offset)
        return Block(b.at(self.parameters, offset), tuple(b.at(slot, offset) for slot in self.slots), mask)

    def write(self, b: Builder, vector: str, place: Place) -> None:
        """Store new parameters, or new numbers of a slot, at the block's head: what is frozen stays to the bit."""
        if self.mask is not None:
            frozen = b.compare("one", b.load(self.mask), ZERO)
            vector = b.select(frozen, b.load(place), vector)
        b.store(vector, place)


class Update:
    """What every optimizer shares: the batch's numbers, and the penalty as part of the gradient.

    An emitter belongs to one function: `enter` reads at its head what its vectors need.
    """

    #: How many slots it keeps.
    slots: ClassVar[int] = 0

    def begin(self, b: Builder, numbers: Place, batch: Place, count: str, step: str) -> None:
        """At the head of a batch of `count` samples, the `step`-th of the call from 0: write the batch's numbers."""
        for k in (RATE, MOMENTUM, L1, L2):
            b.store_scalar(b.load_scalar(b.at(numbers, k)), b.at(batch, k))
        b.store_scalar(b.let(f"fdiv double {b.number(1.0)}, {count}"), b.at(batch, SHARE))

    def enter(self, b: Builder, batch: Place) -> None:
        """At the head of a stage: read the batch's numbers, each spread over a vector."""
        self.rate, self.momentum, self.l1, self.l2, self.share, self.own, self.own_too = (
            b.splat(b.load_scalar(b.at(batch, k))) for k in range(BATCH_NUMBERS)
        )

    def decay(self, b: Builder, block: Block, size: int) -> None:
        """Before a block of weights is stepped, after its last use in this batch."""

    def apply(self, b: Builder, block: Block, gradient: str, weight: bool) -> None:
        """Step the vector of parameters at the head of a block."""
        w = b.load(block.parameters)
        g = b.fmul(gradient, self.share)
        if weight:
            g = b.fadd(g, self.penalty(b, w))
        block.write(b, self.stepped(b, block, w, g), block.parameters)

    def penalty(self, b: Builder, w: str) -> str:
        """l2·w + l1·sign(w), the slope of |w| at 0 being 0."""
        sign = b.select(b.compare("one", w, ZERO), b.call("copysign", self.l1, w), ZERO)
        return b.fma(self.l2, w, sign)

    def stepped(self, b: Builder, block: Block, w: str, g: str) -> str:
        """The new parameters from the old ones and the whole gradient; writes the slots."""
        raise NotImplementedError


class Sgd(Update):
    """w ← w − η·g. The penalty is stepped beforehand and skipped by a branch where there is none."""

    def begin(self, b: Builder, numbers: Place, batch: Place, count: str, step: str) -> None:
        """See `Update.begin`."""
        super().begin(b, numbers, batch, count, step)
        negative = b.let(f"fneg double {b.load_scalar(b.at(numbers, RATE))}")
        b.store_scalar(b.let(f"fdiv double {negative}, {count}"), b.at(batch, OWN))

    def decay(self, b: Builder, block: Block, size: int) -> None:
        """See `Update.decay`."""
        either = b.fadd(self.l1, self.l2)
        wanted = b.let(f"extractelement {b.mask} {b.compare('one', either, ZERO)}, i32 0")

        def step(i: Index, _: tuple[str, ...]) -> tuple[()]:
            part = block.at(b, i)
            w = b.load(part.parameters)
            part.write(b, b.fsub(w, b.fmul(self.rate, self.penalty(b, w))), part.parameters)
            return ()

        with b.branch(wanted):
            b.loop(size, b.lanes, step)

    def apply(self, b: Builder, block: Block, gradient: str, weight: bool) -> None:
        """See `Update.apply`."""
        block.write(b, b.fma(gradient, self.own, b.load(block.parameters)), block.parameters)


class Momentum(Update):
    """v ← βv + g, w ← w − ηv."""

    slots = 1

    def stepped(self, b: Builder, block: Block, w: str, g: str) -> str:
        """See `Update.stepped`."""
        v = b.fma(self.momentum, b.load(block.slots[0]), g)
        block.write(b, v, block.slots[0])
        return b.fsub(w, b.fmul(self.rate, self.direction(b, v, g)))

    def direction(self, b: Builder, v: str, g: str) -> str:
        """What is stepped along."""
        return v


class Nesterov(Momentum):
    """v ← βv + g, w ← w − η(g + βv)."""

    def direction(self, b: Builder, v: str, g: str) -> str:
        """See `Momentum.direction`."""
        return b.fma(self.momentum, v, g)


class Adam(Update):
    """m, v the running means of g and g²; w ← w − η·m̂ / (√v̂ + ε). βᵗ is a function of t alone."""

    slots = 2

    def begin(self, b: Builder, numbers: Place, batch: Place, count: str, step: str) -> None:
        """See `Update.begin`."""
        super().begin(b, numbers, batch, count, step)
        done = b.let(f"uitofp i64 {step} to double")
        t = b.let(f"fadd double {b.load_scalar(b.at(numbers, STEPS))}, {done}")
        t = b.let(f"fadd double {t}, {b.number(1.0)}")
        exponents = "zeroinitializer"
        for lane, beta in enumerate((_BETA1, _BETA2)):
            exponent = b.let(f"fmul double {t}, {b.number(math.log(beta))}")
            exponents = b.let(f"insertelement {b.vector} {exponents}, double {exponent}, i32 {lane}")
        # 1 − βᵗ = −(e^(t·ln β) − 1)
        left = b.fneg(expm1(b, clamp(b, exponents, -708.0, 0.0)))
        first, second = (b.let(f"extractelement {b.vector} {left}, i32 {lane}") for lane in range(2))
        rate = b.load_scalar(b.at(numbers, RATE))
        b.store_scalar(b.let(f"fdiv double {rate}, {first}"), b.at(batch, OWN))
        b.store_scalar(b.let(f"fdiv double {b.number(1.0)}, {second}"), b.at(batch, OWN_TOO))

    def stepped(self, b: Builder, block: Block, w: str, g: str) -> str:
        """See `Update.stepped`."""
        mean, square = block.slots
        m = b.fma(b.constant(1.0 - _BETA1), g, b.fmul(b.constant(_BETA1), b.load(mean)))
        v = b.fma(b.fmul(b.constant(1.0 - _BETA2), g), g, b.fmul(b.constant(_BETA2), b.load(square)))
        block.write(b, m, mean)
        block.write(b, v, square)
        size = b.fadd(b.call("sqrt", b.fmul(v, self.own_too)), b.constant(_EPSILON))
        return b.fsub(w, b.fdiv(b.fmul(self.own, m), size))


class RmsProp(Update):
    """v ← αv + (1 − α)g², w ← w − η·g / (√v + ε), α = 0.99."""

    slots = 1

    def stepped(self, b: Builder, block: Block, w: str, g: str) -> str:
        """See `Update.stepped`."""
        place = block.slots[0]
        v = b.fma(b.fmul(b.constant(1.0 - _RMSPROP_DECAY), g), g, b.fmul(b.constant(_RMSPROP_DECAY), b.load(place)))
        block.write(b, v, place)
        return _along(b, w, g, v, self.rate, _EPSILON)


class AdaGrad(Update):
    """v ← v + g², w ← w − η·g / (√v + ε), ε = 1e-10."""

    slots = 1

    def stepped(self, b: Builder, block: Block, w: str, g: str) -> str:
        """See `Update.stepped`."""
        place = block.slots[0]
        v = b.fma(g, g, b.load(place))
        block.write(b, v, place)
        return _along(b, w, g, v, self.rate, 1e-10)


def _along(b: Builder, w: str, g: str, v: str, rate: str, epsilon: float) -> str:
    size = b.fadd(b.call("sqrt", v), b.constant(epsilon))
    return b.fsub(w, b.fdiv(b.fmul(rate, g), size))


#: Emitters by the optimizer's name; SGD with momentum, and with Nesterov's, are other code than plain SGD.
UPDATES: Mapping[str, type[Update]] = {
    "sgd": Sgd,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adam": Adam,
    "rmsprop": RmsProp,
    "adagrad": AdaGrad,
}
