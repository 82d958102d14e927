"""A pass as steps: their order, what is known when, the formulas with numbers, and the engine's own update."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lectures import W1, W2, W3, layered, lecture_pass, lecture_program, lecture_rows, lecture_state, lecture_symbols
from lectures import pass_of as random_pass
from native.random_programs import Case, cases

from playground.engine import expression
from playground.engine.details import backward_at, forward_at, loss_at, loss_backward_at
from playground.engine.dropout import masks
from playground.engine.engines import make_engine
from playground.engine.exact import decimal, exact, in_latex, rounded
from playground.engine.initializers import initial_state
from playground.engine.optimizers import OPTIMIZERS, Hyper
from playground.engine.passes import Step, make_pass
from playground.engine.program import Instruction, Program
from playground.engine.symbols import Symbols
from playground.engine.training_engine import Batching, WalkEngine
from playground.engine.update_details import update_at


def test_that_numbers_are_fractions_where_these_are_exact_and_else_complete() -> None:
    assert [exact(value) for value in (8.0, 4.5, -0.25, 1.94, 1 / 3, -0.0)] == [
        "8", "9/2", "−1/4", "1.94", "0.3333333333333333", "0",
    ]  # fmt: skip
    assert exact(1e-5) == "1e−05"
    assert exact(float("-inf")) == "−∞"
    assert decimal(4.5) == "4.5"
    assert rounded(0.0123456789) == "0.0123457"
    assert in_latex(exact(-4.5)) == r"{-\frac{9}{2}}"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_a_number_in_full_is_read_back_to_the_bit(value: float) -> None:
    above, _, below = exact(value).replace("−", "-").partition("/")
    assert float(above) / float(below or 1) == value


def test_that_the_steps_of_the_lecture_come_in_their_order() -> None:
    kinds = [(step.kind, step.node) for step in lecture_pass().steps]
    assert kinds == [
        ("forward", "P"), ("forward", "Q"), ("loss", "loss"),
        ("backward", "loss"), ("backward", "Q"), ("backward", "P"), ("update", None),
    ]  # fmt: skip


def test_that_the_lecture_is_written_as_on_paper() -> None:
    done = lecture_pass()
    symbols = lecture_symbols(done.program)
    p, q = done.program.instructions
    assert forward_at(done, p, 0, 0, symbols).line.text() == "P = w₁·A + w₂·B = 2·1 + 1·2 = 4"
    assert forward_at(done, q, 0, 0, symbols).line.text() == "Q = w₃·P = 2·4 = 8"
    loss = loss_at(done, 0, symbols)
    assert loss.line.text() == "L = ½(Q − C)² = ½(8 − 5)² = 9/2 = 4.5"
    assert loss.formula == "½·Σ(y − t)²"
    (slope,) = loss_backward_at(done, 0, symbols).passed
    assert slope.line.text() == "∂L/∂Q = Q − C = 8 − 5 = 3"
    assert slope.line.latex().startswith(r"\frac{\partial L}{\partial Q} = Q - C")
    back = [one.line.text() for one in backward_at(done, q, 0, 0, symbols).passed]
    assert back == ["∂L/∂P = ∂L/∂Q·∂Q/∂P = 3·2 = 6", "∂L/∂w₃ = ∂L/∂Q·∂Q/∂w₃ = 3·4 = 12"]


def test_that_the_update_of_the_lecture_gives_the_lessons_numbers() -> None:
    done = lecture_pass()
    symbols = lecture_symbols(done.program)
    updates = [update_at(done, *number, symbols) for number in (W1, W2, W3)]
    assert [update.gradient for update in updates] == [6.0, 12.0, 12.0]
    assert [update.new for update in updates] == pytest.approx([1.94, 0.88, 1.88], abs=1e-15)
    assert updates[0].text() == "w₁ ← w₁ − η·∂L/∂w₁ = 2 − 0.01·6 = 1.94"
    assert updates[0].step == pytest.approx(-0.06)


def test_that_the_second_row_of_the_lecture_has_its_own_factors() -> None:
    done = lecture_pass((3, -4, 7), (2, -1, 0.5))
    symbols = lecture_symbols(done.program)
    assert loss_at(done, 0, symbols).line.value == 2.0
    assert [update_at(done, *number, symbols).gradient for number in (W1, W2, W3)] == [-3.0, 4.0, -20.0]
    p = done.program.instructions[0]
    assert forward_at(done, p, 0, 0, symbols).line.text() == "P = w₁·A + w₂·B = 2·3 + (−1)·(−4) = 10"


def test_that_what_is_still_to_come_is_covered() -> None:
    done = lecture_pass()
    assert done.known(0).values == {"in"}
    assert done.known(1).values == {"in", "P"}
    assert not done.known(2).loss
    after_loss = done.known(3)
    assert after_loss.loss
    assert not after_loss.gradients
    assert done.known(4).gradients == {"Q"}
    assert done.known(5).parameters == {"Q.weight"}
    assert not done.known(6).updated
    assert done.known(7).updated


def test_that_a_gradient_is_whole_only_when_every_way_has_brought_its_share() -> None:
    instructions = (
        Instruction("tanh", "a", ("in",), "a"),
        Instruction("sin", "b", ("in",), "b"),
        Instruction("add", "s", ("a", "b"), "s"),
    )
    program = Program("in", instructions, {"in": 1, "a": 1, "b": 1, "s": 1}, (), "half_squared", "s")
    done = make_pass(program, initial_state(program, 0), np.array([[0.5]]), np.array([[1.0]]), Hyper())
    last_but_one = len(done.steps) - 2
    assert "in" not in done.known(last_but_one).gradients
    assert done.known(last_but_one).passed == {"loss", "s", "b"}
    assert "in" in done.known(last_but_one + 1).gradients


def test_that_a_pass_leaves_the_state_as_it_was_and_is_the_same_again_to_the_bit() -> None:
    program, state = lecture_program(), lecture_state()
    x, y = lecture_rows()
    one, other = (make_pass(program, state, x, y, Hyper(learning_rate=0.01)) for _ in range(2))
    assert state.values.tolist() == [2.0, 1.0, 2.0]
    assert state.updates == 0
    assert one.after.values.tobytes() == other.after.values.tobytes()
    assert not one.by_engine


@given(cases())
@settings(max_examples=40, deadline=None)
def test_that_a_batch_pass_is_the_batch_that_training_takes_next(case: Case) -> None:
    x, y = case.data()
    engine = make_engine(case.program, x, y)
    trained = case.state()
    with np.errstate(all="ignore"):
        done = make_pass(case.program, trained, x, y, case.hyper, engine=engine, batching=case.batching)
        diverged = engine.train(trained, case.hyper, case.batching, 1).diverged_at is not None
    assert done.diverged == diverged
    assert done.after.values.tobytes() == trained.values.tobytes()
    assert len(set(done.rows.tolist())) == len(done.rows) <= case.batching.size
    if not diverged:
        shown = case.program.flat({name: one.updated for name, one in done.trace.parameters.items()})
        received = case.program.flat({name: one.gradient for name, one in done.trace.parameters.items()})
        # Adam and its like divide by the gradient's own size: rounding of a tiny one is a whole step there.
        if case.hyper.optimizer == "sgd":
            np.testing.assert_allclose(
                done.after.values, shown, rtol=1e-9, atol=1e-9 * max(1.0, abs(received).max(initial=0.0))
            )


def test_that_a_batch_pass_drops_what_its_update_drops() -> None:
    layers = layered([2, 6, 1])
    dropped = Instruction("dropout", "d", ("a1",), "d", rate=0.5)
    last = layers.instructions[-1]
    moved = Instruction(last.op, last.node, ("d",), last.output, last.parameters)
    program = Program("in", (*layers.instructions[:-1], dropped, moved), {**layers.widths, "d": 6}, layers.parameters,
                      "half_squared", "out")  # fmt: skip
    random = np.random.default_rng(0)
    x, y, state = random.normal(size=(8, 2)), random.normal(size=(8, 1)), initial_state(program, 3)
    engine = WalkEngine(program, x, y)
    done = make_pass(program, state, x, y, Hyper(), engine=engine, batching=Batching(4))
    assert (done.trace.values["d"] == done.trace.values["a1"] * masks(program, 3, 0, 4)["d"]).all()
    assert (
        done.after.values.tolist()
        == program.flat({name: one.updated for name, one in done.trace.parameters.items()}).tolist()
    )
    alone = make_pass(program, state, x[:1], y[:1], Hyper())
    assert (alone.trace.values["d"] == alone.trace.values["a1"]).all()


@given(st.sampled_from(sorted(OPTIMIZERS)), st.sampled_from((0.0, 0.9)), st.booleans(), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_that_the_last_line_of_an_update_is_what_the_optimizer_does(
    optimizer: str, momentum: float, nesterov: bool, before: int
) -> None:
    program = layered([2, 3, 1])
    random = np.random.default_rng(5)
    x, y, state = random.normal(size=(6, 2)), random.normal(size=(6, 1)), initial_state(program, 2)
    hyper = Hyper(optimizer, 0.05, momentum, l1=0.01, l2=0.1, nesterov=nesterov)
    WalkEngine(program, x, y).train(state, hyper, Batching(3), before)
    done = make_pass(program, state, x, y, hyper)
    symbols = Symbols(program)
    for name, index in (("h1.weight", (1, 2)), ("out.bias", (0,))):
        update = update_at(done, name, index, symbols)
        *_, last = update.lines
        difference = last.formula.parts  # w − η·step
        rate, step = difference[1].parts[:2]
        assert rate.value == 0.05
        by_lines = update.old - 0.05 * _value(step)
        assert by_lines == pytest.approx(update.new, rel=1e-12, abs=1e-14)


def _value(formula: object) -> float:
    """What a step's formula comes to."""
    if hasattr(formula, "value"):
        return formula.value
    parts = [_value(part) for part in formula.parts]
    match formula.text:
        case "@0@ + @1@":
            return parts[0] + parts[1]
        case "@0@·@1@":
            return parts[0] * parts[1]
        case "@0@/@1@":
            return parts[0] / parts[1]
        case text if text.startswith("(√"):
            return float(np.sqrt(parts[0])) + (1e-10 if "¹⁰" in text else 1e-8)
    raise AssertionError(formula.text)


