"""The settings of a widget as ipywidgets: to lay out, to link, to hand to ``interact``."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets


class Bound:
    """Keeps a trait of a widget and the value of a control the same.

    Unlike a plain link it lets the trait have values that the control cannot show: a slider that
    ends at 1 stands at its end while the trait is 3, and does not pull it back.

    Parameters
    ----------
    widget : HasTraits
    name : str
        Of its trait.
    control : ipywidgets widget with a ``value``
    """

    def __init__(self, widget: Any, name: str, control: Any) -> None:
        self.widget, self.name, self.control = widget, name, control
        self.following = False
        self.follow()
        widget.observe(self.follow, names=name)
        control.observe(self.set, names="value")

    def follow(self, _change: Any = None) -> None:
        """The trait has changed: show it as well as the control can."""
        self.following = True
        try:
            self.control.value = getattr(self.widget, self.name)
        finally:
            self.following = False

    def set(self, change: Any) -> None:
        """Somebody has moved the control."""
        if not self.following:
            setattr(self.widget, self.name, change["new"])


def bound(widget: Any, controls: dict[str, Any]) -> dict[str, Any]:
    """Bind each control to the widget's trait of that name, and return them."""
    for name, control in controls.items():
        Bound(widget, name, control)
    return controls


def close_controls(widget: Any, name: str = "controls") -> None:
    """Close the controls of a widget, if it has made any."""
    for control in widget.__dict__.pop(name, {}).values():
        control.close()


def slider(low: float, high: float, step: float, label: str, **more: Any) -> Any:
    """Return a slider for numbers."""
    kind = (
        widgets.IntSlider
        if all(isinstance(x, int) for x in (low, high, step))
        else (widgets.FloatSlider)
    )
    return kind(min=low, max=high, step=step, description=label, **more)
