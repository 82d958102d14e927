"""The commands by name, and which of them a command line asks for."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from playground import __version__
from playground.cli import arguments
from playground.cli.output import Answer, check_output
from playground.cli.parsing import PROGRAM, Parser
from playground.messages import UserError


@dataclass(frozen=True)
class Command:
    """One command. `module` is imported when it is carried out, and has `run(arguments) -> Answer`.

    `answers`: whether it has something to print, rather than a file to write.
    """

    name: str
    usage: str
    summary: str
    arguments: Callable[[Parser], None]
    module: str
    examples: str = ""
    answers: bool = True

    def parser(self) -> Parser:
        """The parser of its arguments."""
        description = self.summary[0].upper() + self.summary[1:] + "."
        examples = "examples:\n" + "\n".join(f"  {PROGRAM} {line}" for line in self.examples.splitlines())
        parser = Parser(self.name, description, examples if self.examples else "")
        self.arguments(parser)
        return parser

    def run(self) -> Callable[[argparse.Namespace], Answer]:
        """What carries it out."""
        run: Callable[[argparse.Namespace], Answer] = importlib.import_module(self.module).run
        return run


WINDOW = Command(
    "", "[FILE]", "open the window, on FILE or on XOR", arguments.window, "playground.cli.window", "\nmy-network.json"
)

_ROWS = (
    Command("presets", "", "list the built-in experiments", arguments.presets, "playground.cli.presets"),
    Command(
        "train",
        "SPEC",
        "train without a window, at full speed",
        arguments.train,
        "playground.cli.train",
        "train xor\n"
        "train xor --activations off --epochs 3000 --save linear.json\n"
        "train linear.json --activations on --save solved.json --export weights.npz\n"
        "train spambase --data mail.csv --target spam --json",
    ),
    Command(
        "export",
        "SPEC OUT.EXT",
        "write the weights as a file that other programs read",
        arguments.export,
        "playground.cli.export",
        "export solved.json weights.onnx\nexport solved.json weights.safetensors",
        answers=False,
    ),
    Command(
        "trace",
        "SPEC",
        "show one forward and backward pass and the update, number by number",
        arguments.trace,
        "playground.cli.trace",
        "trace lecture --parameter P.weight[0,0]\ntrace xor --sample 3\ntrace xor --batch --json",
    ),
    Command(
        "gradcheck",
        "SPEC",
        "compare backpropagation's gradients with numeric ones",
        arguments.gradcheck,
        "playground.cli.gradcheck",
        "gradcheck xor",
    ),
    Command("bench", "", "measure the speed of training and of drawing", arguments.bench, "playground.bench.command"),
    Command(
        "screenshot",
        "SPEC OUT.png",
        "take a picture of the window without a display",
        arguments.screenshot,
        "playground.cli.screenshot",
        "screenshot xor xor.png --epochs 200 --theme dark",
        answers=False,
    ),
)

#: Every command by its name, in the order in which help lists them.
COMMANDS: Mapping[str, Command] = {command.name: command for command in _ROWS}


def parse(argv: list[str]) -> tuple[Command, argparse.Namespace]:
    """The command that is asked for, and its arguments; raises UserError, and SystemExit after --help and --version."""
    if argv and argv[0] in COMMANDS:
        command = COMMANDS[argv[0]]
        if command.answers:
            check_output()
        return command, command.parser().parse_args(argv[1:])
    overview = _overview()
    if len(argv) > 1 and not argv[0].startswith("-"):
        raise _no_command(argv[0])
    given = overview.parse_args(argv)
    if given.file is not None and not Path(given.file).exists():
        raise _no_command(given.file)
    return WINDOW, given


def _overview() -> Parser:
    """The parser of a command line without a command: the window; its help lists the commands."""
    width = max(len(f"{command.name} {command.usage}") for command in COMMANDS.values()) + 2
    lines = [f"  {f'{command.name} {command.usage}':{width}}{command.summary}" for command in COMMANDS.values()]
    overview = Parser(
        description="Build a small neural network, watch it learn, and see why it learns.\n\n"
        "Without a command the window opens, on FILE or on XOR.",
        examples="commands:\n" + "\n".join(lines) + f"\n\n{PROGRAM} COMMAND --help tells more about each.",
        usage=f"{PROGRAM} [FILE]\n       {PROGRAM} COMMAND …",
    )
    overview.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help="show the version")
    WINDOW.arguments(overview)
    return overview


def _no_command(word: str) -> UserError:
    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.7)
    if near:
        return UserError("“{word}” is neither a command nor a file. Did you mean {near}?", word=word, near=near[0])
    from playground.document.presets import PRESETS

    if word in PRESETS:
        return UserError(
            "“{word}” is a preset, not a file. Choose it in the window, or run: {program} train {word}",
            word=word,
            program=PROGRAM,
        )
    if Path(word).suffix:
        return UserError("{file} does not exist. Check the name and the folder.", file=word)
    return UserError(
        "“{word}” is neither a command nor a file. The commands are {commands}.",
        word=word,
        commands=", ".join(COMMANDS),
    )
