"""The witness's side: cosign a checkpoint of a log once it is seen to extend the one cosigned before.

A witness keeps one small file: the last checkpoint that it cosigned. It signs only what begins with exactly the
entries of that checkpoint, so that a log cannot show one history to one reader and another to the next without the
witness's help (C2SP ``tlog-cosignature`` and ``tlog-witness``; here over files instead of HTTP).
"""

from __future__ import annotations

from pathlib import Path

from comity.errors import ComityError
from comity.register.log import write_synced
from comity.register.merkle import consistency_proof, is_consistent
from comity.register.note import COSIGNATURE, Checkpoint, Signer, Verifier, read_checkpoint
from comity.register.tiles import TileReader


def cosign(folder: Path, log: Verifier, witness: Signer, state: Path, unix_time: int) -> str:
    """Return the witness's signature line for the log published in ``folder``, and remember what was signed.

    Parameters
    ----------
    folder : the log, as published or downloaded; nothing in it is trusted but what the proofs show
    log : the log's public key
    witness : the witness's key, of the cosignature kind
    state : the witness's own file with the last checkpoint it cosigned; made at the first time
    unix_time : time of the cosignature [s since 1970]

    Raises
    ------
    ComityError
        If the checkpoint is not the log's, is smaller than the last one, or does not extend it; nothing is signed.
    """
    if witness.kind != COSIGNATURE:
        raise ValueError("a witness signs with a cosignature key")
    new = read_checkpoint(folder / "checkpoint")
    if new.origin != log.name or not new.signed_by(log):
        raise ComityError(f"the checkpoint in {folder} is not signed by {log.name}; not cosigned")
    if state.exists():
        _check_extends(folder, read_checkpoint(state), new)
    line = witness.sign(new.text, unix_time)
    write_synced(state, new.encode().encode())
    return line


def _check_extends(folder: Path, old: Checkpoint, new: Checkpoint) -> None:
    if new.origin != old.origin:
        raise ComityError(f"this witness has cosigned {old.origin}, not {new.origin}; not cosigned")
    if new.size < old.size:
        raise ComityError(
            f"rolled back: {old.size} entries were cosigned, there are {new.size} now; not cosigned"
        )
    proof = consistency_proof(TileReader(folder, new.size).node, old.size, new.size)
    if not is_consistent(old.size, old.root, new.size, new.root, proof):
        raise ComityError(
            f"history rewritten: the first {old.size} entries are not those cosigned before; not cosigned"
        )
