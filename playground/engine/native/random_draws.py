"""Random draws inside compiled code: those of `playground.randomness`, number for number."""

from __future__ import annotations

from playground.engine.native.builder import Builder, Index
from playground.randomness import GOLDEN, MASK

_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def mix(b: Builder, word: str, *, vector: bool = False) -> str:
    """The splitmix64 finaliser of an i64, or of a vector of them."""
    kind = b.words if vector else "i64"

    def constant(value: int) -> str:
        return b.integers(value) if vector else str(value)

    for shift, factor in ((30, _FIRST), (27, _SECOND), (31, None)):
        shifted = b.let(f"lshr {kind} {word}, {constant(shift)}")
        word = b.let(f"xor {kind} {word}, {shifted}")
        if factor is not None:
            word = b.let(f"mul {kind} {word}, {constant(_signed(factor))}")
    return word


def shuffle_function(b: Builder) -> None:
    """`shuffle(order, rows, key)`: inside-out Fisher–Yates, j = (mix(key + i·φ) >> 32)·(i+1) >> 32.

    A draw does not depend on what was drawn before: so they are made a vector at a time.
    """
    following = "<" + ", ".join(f"i64 {lane + 1}" for lane in range(b.lanes)) + ">"
    with b.function("void @shuffle(ptr noalias %order, i64 %rows, i64 %key)"):
        b.emit(f"%picks = alloca {b.words}, align 64")

        def draw(i: Index) -> None:
            high = b.let(f"lshr {b.words} {counted(b, '%key', i, 1)}, {b.integers(32)}")
            counts = b.let(f"add {b.words} {b.splat_word(i)}, {following}")
            # That both factors are halves is said for the sake of the machine's short product.
            counts = b.let(f"and {b.words} {counts}, {b.integers(MASK >> 32)}")
            picks = b.let(f"lshr {b.words} {b.let(f'mul {b.words} {high}, {counts}')}, {b.integers(32)}")
            b.emit(f"store {b.words} {picks}, ptr %picks, align 64")

        def place(i: Index, lane: Index) -> None:
            j = b.let(f"load i64, ptr {b.let(f'getelementptr inbounds i64, ptr %picks, i64 {lane}')}, align 8")
            source = b.let(f"getelementptr inbounds i64, ptr %order, i64 {j}")
            target = b.let(f"getelementptr inbounds i64, ptr %order, i64 {b.add(i, lane)}")
            b.emit(f"store i64 {b.let(f'load i64, ptr {source}, align 8')}, ptr {target}, align 8")
            b.emit(f"store i64 {b.add(i, lane)}, ptr {source}, align 8")

        def many(i: Index, _: tuple[str, ...]) -> tuple[()]:
            draw(i)
            for lane in range(b.lanes):
                place(i, lane)
            return ()

        def one(lane: Index, _: tuple[str, ...]) -> tuple[()]:
            place(whole, lane)
            return ()

        whole = b.let(f"and i64 %rows, {-b.lanes}")
        with b.branch(b.let(f"icmp ne i64 {whole}, 0")):
            b.loop(whole, b.lanes, many)
        rest = b.let(f"sub i64 %rows, {whole}")
        with b.branch(b.let(f"icmp ne i64 {rest}, 0")):
            draw(whole)
            b.loop(rest, 1, one)
        b.emit("ret void")


def branch(b: Builder, key: str, counter: str) -> str:
    """The key that branches off another for one value of a counter: an epoch's of the shuffle's, say."""
    return mix(b, b.let(f"xor i64 {key}, {mix(b, b.let(f'add i64 {counter}, {_signed(GOLDEN)}'))}"))


def counted(b: Builder, key: str, first: Index, apart: int) -> str:
    """A vector of words of the stream `key`: those of the counters first, first + apart, first + 2·apart, …"""
    start = b.let(f"add i64 {key}, {b.let(f'mul i64 {first}, {_signed(GOLDEN)}')}")
    steps = (_signed(lane * apart * GOLDEN & MASK) for lane in range(b.lanes))
    lanes = "<" + ", ".join(f"i64 {step}" for step in steps) + ">"
    return mix(b, b.let(f"add {b.words} {b.splat_word(start)}, {lanes}"), vector=True)
