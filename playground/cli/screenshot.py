"""`screenshot`: the real main window, rendered without a display."""

from __future__ import annotations

import argparse
import os

from playground.cli.output import Answer, say
from playground.cli.spec import open_spec, ready
from playground.cli.targets import check_target


def run(arguments: argparse.Namespace) -> Answer:
    """Take the picture; a project that was trained shows the weights that it was saved with."""
    check_target(arguments.out, (".png",), "a screenshot is")
    project = open_spec(arguments.spec)
    state = ready(project).state if project.progress is not None else None
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from playground.ui.screenshot import take

    take(
        project.document,
        arguments.out,
        state=state,
        size=arguments.size,
        epochs=arguments.epochs,
        theme=arguments.theme,
        language=arguments.language,
        view=arguments.view,
    )
    say(f"Written: {arguments.out}.")
    return 0, None, ""
