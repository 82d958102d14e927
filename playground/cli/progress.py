"""The progress bar of a run, on a terminal and nowhere else."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any


class Bar:
    """Epochs done, time left and the training loss, on standard error."""

    def __init__(self, epochs: int) -> None:
        self._bar: Any = None
        if sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # Its thread would outlive the bar.
            self._bar = tqdm(total=epochs, unit="epoch", dynamic_ncols=True, leave=False, file=sys.stderr)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, epochs: int, loss: float) -> None:
        """Show that so many epochs are done, and the training loss after the last one."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {loss:.4g}", refresh=False)
            self._bar.update(epochs - self._bar.n)
