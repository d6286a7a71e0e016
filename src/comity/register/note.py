"""Signed notes and checkpoints, as C2SP ``signed-note``, ``tlog-checkpoint`` and ``tlog-cosignature`` define them.

A checkpoint is three lines (origin, size, root hash) and one line per signature. A log signs with an Ed25519
key (signature type 0x01), a witness with a timestamped cosignature (type 0x04).
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from comity.errors import ComityError, MissingError
from comity.register.merkle import HASH_SIZE

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519, COSIGNATURE = 0x01, 0x04
#: A size in ASCII digits, without leading zeros: other digits would be another text than the signed one.
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_MARK = "\u2014 "
#: File beside the published checkpoint: the newest one that a witness has cosigned.
WITNESSED = "checkpoint.witnessed"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: what somebody needs to check signatures.

    Parameters
    ----------
    name : key name, no space, no plus sign; for a log its origin
    kind : ``ED25519`` (a log) or ``COSIGNATURE`` (a witness)
    public_key : 32 bytes
    """

    name: str
    kind: int
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Return the first four bytes of the hash of name, kind and key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key).digest()[:4]

    def encode(self) -> str:
        """Return the key as one line ``name+id+base64``, to be printed and pinned."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public_key).decode()}"

    @classmethod
    def decode(cls, line: str) -> Verifier:
        """Read a key from its one-line form."""
        parts = line.strip().split("+", 2)
        if len(parts) != 3:
            raise ComityError(f"not a verifier key: {line!r} (accepted: name+id+base64)")
        raw = _base64(parts[2], "verifier key")
        verifier = cls(parts[0], raw[0] if raw else 0, raw[1:])
        if verifier.kind not in (ED25519, COSIGNATURE) or len(verifier.public_key) != 32:
            raise ComityError(f"not an Ed25519 verifier key: {line!r}")
        if verifier.key_id.hex() != parts[1]:
            raise ComityError(f"verifier key {parts[0]!r}: its id does not fit name and key")
        return verifier

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether ``signature`` (without the key id) is this key's signature of the note ``text``."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        message = text.encode()
        if self.kind == COSIGNATURE:
            time, signature = signature[:8], signature[8:]
            message = _cosigned(text, int.from_bytes(time, "big"))
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; ``seed`` (32 bytes) never leaves the operator."""

    name: str
    seed: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        """Refuse names that the note format cannot carry."""
        if not self.name or any(c.isspace() or c == "+" for c in self.name):
            raise ComityError(f"key name {self.name!r}: accepted are names without spaces and plus signs")

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def verifier(self) -> Verifier:
        """Return the public half."""
        return Verifier(self.name, self.kind, self._key().public_key().public_bytes_raw())

    def sign(self, text: str, unix_time: int | None = None) -> str:
        """Return the signature line for the note ``text``; a witness gives the time [s since 1970]."""
        if self.kind == COSIGNATURE:
            if unix_time is None:
                raise ValueError("a cosignature carries its time")
            raw = unix_time.to_bytes(8, "big") + self._key().sign(_cosigned(text, unix_time))
        else:
            raw = self._key().sign(text.encode())
        return f"{_MARK}{self.name} {b64encode(self.verifier.key_id + raw).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root of a log at one moment, with the signature lines that came with it."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the signed text."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    def encode(self) -> str:
        """Return the whole note."""
        return self.text + "\n" + "".join(self.signatures)

    def signed_by(self, *verifiers: Verifier) -> tuple[str, ...]:
        """Return the names among ``verifiers`` whose valid signature the checkpoint carries, in their order."""
        return tuple(v.name for v in verifiers if any(_signs(v, self.text, line) for line in self.signatures))

    @classmethod
    def decode(cls, note: str) -> Checkpoint:
        """Read a checkpoint; signatures are not checked here.

        Raises
        ------
        ComityError
            If the note has not the form of a checkpoint.
        """
        text, blank, signatures = note.partition("\n\n")
        lines = text.split("\n")
        if not blank or len(lines) < 3 or not lines[0]:
            raise ComityError("not a checkpoint: expected origin, size, root hash, an empty line, signatures")
        if not _SIZE.fullmatch(lines[1]):
            raise ComityError(f"not a checkpoint: size {lines[1]!r} is not a decimal number")
        root = _base64(lines[2], "root hash")
        if len(root) != HASH_SIZE:
            raise ComityError(f"not a checkpoint: root hash has {len(root)} bytes, not {HASH_SIZE}")
        if len(lines) > 3:
            raise ComityError("checkpoint has extension lines, which comity does not read")
        found = cls(lines[0], int(lines[1]), root, tuple(re.findall(r"[^\n]*\n|[^\n]+", signatures)))
        if found.encode() != note:
            raise ComityError("not a checkpoint: its text has another form than the one that is signed")
        return found


def read_signer(name: str, path: Path, kind: int = ED25519) -> Signer:
    """Return the key whose 64 hexadecimal digits stand in ``path``.

    Raises
    ------
    MissingError
        If there is no such file.
    ComityError
        If it holds something else.
    """
    try:
        seed = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise MissingError(f"there is no key at {path}") from None
    except (OSError, ValueError):
        raise ComityError(f"{path} does not hold 64 hexadecimal digits") from None
    if len(seed) != 32:
        raise ComityError(f"{path} holds {len(seed)} bytes, not 32")
    return Signer(name, seed, kind)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint from a file.

    Raises
    ------
    ComityError
        If there is none, or it has another form.
    """
    try:
        return Checkpoint.decode(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ComityError(f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ComityError(f"{path} is not text") from None


def _signs(verifier: Verifier, text: str, line: str) -> bool:
    name, _, encoded = line.removeprefix(_MARK).strip().rpartition(" ")
    if not line.startswith(_MARK) or name != verifier.name:
        return False
    try:
        raw = b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    return raw[:4] == verifier.key_id and verifier.verifies(text, raw[4:])


def _cosigned(text: str, unix_time: int) -> bytes:
    return f"cosignature/v1\ntime {unix_time}\n{text}".encode()


def _base64(text: str, what: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ComityError(f"{what} is not base64: {text!r}") from None
