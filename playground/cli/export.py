"""`export`: the weights of a project as a file that other programs read."""

from __future__ import annotations

import argparse

from playground.cli.keeping import check_outputs, export_weights
from playground.cli.output import Answer, note
from playground.cli.spec import open_spec, ready


def run(arguments: argparse.Namespace) -> Answer:
    """Write the file; a project that was not trained gives its initial weights, and that is said."""
    check_outputs(None, [arguments.out])
    project = open_spec(arguments.spec)
    prepared = ready(project)
    if not prepared.trained:
        note(f"{project.where} was not trained: these are its initial weights.")
    export_weights(prepared, arguments.out)
    return 0, None, ""
