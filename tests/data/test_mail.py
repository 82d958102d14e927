"""Mail: the lecture's two pictures and the real mails."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from playground.data import spam
from playground.data.families import FAMILIES
from playground.messages import UserError
from playground.resources import resource


def best_line_score(features, targets, angles=90):
    """The best accuracy of any straight line, by trying every threshold along many directions."""
    best = 0.0
    for angle in np.linspace(0, np.pi, angles, endpoint=False):
        order = np.argsort(features @ [np.cos(angle), np.sin(angle)])
        above = targets[order].sum() - np.concatenate([[0], np.cumsum(targets[order])])
        below = np.concatenate([[0], np.cumsum(1 - targets[order])])
        right = (above + below) / len(targets)
        best = max(best, right.max(), (1 - right).max())
    return best


def test_that_a_line_separates_the_first_picture_and_no_line_the_second():
    first, second = FAMILIES["spam-linear"].make(400, 0.8, 0), FAMILIES["spam-nonlinear"].make(500, 0.4, 0)
    assert best_line_score(first.features, first.targets) >= 0.99
    assert 0.7 <= best_line_score(second.features, second.targets) <= 0.80


def test_that_both_pictures_name_their_classes_and_what_their_axes_mean():
    for name in ("spam-linear", "spam-nonlinear"):
        table = FAMILIES[name].make(400, 0.4, 0)
        assert table.classes == ("ham", "spam")
        assert list(map(str, table.axes)) == ["promotional words per hundred", "links per hundred words"]
        assert table.columns == ("x1", "x2")


@pytest.mark.parametrize("name", ["spam-linear", "spam-nonlinear"])
def test_that_no_mail_has_a_negative_number_of_links(name):
    assert FAMILIES[name].make(2000, 2.0, 0).features.min() >= 0


def test_that_the_clouds_of_the_first_picture_are_where_the_lecture_has_them():
    table = FAMILIES["spam-linear"].make(4000, 0.8, 0)
    spam_mails, ham = table.features[table.targets == 1], table.features[table.targets == 0]
    assert spam_mails.mean(axis=0) == pytest.approx([6, 5], abs=0.1)
    assert ham.mean(axis=0) == pytest.approx([2, 1.5], abs=0.1)
    assert spam_mails.std(axis=0) == pytest.approx([0.8, 0.8], abs=0.05)


def test_that_ham_lies_in_a_band_with_spam_on_both_sides():
    table = FAMILIES["spam-nonlinear"].make(4000, 0.0, 0)
    across = (table.features @ [-1.0, 1.0]) / np.sqrt(2)
    np.testing.assert_allclose(across[table.targets == 0], 0.0, atol=1e-12)
    np.testing.assert_allclose(np.abs(across[table.targets == 1]), 2.4)
    assert (across > 1).sum() == (across < -1).sum() == 1000


def test_that_the_real_mails_are_all_there():
    table = FAMILIES["spambase"].make(1, 0.0, 123)
    assert table.features.shape == (4601, 57)
    assert table.classes == ("ham", "spam")
    assert table.targets.sum() == 1813
    assert (table.target, table.columns[0], table.columns[-1]) == (
        "class",
        "word_freq_make",
        "capital_run_length_total",
    )
    assert table.features[0, :4].tolist() == [0, 0.64, 0.64, 0]
    assert table.features[0, -3:].tolist() == [3.756, 61, 278]
    assert len(np.unique(table.features, axis=0)) < 4601
    assert str(table.axes[table.columns.index("word_freq_free")]) == "“free”, % of the words"
    assert str(table.axes[table.columns.index("char_freq_$")]) == "“$”, % of the characters"
    assert len(table.axes) == 57


def test_that_the_shared_mails_cannot_be_changed():
    table = FAMILIES["spambase"].make(1, 0.0, 0)
    assert table is FAMILIES["spambase"].make(9, 0.5, 1)
    with pytest.raises(ValueError, match="read-only"):
        table.features[0, 0] = 1.0


def test_that_the_mails_are_attributed_beside_their_file():
    words = resource("data/README.md").read_text(encoding="utf-8")
    assert all(part in words for part in ("Hopkins", "10.24432/C53G6X", "CC BY 4.0", "UCI Machine Learning Repository"))


@pytest.mark.parametrize("content", [b"", b"no gzip at all", None])
def test_that_a_damaged_or_missing_file_is_one_sentence(content, tmp_path, monkeypatch):
    path = tmp_path / "spambase.csv.gz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(spam, "resource", lambda name: path)
    with pytest.raises(UserError, match="Install the program again"):
        spam.real_mails.__wrapped__()


def test_that_offering_the_families_does_not_read_the_mails():
    code = "import playground.data.families, playground.data.spam as s; print(s.real_mails.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
