"""Sphinx configuration: MyST pages, numpydoc reference."""

from __future__ import annotations

project = "comity"
author = "The comity authors"
copyright = "2026, The comity authors"
extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.mathjax",
]
source_suffix = {".md": "markdown"}
master_doc = "index"
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "comity"
html_static_path: list[str] = []
myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
autosummary_generate = False
numpydoc_show_class_members = False
autodoc_typehints = "none"
suppress_warnings = ["myst.header"]
