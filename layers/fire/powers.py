# mypy: disallow-untyped-decorators=False
"""Exponential and logarithm without branches or calls, so that the compiler does four cells at once.

Right to 3e-13 (relative) and 2e-14 for ordinary numbers; beyond ±700, at 0 and below the results are only finite.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_ROUND = 6755399441055744.0
"""1.5 · 2^52: added to a small number it leaves the nearest whole number in the lowest bits."""
_LN2, _LN2_HIGH, _LN2_LOW = 0.6931471805599453, 0.693145751953125, 1.42860682030941723212e-6


@njit(inline="always")
def exp(x: float) -> float:
    """e^x: two to the whole part, by setting the exponent's bits, times a polynomial of the rest."""
    k = min(max(x, -700.0), 700.0) * (1 / _LN2) + _ROUND
    n = k - _ROUND
    r = x - n * _LN2_HIGH - n * _LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1 + r) + r2 * (0.5 + r * (1 / 6))
    middle = (1 / 24 + r * (1 / 120)) + r2 * (1 / 720 + r * (1 / 5040))
    p = low + r4 * (middle + r4 * ((1 / 40320 + r * (1 / 362880)) + r2 * (1 / 3628800)))
    power = np.int64((np.float64(k).view(np.int64) << 52) + np.int64(0x3FF0000000000000))
    return p * power.view(np.float64)


@njit(inline="always")
def log(x: float) -> float:
    """ln x: the exponent's bits, and a series for what lies between √½ and √2."""
    bits = np.float64(x).view(np.int64)
    e = np.int64((bits - np.int64(0x3FE6A09E667F3BCD)) >> 52)
    m = np.int64(bits - (e << 52)).view(np.float64)
    s = (m - 1) / (m + 1)
    z = s * s
    z2 = z * z
    q = (1 + z * (1 / 3)) + z2 * ((1 / 5 + z * (1 / 7)) + z2 * ((1 / 9 + z * (1 / 11)) + z2 * (1 / 13 + z * (1 / 15))))
    whole = np.int64(e + np.int64(0x4338000000000000)).view(np.float64) - _ROUND
    return 2 * s * q + whole * _LN2
