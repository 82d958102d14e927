"""Mail: the lecture's two pictures, drawn in words and links per hundred words, and 4,601 real mails.

Spambase: M. Hopkins, E. Reeber, G. Forman, J. Suermondt (1999), UCI Machine Learning Repository, doi 10.24432/C53G6X,
CC BY 4.0; see `resources/data/README.md`.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from functools import cache

import numpy as np

from playground.data.family import gaussians, turns, uniforms
from playground.data.table import Array, Table
from playground.messages import Message, UserError, message
from playground.resources import resource

CLASSES = ("ham", "spam")
PICTURE_AXES = (message("promotional words per hundred"), message("links per hundred words"))

#: Across the diagonal, ham lies at 0 and spam at this distance on either side.
BAND = 2.4
MIDDLE = 5.0
HALF_LENGTH = 3.5


def separable(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Two clouds: spam at (6, 5), ham at (2, 1.5); `noise` is their deviation."""
    label = turns(samples, 2)
    centres = np.where(label[:, None] == 1, np.array([6.0, 5.0]), np.array([2.0, 1.5]))
    return _rates(centres + noise * gaussians(seed, samples)), label


def not_separable(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Ham in a diagonal band, spam on both sides of it; `noise` is the deviation of a point's place."""
    label, side = turns(samples, 2), turns(samples, 4)
    along = HALF_LENGTH * (2 * uniforms(seed, samples)[:, 0] - 1)
    across = BAND * np.where(label == 0, 0.0, np.where(side == 1, 1.0, -1.0))
    points = MIDDLE + np.column_stack([along - across, along + across]) / np.sqrt(2.0)
    return _rates(points + noise * gaussians(seed, samples)), label


def _rates(points: Array) -> Array:
    """No mail has fewer than no links: what noise pushes below 0 is folded back."""
    return np.abs(points)


@cache
def real_mails() -> Table:
    """Spambase in file order, read once; its arrays are read-only because everybody shares them.

    Raises UserError where the shipped file is missing or damaged.
    """
    path = resource("data/spambase.csv.gz")
    try:
        header, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
        if not body:
            raise ValueError("it holds no rows")
        numbers = body.replace(b",spam", b",1").replace(b",ham", b",0")
        rows = np.loadtxt(io.BytesIO(numbers), delimiter=",", ndmin=2)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise UserError(
            "The real mails can't be read from {file} ({reason}). Install the program again to restore them.",
            file=str(path), reason=str(error),
        ) from error  # fmt: skip
    *columns, target = next(csv.reader([header.decode()]))
    features, targets = np.ascontiguousarray(rows[:, :-1]), np.ascontiguousarray(rows[:, -1])
    features.flags.writeable = targets.flags.writeable = False
    axes = tuple(_meaning(column) for column in columns)
    return Table(tuple(columns), features, target, targets, "classification", CLASSES, axes=axes)


def spambase(samples: int, noise: float, seed: int) -> Table:
    """All the real mails, whatever is asked: the seed only splits them."""
    return real_mails()


def _meaning(column: str) -> Message:
    """What a column counts, in words."""
    if column.startswith("word_freq_"):
        return message("“{word}”, % of the words", word=column.removeprefix("word_freq_"))
    if column.startswith("char_freq_"):
        return message("“{character}”, % of the characters", character=column.removeprefix("char_freq_"))
    return {
        "capital_run_length_average": message("capitals in a row, mean length"),
        "capital_run_length_longest": message("capitals in a row, longest"),
        "capital_run_length_total": message("capitals, in all"),
    }[column]