def test_that_a_frozen_number_has_no_lines() -> None:
    from dataclasses import replace

    program = layered([2, 3, 1])
    held = tuple(replace(p, mask=(4,)) if p.name == "h1.weight" else p for p in program.parameters)
    done = random_pass(replace(program, parameters=held), learning_rate=0.5)
    symbols = Symbols(done.program)
    still, moving = update_at(done, "h1.weight", (1, 1), symbols), update_at(done, "h1.weight", (1, 2), symbols)
    assert still.frozen
    assert (still.lines, still.step) == ((), 0.0)
    assert moving.step != 0.0


def test_that_symbols_never_stand_for_two_numbers() -> None:
    for program in (layered([2, 3, 2]), layered([2, 8, 8, 1]), layered([5, 1, 3, 3, 1]), lecture_program()):
        symbols = Symbols(program)
        places = [(name, unit) for name, width in program.widths.items() for unit in range(width)]
        texts = [symbols.value(*place).text for place in places]
        texts += [symbols.parameter(p.name, index).text for p in program.parameters for index in np.ndindex(*p.shape)]
        assert len(set(texts)) == len(texts)


def test_that_few_weights_are_numbered_as_on_the_canvas() -> None:
    symbols = Symbols(layered([2, 3, 1]))
    assert symbols.value("in", 0).text == "x₁"
    assert symbols.value("h1", 2).text == "h₃"
    assert symbols.parameter("h1.weight", (1, 0)).text == "w₂"
    assert symbols.parameter("out.weight", (0, 0)).latex == "w_{7}"
    many = Symbols(layered([2, 8, 8, 1]))
    assert many.value("h2", 0).text == "h[2,1]"
    assert many.parameter("h2.weight", (0, 3)).text == "w⁽²⁾[1,4]"
    assert many.parameter("h2.weight", (0, 3)).latex == "w^{(2)}_{1,4}"


