"""What is typed for a guess: numbers as people write them, and texts that are none."""

from __future__ import annotations

import pytest

from playground.engine.ask import read
from playground.messages import UserError


@pytest.mark.parametrize(
    ("typed", "value", "half"),
    [
        ("1.94", 1.94, 0.005),
        ("1,94", 1.94, 0.005),
        ("−3", -3.0, 0.0),
        ("9/2", 4.5, 0.0),
        ("½", 0.5, 0.0),
        ("1e-4", 1e-4, 5e-5),
    ],
)
def test_that_a_number_is_read_as_it_is_meant(typed: str, value: float, half: float) -> None:
    assert read(typed) == (pytest.approx(value), pytest.approx(half))


@pytest.mark.parametrize("typed", ["", "six", "1/0", "1/2/3", "nan", "inf", "0e999", "1e999", "1e3000000/1", "9" * 500])
def test_that_what_is_no_number_is_refused_at_once_and_in_one_sentence(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read(typed)
    assert len(str(refused.value.message)) < 120
