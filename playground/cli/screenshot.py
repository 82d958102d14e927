"""`screenshot`: the real main window, rendered without a display."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from playground.cli.output import Answer, say
from playground.cli.spec import open_spec
from playground.cli.targets import check_target


def run(arguments: argparse.Namespace) -> Answer:
    """Take the picture; a project that was trained shows the weights that it was saved with."""
    check_target(arguments.out, (".png",), "a screenshot is")
    project = open_spec(arguments.spec)
    document = project.document
    if project.progress is not None:
        document = replace(document, parameters=project.progress.weights)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from playground.ui.screenshot import take

    take(
        document,
        arguments.out,
        size=arguments.size,
        epochs=arguments.epochs,
        theme=arguments.theme,
        language=arguments.language,
        view=arguments.view,
    )
    say(f"Written: {arguments.out}.")
    return 0, None, ""