FUNCTIONS = ("identity", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus", "swish", "sin", "softmax")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_that_every_operation_is_written_with_its_own_value(function: str) -> None:
    """The formula with numbers, worked out by Python, is the value that is shown; so is that of the slope."""
    done = random_pass(layered([2, 3, 2], function))
    symbols = Symbols(done.program)
    for one in done.program.instructions:
        for unit in range(done.program.widths[one.output]):
            shown = forward_at(done, one, unit, 1, symbols)
            assert worked_out(shown.line.formula) == pytest.approx(shown.output.value, rel=1e-12)
            for passed in backward_at(done, one, unit, 1, symbols).passed:
                assert worked_out(passed.slope.formula) == pytest.approx(passed.local, rel=1e-12, abs=1e-15)
                assert passed.downstream == passed.upstream * passed.local


@pytest.mark.parametrize("loss", ["half_squared", "binary_cross_entropy", "softmax_cross_entropy", "hinge", "huber"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_that_every_loss_is_written_with_its_own_value(loss: str, outputs: int) -> None:
    for seed in range(1, 6):
        done = random_pass(layered([2, 3, outputs], "tanh", loss), seed=seed)
        symbols = Symbols(done.program)
        line = loss_at(done, 0, symbols).line
        assert worked_out(line.formula) == pytest.approx(line.value, rel=1e-11, abs=1e-14)
        for passed in loss_backward_at(done, 0, symbols).passed:
            assert worked_out(passed.slope.formula) == pytest.approx(passed.local, rel=1e-11, abs=1e-14)


def worked_out(formula: expression.Expression) -> float:
    """A formula with its numbers put in, read and computed by Python."""
    text = expression.text(formula, exact).replace("−", "-").replace("²", "**2").replace("·", "*")
    text = re.sub(r"ln σ\(([^)]*)\)", r"ln(σ(\1))", text).replace("e^", "exp").replace("σ", "sigma")
    text = re.sub(r"½(?=\()", "0.5*", text).replace("½", "0.5")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    names = {"exp": math.exp, "ln": math.log, "tanh": math.tanh, "sin": math.sin, "cos": math.cos, "max": max,
             "sigma": lambda z: 1.0 / (1.0 + math.exp(-z)), "abs": abs}  # fmt: skip
    return float(eval(text, {"__builtins__": {}}, names))


def test_that_a_row_that_is_not_there_is_refused() -> None:
    done = lecture_pass()
    with pytest.raises(IndexError):
        done.sample(1, lecture_symbols(done.program))
    assert isinstance(done.steps[0], Step)
