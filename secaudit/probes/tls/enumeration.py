"""Which versions, suites and groups a server takes, asked with hellos of our own in as few connections as we can.

Offer all, note the choice, offer the rest, until the server refuses. Versions are asked side by side. A server that
takes one suite after the other is asked two halves of the rest at a time, which costs a refusal more and halves the
time. An alert is a refusal. A closed or reset connection is one only if the server still answers in the end; silence
never is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.model.observation import CipherSuite, Fact, TlsVersion, VersionLook
from secaudit.probes.tls import client_hello, suites
from secaudit.probes.tls.exchange import Ending, Reply
from secaudit.probes.tls.sender import Limits, Sender, Server
from secaudit.probes.tls.server_answer import INAPPROPRIATE_FALLBACK, PROTOCOL_VERSION, ServerAnswer

NUMBERS = {
    TlsVersion.SSL_2_0: client_hello.SSL_2_0,
    TlsVersion.SSL_3_0: client_hello.SSL_3_0,
    TlsVersion.TLS_1_0: client_hello.TLS_1_0,
    TlsVersion.TLS_1_1: client_hello.TLS_1_1,
    TlsVersion.TLS_1_2: client_hello.TLS_1_2,
    TlsVersion.TLS_1_3: client_hello.TLS_1_3,
}
_WITH_CURVES = (TlsVersion.TLS_1_2, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0)
# Alerts that say nothing of what was offered: unrecognized_name, access_denied, user_canceled, internal_error.
_UNRELATED_ALERTS = frozenset((112, 49, 90, 80))
_GENEROUS, _WORTH_HALVING = 3, 6


@dataclass(frozen=True)
class Enumeration:
    """What was found.

    Attributes:
        versions: one look per protocol version, oldest first.
        groups: numbers of the groups accepted, in the order in which the server chose them.
        groups_fault: why the groups are not known, or not all.
        answers: one answer with a ServerHello per version that was accepted.
        fallback: whether RFC 7507 is supported.
        connections: how many were made.
    """

    versions: tuple[VersionLook, ...]
    groups: tuple[int, ...] = ()
    groups_fault: Reason | None = None
    answers: dict[TlsVersion, ServerAnswer] = field(default_factory=dict)
    fallback: Fact = field(default_factory=Fact)
    connections: int = 0

    @property
    def spoken(self) -> list[TlsVersion]:
        """The versions in which at least one suite is accepted, oldest first."""
        return [look.version for look in self.versions if look.accepted]


def enumerate_server(
    server: Server, stop: threading.Event, *, limits: Limits | None = None, with_groups: bool = True,
    with_secrets: bool = False,
) -> Enumeration:  # fmt: skip
    """Ask one server; blocks until all is known or a limit is reached.

    Args:
        server: where to ask; its gate is asked before every connection.
        stop: when set, nothing more is sent.
        limits: how much it may take, the usual when None.
        with_groups: ask for the groups of the key agreement as well.
        with_secrets: offer suites that need a shared secret as well.

    Raises:
        Refused: the gate no longer lets connections through.
    """
    return asyncio.run(_Run(server, stop, limits or Limits(), with_groups, with_secrets).all())


@dataclass
class _Version:
    """What is known of one version while it is being asked."""

    version: TlsVersion
    accepted: dict[int, CipherSuite] = field(default_factory=dict)
    offered: set[int] = field(default_factory=set)
    answer: ServerAnswer | None = None
    fault: Reason | None = None
    dropped: bool = False
    refused: bool = False
    """Refused as a whole; there is no sense in offering more suites."""
    settled: bool = False
    """Everything was asked."""

    def look(self) -> VersionLook:
        return VersionLook(
            version=self.version, accepted=tuple(self.accepted.values()), offered=len(self.offered), fault=self.fault
        )


Ask = Callable[[Sequence[int]], Awaitable[int]]
"""Offers numbers and returns the one chosen, 0 when the server refused or nothing could be seen."""


class _Run:
    def __init__(
        self, server: Server, stop: threading.Event, limits: Limits, with_groups: bool, with_secrets: bool
    ) -> None:
        self._sni = server.sni
        self._seconds = limits.seconds
        self._sender = Sender(server, stop, limits)
        self._with_groups = with_groups
        self._with_secrets = with_secrets
        self._groups: dict[int, None] = {}
        self._groups_fault = None if with_groups else Reason(code="tls-not-in-profile")
        self._asking_groups: asyncio.Task[None] | None = None
        self._versions = {version: _Version(version) for version in TlsVersion}

    async def all(self) -> Enumeration:
        try:
            async with asyncio.timeout(self._seconds):
                fallback = await self._steps()
        except TimeoutError:
            self._sender.over = Reason(code="tls-out-of-time", params={"seconds": int(self._seconds)})
            fallback = Fact(fault=self._sender.over)
            self._groups_fault = self._groups_fault or self._sender.over
            for state in self._versions.values():
                if not state.settled:
                    state.fault = state.fault or self._sender.over
        if self._sender.refused:
            raise self._sender.refused
        return Enumeration(
            versions=tuple(state.look() for state in self._versions.values()),
            groups=tuple(self._groups),
            groups_fault=self._groups_fault,
            answers={version: state.answer for version, state in self._versions.items() if state.answer},
            fallback=fallback,
            connections=self._sender.connections,
        )

    async def _steps(self) -> Fact:
        await asyncio.gather(*(self._settle(version) for version in TlsVersion))
        fallback, _ = await asyncio.gather(self._fallback(), self._classic_groups())
        await self._confirm_drops()
        return fallback

    # --- Versions and suites -------------------------------------------------------------------------

    async def _settle(self, version: TlsVersion) -> None:
        match version:
            case TlsVersion.SSL_2_0:
                await self._ssl2()
            case TlsVersion.TLS_1_3:
                await self._version_13()
            case _:
                await self._version(version)
        self._versions[version].settled = True

    async def _version(self, version: TlsVersion) -> None:
        state = self._versions[version]
        first, *others = suites.offers(version, with_secrets=self._with_secrets)

        def ask(offer: Sequence[int]) -> Awaitable[int]:
            return self._offer(state, offer)

        chosen = await ask(first)
        if state.refused or state.fault:
            return
        rest = _without(first, chosen)
        await asyncio.gather(
            *(_exhaust(offer, ask) for offer in others), *([_exhaust(rest, ask, 1)] if chosen and rest else [])
        )

    async def _version_13(self) -> None:
        version = TlsVersion.TLS_1_3
        state, (offer,) = self._versions[version], suites.offers(version)

        def ask(offer: Sequence[int]) -> Awaitable[int]:
            return self._offer(state, offer)

        chosen = await ask(offer)
        rest = _without(offer, chosen)
        if chosen and self._with_groups:
            self._asking_groups = asyncio.create_task(self._groups_13())
        if chosen:
            await _exhaust(rest, ask, 1)

    async def _ssl2(self) -> None:
        state, (offer,) = self._versions[TlsVersion.SSL_2_0], suites.offers(TlsVersion.SSL_2_0)
        state.offered.update(offer)
        reply = await self._sender.send(client_hello.hello_ssl2(offer))
        if reply.answer.kinds is None:
            # A server that takes this for a broken TLS record may answer anything; it is no SSL 2.0 in any case.
            if reply.ending not in (Ending.ANSWERED, Ending.STRANGE):
                self._note(state, reply)
            return
        for kind in reply.answer.kinds:
            if kind in offer:
                state.accepted[kind] = _suite(kind, reply.answer)
        if state.accepted:
            state.answer = reply.answer
        else:
            # It speaks SSL 2.0, but what it would accept is not to be had from it (CVE-2015-3197).
            state.fault = Reason(code="tls-ssl2-without-suites")

    async def _offer(self, state: _Version, offer: Sequence[int]) -> int:
        state.offered.update(offer)
        if state.fault:
            return 0
        reply = await self._sender.send(self._hello(state.version, offer))
        answer, number = reply.answer, NUMBERS[state.version]
        if reply.chosen and (answer.version > number or answer.suite not in offer):
            state.fault = Reason(code="tls-bad-choice", params={"version": state.version.value})
            return 0
        if reply.chosen and answer.version == number:
            state.accepted.setdefault(answer.suite, _suite(answer.suite, answer))
            state.answer = state.answer or answer
            return answer.suite
        if reply.chosen or answer.alert == PROTOCOL_VERSION:
            state.refused = not state.accepted
            return 0
        self._note(state, reply)
        return 0

    def _note(self, state: _Version, reply: Reply) -> None:
        """Note why nothing was chosen, where that is not simply a refusal."""
        version = state.version.value
        match reply.ending:
            case Ending.CLOSED | Ending.RESET:
                state.dropped = True
            case Ending.ANSWERED if reply.answer.alert in _UNRELATED_ALERTS and not state.accepted:
                alert = int(reply.answer.alert or 0)
                state.fault = Reason(code="tls-alert", params={"version": version, "alert": alert})
            case Ending.SILENT | Ending.NOT_CONNECTED:
                code = "tls-suites-unanswered" if state.accepted else "tls-version-unanswered"
                fault = Reason(code=code, params={"version": version, "count": len(state.offered)})
                state.fault = self._sender.over or fault
            case Ending.NOT_SENT:
                state.fault = self._sender.over
            case Ending.STRANGE:
                state.fault = Reason(code="tls-strange-answer", params={"version": version})

    # --- Groups --------------------------------------------------------------------------------------

    async def _groups_13(self) -> None:
        offer = suites.offers(TlsVersion.TLS_1_3)[0]

        async def ask(groups: Sequence[int]) -> int:
            hello = client_hello.hello_13(self._sni, offer, groups, with_share=False)
            reply = await self._sender.send(hello)
            return self._note_group(reply, groups)

        # Servers take many groups or hardly any: halve at once.
        await _exhaust(suites.GROUPS_13, ask, _GENEROUS - 1)

    async def _classic_groups(self) -> None:
        """Ask TLS 1.2 or older only for curves that TLS 1.3 did not show: both share one list on most servers."""
        if self._asking_groups:
            await self._asking_groups
        states = [self._versions[version] for version in _WITH_CURVES]
        elliptic = {
            state.version: [code for code, suite in state.accepted.items() if suites.is_elliptic_ephemeral(suite.name)]
            for state in states
        }
        state = next((state for state in states if elliptic[state.version]), None)
        if state is None or not self._with_groups:
            return
        shown = {suite.curve for suite in state.accepted.values()}
        self._groups.update({group: None for group in suites.CLASSIC_GROUPS if suites.group_name(group) in shown})
        by_13 = bool(self._versions[TlsVersion.TLS_1_3].accepted)

        async def ask(groups: Sequence[int]) -> int:
            offer, number = elliptic[state.version], NUMBERS[state.version]
            # The curve of the certificate must be among those offered (RFC 8422, section 5.1.1).
            kept = () if by_13 else self._groups
            hello = client_hello.client_hello(self._sni, number, offer, groups=(*groups, *kept))
            return self._note_group(await self._sender.send(hello), groups)

        await _exhaust(_without(suites.CLASSIC_GROUPS, *self._groups), ask)

    def _note_group(self, reply: Reply, offer: Sequence[int]) -> int:
        if reply.chosen and reply.answer.group in offer:
            self._groups[reply.answer.group] = None
            return reply.answer.group
        if reply.ending in (Ending.SILENT, Ending.NOT_CONNECTED, Ending.NOT_SENT):
            self._groups_fault = self._sender.over or Reason(code="tls-no-server-hello")
        return 0

    # --- Afterwards ----------------------------------------------------------------------------------

    async def _fallback(self) -> Fact:
        """Ask like a client that fell back to an older version than the newest (RFC 7507, section 3)."""
        spoken = [state for state in self._versions.values() if state.accepted]
        older = [state for state in spoken[:-1] if state.version is not TlsVersion.SSL_2_0]
        if not older:
            return Fact(fault=Reason(code="tls-one-version"))
        version, offer = older[-1].version, tuple(older[-1].accepted)
        reply = await self._sender.send(self._hello(version, offer, fallback=True))
        if reply.answer.alert == INAPPROPRIATE_FALLBACK:
            return Fact(value=True)
        if reply.chosen:
            return Fact(value=False)
        # Refused in another way. If the same hello without the signal is welcome, it was the signal that was refused.
        if (await self._sender.send(self._hello(version, offer))).chosen:
            return Fact(value=True)
        return Fact(fault=self._sender.over or Reason(code="tls-no-server-hello"))

    async def _confirm_drops(self) -> None:
        """A closed connection is a refusal if a hello that was welcome still is; else we have been shut out."""
        dropped = [state for state in self._versions.values() if state.dropped and not state.fault]
        welcome = [v for v, state in self._versions.items() if state.accepted and v is not TlsVersion.SSL_2_0]
        if not dropped:
            return
        if (
            welcome
            and (await self._sender.send(self._hello(welcome[-1], tuple(self._versions[welcome[-1]].accepted)))).chosen
        ):
            return
        for state in dropped:
            state.fault = self._sender.over or self._sender.shut_out()

    def _hello(self, version: TlsVersion, offer: Sequence[int], *, fallback: bool = False) -> bytes:
        offer = offer[: suites.MOST_PER_HELLO]
        if version is TlsVersion.TLS_1_3:
            return client_hello.hello_13(self._sni, offer)
        return client_hello.client_hello(self._sni, NUMBERS[version], offer, fallback=fallback)


def _without(offer: Sequence[int], *chosen: int) -> tuple[int, ...]:
    return tuple(one for one in offer if one not in chosen)


async def _exhaust(offer: Sequence[int], ask: Ask, found: int = 0) -> None:
    """Offer all, then the rest, until nothing is chosen any more; in halves once three were chosen in a row."""
    rest = tuple(offer)
    while rest:
        chosen = await ask(rest)
        if not chosen:
            return
        rest, found = _without(rest, chosen), found + 1
        if found >= _GENEROUS and len(rest) >= _WORTH_HALVING:
            await asyncio.gather(_exhaust(rest[::2], ask), _exhaust(rest[1::2], ask))
            return


def _suite(code: int, answer: ServerAnswer) -> CipherSuite:
    known = suites.all_suites()[code]
    exchange_kind, bits, curve = "", 0, ""
    if suites.is_finite_field_ephemeral(known.name):
        exchange_kind, bits = "DH", answer.dh_bits
    elif suites.is_elliptic_ephemeral(known.name) or answer.version == client_hello.TLS_1_3:
        by_field = answer.version == client_hello.TLS_1_3 and not suites.is_curve(answer.group)
        exchange_kind, bits = "DH" if by_field else "ECDH", suites.group_bits(answer.group)
        curve = suites.group_name(answer.group) if suites.is_curve(answer.group) else ""
    return CipherSuite(
        name=known.name, openssl_name=known.openssl_name, key_bits=known.key_bits, anonymous=known.anonymous,
        exchange=exchange_kind, exchange_bits=bits, curve=curve,
    )  # fmt: skip
