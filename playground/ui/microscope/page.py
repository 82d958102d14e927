"""What every page of the microscope is, for the panel that holds them; see `pages`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """A widget made of a reader. It asks the reader and listens to its signals while it is visible."""

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        raise NotImplementedError

    def restyle(self) -> None:
        """Paint in the theme of the moment."""
        raise NotImplementedError

    def keyboard(self) -> QWidget | None:
        """What takes the keys when the page gets them, where there is such a part and it is seen."""
        return None

    def end_work(self) -> None:
        """End every thread; of no use afterwards. Most pages have none."""
