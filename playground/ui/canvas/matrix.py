"""The weights of a layer that is too wide to show each unit, as one picture: [inputs × units], with a fixed scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from playground.data.table import Array
from playground.ui.canvas.tiles import image_of
from playground.ui.plots.picture import signed_colors
from playground.ui.theme import Theme

#: A weight of this size has the full colour; the scale is fixed, so that colours can be compared over time.
FULL_WEIGHT = 1.5
#: So many rows and columns at most: more are finer than the picture's pixels.
MOST_CELLS = 128

#: Pixels along the side of a weight where some are frozen: these have a dot in their middle, as wide as a third.
DOTTED = 3


def matrix_image(weights: Array, theme: Theme, frozen: NDArray[np.bool_] | None = None) -> QImage:
    """The picture of weights [inputs, units]: a column for each unit, the first input at the top.

    Where some are `frozen`, also [inputs, units], each weight is `DOTTED` pixels wide and high, and these have a dot.

    Of a very large matrix evenly chosen rows and columns are shown, each cell one weight as it is: a mean of many
    would be nearly zero whatever they are.
    """
    rows, columns = (_chosen(count) for count in weights.shape)
    colors = np.ascontiguousarray(signed_colors(weights[np.ix_(rows, columns)] / FULL_WEIGHT, theme))
    if frozen is not None and frozen.shape == weights.shape:
        colors = colors.repeat(DOTTED, axis=0).repeat(DOTTED, axis=1)
        middles = colors[DOTTED // 2 :: DOTTED, DOTTED // 2 :: DOTTED]
        middles[frozen[np.ix_(rows, columns)]] = theme.text.rgb()
    # A copy, since the image only looks into the array.
    return image_of(colors).copy()


def _chosen(count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.linspace(0, count - 1, min(count, MOST_CELLS)).round().astype(np.int64)
