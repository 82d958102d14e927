"""Elementary functions on vectors, without branches or tables; NaN stays NaN.

Right to two units in the last place (4.4 for tanh; the normal tail loses up to z²/2 more, from rounding z²).

Exponentials are split as 2ⁿ·e^r with |r| ≤ ½·ln 2, logarithms as n·ln 2 + ln m with √½ ≤ m < √2, sines as whole turns
of π. Adding 1.5·2^52 to a number rounds it to an integer and leaves that in the low bits of the sum, from which powers
of two and signs are put together. What remains is a polynomial, evaluated four coefficients at a time so that the
multiplications overlap.

Sources: Muller, Elementary Functions, chapters 5 and 11, for the splits; fdlibm for ln 2 in two parts and the form of
the logarithm. The polynomials are our own: Remez fits at 50 digits, the error weighted to be relative to the function
(at most 2^-55.6, for e^r; the others 2^-59 to 2^-62). The normal tail's quotient is a weighted least-squares fit of
e^(x²/2)·Φ(−x) on [0, 10], relative error at most 2^-55.2 there and 1e-9 beyond, where the tail is below 1e-23.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from playground.engine.native.builder import Builder

#: 1.5·2^52: a sum with it has units of 1. With the exponent's offset in it, the low bits are an exponent ready to use.
_ROUND = 6755399441055744.0
_OFFSET = 1023.0
_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_PI = 3.141592653589793, 1.2246467991473532e-16, -2.9947698097183397e-33
#: Bits of a float64: those below the exponent, those of √½ and of 2^52, and the exponent field of 1.
_FRACTION, _ROOT_HALF, _TWO_52, _ONE = (1 << 52) - 1, 0x3FE6A09E667F3BCD, 0x4330000000000000, 0x3FF0000000000000

#: (e^r − 1 − r) / r² for |r| ≤ ½·ln 2.
_EXPONENTIAL = (
    0.5000000000000006, 0.16666666666666685, 0.04166666666657332, 0.008333333333314487, 0.0013888888932484765,
    0.00019841269903262082, 2.4801504311178137e-05, 2.755722774275984e-06, 2.7626382657263755e-07, 2.51145412797036e-08,
)  # fmt: skip
#: (2·artanh s − 2s) / s³ as a polynomial in s², for |s| ≤ 3 − √8, where ln (1 + s)/(1 − s) = 2·artanh s.
_LOGARITHM = (
    0.6666666666666734, 0.39999999999415997, 0.2857142874211469, 0.2222219859945659, 0.18183563041901177,
    0.15314081481423444, 0.14795658381844107,
)  # fmt: skip
#: The same for 0 ≤ s ≤ 1/3.
_LOGARITHM_TO_2 = (
    0.6666666666666631, 0.40000000000155145, 0.28571428548113437, 0.2222222395394109, 0.18181744468733357,
    0.15386548608816028, 0.13301118611801555, 0.12104966202062739, 0.08344881017626002, 0.17009919714592997,
)  # fmt: skip
#: (sin r − r) / r³ as a polynomial in r², for |r| ≤ π/2.
_SINE = (
    -0.16666666666666666, 0.008333333333333194, -0.00019841269841209177, 2.7557319211130016e-06,
    -2.505210687213415e-08, 1.6058939672009223e-10, -7.642990597511472e-13, 2.721165454833648e-15,
)  # fmt: skip
#: e^(x²/2)·Φ(−x) for x ≥ 0: numerator and denominator.
_TAIL_OVER = (
    0.5, 0.6694441599700268, 0.4462810627675191, 0.18683125240611262, 0.05302714904793321, 0.010391595041691695,
    0.0013726488952126908, 0.00011219634442681704, 4.386555109095703e-06,
)  # fmt: skip
_TAIL_UNDER = (
    1.0, 2.1367728807429236, 2.0974602170219208, 1.244768708770452, 0.4938052878984183, 0.13633785299434034,
    0.026329112102789216, 0.00345171557193324, 0.00028123453900630085, 1.0995462957817534e-05,
)  # fmt: skip


# --- bits and polynomials --------------------------------------------------------------------------------------------


def _words(b: Builder, x: str) -> str:
    """The bits of a vector of numbers."""
    return b.let(f"bitcast {b.vector} {x} to {b.words}")


def _numbers(b: Builder, words: str) -> str:
    """The numbers that bits stand for."""
    return b.let(f"bitcast {b.words} {words} to {b.vector}")


def _integer(b: Builder, operation: str, words: str, constant: int) -> str:
    """An integer operation with the same constant in every lane."""
    return b.let(f"{operation} {b.words} {words}, {b.integers(constant)}")


def polynomial(b: Builder, x: str, square: str, coefficients: Sequence[float]) -> str:
    """Σ cₖ·x^k: groups of four by pairs, then Horner in x⁴. `square` is x²."""

    def pair(k: int) -> str:
        if k + 1 == len(coefficients):
            return b.constant(coefficients[k])
        return b.fma(x, b.constant(coefficients[k + 1]), b.constant(coefficients[k]))

    def four(k: int) -> str:
        return pair(k) if k + 2 >= len(coefficients) else b.fma(pair(k + 2), square, pair(k))

    first, *others = (four(k) for k in range(0, len(coefficients), 4))
    if not others:
        return first
    fourth = b.fmul(square, square)
    total = others.pop()
    for group in reversed([first, *others]):
        total = b.fma(total, fourth, group)
    return total


def clamp(b: Builder, x: str, low: float, high: float) -> str:
    """The number within [low, high]; NaN stays NaN."""
    return at_most(b, b.select(b.compare("olt", x, b.constant(low)), b.constant(low), x), high)


def at_most(b: Builder, x: str, high: float) -> str:
    """The smaller of x and `high`; NaN stays NaN."""
    return b.select(b.compare("ogt", x, b.constant(high)), b.constant(high), x)


# --- exponentials ----------------------------------------------------------------------------------------------------


def _split(b: Builder, x: str) -> tuple[str, str]:
    """2ⁿ, and e^r − 1, where x = n·ln 2 + r; for −708 ≤ x ≤ 709."""
    magic = b.constant(_ROUND + _OFFSET)
    shifted = b.fma(x, b.constant(_LOG2_E), magic)
    n = b.fsub(shifted, magic)
    r = b.fma(n, b.constant(-_LN2_LOW), b.fma(n, b.constant(-_LN2_HIGH), x))
    square = b.fmul(r, r)
    less_one = b.fma(square, polynomial(b, r, square, _EXPONENTIAL), r)
    return _numbers(b, _integer(b, "shl", _words(b, shifted), 52)), less_one


def exp(b: Builder, x: str) -> str:
    """e^x for x ≤ 709; 0 below −708, where the numbers would be too small to be stored whole."""
    power, less_one = _split(b, x)
    return b.select(b.compare("olt", x, b.constant(-708.0)), b.constant(0.0), b.fma(power, less_one, power))


def expm1(b: Builder, x: str) -> str:
    """e^x − 1 for −708 ≤ x ≤ 709, right near 0 too."""
    power, less_one = _split(b, x)
    return b.fma(power, less_one, b.fsub(power, b.constant(1.0)))


def tanh(b: Builder, x: str) -> str:
    """(e^2x − 1) / (e^2x + 1), for x held within ±20, where it is ±1.

    A layer waits for the one before it, so what counts is the way from x to the result. Both sides of the fraction are
    2ⁿ ∓ 1 + 2ⁿ·(e^2r − 1), each summed from parts of which none waits long. One part of ln 2 is enough: where n is not
    0, x is so large that the second would change the result by less than half a unit in the last place.
    """
    x = clamp(b, x, -20.0, 20.0)
    magic = b.constant(_ROUND + _OFFSET)
    shifted = b.fma(x, b.constant(2.0 * _LOG2_E), magic)
    r = b.fma(b.fsub(shifted, magic), b.constant(-0.5 * math.log(2.0)), x)
    power = _numbers(b, _integer(b, "shl", _words(b, shifted), 52))
    # e^2r: the coefficients take the powers of 2.
    coefficients = [2.0 ** (k + 2) * c for k, c in enumerate(_EXPONENTIAL)]
    square = b.fmul(r, r)
    first = polynomial(b, r, square, coefficients[:4])
    rest = polynomial(b, r, square, coefficients[4:])
    near = b.fmul(power, square)
    far = b.fmul(near, b.fmul(square, square))
    above = b.fma(power, b.fadd(r, r), b.fsub(power, b.constant(1.0)))
    below = b.fadd(above, b.constant(2.0))
    return b.fdiv(*(b.fma(far, rest, b.fma(near, first, part)) for part in (above, below)))


def decay_and_sigmoid(b: Builder, x: str) -> tuple[str, str]:
    """The decay e = e^−|x|, and the sigmoid 1 / (1 + e) or e / (1 + e): no cancellation however negative x is."""
    e = exp(b, b.fneg(b.call("fabs", x)))
    one = b.constant(1.0)
    over = b.select(b.compare("olt", x, b.constant(0.0)), e, one)
    return e, b.fdiv(over, b.fadd(e, one))


def sigmoid(b: Builder, x: str) -> str:
    """1 / (1 + e^−x)."""
    return decay_and_sigmoid(b, x)[1]


# --- logarithms ------------------------------------------------------------------------------------------------------


def _near_1(b: Builder, f: str, coefficients: Sequence[float], low: str | None = None) -> str:
    """ln(1 + f) + low = f − (f²/2 − s·(f²/2 + R)) + low, where s = f / (2 + f) and R is the series of artanh."""
    s = b.fdiv(f, b.fadd(f, b.constant(2.0)))
    z = b.fmul(s, s)
    half_square = b.fmul(b.fmul(f, b.constant(0.5)), f)
    series = b.fmul(z, polynomial(b, z, b.fmul(z, z), coefficients))
    around = b.fadd(half_square, series)
    rest = b.fmul(s, around) if low is None else b.fma(s, around, low)
    return b.fsub(f, b.fsub(half_square, rest))


def log(b: Builder, x: str) -> str:
    """The logarithm ln x for x ≥ 2^-1022, the smallest normal number; infinity and NaN stay."""
    moved = _integer(b, "add", _words(b, x), _ONE - _ROOT_HALF)
    exponent = _integer(b, "or", _integer(b, "lshr", moved, 52), _TWO_52)
    n = b.fsub(_numbers(b, exponent), b.constant(2.0**52 + _OFFSET))
    m = _numbers(b, _integer(b, "add", _integer(b, "and", moved, _FRACTION), _ROOT_HALF))
    fraction = _near_1(b, b.fsub(m, b.constant(1.0)), _LOGARITHM, b.fmul(n, b.constant(_LN2_LOW)))
    result = b.fma(n, b.constant(_LN2_HIGH), fraction)
    return b.select(b.compare("olt", x, b.constant(math.inf)), result, x)


def log1p_to_1(b: Builder, x: str) -> str:
    """The logarithm ln(1 + x) for 0 ≤ x ≤ 1, where nothing has to be split off."""
    return _near_1(b, x, _LOGARITHM_TO_2)


def softplus(b: Builder, x: str) -> str:
    """ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)."""
    e = exp(b, b.fneg(b.call("fabs", x)))
    return b.fadd(log1p_to_1(b, e), positive_part(b, x))


def positive_part(b: Builder, x: str) -> str:
    """max(x, 0). A NaN stays one, so that a run-away loss is noticed."""
    zero = b.constant(0.0)
    return b.select(b.compare("olt", x, zero), zero, x)


# --- sine and cosine -------------------------------------------------------------------------------------------------


def _sine_of_rest(b: Builder, x: str, halves: str, shifted: str) -> str:
    """(−1)ⁿ·sin(x − halves·π), n in the low bits of `shifted`; π in three parts, and the first difference is exact.

    Beyond 1e15 the rest means nothing; it is held within the polynomial's range.
    """
    r = x
    for part in _PI:
        r = b.fma(halves, b.constant(-part), r)
    r = clamp(b, r, -1.6, 1.6)
    square = b.fmul(r, r)
    # The first coefficient comes in last, on its own: what is rounded before it is small.
    series = polynomial(b, square, b.fmul(square, square), _SINE[1:])
    series = b.fmul(square, b.fma(series, square, b.constant(_SINE[0])))
    sign = _integer(b, "shl", _words(b, shifted), 63)
    return _numbers(b, b.let(f"xor {b.words} {_words(b, b.fma(series, r, r))}, {sign}"))


def sin(b: Builder, x: str) -> str:
    """The sine of x: x = n·π + r."""
    shifted = b.fma(x, b.constant(1.0 / math.pi), b.constant(_ROUND))
    return _sine_of_rest(b, x, b.fsub(shifted, b.constant(_ROUND)), shifted)


def cos(b: Builder, x: str) -> str:
    """The cosine of x, (−1)ⁿ·sin r, where x = (n − ½)·π + r."""
    shifted = b.fadd(b.fma(x, b.constant(1.0 / math.pi), b.constant(0.5)), b.constant(_ROUND))
    n = b.fsub(shifted, b.constant(_ROUND))
    return _sine_of_rest(b, x, b.fsub(n, b.constant(0.5)), shifted)


# --- the normal distribution -----------------------------------------------------------------------------------------


def _tail(b: Builder, size: str) -> tuple[str, str]:
    """Φ(−x) and e^(−x²/2) for x ≥ 0."""
    x = at_most(b, size, 39.0)
    square = b.fmul(x, x)
    bell = exp(b, b.fmul(square, b.constant(-0.5)))
    over, under = (polynomial(b, x, square, row) for row in (_TAIL_OVER, _TAIL_UNDER))
    return b.fdiv(b.fmul(bell, over), under), bell


def normal(b: Builder, z: str) -> tuple[str, str]:
    """Φ(z), the share of the standard normal distribution below z, and e^(−z²/2)."""
    tail, bell = _tail(b, b.call("fabs", z))
    below = b.compare("olt", z, b.constant(0.0))
    return b.select(below, tail, b.fsub(b.constant(1.0), tail)), bell
