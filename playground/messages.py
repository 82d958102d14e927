"""What the program says to a person: a template with its arguments, translated only where it is shown.

Rooms below the window never format a sentence. They pass a `Message` up; the window translates the template and
then fills it in, the command line prints the English. `message(...)` is also the mark by which the translation tools
find the templates, so its first argument is always a literal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """An English template in `str.format` style and the named arguments that fill it."""

    template: str
    arguments: Mapping[str, object] = field(default_factory=dict)

    def filled(self, template: str) -> str:
        """`template`, a translation of this message's own, with this message's arguments put in."""
        return template.format(**self.arguments) if self.arguments else template

    def __str__(self) -> str:
        return self.filled(self.template)


def message(template: str, **arguments: object) -> Message:
    """Make a message; an argument may be a `Message` itself, which is translated along with it."""
    return Message(template, arguments)


class UserError(Exception):
    """Bad input or work that cannot be done: one clear sentence that names what, where and how to mend it."""

    def __init__(self, template: str | Message, **arguments: object) -> None:
        self.message = template if isinstance(template, Message) else Message(template, arguments)
        super().__init__(str(self.message))
