"""The Merkle tree against RFC 6962's own words and published vectors."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.register.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    range_root,
    root_from_inclusion,
)

# Leaves and roots of the Certificate Transparency reference implementation (public test vectors).
CT_LEAVES = [bytes.fromhex(h) for h in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                        "606162636465666768696a6b6c6d6e6f"]]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def slow_root(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + slow_root(entries[:k]) + slow_root(entries[k:])).digest()


def nodes(entries: list[bytes]):
    return lambda level, index: slow_root(entries[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_certificate_transparency_vectors(size: int) -> None:
    assert range_root(nodes(CT_LEAVES), 0, size).hex() == CT_ROOTS[size - 1]


def test_the_empty_log_has_the_hash_of_nothing() -> None:
    assert range_root(nodes([]), 0, 0) == EMPTY_ROOT == sha256(b"").digest()


entries_lists = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(entries_lists, st.data())
def test_an_inclusion_proof_proves_its_entry_and_no_other(entries: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    proof = inclusion_proof(nodes(entries), index, len(entries))
    root = slow_root(entries)
    assert root_from_inclusion(leaf_hash(entries[index]), index, len(entries), proof) == root
    assert root_from_inclusion(leaf_hash(entries[index] + b"x"), index, len(entries), proof) != root
    assert root_from_inclusion(leaf_hash(entries[index]), index, len(entries), [*proof, root]) != root


@given(entries_lists, st.data())
def test_a_consistency_proof_shows_a_prefix_and_nothing_else(
    entries: list[bytes], data: st.DataObject
) -> None:
    old = data.draw(st.integers(0, len(entries)))
    proof = consistency_proof(nodes(entries), old, len(entries))
    old_root, new_root = slow_root(entries[:old]), slow_root(entries)
    assert is_consistent(old, old_root, len(entries), new_root, proof)
    other = slow_root([*entries[: old - 1], entries[old - 1] + b"x"]) if old else slow_root([b"x"])
    assert not is_consistent(old, other, len(entries), new_root, proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_proof_of_an_entry_that_is_not_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not in a log"):
        inclusion_proof(nodes([b"a", b"b", b"c"]), index, size)
