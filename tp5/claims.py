"""A claim of a notebook: a sentence with its figures that a class can read, and that is checked."""

from __future__ import annotations

import numpy as np

from .checks import shown


def claim(holds: bool | np.bool_, sentence: str) -> None:
    """Print a sentence with ✓ in front if it holds; stop with it if it does not.

    A figure that another processor or another seed changes belongs into the sentence, computed:
    so it can be read whether it held or not.

    Parameters
    ----------
    holds : bool
        One truth value, such as ``(a < b).all()``.
    sentence : str

    Raises
    ------
    AssertionError
        If it does not hold.
    TypeError
        If holds is no truth value, or sentence no sentence: exchanged, they would always hold.

    Examples
    --------
    >>> claim(4.2 < 4.43, f"the network ({4.2}) beats PCA ({4.43})")
    ✓ the network (4.2) beats PCA (4.43)
    """
    if not isinstance(holds, bool | np.bool_):
        raise TypeError(
            f"a claim holds or it does not: give True or False, such as (a < b).all(), and then "
            f"the sentence, not {shown(holds)}."
        )
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"a claim is a sentence with its figures, not {shown(sentence)}.")
    if not holds:
        raise AssertionError(f"this does not hold: {sentence}")
    print(f"✓ {sentence}")
