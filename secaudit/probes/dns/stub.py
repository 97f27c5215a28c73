"""A stub resolver with limits: each question is put once, and whatever comes back becomes a fact, never an exception.

Questions carry DO and CD (RFC 4035, section 3.2): signatures come along, and a resolver that validates hands out
broken data too, so that a zone with a wrong signature can be told from a server that is down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.resolver

from secaudit.model.base import Reason
from secaudit.model.dns_look import DnsLook, DnsRecord
from secaudit.model.target import address_or_none
from secaudit.probes.dns.limits import DATA_LENGTH, RECORDS, SIDE_BY_SIDE, Limits

_PAYLOAD = 1232
"""UDP payload that is never fragmented, as agreed on DNS flag day 2020."""
_HOPS = 16
_ANSWERS = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})
_NO_EDNS = frozenset({dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS})
_SERVERS = 3
Question = tuple[str, str]


@dataclass(frozen=True)
class Reply:
    """One question's outcome.

    Attributes:
        look: the fact as it is stored.
        message: the whole message, for the signatures in it; None where there was none.
    """

    look: DnsLook
    message: dns.message.Message | None = None


class _NoAnswer(Exception):
    """A try that brought nothing.

    Attributes:
        fault: why.
    """

    def __init__(self, fault: Reason) -> None:
        super().__init__(fault.code)
        self.fault = fault


def system_servers() -> tuple[str, ...]:
    """Return the addresses of the resolvers that the operating system is set to use; empty where none is known."""
    try:
        configured = dns.resolver.Resolver(configure=True).nameservers
    except (dns.exception.DNSException, OSError):
        return ()
    return tuple(str(one) for one in configured if address_or_none(str(one)))


class Stub:
    """Asks the given resolvers; remembers every answer. Use it as a context manager.

    Attributes:
        servers: IP addresses, asked in this order.
    """

    def __init__(self, servers: Sequence[str], port: int, limits: Limits, deadline: float, stop: threading.Event):
        self.servers = tuple(servers)[:_SERVERS]
        self._port, self._limits, self._deadline, self._stop = port, limits, deadline, stop
        self._asked: dict[Question, Future[Reply]] = {}
        self._pool = ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="secaudit-dns")

    def __enter__(self) -> Stub:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for questions under way; none of them lasts longer than its limit."""
        self._pool.shutdown(cancel_futures=True)

    def prefetch(self, questions: Iterable[Question]) -> None:
        """Put questions side by side without waiting for the answers."""
        for name, type_ in questions:
            self._put(name, type_)

    def ask(self, name: str, type_: str) -> Reply:
        """Return the answer to one question, asked once however often it is needed."""
        return self._put(name, type_).result()

    def look(self, name: str, type_: str) -> DnsLook:
        """Return the fact that `ask` gives."""
        return self.ask(name, type_).look

    def looks(self) -> tuple[DnsLook, ...]:
        """Return every question with its answer, in the order first asked."""
        return tuple(future.result().look for future in self._asked.values())

    def _put(self, name: str, type_: str) -> Future[Reply]:
        question = (plain_name(name), type_)
        if question not in self._asked:
            if len(self._asked) >= self._limits.questions:
                full = Reason(code="dns-question-limit", params={"count": self._limits.questions})
                spent: Future[Reply] = Future()
                spent.set_result(_unanswered(question, full))
                return spent
            self._asked[question] = self._pool.submit(self._find, question)
        return self._asked[question]

    def _find(self, question: Question) -> Reply:
        try:
            name = dns.name.from_text(question[0])
        except (dns.exception.DNSException, ValueError):
            return _unanswered(question, Reason(code="dns-bad-name", params={"name": question[0][:100]}))
        fault = Reason(code="dns-no-resolver")
        ends = time.monotonic() + self._limits.question_seconds
        for server in self.servers:
            for tries in range(2):
                seconds = min(self._limits.try_seconds, ends - time.monotonic(), self._deadline - time.monotonic())
                if seconds <= 0.05 or self._stop.is_set():
                    return _unanswered(question, fault if tries else Reason(code="dns-no-time-left"))
                try:
                    return read_reply(question, self._exchange(name, question[1], server, seconds))
                except _NoAnswer as nothing:
                    fault = nothing.fault
                    if fault.code != "dns-timeout":
                        break
        return _unanswered(question, fault)

    def _exchange(self, name: dns.name.Name, type_: str, server: str, seconds: float) -> dns.message.Message:
        message = self._send(_query(name, type_, edns=True), server, seconds)
        if message.rcode() in _NO_EDNS:
            message = self._send(_query(name, type_, edns=False), server, seconds)
        if message.rcode() not in _ANSWERS:
            code = "dns-server-failure" if message.rcode() == dns.rcode.SERVFAIL else "dns-refused"
            detail = dns.rcode.to_text(message.rcode())
            raise _NoAnswer(Reason(code=code, params={"server": server, "rcode": detail, "name": str(name)}))
        return message

    def _send(self, query: dns.message.Message, server: str, seconds: float) -> dns.message.Message:
        where: dict[str, str | int | float] = {"server": server}
        try:
            try:
                return dns.query.udp(
                    query, server, timeout=seconds, port=self._port, ignore_unexpected=True, ignore_errors=True,
                    raise_on_truncation=True, ignore_trailing=True,
                )  # fmt: skip
            except dns.message.Truncated:
                answer = dns.query.tcp(query, server, timeout=seconds, port=self._port, ignore_trailing=True)
                if answer.flags & dns.flags.TC:
                    raise _NoAnswer(Reason(code="dns-truncated", params=where)) from None
                return answer
        except dns.exception.Timeout:
            raise _NoAnswer(Reason(code="dns-timeout", params={**where, "seconds": round(seconds, 1)})) from None
        except (OSError, EOFError) as error:
            detail = getattr(error, "strerror", None) or type(error).__name__
            raise _NoAnswer(Reason(code="dns-unreachable", params={**where, "detail": detail})) from None
        except (dns.exception.DNSException, ValueError) as error:
            raise _NoAnswer(Reason(code="dns-malformed", params={**where, "detail": type(error).__name__})) from None


