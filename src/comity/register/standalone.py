#!/usr/bin/env python3
"""Check a public register yourself. Needs Python 3.8 or newer and nothing else.

    python3 standalone.py FOLDER KEY [KEPT_CHECKPOINT ...]

FOLDER is the register as you downloaded it. KEY is its public key, one line ``name+id+base64``: get it from somewhere
else than the download. Each KEPT_CHECKPOINT is a file named ``checkpoint`` that you saved on an earlier day.

What it does: it hashes every entry, builds the tree of hashes (RFC 6962), and compares the last hash, the root, with
the one that the register's owner signed. One changed letter in one entry changes the root. A checkpoint that you kept
shows that the entries it covers are still there, unchanged and in the same order. Exit code 0: sound. 1: not sound.
"""

import hashlib
import sys
from base64 import b64decode
from pathlib import Path

# --- Ed25519 signatures (RFC 8032), checking only -------------------------------------------------------------------
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        raise ValueError("not a point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point")
    return P - x if (x & 1) != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return (x, y, 1, x * y % P)


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    g, h, i, j = f - e, d - c, d + c, f + e
    return (g * h % P, i * j % P, h * i % P, g * j % P)


def multiply(scalar, a):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, a)
        a, scalar = add(a, a), scalar >> 1
    return total


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point(BASE_Y.to_bytes(32, "little"))


def is_signature(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        a, r = point(key), point(signature[:32])
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return s < Q and same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Checkpoints: three lines (name, number of entries, root hash), an empty line, signatures ------------------------
def read_checkpoint(path, key_line):
    text, _, signatures = Path(path).read_bytes().decode("utf-8").partition("\n\n")
    name, size, root = text.split("\n")
    key_name, key_id, key = key_line.split("+", 2)
    raw_key = b64decode(key)
    for line in signatures.splitlines():
        raw = b64decode(line.rpartition(" ")[2])
        mine = line.startswith("\u2014 " + key_name + " ") and raw[:4].hex() == key_id
        if name == key_name and mine and is_signature(raw_key[1:], (text + "\n").encode(), raw[4:]):
            return int(size), b64decode(root)
    sys.exit(f"NOT SOUND: {path} is not signed by {key_name}")


# --- The tree of hashes ----------------------------------------------------------------------------------------------
def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(edge):
    total = edge[-1] if edge else hashlib.sha256(b"").digest()
    for subtree in reversed(edge[:-1]):
        total = node(subtree, total)
    return total


def entries(folder, size):
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        parts = [f"{number % 1000:03d}"]
        rest = number // 1000
        while rest:
            parts.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        path = Path(
            folder, "tile", "entries", *parts[:-1], parts[-1] + ("" if width == 256 else f".p/{width}")
        )
        data, position, count = path.read_bytes(), 0, 0
        while position < len(data):
            end = position + 2 + int.from_bytes(data[position : position + 2], "big")
            yield data[position + 2 : end]
            position, count = end, count + 1
        if count != width or position != len(data):
            sys.exit(f"NOT SOUND: {path} holds {count} entries, not {width}")


def main(folder, key_line, *kept_files):
    size, root = read_checkpoint(Path(folder, "checkpoint"), key_line)
    kept = [read_checkpoint(path, key_line) for path in kept_files]
    newest = max((of for of, _ in kept), default=0)
    if newest > size:
        sys.exit(f"NOT SOUND: rolled back, you kept a checkpoint of {newest} entries and there are {size}")
    edge, count = [], 0
    for entry in entries(folder, size):
        total, position = hashlib.sha256(b"\x00" + entry).digest(), count
        while position & 1:
            total, position = node(edge.pop(), total), position >> 1
        edge.append(total)
        count += 1
        if any(of == count and root_of(edge) != known for of, known in kept):
            sys.exit(f"NOT SOUND: the first {count} entries are not those of the checkpoint that you kept")
    if root_of(edge) != root:
        sys.exit("NOT SOUND: the entries do not lead to the signed root; at least one was altered")
    since = f", nothing rolled back since the {newest} that you kept" if newest else "; rollback not excluded"
    print(f"sound: {size} entries{since}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
