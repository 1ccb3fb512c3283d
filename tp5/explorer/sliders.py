"""Sliders that know whether a hand in the browser has moved them, or Python has."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import traitlets


class LinkedSlider(widgets.FloatSlider):
    """A slider whose value something else on the screen moves too, in the browser.

    That something tells the kernel of it. So what comes from the browser is told nobody again: an
    echo would come late, and pull the handle back from under the hand.
    """

    min: Any
    max: Any
    value = traitlets.CFloat(0.0).tag(sync=True, echo_update=False)
    by_hand = False  # while a word from the browser is being heard

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Hear of the browser."""
        if "value" in sync_data:
            self.make_room(sync_data["value"])
        self.by_hand = True
        try:
            super().set_state(sync_data)
        finally:
            self.by_hand = False

    def make_room(self, value: float) -> None:
        """Let the slider reach as far as a value."""
        self.min, self.max = min(self.min, value), max(self.max, value)

    def follow(self, value: float) -> None:
        """Take on a value that the browser's own slider takes on by itself."""
        if value != self.value:
            self.set_state({"value": value})
