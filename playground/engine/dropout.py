"""Dropout: which values are left out of one update, as a pure function of seed, node and the number of the update.

Nothing is drawn from a generator that would have to be stored: a run is the same however it is cut, paused, saved and
resumed, and compiled code draws the very same masks. The definition is `randomness.dropout_mask`.
"""

from __future__ import annotations

from functools import lru_cache

from playground.engine.program import Array, Instruction, Program
from playground.randomness import branch, dropout_mask, stream


def dropouts(program: Program) -> tuple[Instruction, ...]:
    """The instructions that leave values out while the program trains."""
    return tuple(instruction for instruction in program.instructions if instruction.op == "dropout")


@lru_cache(maxsize=1024)
def node_key(seed: int, node: str) -> int:
    """The key of one node's masks, from which one branches off for each update."""
    return stream(seed, f"dropout {node}")


def masks(program: Program, seed: int, update: int, samples: int) -> dict[str, Array]:
    """The mask [samples, width] of every dropout, by its output buffer, for the update after `update` others.

    Element (sample, unit) of a batch has the counter sample · width + unit.
    """
    return {
        one.output: dropout_mask(
            branch(node_key(seed, one.node), update), (samples, program.widths[one.output]), one.rate
        )
        for one in dropouts(program)
    }
