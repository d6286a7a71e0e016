"""Merkle tree hashes and proofs over an append-only list of entries.

The tree is that of RFC 6962, section 2.1: a leaf is ``SHA-256(0x00 || entry)``, a node
``SHA-256(0x01 || left || right)``, and a tree of ``n`` leaves splits at the largest power of two below ``n``.
Proofs are made from a lookup ``node(level, index)`` of perfect subtrees (``2**level`` leaves, the ``index``-th
from the left), so that they read a handful of hashes from a log of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over ``hashes``, whose number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def perfect_subtrees(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield ``(level, index)`` of the perfect subtrees that tile leaves ``low`` to ``high - 1`` from the left.

    ``low`` must be a multiple of every subtree it starts, as it is for the ranges that proofs use.
    """
    while low < high:
        level = (high - low).bit_length() - 1
        yield level, low >> level
        low += 1 << level


def range_root(node: Node, low: int, high: int) -> bytes:
    """Return the tree hash of leaves ``low`` to ``high - 1`` (MTH of RFC 6962 for that range)."""
    if low == high:
        return EMPTY_ROOT
    hashes = [node(level, index) for level, index in perfect_subtrees(low, high)]
    total = hashes.pop()
    while hashes:
        total = node_hash(hashes.pop(), total)
    return total


def inclusion_proof(node: Node, index: int, size: int) -> list[bytes]:
    """Return the proof that entry ``index`` is in the tree of ``size`` entries (RFC 6962, 2.1.1).

    Raises
    ------
    ValueError
        If ``index`` is not in ``0 <= index < size``.
    """
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a log of {size} entries")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(range_root(node, middle, high))
            high = middle
        else:
            proof.append(range_root(node, low, middle))
            low = middle
    return proof[::-1]


def consistency_proof(node: Node, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``old`` entries is a prefix of that of ``new`` (RFC 6962, 2.1.2).

    Raises
    ------
    ValueError
        If not ``0 <= old <= new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a log of {old} entries cannot be a prefix of one of {new}")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(range_root(node, middle, high))
            high = middle
        else:
            proof.append(range_root(node, low, middle))
            low, whole = middle, False
    if not whole:
        proof.append(range_root(node, low, high))
    return proof[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that ``proof`` leads to, or None where it has the wrong length (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    path, last, total = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if path & 1 or path == last:
            total = node_hash(sibling, total)
            while not path & 1 and path:
                path >>= 1
                last >>= 1
        else:
            total = node_hash(total, sibling)
        path >>= 1
        last >>= 1
    return total if last == 0 else None


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the old tree is a prefix of the new one (RFC 9162, 2.1.4.2)."""
    if old == 0:
        return old_root == EMPTY_ROOT and not proof
    if old == new:
        return old_root == new_root and not proof
    if not 0 < old < new or not proof:
        return False
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    path, last = old - 1, new - 1
    while path & 1:
        path >>= 1
        last >>= 1
    old_total = new_total = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if path & 1 or path == last:
            old_total = node_hash(sibling, old_total)
            new_total = node_hash(sibling, new_total)
            while not path & 1 and path:
                path >>= 1
                last >>= 1
        else:
            new_total = node_hash(new_total, sibling)
        path >>= 1
        last >>= 1
    return old_total == old_root and new_total == new_root and last == 0


def _split(count: int) -> int:
    """Return the largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)
