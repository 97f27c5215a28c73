"""The clients of `checklists/data/clients.yaml`: what each offers when it begins a TLS connection."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from secaudit.model.base import Composed, Frozen
from secaudit.model.clients import ClientKind
from secaudit.model.tls_look import TlsVersion
from secaudit.reference.reading import read_shipped
from secaudit.reference.shapes import DataSet


def _split(value: Any) -> Any:
    return tuple(value.split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""Several words in one string, separated by spaces."""


class Client(Frozen):
    """One generation of a client.

    Attributes:
        confirmed: its hello was recorded from this very client.
        recording: the entry of the source that it is read from.
        versions: oldest first.
        sni: it says which name it wants (RFC 6066, section 3).
        groups: names of the groups in its order; empty where it knows none, and then no suite that needs one.
        signatures: numbers of signature_algorithms (RFC 8446, section 4.2.3), hexadecimal; empty where it says none.
        suites: IANA names in its order.
        dh_least, dh_most: sizes of finite-field groups that it accepts, in bits; 0 where there is no limit known.
        lacks_roots: names of roots that its trust store is known not to hold.
    """

    id: str
    name: Composed
    kind: ClientKind
    confirmed: bool
    recording: str
    versions: Annotated[tuple[TlsVersion, ...], Field(min_length=1)]
    sni: bool
    groups: Words = ()
    signatures: Words = ()
    suites: Words
    dh_least: int = 0
    dh_most: int = 0
    lacks_roots: tuple[str, ...] = ()


class Clients(DataSet):
    """The data set of clients."""

    format: Literal["secaudit.clients/1"]
    clients: Annotated[tuple[Client, ...], Field(min_length=1)]


@lru_cache(maxsize=1)
def known_clients() -> Clients:
    """Return the clients that ship with the program."""
    return Clients.model_validate(read_shipped("data/clients.yaml"))
