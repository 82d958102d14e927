"""Random numbers as pure functions of a seed, a purpose and a counter.

Every draw is `mix(key + i·φ)`, the splitmix64 hash of a counter, so that a shuffle or a start is the same on every
machine, in numpy and in compiled code, and resuming a run needs no generator state: the seed and the epoch are enough.
Weights, split, shuffle, noise and each dropout node have a key of their own; drawing one never moves another.

Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (splitmix64).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0x9E3779B97F4A7C15
MASK = 0xFFFFFFFFFFFFFFFF


def mix(word: int) -> int:
    """The splitmix64 finaliser of one 64-bit word."""
    word &= MASK
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def stream(seed: int, purpose: str, *counters: int) -> int:
    """The key of one stream: `purpose` is its name ("shuffle", "weights", …), `counters` e.g. the epoch."""
    key = mix(seed + GOLDEN)
    for byte in purpose.encode():
        key = mix(key ^ byte)
    for counter in counters:
        key = branch(key, counter)
    return key


def branch(key: int, counter: int) -> int:
    """The key of one of the streams that branch off a stream, one for each value of the counter."""
    return mix(key ^ mix(counter + GOLDEN))


def words(key: int, count: int) -> NDArray[np.uint64]:
    """`count` 64-bit words of the stream `key`: word i is `mix(key + i·φ)`."""
    with np.errstate(over="ignore"):
        word = np.arange(count, dtype=np.uint64) * np.uint64(GOLDEN) + np.uint64(key)
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return word ^ (word >> np.uint64(31))


def uniform(key: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Numbers in [0, 1) with 53 random bits each, of the given shape."""
    bits = words(key, math.prod(shape)) >> np.uint64(11)
    return (bits.astype(np.float64) * 2.0**-53).reshape(shape)


def dropout_threshold(rate: float) -> int:
    """The least 53 random bits with which a value is kept: they stand for a number in [0, 1) that is `rate` or more."""
    return math.ceil(rate * 2.0**53)


def dropout_mask(key: int, shape: tuple[int, ...], rate: float) -> NDArray[np.float64]:
    """What dropout multiplies values by: 0 with the probability `rate`, else 1 / (1 − rate); of the given shape.

    Element i, counted row by row, is kept where the upper 53 bits of word i of the stream reach `dropout_threshold`.
    """
    bits = (words(key, math.prod(shape)) >> np.uint64(11)).reshape(shape)
    return np.where(bits >= np.uint64(dropout_threshold(rate)), 1.0 / (1.0 - rate), 0.0)


def normal(key: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Standard normal numbers of the given shape, by the Box–Muller transform."""
    count = math.prod(shape)
    pairs = uniform(key, (2, (count + 1) // 2))
    radius = np.sqrt(-2.0 * np.log(1.0 - pairs[0]))
    angle = 2.0 * np.pi * pairs[1]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count].reshape(shape)


def permutation(key: int, count: int) -> NDArray[np.int64]:
    """A random order of `range(count)`: inside-out Fisher–Yates, j = (mix(key + i·φ) >> 32)·(i+1) >> 32."""
    steps = np.arange(1, count + 1, dtype=np.uint64)
    picks = (((words(key, count) >> np.uint64(32)) * steps) >> np.uint64(32)).tolist()
    order = list(range(count))
    for i, j in enumerate(picks):
        order[i] = order[j]
        order[j] = i
    return np.array(order, dtype=np.int64)
