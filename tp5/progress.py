"""A progress bar that leaves nothing behind: neither in a terminal nor in a saved notebook."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterable
from typing import Any


def progress_bar(total: int, progress: bool | None, **labels: Any) -> Iterable[int]:
    """Count from 0 to ``total`` with a bar, which goes away when it is done.

    Parameters
    ----------
    total : int >= 0
    progress : bool or None
        Always, never, or (None) once a second has passed.
    **labels
        More for tqdm, such as ``desc="Powell"``.

    Returns
    -------
    iterable of int
        With a bar it has ``update(n)`` and ``close()`` as well, for who cannot iterate.
    """
    if progress is False:
        return range(total)
    kind = bar_of_notebooks() if in_notebook() else bar_of_terminals()
    return kind(range(total), delay=0 if progress else 1, leave=False, **labels)


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    if "IPython" not in sys.modules:  # a notebook has loaded it long ago
        return False
    from IPython.core.getipython import get_ipython

    return hasattr(get_ipython(), "kernel")


def bar_of_terminals() -> Any:
    """Return tqdm's class; loaded when used: `import tp5` imports numpy alone."""
    from tqdm.std import tqdm

    return tqdm


def bar_of_notebooks() -> Any:
    """Return a class of bars that show themselves as HTML.

    tqdm's own is a widget. Saved with a notebook, it says "model not found" the next morning.
    """
    from IPython.display import display
    from tqdm.std import tqdm

    class NotebookBar(tqdm):
        """A bar in an output of its own, which is empty before and after."""

        shown: Any = None

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, gui=True, **kwargs)  # "gui": nothing goes to stderr
            if not self.delay:
                self.display()

        def display(self, *_: Any, **__: Any) -> None:
            """Draw the bar as it is now."""
            if self.shown is None:
                self.shown = display({}, raw=True, display_id=True)
            self.shown.update(picture_of(self), raw=True)

        def close(self) -> None:
            """Take the bar away."""
            super().close()
            if self.shown is not None:
                self.shown.update({}, raw=True)
                self.shown = None

    return NotebookBar


def picture_of(bar: Any) -> dict[str, str]:
    """Return a bar as HTML and as text, for IPython's ``display``."""
    seconds = bar.format_dict["elapsed"]
    left = f", about {seconds * (bar.total - bar.n) / bar.n:.0f} s left" if bar.n else ""
    name = f"{bar.desc.rstrip(': ')}: " if bar.desc else ""
    text = f"{name}{bar.n} of {bar.total}{left}"
    words = html.escape(text)
    return {
        "text/html": f'<progress value="{bar.n}" max="{bar.total}" aria-label="{words}"></progress>'
        f" {words}",
        "text/plain": text,
    }
