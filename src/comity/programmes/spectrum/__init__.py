"""Dedicated (private) 5G spectrum: application schema, checks, coordination, letters and register view."""
