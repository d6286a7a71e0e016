from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_spec = importlib.util.spec_from_file_location("coordination_kit", Path(__file__).with_name("kit.py"))
assert _spec is not None
assert _spec.loader is not None
_kit = importlib.util.module_from_spec(_spec)
sys.modules["coordination_kit"] = _kit
_spec.loader.exec_module(_kit)
