"""The losses after every epoch: append-only, and thinned so that a long run draws as fast as a short one."""

from __future__ import annotations

import numpy as np

from playground.data.table import Array

#: Most points that a curve is drawn with.
DRAWN_POINTS = 2000


class History:
    """Rows of (epoch, training loss, test loss); a missing test loss is NaN. Grows in place, doubling its room."""

    def __init__(self) -> None:
        self._rows = np.empty((3, 256))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, epoch: int, train_loss: float, test_loss: float | None) -> None:
        """Add the losses after an epoch."""
        if self._length == self._rows.shape[1]:
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)], axis=1)
        self._rows[:, self._length] = epoch, train_loss, np.nan if test_loss is None else test_loss
        self._length += 1

    def cut(self, epoch: int) -> None:
        """Forget everything after an epoch."""
        while self._length > 1 and self._rows[0, self._length - 1] > epoch:
            self._length -= 1

    def rows(self) -> Array:
        """All rows, [3, length]; a view."""
        return self._rows[:, : self._length]

    def thinned(self, points: int = DRAWN_POINTS) -> Array:
        """At most `points` columns of `rows`, a copy; of every stretch the lowest and highest of both losses are kept.

        The first and the last row are always there.
        """
        rows = self.rows()
        if self._length <= points:
            return rows.copy()
        stretch = -(-self._length // max(1, (points - 2) // 4))
        keep = {0, self._length - 1}
        for curve in rows[1:]:
            if np.isnan(curve).any():
                continue
            whole = curve[: self._length // stretch * stretch].reshape(-1, stretch)
            starts = np.arange(len(whole)) * stretch
            keep.update((starts + whole.argmin(axis=1)).tolist(), (starts + whole.argmax(axis=1)).tolist())
            rest = curve[len(whole) * stretch :]
            if len(rest):
                keep.update(
                    (self._length - len(rest) + int(rest.argmin()), self._length - len(rest) + int(rest.argmax()))
                )
        thinned: Array = rows[:, sorted(keep)]
        return thinned
