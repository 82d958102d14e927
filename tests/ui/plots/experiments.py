"""The built-in experiments as the plots are tested with them."""

from __future__ import annotations

from playground.document import edits
from playground.document.model import Document
from playground.document.presets import PRESETS


def preset(name: str, *, activations: bool = True, **training: object) -> Document:
    """A built-in experiment at full speed."""
    document = edits.set_training(PRESETS[name].document, pace=None, **training)
    return document if activations else edits.set_all_enabled(document, False)
