"""How Sphinx makes the site; `make site` calls it, see build_site.py."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # mathml.py

project = "TP5"
author = "SIA, ITBA"
copyright = "the authors of TP5; code MIT, characters and drawings CC0"
html_title = "TP5: autoencoders"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml"]
html_math_renderer = "mathml"
exclude_patterns = ["build", "**.ipynb_checkpoints"]

# Notebooks are shown as they were stored: nothing is executed, and no kernel is needed.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
# A widget without a kernel is its still picture.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]

myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

default_role = "py:obj"  # `name` in a docstring is a link
autodoc_member_order = "bysource"
autodoc_default_options = {
    "members": True,
    "show-inheritance": True,
    "ignore-module-all": True,  # what a module hands on is documented where it is defined
    "exclude-members": "set",  # matplotlib adds it to every figure
}
autodoc_typehints = "none"  # the docstrings' sections say the types
napoleon_google_docstring = False
napoleon_use_param = False  # types are words for readers, no links
napoleon_use_rtype = False
napoleon_custom_sections = [("Attributes", "params_style"), ("Warns", "params_style")]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["formulas.css", "site.css"]
html_extra_path = ["pages"]  # the explorers: whole pages of their own
html_copy_source = True  # a notebook can be downloaded from its page
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "navbar_persistent": [],  # one search field, beside the tree, is enough
}


def setup(app):
    """Let a docstring write |x| for a modulus: reStructuredText would look for a substitution."""

    def keep_bars(_app, _what, _name, _object, _options, lines):
        lines[:] = [line if "``" in line else re.sub(r"(?<!\\)\|", r"\|", line) for line in lines]

    app.connect("autodoc-process-docstring", keep_bars)
