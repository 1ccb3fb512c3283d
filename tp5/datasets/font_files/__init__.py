"""Reading fonts out of any file: its text as a tree, the glyphs in the tree, and their names."""

from .file import File
from .names import named, numbers
from .tree import Size, Unreadable

__all__ = ["File", "Size", "Unreadable", "named", "numbers"]
