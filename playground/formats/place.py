"""One value of a file together with where it stands, so that whatever is wrong with it can be said in one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.document.catalog import Field, fit
from playground.formats.strict_json import shown_path, shown_value
from playground.messages import Message, UserError, message


@dataclass(frozen=True)
class Place:
    """A JSON value, the file it is from and the keys that lead to it."""

    where: str
    value: Any
    keys: tuple[str | int, ...] = ()

    @property
    def path(self) -> str:
        """`network.nodes[1].units`."""
        return shown_path(self.keys)

    def refusal(self, must_be: Message) -> UserError:
        """The error to raise: what stands here, and what would be right."""
        if not self.keys:
            return UserError("{where}: a project must be {range}.", where=self.where, range=must_be)
        return UserError(
            "{where}: {path} is {value}; it must be {range}.",
            where=self.where,
            path=self.path,
            value=shown_value(self.value),
            range=must_be,
        )

    def at(self, key: str | int, default: Any = None) -> Place:
        """The member of that key, or `default` where an object does not have it."""
        value = self.value.get(key, default) if isinstance(self.value, dict) else self.value[key]
        return Place(self.where, value, (*self.keys, key))

    def has(self, key: str) -> bool:
        """Whether this object has that key."""
        return key in self.value

    def object(self) -> Place:
        """This place, which must hold an object."""
        if not isinstance(self.value, dict):
            raise self.refusal(message("an object in braces"))
        return self

    def others(self, *known: str) -> dict[str, Any]:
        """The members of this object that have none of the known keys, as they are."""
        return {key: value for key, value in self.value.items() if key not in known}

    def items(self, what: Message, most: int) -> Iterator[Place]:
        """The members of a list of at most `most`; `what` says what it must be a list of."""
        if not isinstance(self.value, list):
            raise self.refusal(what)
        if len(self.value) > most:
            raise UserError("{where}: {path} has {count} entries; at most {most} are read.",
                            where=self.where, path=self.path, count=len(self.value), most=most)  # fmt: skip
        return (self.at(index) for index in range(len(self.value)))

    def members(self) -> Iterator[Place]:
        """The members of an object, each with its key last in its path."""
        self.object()
        return (self.at(key) for key in self.value)

    def text(self, longest: int, what: Message, shortest: int = 1) -> str:
        """A text of `shortest` to `longest` characters."""
        if not isinstance(self.value, str) or not shortest <= len(self.value) <= longest:
            raise self.refusal(what)
        return self.value

    def number(self) -> float:
        """A finite number."""
        if isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            try:
                number = float(self.value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
        raise self.refusal(message("a finite number"))

    def count(self) -> int:
        """A whole number from 0 up to what a float64 counts exactly."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and 0 <= self.value <= 2**53:
            return self.value
        raise self.refusal(message("a whole number, 0 or more"))

    def fitted(self, field: Field) -> Any:
        """The value in the type of a catalog's field, within its range."""
        try:
            return fit(field, self.value)
        except UserError:
            raise self.refusal(field.range) from None
