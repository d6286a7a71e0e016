"""Executors and resumable grids: all cores of one machine, then all machines, with the same bytes.

Import from the modules: ``executors`` (serial, threads, Dask) and ``grid`` (large results by tiles, on disk).
"""