def plain_name(name: str) -> str:
    """Return a name in lower case without its last dot; `.` stays."""
    return name.lower().rstrip(".") or "."


def _query(name: dns.name.Name, type_: str, *, edns: bool) -> dns.message.Message:
    if not edns:
        return dns.message.make_query(name, type_)
    query = dns.message.make_query(name, type_, use_edns=0, payload=_PAYLOAD, want_dnssec=True)
    query.flags |= dns.flags.CD
    return query


def _unanswered(question: Question, fault: Reason) -> Reply:
    return Reply(DnsLook(name=question[0], type=question[1], fault=fault))


def read_reply(question: Question, message: dns.message.Message) -> Reply:
    """Return what a message says to the question; records that do not belong to it are left out.

    Aliases are followed inside the message (RFC 1034, section 3.6.2); a loop of them is a fault.
    """
    wanted = dns.rdatatype.from_text(question[1])
    owner = dns.name.from_text(question[0])
    records: list[DnsRecord] = []
    omitted = 0
    for _ in range(_HOPS):
        found = [one for one in message.answer if one.name == owner]
        kept = [one for one in found if one.rdtype == wanted]
        alias = next((one for one in found if one.rdtype == dns.rdatatype.CNAME), None)
        for rrset in kept or ([alias] if alias else []):
            for rdata in rrset:
                data = _data(rdata)
                if len(records) < RECORDS and len(data) <= DATA_LENGTH:
                    type_ = dns.rdatatype.to_text(rrset.rdtype)
                    records.append(DnsRecord(name=plain_name(str(owner)), type=type_, data=data, ttl=rrset.ttl))
                else:
                    omitted += 1
        if kept or alias is None:
            break
        owner = alias[0].target
    else:
        return _unanswered(question, Reason(code="dns-alias-loop", params={"name": question[0]}))
    look = DnsLook(
        name=question[0], type=question[1], rcode=dns.rcode.to_text(message.rcode()), records=tuple(records),
        omitted=omitted,
    )  # fmt: skip
    return Reply(look, message)


def _data(rdata: dns.rdata.Rdata) -> str:
    strings = getattr(rdata, "strings", None) if rdata.rdtype == dns.rdatatype.TXT else None
    return b"".join(strings).decode("latin-1") if strings is not None else rdata.to_text()
