"""Spectrum's allocator: who harms whom, what may be granted, on which channel, at what power.

Import from the modules: ``network`` and ``incumbents`` (what is coordinated), ``policy`` (what is asked),
``coordinate`` (both directions, every channel), ``boundary``, ``contour``, ``exposure``, ``proposals``,
``register_file`` and ``wtr`` (registers).
"""
