"""e^x, tanh a and ln(1 + u) in a few lines each, so that no library's rounding enters.

NumPy and the C library choose other instructions on other processors, and their last bits differ.
These are made of +, −, ·, / alone, which IEEE 754 rounds alike everywhere. Always in float64.
"""

from __future__ import annotations

import math

import numpy as np

from .jit import compiled

LOG2_E = 1.4426950408889634
LN_2_HIGH, LN_2_LOW = 0.693145751953125, 1.42860682030941723212e-6  # their sum is ln 2
ROUND = 1.5 * 2.0**52  # x + ROUND − ROUND is the whole number nearest to x


@compiled
def exp(x):
    """e^x = 2^k·e^r, with k whole and |r| ≤ ½·ln 2, for |x| < 700.

    e^r = 1 + 2·p/(q − p), with the polynomials of Moshier's Cephes library (exp.c). x + ROUND holds
    k in its last bits: moved up by 52 they are the exponent of 2^k.
    """
    shifted = x * LOG2_E + ROUND
    k = shifted - ROUND
    r = x - k * LN_2_HIGH - k * LN_2_LOW
    rr = r * r
    p = r * (1.0 + rr * (3.02994407707441961300e-2 + rr * 1.26177193074810590878e-4))
    q = 2.0 + rr * (
        2.27265548208155028766e-1
        + rr * (2.52448340349684104192e-3 + rr * 3.00198505138664455042e-6)
    )
    power = (np.float64(shifted).view(np.int64) + 1023) << 52
    return (1.0 + 2.0 * p / (q - p)) * np.int64(power).view(np.float64)


@compiled
def tanh(a):
    """Tanh a = ±(1 − e^(−2|a|))/(1 + e^(−2|a|)); ±1 from |a| = 20 on, NaN stays NaN."""
    e = exp(-2.0 * (20.0 if abs(a) > 20.0 else abs(a)))
    return math.copysign((1.0 - e) / (1.0 + e), a)


@compiled
def log1p(u):
    """ln(1 + u) = 2·artanh(s), s = u/(2 + u), by its series Σ s^(2k+1)/(2k+1), for 0 ≤ u ≤ 1."""
    s = u / (2.0 + u)
    ss = s * s
    p = 1 / 35 * ss + 1 / 33
    p = ((p * ss + 1 / 31) * ss + 1 / 29) * ss + 1 / 27
    p = ((p * ss + 1 / 25) * ss + 1 / 23) * ss + 1 / 21
    p = ((p * ss + 1 / 19) * ss + 1 / 17) * ss + 1 / 15
    p = ((p * ss + 1 / 13) * ss + 1 / 11) * ss + 1 / 9
    p = ((p * ss + 1 / 7) * ss + 1 / 5) * ss + 1 / 3
    return 2.0 * s * (p * ss + 1.0)
