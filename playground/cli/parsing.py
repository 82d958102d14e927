"""argparse with manners: what is wrong is one sentence, numbers are judged with their range, help is short."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import NoReturn

from playground.messages import UserError

PROGRAM = "backprop-playground"


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are `UserError`s: one line, ending in where help is."""

    def __init__(self, name: str = "", description: str = "", examples: str = "", usage: str | None = None) -> None:
        super().__init__(
            prog=f"{PROGRAM} {name}".rstrip(),
            usage=usage,
            description=description,
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            add_help=False,
        )
        self.add_argument("-h", "--help", action="help", help="show this help and exit")

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments; raises UserError."""
        raise UserError("{reason}. See {program} --help.", reason=_tidy(message), program=self.prog)


def _tidy(complaint: str) -> str:
    """A complaint of argparse as a sentence without its full stop."""
    complaint = complaint.strip().rstrip(".").removeprefix("argument ")
    missing = re.fullmatch(r"the following arguments are required: (.*)", complaint)
    if missing:
        return f"{missing[1]} is missing" if "," not in missing[1] else f"{missing[1]} are missing"
    unknown = re.fullmatch(r"unrecognized arguments: (.*)", complaint)
    if unknown:
        return f"There is no place for {unknown[1]} here"
    return complaint[:1].upper() + complaint[1:]


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """An argument type: a whole number in a range."""

    def convert(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()) or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {lowest} to {highest}")
        return int(text)

    return convert


def size(text: str) -> tuple[int, int]:
    """An argument type: width × height of a picture."""
    match = re.fullmatch(r"([0-9]{1,5})[x×X]([0-9]{1,5})", text.strip())
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (320 <= width <= 8192 and 240 <= height <= 8192):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size from 320x240 to 8192x8192, such as 1440x900")
    return width, height
