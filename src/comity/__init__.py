"""comity."""
