"""The programmes: spectrum, cities, talent. Each is one declaration handed to the spine in ``casework``."""
