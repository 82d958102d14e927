"""What each command takes. Nothing here imports what the commands need to run."""

from __future__ import annotations

from playground.cli.parsing import Parser, size, whole

MOST_EPOCHS = 1_000_000
HIGHEST_SEED = 2**32 - 1

_SPEC = "a preset's name, a project (.json), or - for a project as JSON on standard input"


def _spec(parser: Parser) -> None:
    parser.add_argument("spec", metavar="SPEC", help=_SPEC)


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def window(parser: Parser) -> None:
    """`backprop-playground [FILE]`."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="a project (.json); without one the window opens on XOR"
    )


def presets(parser: Parser) -> None:
    """`presets`."""
    _json(parser)


def train(parser: Parser) -> None:
    """`train SPEC`."""
    _spec(parser)
    parser.add_argument(
        "--epochs",
        metavar="N",
        type=whole(0, MOST_EPOCHS),
        help="train so many epochs, or so many more where SPEC was trained already; 0 only evaluates",
    )
    parser.add_argument(
        "--seed", metavar="N", type=whole(0, HIGHEST_SEED), help="the seed of the data and of the initial weights"
    )
    parser.add_argument(
        "--activations", choices=("on", "off"), help="switch every activation; off, the network is linear"
    )
    parser.add_argument("--data", metavar="FILE.csv", help="train on this table in place of SPEC's data")
    parser.add_argument(
        "--target", metavar="COLUMN", help="the column of the table to predict; without it, the last one"
    )
    parser.add_argument("--save", metavar="OUT.json", help="save the trained project")
    parser.add_argument(
        "--export",
        metavar="OUT.EXT",
        action="append",
        default=[],
        help="export the weights, in the format that the suffix says; may be given several times",
    )
    _json(parser)


def export(parser: Parser) -> None:
    """`export SPEC OUT.EXT`."""
    _spec(parser)
    parser.add_argument("out", metavar="OUT.EXT", help="the file to write; its suffix says the format")


def trace(parser: Parser) -> None:
    """`trace SPEC`."""
    _spec(parser)
    rows = parser.add_mutually_exclusive_group()
    rows.add_argument(
        "--sample",
        metavar="I",
        type=whole(0, 10**9),
        help="the training row to run, counted from 0 in data order; without it, row 0",
    )
    rows.add_argument("--batch", action="store_true", help="the next batch that training would take")
    parser.add_argument(
        "--parameter", metavar="ID.weight[i,j]", help="write out the chain rule for this number, or for ID.bias[i]"
    )
    _json(parser)


def gradcheck(parser: Parser) -> None:
    """`gradcheck SPEC`."""
    _spec(parser)
    _json(parser)


def bench(parser: Parser) -> None:
    """`bench`."""
    _json(parser)


def screenshot(parser: Parser) -> None:
    """`screenshot SPEC OUT.png`."""
    _spec(parser)
    parser.add_argument("out", metavar="OUT.png", help="the picture to write")
    parser.add_argument("--size", metavar="WxH", type=size, default=(1440, 900), help="its size; without it, 1440x900")
    parser.add_argument(
        "--epochs", metavar="N", type=whole(0, MOST_EPOCHS), default=0, help="train so many epochs before"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="the colours; without it, light")
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="the language; without it, en")
    parser.add_argument("--view", metavar="NAME", help="the view to show; without it, the one that the window opens on")
