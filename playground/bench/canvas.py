"""What an edit of a large network costs the window: `QT_QPA_PLATFORM=offscreen python -m playground.bench.canvas`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from statistics import median

from playground.ui.app import SWITCH_INTERVAL
from playground.ui.edit_costs import Costs, crowd, measured, opened

#: So often each edit is made.
_RUNS = 15


def table(found: Mapping[str, Costs]) -> str:
    """Median and maximum of each, as Markdown."""
    heads = ("edit", "its first painting", "undo", "its first painting")
    lines = ["| median (most), ms | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
    for name, costs in found.items():
        cells = [costs.edit, costs.paint, costs.undo, costs.paint_undo]
        shown = [f"{median(cell):.1f} ({max(cell):.1f})" if cell else "" for cell in cells]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    with opened(crowd()) as window:
        # As in the application: what has been made until now is no matter of the collector's any more.
        gc.collect()
        gc.freeze()
        # The first of each pays for what is made once in a window's life.
        measured(window, 1)
        sys.stdout.write(table(measured(window, _RUNS)) + "\n")
