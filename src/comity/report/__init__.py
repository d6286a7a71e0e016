"""What people look at: self-contained pages, maps and charts, drawn by us as HTML and SVG.

Pure functions from plain values to markup; the same input gives the same bytes. The modules are imported
by name: ``elements`` (escaping builder), ``page`` (shell), ``svg`` (primitives), ``map``, ``profile``,
``budget``, ``margins``, ``charts`` and ``tables``.
"""
