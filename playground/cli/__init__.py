"""The command line, thin over the rooms below it: results to standard output, progress and messages to standard error.

Every command answers with an exit status, a record for `--json` and a text for people; `main` prints one of the two.
Bad input is one line that names the file, the place and the remedy, never a traceback. Nothing heavy is imported before
it is needed, so that `--help` and `presets` answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from playground.cli.output import OutputClosed, print_answer, say
from playground.messages import UserError

__all__ = ["main"]

#: Done, the work failed, bad input, interrupted: see the contract of the command line.
DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

#: Set to anything, a fault of the program ends in its traceback, for whoever wants to mend it.
DEBUG_VARIABLE = "BACKPROP_PLAYGROUND_DEBUG"


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line (without the program's name; None: that of the process) and return its exit status."""
    try:
        return _carry_out(list(sys.argv[1:] if argv is None else argv))
    except UserError as error:
        say(f"backprop-playground: {error}")
        return BAD_INPUT
    except KeyboardInterrupt:
        say("backprop-playground: interrupted.")
        return INTERRUPTED
    except OutputClosed as error:
        if error.reason:
            say(f"backprop-playground: {error.reason}")
        return BAD_INPUT
    except SystemExit as ending:  # --help and --version have printed what was asked for.
        return ending.code if isinstance(ending.code, int) else DONE
    except MemoryError:
        say("backprop-playground: there is not enough memory. Use fewer rows, fewer units or smaller batches.")
        return FAILED
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        say(
            f"backprop-playground: a fault of the program, not of yours: {type(error).__name__}: {error}. "
            f"Please report it; with {DEBUG_VARIABLE}=1 it says where it happened."
        )
        return FAILED


def _carry_out(argv: list[str]) -> int:
    from playground.cli.commands import parse

    command, arguments = parse(argv)
    status, record, text = command.run()(arguments)
    print_answer(record if getattr(arguments, "json", False) else None, text)
    return status
