"""How sure a mean over a few runs is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from ..checks import as_data, as_mapping, at_least, number_in, shown


def mean_interval(
    values: np.ndarray, axis: int = -1, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and half the width of its confidence interval, by Student's t.

    mean ± t·s/√n, where t is the quantile of Student's distribution with n − 1 degrees of freedom:
    the interval of a mean of n independent, roughly normal values (Student 1908). For n = 5 and
    95 % it is 1.24·s.

    Parameters
    ----------
    values : array_like
        At least two along ``axis``; what is not finite (a run that diverged) is left out.
    axis : int
    confidence : float in (0, 1)

    Returns
    -------
    mean, half_width : ndarray
        ``values`` without ``axis``. The half width is NaN where there is one value only, the mean
        where there is none.

    Raises
    ------
    ValueError
        If values are no numbers, there is no such axis, or confidence is outside (0, 1).
    """
    from scipy.special import stdtrit  # scipy.stats takes a second to load, and calls it as well

    number_in("confidence", "(0, 1)", confidence)
    values = as_data("values", values, (..., "n"), finite=False)
    whole = isinstance(axis, int | np.integer) and not isinstance(axis, bool)
    if not whole or not -values.ndim <= axis < values.ndim:
        raise ValueError(f"axis {shown(axis)} is no axis of values of shape {values.shape}.")
    values = np.where(np.isfinite(values), values, np.nan)
    n = np.isfinite(values).sum(axis=axis)
    mean = np.nansum(values, axis=axis) / np.where(n > 0, n, np.nan)
    squares = np.nansum((values - np.expand_dims(mean, axis)) ** 2, axis=axis)
    spare = np.where(n > 1, n - 1, np.nan)
    s = np.sqrt(squares / spare)
    return mean, stdtrit(spare, (1 + confidence) / 2) * s / np.sqrt(np.maximum(n, 1))


def difference_interval(
    a: np.ndarray, b: np.ndarray, confidence: float = 0.95
) -> tuple[float, float]:
    """Difference of two means, mean(a) − mean(b), and half the width of its interval.

    By Welch's t, which does not ask for equal variances: t·√(u + v), where u = s²/n is the
    variance of the one mean and v that of the other, with (u + v)²/(u²/(n − 1) + v²/(m − 1))
    degrees of freedom (Welch 1947). If the interval contains 0 these runs cannot tell the two
    apart.

    Parameters
    ----------
    a, b : array_like, shape (n,) and (m,)
        At least two values each; what is not finite (a run that diverged) is left out.
    confidence : float in (0, 1)

    Returns
    -------
    difference, half_width : float

    Raises
    ------
    ValueError
        If one of the two has fewer than two values, or confidence is outside (0, 1).
    """
    from scipy.special import stdtrit

    number_in("confidence", "(0, 1)", confidence)
    a, b = as_data("a", a, ("n",), finite=False), as_data("b", b, ("m",), finite=False)
    a, b = a[np.isfinite(a)], b[np.isfinite(b)]
    if min(len(a), len(b)) < 2:
        raise ValueError("an interval needs at least two runs of each.")
    u, v = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    difference = float(a.mean() - b.mean())
    if u + v == 0:
        return difference, 0.0
    freedom = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return difference, float(stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(u + v))


def told_apart(groups: Mapping[str, np.ndarray], confidence: float = 0.95) -> list[tuple[str, str]]:
    """Name the pairs of groups whose means these runs tell apart, the smaller mean first.

    Those whose `difference_interval` leaves out 0. Of twenty pairs that do not differ chance alone
    tells about one apart.

    Parameters
    ----------
    groups : mapping of name to array_like, shape (n_runs,)
    confidence : float in (0, 1)

    Returns
    -------
    list of (str, str)
    """
    pairs = []
    for a, b in combinations(as_mapping("groups", groups), 2):
        difference, half_width = difference_interval(groups[a], groups[b], confidence)
        if abs(difference) > half_width:
            pairs.append((a, b) if difference < 0 else (b, a))
    return pairs


def rank_correlation(
    a: np.ndarray, b: np.ndarray, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Spearman's rank correlation ρ of two quantities, and its confidence interval.

    ρ is 1 where b always rises with a, −1 where it always falls; 0 where neither. The interval is
    tanh(artanh ρ ± q·√((1 + ρ²/2)/(n − 3))) with the normal quantile q (Bonett & Wright 2000). If
    it contains 0 we cannot tell whether b rises or falls with a.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        At least ten pairs, drawn independently.
    confidence : float in (0, 1)

    Returns
    -------
    rho, low, high : float

    Raises
    ------
    ValueError
        If there are fewer than ten pairs, lengths differ, one of the two does not vary, or
        confidence is outside (0, 1).
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    number_in("confidence", "(0, 1)", confidence)
    a, b = as_data("a", a, ("n",)), as_data("b", b, ("n",))
    if a.shape != b.shape or len(a) < 10:
        raise ValueError(f"rank correlation needs ten or more pairs, not {a.shape} and {b.shape}.")
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        raise ValueError("rank correlation needs two quantities that vary; one is constant.")
    rho = float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])
    half_width = ndtri((1 + confidence) / 2) * np.sqrt((1 + rho**2 / 2) / (len(a) - 3))
    with np.errstate(divide="ignore"):  # artanh(±1) is infinite, and its tanh is ±1 again
        middle = np.arctanh(np.clip(rho, -1, 1))
    return rho, float(np.tanh(middle - half_width)), float(np.tanh(middle + half_width))


def proportion_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval of a success rate, from so many successes in n independent trials.

    (p + k/2 ± z·√(p(1 − p)/n + k/(4n))) / (1 + k) with p = successes/n and k = z²/n, where z is the
    quantile of the normal distribution, 1.96 for 95 %. It stays within [0, 1], and 10 of 10 do not
    prove 100 % (Wilson 1927; Agresti & Coull 1998 compare it with others).

    Parameters
    ----------
    successes, n : int
        0 <= successes <= n and n > 0.
    confidence : float in (0, 1)

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> low, high = proportion_interval(10, 10)
    >>> round(low, 2), round(high, 2)
    (0.72, 1.0)
    """
    from scipy.special import ndtri

    number_in("confidence", "(0, 1)", confidence)
    successes, n = at_least("successes", successes, 0), at_least("n", n)
    if successes > n:
        raise ValueError(f"{successes} successes in {n} trials make no proportion.")
    z, p = float(ndtri((1 + confidence) / 2)), successes / n
    centre = p + z * z / (2 * n)
    half_width = z * (p * (1 - p) / n + (z / (2 * n)) ** 2) ** 0.5
    return (centre - half_width) / (1 + z * z / n), (centre + half_width) / (1 + z * z / n)
