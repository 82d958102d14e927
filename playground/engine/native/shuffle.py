"""The shuffle, inside compiled code: the very draws of `playground.randomness`, number for number."""

from __future__ import annotations

from playground.engine.native.builder import Builder

GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def mix(b: Builder, word: str) -> str:
    """The splitmix64 finaliser of an i64."""
    for shift, factor in ((30, _FIRST), (27, _SECOND), (31, None)):
        shifted = b.let(f"lshr i64 {word}, {shift}")
        word = b.let(f"xor i64 {word}, {shifted}")
        if factor is not None:
            word = b.let(f"mul i64 {word}, {_signed(factor)}")
    return word


def shuffle_function(b: Builder) -> None:
    """`shuffle(order, rows, key)`: inside-out Fisher–Yates, j = (mix(key + i·φ) >> 32)·(i+1) >> 32."""
    with b.function("void @shuffle(ptr noalias %order, i64 %rows, i64 %key)"):

        def one(i: object, _: tuple[str, ...]) -> tuple[()]:
            step = b.let(f"mul i64 {i}, {_signed(GOLDEN)}")
            word = mix(b, b.let(f"add i64 %key, {step}"))
            high = b.let(f"lshr i64 {word}, 32")
            following = b.let(f"add i64 {i}, 1")
            j = b.let(f"lshr i64 {b.let(f'mul i64 {high}, {following}')}, 32")
            source = b.let(f"getelementptr inbounds i64, ptr %order, i64 {j}")
            target = b.let(f"getelementptr inbounds i64, ptr %order, i64 {i}")
            b.emit(f"store i64 {b.let(f'load i64, ptr {source}, align 8')}, ptr {target}, align 8")
            b.emit(f"store i64 {i}, ptr {source}, align 8")
            return ()

        b.loop("%rows", 1, one)
        b.emit("ret void")


def epoch_key(b: Builder, stream: str, epoch: str) -> str:
    """The key of one epoch's shuffle from that of the seed's stream."""
    return mix(b, b.let(f"xor i64 {stream}, {mix(b, b.let(f'add i64 {epoch}, {_signed(GOLDEN)}'))}"))
