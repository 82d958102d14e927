"""`presets`: the built-in experiments, a line each."""

from __future__ import annotations

import argparse

from playground.cli.output import Answer, aligned
from playground.document.presets import PRESETS


def run(arguments: argparse.Namespace) -> Answer:
    """List them."""
    rows = [(preset.name, str(preset.title), str(preset.summary)) for preset in PRESETS.values()]
    record = {"presets": [{"name": name, "title": title, "summary": summary} for name, title, summary in rows]}
    return 0, record, "\n".join(aligned(rows))
