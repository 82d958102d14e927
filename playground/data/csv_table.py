"""Reading a CSV file of a user: whatever encoding, delimiter and decimal sign their spreadsheet wrote.

Nothing is guessed silently: what was decided stands in `CsvTable.notes`. The delimiter is one of four signs that splits
every row alike; a sniffer that may choose any character splits words at a letter.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.data.cells import Cell, distinct, is_missing, number, shortest
from playground.data.features import listing
from playground.messages import Message, UserError, message

#: In this order: where two signs split every row alike, a comma is the likelier decimal sign.
DELIMITERS = ("\t", ";", "|", ",")
SAMPLE_ROWS = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
#: Tried in turn where there is no byte order mark: the last is what Windows writes in Korea, then in the West.
_ENCODINGS = ("utf-8", "cp949", "cp1252")
_NOTHING = " \t\r\n;|,\"'"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_DECIMAL_COMMA = re.compile(r"\s*([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)\s*", re.ASCII)
_DECIMAL_POINT = re.compile(r"\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*", re.ASCII)


@dataclass(frozen=True)
class CsvTable:
    """A file's columns and rows in file order; every row is as wide as the columns. Missing cells keep their token."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Line:
    """The fields of one row and the line of the file on which it starts."""

    number: int
    fields: list[str]


def read_csv(path: str | Path) -> CsvTable:
    """Read a file: the first row is a header where it names columns of numbers, else the columns are c1, c2, …

    Raises UserError, naming the file and the line, where the file cannot be read, is empty or no text, or where its
    rows differ in width.
    """
    file = str(path)
    text, notes = _decode(file, _bytes(file))
    lines, delimiter = _lines(file, text)
    lines, emptied = _without_empty_last(lines)
    first_is_header = _is_header(lines)
    body = lines[1:] if first_is_header else lines
    columns, renamed = _columns(lines[0].fields, first_is_header)
    rows, commas = _cells([line.fields for line in body], decimal_comma=delimiter != ",")
    if delimiter is not None:
        notes.append(
            message("Read as {count} columns, split at each {sign}.", count=len(columns), sign=_SIGN[delimiter])
        )
    if not first_is_header:
        notes.append(message("The first row holds no names: the columns are called c1, c2, …"))
    if commas:
        notes.append(message("Commas were read as decimal signs."))
    if emptied:
        notes.append(message("The empty last column was left out."))
    return CsvTable(columns, rows, (*notes, *renamed))


_SIGN = {
    "\t": message("tab"),
    ";": message("semicolon"),
    "|": message("vertical bar"),
    ",": message("comma"),
}


def _bytes(file: str) -> bytes:
    try:
        if Path(file).is_char_device():
            raise UserError("{file} is a device, not a file. Choose a CSV file.", file=file)
        data = Path(file).read_bytes()
    except FileNotFoundError as error:
        raise UserError("{file}: there is no such file. Check the name and the folder.", file=file) from error
    except IsADirectoryError as error:
        raise UserError("{file} is a folder. Choose a CSV file in it.", file=file) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UserError("{file} can't be read: {reason}.", file=file, reason=reason) from error
    if not data.strip():
        raise _empty(file)
    return data


def _empty(file: str) -> UserError:
    return UserError("{file} is empty. Choose a file with rows of numbers.", file=file)


