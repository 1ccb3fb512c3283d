"""What is asked of everything that comes in; one clear sentence where it is not so."""

from .arrays import as_data, as_numbers, as_pictures, as_probabilities, check_shape, picture_shape
from .means import as_callable, as_executor, as_progress, as_switch, readable
from .numbers import as_layers, as_rng, as_runs, at_least, number_in, position
from .sentence import ModelError, shown
from .words import as_dtype, as_labels, as_list, as_mapping, as_sequence, one_of, place_of

__all__ = [
    "ModelError",
    "as_callable",
    "as_data",
    "as_dtype",
    "as_executor",
    "as_labels",
    "as_layers",
    "as_list",
    "as_mapping",
    "as_numbers",
    "as_pictures",
    "as_probabilities",
    "as_progress",
    "as_rng",
    "as_runs",
    "as_sequence",
    "as_switch",
    "at_least",
    "check_shape",
    "number_in",
    "one_of",
    "picture_shape",
    "place_of",
    "position",
    "readable",
    "shown",
]
