"""Settings of the whole suite: no test asserts a time, so compiled kernels may take theirs at the first call."""

from hypothesis import settings

settings.register_profile("comity", deadline=None)
settings.load_profile("comity")
