"""Pictures of numbers: what each unit of a layer answers over the plane.

The colours are those of the decision region: a value of −1 or below has the full colour of the negative, 1 or above
that of the positive, and zero is the surface. NaN is the grey of the undefined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from playground.engine.program import Picture
from playground.ui.plots.picture import signed_colors
from playground.ui.plots.scene import MAP_SIDE
from playground.ui.theme import Theme


@dataclass(frozen=True, eq=False)
class MapImage:
    """The maps of a node's units, one below the other in one image.

    Attributes:
        colors: the memory that the image looks at.
        undefined: units that are nowhere a number.
        side: cells along each side of one map.
    """

    image: QImage
    units: int
    colors: NDArray[np.uint32]
    undefined: frozenset[int] = frozenset()
    side: int = MAP_SIDE

    def source(self, unit: int) -> QRectF:
        """The part of the image that is one unit's map."""
        return QRectF(0.0, unit * self.side, self.side, self.side)


def step_for(pixels: float) -> int:
    """Which cells of a map are looked at where it is painted so many pixels wide: every one, second or fourth."""
    return 4 if pixels <= MAP_SIDE / 4 else 2 if pixels <= MAP_SIDE / 2 else 1


def map_image(pictures: Picture, theme: Theme, step: int = 1) -> MapImage:
    """The image of maps [units, MAP_SIDE²], whose rows run from the lowest up; of every `step`-th row and column."""
    units, side = len(pictures), MAP_SIDE // step
    values = pictures.reshape(units, MAP_SIDE, MAP_SIDE)[:, ::-1][:, step // 2 :: step, step // 2 :: step]
    scaled = np.clip(values, -1.0, 1.0)
    scaled *= 127.0
    scaled += 128.5
    undefined: frozenset[int] = frozenset()
    unknown = np.isnan(scaled)
    if unknown.any():
        scaled[unknown] = 0.0
        undefined = frozenset(np.flatnonzero(unknown.all(axis=(1, 2))).tolist())
    colors = color_table(theme)[scaled.astype(np.uint8)].reshape(units * side, side)
    colors = np.ascontiguousarray(colors)
    return MapImage(image_of(colors), units, colors, undefined, side)


@lru_cache(maxsize=2)
def color_table(theme: Theme) -> NDArray[np.uint32]:
    """The 256 colours of values from −1 to 1, 0xffRRGGBB; the first is that of the undefined."""
    packed = signed_colors((np.arange(256) - 128) / 127.0, theme)
    packed[0] = theme.chip.rgb()
    return packed


def image_of(colors: NDArray[np.uint32]) -> QImage:
    """An image of pixels [rows, columns]; it looks into the array, which must live as long."""
    height, width = colors.shape
    return QImage(colors.data, width, height, 4 * width, QImage.Format.Format_RGB32)
