"""Words in two languages from one catalog that is whole and compiled, and figures that no locale changes."""

import ast
import gettext
import io
import math
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

import playground
from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS
from playground.messages import message
from playground.resources import resource
from playground.ui.translation import (
    LANGUAGES,
    feature_text,
    figure,
    language,
    language_changed,
    number_text,
    set_language,
    system_language,
    tr,
)

PACKAGE = Path(playground.__file__).parent
KEYWORDS = {"tr": None, "message": None, "UserError": None}
PO, MO = resource("languages/ko.po"), resource("languages/ko.mo")


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("en")


def catalog():
    with PO.open("rb") as file:
        return read_po(file, locale="ko")


def extracted(folder: Path = PACKAGE) -> set[str]:
    found = extract_from_dir(str(folder), method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _file, _line, text, _comments, _context in found}


def calls():
    """Every call by which a text is marked: its place and its first argument."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in KEYWORDS:
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.args[0]


def placeholders(text: str) -> set[str]:
    """The names in braces; a language may say one once where another says it twice."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_that_the_catalog_has_every_text_and_no_old_one():
    known = {entry.id for entry in catalog() if entry.id}
    assert extracted() - known == set(), "run the three commands in playground/ui/translation.py"
    assert known - extracted() == set()


def test_that_the_extraction_misses_no_text():
    literals = {first.value for _place, first in calls() if isinstance(first, ast.Constant) and first.value}
    assert literals - extracted() == set()


def test_that_no_text_is_put_together_before_it_is_translated():
    built = [place for place, first in calls() if isinstance(first, (ast.JoinedStr, ast.BinOp))]
    assert built == []


def test_that_the_compiled_catalog_is_that_of_the_source():
    fresh = io.BytesIO()
    write_mo(fresh, catalog())
    fresh.seek(0)
    with MO.open("rb") as file:
        shipped = gettext.GNUTranslations(file)
    made = gettext.GNUTranslations(fresh)
    texts = {entry.id for entry in catalog() if entry.id}
    assert {text: shipped.gettext(text) for text in texts} == {text: made.gettext(text) for text in texts}


def test_that_translations_keep_the_placeholders():
    wrong = [
        (entry.id, entry.string)
        for entry in catalog()
        if entry.id and entry.string and placeholders(entry.id) != placeholders(entry.string)
    ]
    assert wrong == []


def test_that_no_translation_is_left_in_doubt():
    assert [entry.id for entry in catalog() if entry.id and entry.fuzzy] == []


#: Rooms whose sentences are said in English alone, by contract.
ENGLISH = {"cli", "bench"}


def rooms() -> list[str]:
    return sorted({path.parent.name for path in PACKAGE.glob("*/__init__.py")} - ENGLISH)


@pytest.mark.parametrize("room", rooms())
def test_that_every_sentence_of_a_room_is_korean(room):
    translated = {entry.id for entry in catalog() if entry.id and entry.string}
    assert extracted(PACKAGE / room) - translated == set()


def test_that_the_words_of_the_catalog_are_korean():
    translated = {entry.id for entry in catalog() if entry.id and entry.string}
    fields = [field for kind in NODE_KINDS.values() for field in kind.fields] + [*TRAINING_FIELDS, *DATA_FIELDS]
    texts = {str(text) for kind in NODE_KINDS.values() for text in (kind.label, kind.description)}
    texts |= {str(text) for field in fields for text in (field.label, field.help) if str(text)}
    texts |= {str(label) for field in fields for _key, label in field.choices}
    assert texts - translated == set()


def test_that_messages_are_translated_with_the_messages_inside_them():
    said = message(
        "{field} is {value}; it must be {range}.", field=message("Units"), value=0, range=message("a number")
    )
    english = tr(said)
    assert english == "Units is 0; it must be a number."
    set_language("ko")
    korean = tr(said)
    assert korean != english
    assert "Units" not in korean
    assert "0" in korean


def test_that_an_unknown_text_stays_english_and_an_empty_one_stays_empty():
    set_language("ko")
    assert tr(message("no such text {n}", n=3)) == "no such text 3"
    assert tr(message("")) == ""


def test_that_braces_of_a_users_own_text_do_no_harm():
    assert tr(message("{name}", name="a {b} c")) == "a {b} c"
    assert tr(message("a {brace} without arguments")) == "a {brace} without arguments"


def test_that_a_change_of_language_is_told_once(qtbot):
    with qtbot.waitSignal(language_changed) as said:
        set_language("ko")
    assert said.args == ["ko"]
    assert language() == "ko"
    with qtbot.assertNotEmitted(language_changed):
        set_language("ko")


def test_that_qt_speaks_along(qapp):
    from PySide6.QtCore import QCoreApplication

    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    set_language("ko")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"
    set_language("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


@pytest.mark.parametrize(
    ("names", "spoken"),
    [(["ko-KR", "en-US"], "ko"), (["ko"], "ko"), (["en-GB", "ko-KR"], "en"), (["fr-FR"], "en"), ([], "en"),
     (["fr-FR", "ko-Kore-KR"], "ko")],
)  # fmt: skip
def test_that_the_systems_first_known_language_is_taken(monkeypatch, names, spoken):
    class System:
        def uiLanguages(self):
            return names

    monkeypatch.setattr("playground.ui.translation.QLocale.system", lambda: System())
    assert system_language() == spoken


def test_that_each_language_names_itself():
    assert LANGUAGES == {"en": "English", "ko": "한국어"}


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (0.0007, {}, "0.0007"),
        (0.0524, {}, "0.0524"),
        (1204000, {}, "1,204,000"),
        (899, {}, "899"),
        (0.98, {"percent": True}, "98.0\N{NO-BREAK SPACE}%"),
        (1.0, {"percent": True}, "100.0\N{NO-BREAK SPACE}%"),
        (None, {}, "–"),
        (None, {"percent": True}, "–"),
        (math.nan, {}, "–"),
        (math.inf, {}, "∞"),
        (-math.inf, {}, "−∞"),
        (0.0, {}, "0.0000"),
        (-0.0, {"signed": True}, "0.0000"),
        (3.2e-6, {}, "3.2e-6"),
        (123456.789, {}, "123,456.8"),
        (1234567.891, {}, "1,234,568"),
        (6.02e23, {}, "6.0e23"),
        (-1.5, {"decimals": 2}, "−1.50"),
        (0.02222, {"signed": True, "decimals": 5}, "+0.02222"),
        (4.5, {"decimals": 1}, "4.5"),
    ],
)
def test_how_figures_are_written(value, options, text):
    assert figure(value, **options) == text


def test_that_no_locale_changes_a_figure():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        assert figure(1204.25, decimals=1) == "1,204.2"
        assert number_text(0.05) == "0.05"
    finally:
        QLocale.setDefault(before)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_the_text_of_a_number_gives_it_back(value):
    assert float(number_text(value)) == value


def test_that_features_are_written_as_in_the_textbook():
    assert [feature_text(name) for name in ("x1", "x1*x2", "sin(x2)", "capital letters")] == [
        "x₁", "x₁·x₂", "sin x₂", "capital letters",
    ]  # fmt: skip
