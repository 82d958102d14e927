"""A builder of LLVM IR text with names: straight-line code over vectors of float64, loops, and static offsets.

Values are SSA names (strings). Offsets and counts may be Python integers as long as they are known, so that address
arithmetic on constants never reaches the machine. Floating-point code carries the flags `contract` and `nsz` and no
others: anything faster would break the exponent arithmetic of `functions` and the detection of NaN.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

#: An integer known now, or the name of one known at run time.
Index = int | str
FLAGS = "contract nsz"


@dataclass(frozen=True)
class Place:
    """A float64 in memory: a pointer and an offset counted in float64."""

    pointer: str
    offset: Index = 0


class Builder:
    """Emits the body of functions for vectors of `lanes` float64."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.vector = f"<{lanes} x double>"
        self.words = f"<{lanes} x i64>"
        self.mask = f"<{lanes} x i1>"
        self.lines: list[str] = []
        self.declared: set[str] = set()
        self._count = 0
        self._block = "entry"
        #: Vectors stored in this basic block at places known now, while they still stand there.
        self._stored: dict[tuple[str, int], str] = {}

    # --- text --------------------------------------------------------------------------------------------------------

    def emit(self, line: str) -> None:
        """One instruction without a result."""
        self.lines.append("  " + line)

    def let(self, expression: str) -> str:
        """One instruction; returns the name of its result."""
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"  {name} = {expression}")
        return name

    def label(self) -> str:
        """A fresh label, not yet placed."""
        self._count += 1
        return f"b{self._count}"

    def start(self, label: str) -> None:
        """Go on in a new basic block."""
        self.lines.append(f"{label}:")
        self._block = label
        self.forget()

    @contextmanager
    def function(self, signature: str) -> Iterator[None]:
        """The body of `define SIGNATURE`."""
        self.lines.append(f"define {signature} nounwind {{")
        self.start("entry")
        yield
        self.lines.append("}")

    # --- integers ----------------------------------------------------------------------------------------------------

    def add(self, a: Index, b: Index) -> Index:
        """A + b, folded where it can be."""
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if a == 0:
            return b
        if b == 0:
            return a
        return self.let(f"add nsw i64 {a}, {b}")

    def times(self, a: Index, b: Index) -> Index:
        """A · b, folded where it can be."""
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 1:
            return b
        if b == 1:
            return a
        if a == 0 or b == 0:
            return 0
        return self.let(f"mul nsw i64 {a}, {b}")

    # --- memory ------------------------------------------------------------------------------------------------------

    def at(self, place: Place, offset: Index = 0) -> Place:
        """The place `offset` float64 further on."""
        return Place(place.pointer, self.add(place.offset, offset))

    def address(self, place: Place, kind: str = "double") -> str:
        """The pointer to a place."""
        if place.offset == 0:
            return place.pointer
        return self.let(f"getelementptr inbounds {kind}, ptr {place.pointer}, i64 {place.offset}")

    def load(self, place: Place, width: int | None = None) -> str:
        """A vector, of `width` lanes instead of all where that is given."""
        if width is None and isinstance(place.offset, int) and (place.pointer, place.offset) in self._stored:
            return self._stored[place.pointer, place.offset]
        kind = self.vector if width is None else f"<{width} x double>"
        return self.let(f"load {kind}, ptr {self.address(place)}, align 8")

    def store(self, value: str, place: Place, width: int | None = None) -> None:
        """Write a vector."""
        kind = self.vector if width is None else f"<{width} x double>"
        self.emit(f"store {kind} {value}, ptr {self.address(place)}, align 8")
        self._overwritten(place)
        if width is None and isinstance(place.offset, int):
            self._stored[place.pointer, place.offset] = value

    def forget(self) -> None:
        """From here on memory may hold anything."""
        self._stored.clear()

    def _overwritten(self, place: Place) -> None:
        """A vector or less was written here: what was known of these numbers is so no more."""
        if isinstance(place.offset, int):
            for offset in range(place.offset - self.lanes + 1, place.offset + self.lanes):
                self._stored.pop((place.pointer, offset), None)
        else:
            for key in [key for key in self._stored if key[0] == place.pointer]:
                del self._stored[key]

    def load_scalar(self, place: Place) -> str:
        """One float64."""
        return self.let(f"load double, ptr {self.address(place)}, align 8")

    def load_word(self, place: Place) -> str:
        """The bits of one float64, as an i64."""
        return self.let(f"load i64, ptr {self.address(place)}, align 8")

    def store_word(self, value: str, place: Place) -> None:
        """Write an i64 where a float64 lies."""
        self.emit(f"store i64 {value}, ptr {self.address(place)}, align 8")
        self._overwritten(place)

    def store_scalar(self, value: str, place: Place) -> None:
        """Write one float64."""
        self.emit(f"store double {value}, ptr {self.address(place)}, align 8")
        self._overwritten(place)

    # --- vectors -----------------------------------------------------------------------------------------------------

    def number(self, value: float) -> str:
        """A float64 literal, exact."""
        return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"

    def constant(self, value: float) -> str:
        """A vector of equal numbers."""
        if value == 0.0 and struct.pack("<d", value) == bytes(8):
            return "zeroinitializer"
        return "<" + ", ".join([f"double {self.number(value)}"] * self.lanes) + ">"

    def integers(self, value: int) -> str:
        """A vector of equal 64-bit integers."""
        return "<" + ", ".join([f"i64 {value}"] * self.lanes) + ">"

    def insert(self, vector: str, scalar: str, lane: int) -> str:
        """The vector with one lane replaced."""
        return self.let(f"insertelement {self.vector} {vector}, double {scalar}, i32 {lane}")

    def splat(self, scalar: str) -> str:
        """A vector of one scalar."""
        first = self.let(f"insertelement {self.vector} poison, double {scalar}, i32 0")
        return self.shuffle(first, "poison", [0] * self.lanes)

    def spread(self, place: Place) -> str:
        """A vector of the one number at a place."""
        if isinstance(place.offset, int):
            first = place.offset // self.lanes * self.lanes
            if (place.pointer, first) in self._stored:
                return self.shuffle(self._stored[place.pointer, first], "poison", [place.offset - first] * self.lanes)
        return self.splat(self.load_scalar(place))

    def splat_word(self, word: Index) -> str:
        """A vector of one 64-bit integer."""
        if isinstance(word, int):
            return self.integers(word)
        first = self.let(f"insertelement {self.words} poison, i64 {word}, i32 0")
        return self.let(
            f"shufflevector {self.words} {first}, {self.words} poison, <{self.lanes} x i32> zeroinitializer"
        )

    def shuffle(self, a: str, b: str, lanes: Sequence[int]) -> str:
        """Lanes of a and b (counted on from a's), as many as are asked for."""
        places = ", ".join(f"i32 {lane}" for lane in lanes)
        return self.let(f"shufflevector {self.vector} {a}, {self.vector} {b}, <{len(lanes)} x i32> <{places}>")

    def fadd(self, a: str, b: str) -> str:
        """A + b, lane by lane."""
        return self.let(f"fadd {FLAGS} {self.vector} {a}, {b}")

    def fsub(self, a: str, b: str) -> str:
        """A − b."""
        return self.let(f"fsub {FLAGS} {self.vector} {a}, {b}")

    def fmul(self, a: str, b: str) -> str:
        """A · b."""
        return self.let(f"fmul {FLAGS} {self.vector} {a}, {b}")

    def fdiv(self, a: str, b: str) -> str:
        """A / b."""
        return self.let(f"fdiv {FLAGS} {self.vector} {a}, {b}")

    def fneg(self, a: str) -> str:
        """The negative of a."""
        return self.let(f"fneg {FLAGS} {self.vector} {a}")

    def fma(self, a: str, b: str, c: str) -> str:
        """a·b + c, rounded once."""
        return self.call("fma", a, b, c)

    def call(self, name: str, *vectors: str) -> str:
        """An LLVM intrinsic on vectors: fma, fabs, copysign, maxnum, minnum, sqrt, …"""
        full = f"@llvm.{name}.v{self.lanes}f64"
        self.declared.add(f"declare {self.vector} {full}({', '.join([self.vector] * len(vectors))})")
        return self.let(f"call {self.vector} {full}({', '.join(f'{self.vector} {v}' for v in vectors)})")

    def compare(self, how: str, a: str, b: str) -> str:
        """A mask: how is "ogt", "olt", …"""
        return self.let(f"fcmp {how} {self.vector} {a}, {b}")

    def select(self, mask: str, a: str, b: str) -> str:
        """A where the mask is set, else b."""
        return self.let(f"select {self.mask} {mask}, {self.vector} {a}, {self.vector} {b}")

    @contextmanager
    def branch(self, condition: str) -> Iterator[None]:
        """Code that runs only where an i1 is set."""
        inside, after = self.label(), self.label()
        self.emit(f"br i1 {condition}, label %{inside}, label %{after}")
        self.start(inside)
        yield
        self.emit(f"br label %{after}")
        self.start(after)

    # --- loops -------------------------------------------------------------------------------------------------------

    def loop(
        self,
        count: Index,
        step: int,
        body: Callable[[Index, tuple[str, ...]], Iterable[str]],
        carried: Sequence[str] = (),
        unroll: int = 1,
    ) -> tuple[str, ...]:
        """`body(i, carried)` for i = 0, step, … below count (a multiple of step); it returns the carried vectors anew.

        A loop of at most `unroll` rounds is written out, with i known in each.
        """
        values = tuple(carried)
        if isinstance(count, int) and count <= unroll * step:
            for known in range(0, count, step):
                values = tuple(body(known, values))
            return values
        before, top, after = self._block, self.label(), self.label()
        self.emit(f"br label %{top}")
        self.start(top)
        self._count += 1
        i = f"%i{self._count}"
        heads = len(self.lines)
        self.lines += [""] * (1 + len(values))
        inner = tuple(f"%c{self._count}_{k}" for k in range(len(values)))
        results = tuple(body(i, inner))
        following = self.let(f"add nuw nsw i64 {i}, {step}")
        again = self.let(f"icmp ult i64 {following}, {count}")
        end = self._block
        self.lines[heads] = f"  {i} = phi i64 [ 0, %{before} ], [ {following}, %{end} ]"
        for k, (first, name, last) in enumerate(zip(values, inner, results, strict=True)):
            self.lines[heads + 1 + k] = f"  {name} = phi {self.vector} [ {first}, %{before} ], [ {last}, %{end} ]"
        self.emit(f"br i1 {again}, label %{top}, label %{after}")
        self.start(after)
        return results

    def text(self) -> str:
        """The module so far."""
        return "\n".join([*self.lines, *sorted(self.declared)]) + "\n"
