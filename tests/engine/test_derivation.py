"""The chain rule written out: paths, layers, counts, reuse, one formula; the factors always give the gradient."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lectures import SECOND, W1, W2, W3, layered, lecture_pass, lecture_symbols, pass_of
from native.random_programs import Case, cases
from test_passes import worked_out

from playground.engine import expression
from playground.engine.derivation import Derivation, count_paths, derive, shared_by
from playground.engine.derivation_text import latex, latex_lines, text, unfolded_text
from playground.engine.dropout import masks
from playground.engine.exact import rounded
from playground.engine.expression import symbols_in
from playground.engine.formula_size import FormulaSize
from playground.engine.formulas import forward
from playground.engine.layer_chain import layers
from playground.engine.loss_formulas import loss_formula
from playground.engine.one_formula import _derivative, _substituted, one_formula, reuse
from playground.engine.passes import Pass, make_pass
from playground.engine.program import Instruction, Program
from playground.engine.symbols import Symbols
from playground.engine.trace import trace


def lecture(number: tuple[str, tuple[int, ...]], *row: tuple[float, ...]) -> Derivation:
    done = lecture_pass(*row)
    return derive(done, *number, 0, lecture_symbols(done.program))


def test_that_the_lecture_is_derived_as_in_the_textbook() -> None:
    assert text(lecture(W1)) == "∂L/∂w₁ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁ = 3 · 2 · 1 = 6"
    assert text(lecture(W2)) == "∂L/∂w₂ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₂ = 3 · 2 · 2 = 12"
    assert text(lecture(W3)) == "∂L/∂w₃ = ∂L/∂Q · ∂Q/∂w₃ = 3 · 4 = 12"


def test_that_the_second_row_tells_the_factors_apart() -> None:
    assert text(lecture(W1, *SECOND)) == "∂L/∂w₁ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁ = (−2) · (1/2) · 3 = −3"
    assert [lecture(number, *SECOND).gradient for number in (W1, W2, W3)] == [-3.0, 4.0, -20.0]


def test_that_numbers_stand_below_the_symbols_in_latex() -> None:
    above, below = latex(lecture(W1)).split(r"\\")
    assert above.count("&") == below.count("&")
    assert r"\frac{\partial L}{\partial Q} & \cdot & \frac{\partial Q}{\partial P}" in above
    assert r"3 & \cdot & 2 & \cdot & 1 & = & 6" in below


def test_that_each_factor_says_what_it_is() -> None:
    first, second, third = lecture(W1).paths[0].factors
    assert [expression.text(one.formula) for one in (first, second, third)] == ["Q − C", "w₃", "A"]
    assert [one.rule for one in (first, second, third)] == ["y − t", "∂z/∂x = W", "∂z/∂w = x"]
    assert [one.node for one in (first, second, third)] == ["loss", "Q", "P"]


def test_that_shared_factors_are_counted_as_reused() -> None:
    derivation = lecture(W1)
    assert list(reuse(derivation).values()) == [3, 2, 1]
    assert [shared_by(derivation.done.program, one) for one in lecture(W3).paths[0].factors] == [3, 1]


def test_that_a_bias_has_its_visible_factor_of_one() -> None:
    """A23: L = (y − t)² is no loss here; ½ of it has half of its slopes."""
    program = layered([1, 1])
    state = make_pass(program, _state([0.5, 0.0]), np.array([[2.0]]), np.array([[3.0]]), _plain())
    symbols = Symbols(program)
    assert text(derive(state, "out.bias", (0,), 0, symbols)) == "∂L/∂b₁ = ∂L/∂out · ∂out/∂b₁ = (−2) · 1 = −2"
    assert text(derive(state, "out.weight", (0, 0), 0, symbols)) == "∂L/∂w₁ = ∂L/∂out · ∂out/∂w₁ = (−2) · 2 = −4"


def _state(values: list[float]):
    from playground.engine.state import State

    return State(np.array(values), 0)


def _plain(**settings: float):
    from playground.engine.optimizers import Hyper

    return Hyper(**settings)


def test_that_one_formula_is_written_in_full_for_the_lecture() -> None:
    derivation = lecture(W1)
    formula = one_formula(derivation)
    assert formula.text(derivation) == (
        "L = ½(w₃·(w₁·A + w₂·B) − C)²",
        "∂L/∂w₁ = (w₃·(w₁·A + w₂·B) − C)·w₃·A",
    )
    assert (formula.symbols, formula.derivative_symbols) == (6, 8)
    assert formula.growth == (("Q", 3), ("P", 6))


def test_that_six_layers_of_eight_have_32768_paths_and_one_backward_sweep() -> None:
    done = pass_of(layered([2, 8, 8, 8, 8, 8, 8, 1]))
    derivation = derive(done, "h1.weight", (1, 3), 0, Symbols(done.program))
    assert derivation.count == 32_768
    assert derivation.paths == ()
    formula = one_formula(derivation)
    assert formula.text(derivation) is None
    assert formula.derivative_symbols > 10**9
    assert formula.products < 1_000
    sizes = [size for _, size in formula.growth]
    assert sizes == sorted(sizes)


def test_that_the_derivation_of_layers_is_written_line_by_line() -> None:
    done = pass_of(layered([2, 9, 9, 2], loss="half_squared"))
    derivation = derive(done, "h1.weight", (0, 1), 1, Symbols(done.program), most=3)
    lines = text(derivation, rounded).split("\n")
    assert [line.split(" = ")[:2] for line in lines[:3]] == [
        ["∂L/∂out", "out − t"],
        ["∂L/∂a⁽²⁾", "∂L/∂out · W⁽³⁾ᵀ"],
        ["∂L/∂h⁽²⁾", "∂L/∂a⁽²⁾ ⊙ (1 − a⁽²⁾²)"],
    ]
    assert len(latex_lines(derivation, rounded)) == len(lines)
    unfolded = unfolded_text(derivation, ("a1", 4), rounded)
    assert unfolded.count("∂L/∂h[2,") == 9


def test_that_a_mean_and_a_penalty_are_written_apart() -> None:
    done = pass_of(layered([2, 1]), rows=3, l2=0.1)
    derivation = derive(done, "out.weight", (1, 0), 2, Symbols(done.program))
    row, mean, penalty = text(derivation, rounded).split("\n")
    assert row.endswith(f"= {rounded(derivation.by_row[2])}")
    assert mean.endswith(f") / 3 = {rounded(derivation.gradient)}")
    assert penalty.startswith("g = ∂L/∂w₂ + ∂R/∂w₂ = ")
    assert derivation.penalty == pytest.approx(0.1 * float(done.trace.parameters["out.weight"].value[1, 0]))


def test_that_softmax_below_half_squared_loss_has_the_full_jacobian() -> None:
    layered_program = layered([2, 3])
    softmax = Instruction("softmax", "p", ("out",), "p")
    program = Program("in", (*layered_program.instructions, softmax), {**layered_program.widths, "p": 3},
                      layered_program.parameters, "half_squared", "p")  # fmt: skip
    done = pass_of(program, rows=1)
    derivation = derive(done, "out.bias", (1,), 0, Symbols(program))
    assert derivation.count == 3
    p, answers = done.trace.values["p"][0], done.trace.targets[0]
    by_hand = sum((p[j] - answers[j]) * p[j] * ((j == 1) - p[1]) for j in range(3))
    assert derivation.gradient == pytest.approx(by_hand, rel=1e-13)
    assert sum(path.value for path in derivation.paths) == pytest.approx(by_hand, rel=1e-13)


@st.composite
def derivations(draw: st.DrawFn, most: int = 64) -> Derivation:
    """Any number of any parameter of any network, some rows, one of them looked at; dropouts as in an update."""
    case: Case = draw(cases().filter(lambda case: case.program.size > 0))
    done = pass_over(case, draw(st.integers(1, 4)), dropped=draw(st.booleans()))
    parameter = draw(st.sampled_from(case.program.parameters))
    index = tuple(draw(st.integers(0, n - 1)) for n in parameter.shape)
    return derive(done, parameter.name, index, draw(st.integers(0, done.samples - 1)), Symbols(case.program), most)


def pass_over(case: Case, rows: int, *, dropped: bool) -> Pass:
    x, y = (array[:rows] for array in case.data())
    done = make_pass(case.program, case.state(), x, y, case.hyper)
    if not dropped:
        return done
    from dataclasses import replace

    dropping = masks(case.program, 5, 0, len(x))
    with np.errstate(all="ignore"):
        traced = trace(case.program, case.state(), x, y, case.hyper, dropping)
    return replace(done, trace=traced, masks=dropping)


@given(derivations())
@settings(max_examples=150, deadline=None)
def test_that_the_written_factors_always_give_the_gradient(derivation: Derivation) -> None:
    done = derivation.done
    name, index = derivation.number
    found = done.trace.parameters[name]
    shown = float(found.gradient[index] - found.penalty_gradient[index])
    size = float(np.abs(derivation.by_row).mean())
    # The penalty is taken out of a sum that it was rounded in.
    slack = 1e-12 * size + 1e-14 * abs(float(found.gradient[index])) + 1e-300
    assert abs(derivation.gradient - shown) <= slack
    if derivation.count <= 64:
        values = [path.value for path in derivation.paths]
        assert len(values) == derivation.count
        assert (
            abs(math.fsum(values) - derivation.value)
            <= 1e-12 * (sum(map(abs, values)) + abs(derivation.value)) + 1e-300
        )


@given(derivations(most=0))
@settings(max_examples=80, deadline=None)
def test_that_every_unit_unfolds_to_its_own_gradient(derivation: Derivation) -> None:
    """The last line of the layers is the gradient, and each unit of each layer is the sum of its terms."""
    for layer in layers(derivation)[:4]:
        for unit in {0, len(layer.gradient) - 1}:
            terms = [arriving * factor.value for arriving, factor in derivation.unfold((layer.buffer, unit))]
            scale = sum(map(abs, terms)) + abs(float(layer.gradient[unit]))
            assert abs(math.fsum(terms) - layer.gradient[unit]) <= 1e-12 * scale + 1e-300
    if derivation.count:
        last = derivation.gradient_at((derivation.owner.output, derivation.unit)) * derivation.last.value
        assert last == pytest.approx(derivation.value, rel=1e-12, abs=1e-300)
    assert text(derivation, rounded)
    assert latex(derivation, rounded).count("{") == latex(derivation, rounded).count("}")


@given(derivations())
@settings(max_examples=60, deadline=None)
def test_that_one_formula_gives_the_same_number(derivation: Derivation) -> None:
    formula = one_formula(derivation)
    if formula.loss is None or formula.derivative is None:
        return
    assert formula.symbols >= 1
    slopes = {"relu′", "elu′", "hinge′", "H", "gelu", "swish", "Φ", "dropout"}
    written = expression.text(formula.derivative)
    if any(name in written for name in slopes):
        return
    size = sum(abs(path.value) for path in derivation.paths)
    assert worked_out(formula.derivative) == pytest.approx(derivation.value, rel=1e-7, abs=1e-9 * (1.0 + size))


@given(derivations())
@settings(max_examples=100, deadline=None)
def test_that_symbols_are_counted_as_they_would_be_written(derivation: Derivation) -> None:
    """Against the formulas themselves, put together as trees with shared branches."""
    sample, size = derivation.sample, FormulaSize(derivation)
    inner = _substituted(sample)
    assert size.of_loss() == symbols_in(loss_formula(sample, lambda place: inner[place]))
    assert size.of_derivative() == symbols_in(_derivative(derivation, inner))
    growth = size.growth()
    assert [node for node, _ in growth] == [one.node for one in reversed(sample.program.instructions)]
    assert not growth or growth[-1][1] == size.of_loss()


@given(derivations())
@settings(max_examples=60, deadline=None)
def test_that_growth_counts_the_formula_with_the_last_layers_put_in(derivation: Derivation) -> None:
    sample, program = derivation.sample, derivation.sample.program
    for place, (_, size) in enumerate(FormulaSize(derivation).growth()):
        inside = {one.output for one in program.instructions[len(program.instructions) - 1 - place :]}
        known = {
            (program.input, unit): sample.leaf((program.input, unit)) for unit in range(program.widths[program.input])
        }
        for one in program.instructions:
            for unit in range(program.widths[one.output]):
                whole = forward(sample, one, unit, lambda other, known=known: known[other])
                known[one.output, unit] = whole if one.output in inside else sample.leaf((one.output, unit))
        assert size == symbols_in(loss_formula(sample, lambda at, known=known: known[at]))


@given(derivations())
@settings(max_examples=60, deadline=None)
def test_that_paths_are_counted_as_they_are_listed(derivation: Derivation) -> None:
    place = (derivation.owner.output, derivation.unit)
    assert count_paths(derivation.done.program, place) == derivation.count
    assert len({tuple(factor.key for factor in path.factors) for path in derivation.paths}) <= derivation.count


def test_that_a_value_taken_twice_has_two_paths() -> None:
    layered_program = layered([1, 1])
    square = Instruction("multiply", "s", ("out", "out"), "s")
    program = Program("in", (*layered_program.instructions, square), {**layered_program.widths, "s": 1},
                      layered_program.parameters, "half_squared", "s")  # fmt: skip
    done = make_pass(program, _state([3.0, 0.0]), np.array([[1.0]]), np.array([[8.0]]), _plain())
    derivation = derive(done, "out.weight", (0, 0), 0, Symbols(program))
    assert [path.value for path in derivation.paths] == [3.0, 3.0]
    assert derivation.gradient == 6.0


def test_that_unknown_numbers_are_refused() -> None:
    done = lecture_pass()
    symbols = lecture_symbols(done.program)
    with pytest.raises(KeyError):
        derive(done, "R.weight", (0, 0), 0, symbols)
    with pytest.raises(IndexError):
        derive(done, "P.weight", (2, 0), 0, symbols)
    with pytest.raises(IndexError):
        derive(done, "P.weight", (0, 0), 1, symbols)
