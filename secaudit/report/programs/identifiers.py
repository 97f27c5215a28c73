"""Identifiers that stay the same from export to export, so that programs recognise what they have seen before."""

from __future__ import annotations

from uuid import UUID, uuid5

_NAMESPACE = UUID("0b6f6a0e-3c1d-5c3e-8f0a-6d6b1a2f9c47")
"""Namespace of all identifiers of this room; a change of it would change every one of them."""


def identifier(*parts: str) -> str:
    """Return the identifier (RFC 9562, version 5) of the thing that the parts name; the same for ever."""
    return str(uuid5(_NAMESPACE, "\x1f".join(parts).encode("utf-8", "backslashreplace").decode("utf-8")))
