"""Settings of the whole suite.

No test asserts a time, so compiled kernels may take theirs at the first call. No test finds what another one, or
the user, kept on disk.
"""

import os

from hypothesis import settings

os.environ["COMITY_CACHE_MIB"] = "0"

settings.register_profile("comity", deadline=None)
settings.load_profile("comity")
