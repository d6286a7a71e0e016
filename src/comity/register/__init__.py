"""The register: an append-only Merkle log in the C2SP tiled form, its signed checkpoints and its proofs.

Nobody, the operator included, can rewrite an entry unseen by somebody who kept a checkpoint.
"""
