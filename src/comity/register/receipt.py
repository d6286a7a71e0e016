"""What the holder of a registered decision keeps: the entry, where it stands, and the proof."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from comity.errors import ComityError
from comity.register.merkle import leaf_hash, root_from_inclusion
from comity.register.note import Checkpoint, Verifier


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entry ``index`` of a log, the inclusion proof, and the signed checkpoint it leads to."""

    index: int
    entry: bytes
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint

    def holds(self, verifier: Verifier) -> tuple[bool, str]:
        """Whether the receipt proves its entry under the log's public key, and why (not)."""
        if not self.checkpoint.signed_by(verifier):
            return False, f"the checkpoint is not signed by {verifier.name}"
        root = root_from_inclusion(leaf_hash(self.entry), self.index, self.checkpoint.size, self.proof)
        if root != self.checkpoint.root:
            return False, f"the proof does not lead from entry {self.index} to the checkpoint's root"
        return True, f"entry {self.index} is in the log of {self.checkpoint.size} entries"

    def as_dict(self) -> dict[str, Any]:
        """Return the receipt for JSON."""
        return {
            "index": self.index,
            "entry": b64encode(self.entry).decode(),
            "proof": [b64encode(h).decode() for h in self.proof],
            "checkpoint": self.checkpoint.encode(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Receipt:
        """Read a receipt from JSON.

        Raises
        ------
        ComityError
            If a field is missing or has the wrong form.
        """
        try:
            return cls(
                int(data["index"]),
                b64decode(data["entry"], validate=True),
                tuple(b64decode(h, validate=True) for h in data["proof"]),
                Checkpoint.decode(data["checkpoint"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ComityError(
                f"not a receipt: {error!r} (accepted: index, entry, proof, checkpoint)"
            ) from None