def _decode(file: str, data: bytes) -> tuple[str, list[Message]]:
    """The text without its byte order mark; a note where the encoding is neither Unicode's."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(file, _decoded(data[len(mark) :], encoding)), []
    for encoding in _ENCODINGS:
        text = _decoded(data, encoding)
        if text is not None:
            note = [] if encoding == "utf-8" else [message("The text was read as {encoding}.", encoding=encoding)]
            return _checked(file, text), note
    return _checked(file, None), []


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(file: str, text: str | None) -> str:
    if text is None or _CONTROL.search(text):
        raise UserError("{file} is not a text file. Save the table as CSV and choose that.", file=file)
    if not text.strip(_NOTHING):
        raise _empty(file)
    return text


def _lines(file: str, text: str) -> tuple[list[_Line], str | None]:
    """The rows that are not blank, and the delimiter that splits them (None: one column).

    Raises UserError where rows differ in width.
    """
    delimiter = _delimiter(text)
    lines, broken = _split(text, delimiter)
    if broken is not None:
        raise UserError(
            "{file}, line {line}: a field's quotation marks are not closed, or text follows them. Correct the marks.",
            file=file, line=broken,
        )  # fmt: skip
    if not lines:
        raise _empty(file)
    width = len(lines[0].fields)
    for line in lines:
        if len(line.fields) != width:
            raise UserError(
                "{file}, line {line}: {found} values where the first row has {width}. Make the rows equally long.",
                file=file, line=line.number, found=len(line.fields), width=width,
            )  # fmt: skip
    return lines, delimiter


def _split(text: str, delimiter: str | None, most: int | None = None) -> tuple[list[_Line], int | None]:
    """Rows that are not blank, and the line where quotation marks go wrong, which ends them; None where they do not.

    Without a delimiter each line is one field.
    """
    if delimiter is None:
        # A sign that no text contains: _CONTROL has seen to that.
        delimiter = "\x1f"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    lines: list[_Line] = []
    start = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                lines.append(_Line(start, fields))
                if len(lines) == most:
                    break
            start = reader.line_num + 1
    except csv.Error:
        return lines, start
    return lines, None


def _delimiter(text: str) -> str | None:
    """The sign that splits every row of a sample alike; else one that splits most, whose odd row is then an error."""
    widths: dict[str, list[int]] = {}
    for sign in DELIMITERS:
        lines, broken = _split(text, sign, SAMPLE_ROWS)
        widths[sign] = [len(line.fields) for line in lines]
        if broken is None and len(set(widths[sign])) == 1 and widths[sign][0] > 1:
            return sign
    for sign, found in widths.items():
        if found and (min(found) > 1 or _mostly_split(found)):
            return sign
    return None


def _mostly_split(widths: Sequence[int]) -> bool:
    width, count = Counter(widths).most_common(1)[0]
    return width > 1 and count >= 0.6 * len(widths)


def _without_empty_last(lines: list[_Line]) -> tuple[list[_Line], bool]:
    """Rows that all end in a delimiter have a last column of nothing: without it."""
    if len(lines[0].fields) < 3 or any(line.fields[-1].strip() for line in lines):
        return lines, False
    return [_Line(line.number, line.fields[:-1]) for line in lines], True


def _is_header(lines: Sequence[_Line]) -> bool:
    """Whether the first row names the columns: a word above a column of numbers, or nothing but distinct words."""
    first, rest = lines[0].fields, lines[1 : SAMPLE_ROWS + 1]
    words = [not is_missing(field) and _any_number(field) is None for field in first]
    for place, word in enumerate(words):
        below = [line.fields[place] for line in rest if not is_missing(line.fields[place])]
        if word and below and all(_any_number(field) is not None for field in below):
            return True
    return all(words) and len(set(first)) == len(first) and len(first) > 1


def _any_number(field: str) -> float | None:
    """The number in a field whichever decimal sign it has."""
    return number(_with_point(field))


def _columns(first: Sequence[str], is_header: bool) -> tuple[tuple[str, ...], list[Message]]:
    if not is_header:
        return tuple(f"c{index}" for index in range(1, len(first) + 1)), []
    names = [field.strip() or f"c{index}" for index, field in enumerate(first, start=1)]
    columns = distinct(names)
    renamed = [f"{old} → {new}" for old, new in zip(names, columns, strict=True) if old != new]
    if not renamed:
        return columns, []
    return columns, [message("Two columns had the same name; renamed: {names}.", names=listing(renamed))]


def _cells(rows: Sequence[Sequence[str]], decimal_comma: bool) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """Fields as numbers where they are, and whether commas were decimal signs.

    They are so only in a file without decimal points: where both occur, a comma may group thousands, and "1,234" then
    stays text, which is refused by name rather than read as 1.234.
    """
    fields = [field for row in rows for field in row if "," in field or "." in field] if decimal_comma else []
    commas = any(_DECIMAL_COMMA.fullmatch(field) for field in fields)
    commas = commas and not any(_DECIMAL_POINT.fullmatch(field) for field in fields)
    if commas:
        rows = [[_with_point(field) for field in row] for row in rows]
    return tuple(tuple(map(shortest, row)) for row in rows), commas


def _with_point(field: str) -> str:
    return _DECIMAL_COMMA.sub(r"\1.\2", field) if _DECIMAL_COMMA.fullmatch(field) else field
