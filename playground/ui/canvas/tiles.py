"""Pictures of numbers: what each unit of a layer answers over the plane, and the weights of a wide layer.

The colours are those of the decision region: a value of −1 or below has the full colour of the negative, 1 or above
that of the positive, and zero is the surface. NaN is the grey of the undefined.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from playground.data.table import Array
from playground.engine.program import Picture
from playground.ui.plots.picture import signed_colors
from playground.ui.plots.scene import MAP_SIDE
from playground.ui.theme import Theme

#: A weight of this size has the full colour in the picture of a wide layer.
FULL_WEIGHT = 1.5


@dataclass(frozen=True, eq=False)
class MapImage:
    """The maps of a node's units, one below the other in one image; `colors` are the memory that it looks at."""

    image: QImage
    units: int
    colors: NDArray[np.uint32]

    def source(self, unit: int) -> QRectF:
        """The part of the image that is one unit's map."""
        return QRectF(0.0, unit * MAP_SIDE, MAP_SIDE, MAP_SIDE)


def map_image(pictures: Picture, table: NDArray[np.uint32]) -> MapImage:
    """The image of maps [units, MAP_SIDE²], whose rows run from the lowest up; `table` is `color_table`'s."""
    units = len(pictures)
    values = pictures.reshape(units, MAP_SIDE, MAP_SIDE)[:, ::-1]
    scaled = np.clip(values, -1.0, 1.0)
    scaled *= 127.0
    scaled += 128.5
    if np.isnan(scaled).any():
        scaled[np.isnan(scaled)] = 0.0
    colors = np.ascontiguousarray(table[scaled.astype(np.uint8)].reshape(units * MAP_SIDE, MAP_SIDE))
    return MapImage(_image(colors), units, colors)


def color_table(theme: Theme) -> NDArray[np.uint32]:
    """The 256 colours of values from −1 to 1, 0xffRRGGBB; the first is that of the undefined."""
    packed = signed_colors((np.arange(256) - 128) / 127.0, theme)
    packed[0] = theme.chip.rgb()
    return packed


def matrix_image(weights: Array, theme: Theme) -> QImage:
    """The picture of weights [inputs, units]: a column for each unit, the first input at the top."""
    colors = np.ascontiguousarray(signed_colors(weights / FULL_WEIGHT, theme))
    return _image(colors).copy()


def _image(colors: NDArray[np.uint32]) -> QImage:
    height, width = colors.shape
    return QImage(colors.data, width, height, 4 * width, QImage.Format.Format_RGB32)
