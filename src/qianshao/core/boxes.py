"""Small secrets at rest: a box is a nonce and the text under AES-256-GCM (NIST SP 800-38D), bound to where it belongs."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as GCM wants them


def shut(key: bytes, plain: bytes, bound: bytes, nonce: bytes | None = None) -> bytes:
    """The box; ``bound`` is authenticated beside it, so that it does not open in another row. A nonce is used once."""
    nonce = nonce or os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def opened(key: bytes, box: bytes, bound: bytes) -> bytes:
    """What is in the box. Raises ``cryptography.exceptions.InvalidTag`` under another key, elsewhere, or changed."""
    return AESGCM(key).decrypt(box[:NONCE], box[NONCE:], bound)
