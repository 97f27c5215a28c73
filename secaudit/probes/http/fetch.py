"""One bounded exchange: a request goes out, and whatever comes back becomes a fact, never an exception."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, replace

import requests
import urllib3

from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange
from secaudit.model.target import DEFAULT_PORTS, Target, host_port
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.http.decode import Body, text_of
from secaudit.probes.http.head import Head, printable
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.spare import Spare
from secaudit.probes.http.transport import Line, PinnedAdapter, Stopped

_PIECE = 16 * 1024
_LEAST_SECONDS = 0.5
_STALE = frozenset({"http-no-answer", "http-not-http", "http-connection-lost", "http-malformed"})
"""How a connection that was kept open shows that the server had given it up, or that bytes were left on it."""
_TROUBLE = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class Ask:
    """What to send.

    Attributes:
        headers: names and values, in order; Host is added.
    """

    target: Target
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


def fetch(gate: Gate, ask: Ask, limits: Limits | None = None, spare: Spare | None = None) -> HttpExchange:
    """Send one request and return what came back.

    The certificate is not verified and redirects are not followed. Nothing that the server does raises: it becomes
    the exchange's `fault`. A fault concerns the body only where `head_complete` says so.

    Args:
        gate: asked before each connection.
        ask: the request.
        limits: time, bytes and headers to take; the defaults of `limits.py` where None.
        spare: connections that may be used again, and where this one may stay; None for one of its own.
    """
    return receive(gate, ask, limits, spare)[0]


def receive(
    gate: Gate, ask: Ask, limits: Limits | None = None, spare: Spare | None = None
) -> tuple[HttpExchange, bytes]:
    """Do as `fetch`, and also return the first decoded bytes of the body, of whatever type they are."""
    limits = limits or Limits()
    started = time.monotonic()
    line = Line(gate, ask.target, limits, spare)
    answer = _receive_over(line, gate, ask, started)
    if line.reused and answer[0].fault is not None and answer[0].fault.code in _STALE:
        # The server gave up the standing connection just then (RFC 9112, section 9.5): asked once more on a new one.
        left = replace(limits, seconds=max(limits.seconds - (time.monotonic() - started), _LEAST_SECONDS))
        answer = _receive_over(Line(gate, ask.target, left), gate, ask, started)
    return answer


def _receive_over(line: Line, gate: Gate, ask: Ask, started: float) -> tuple[HttpExchange, bytes]:
    limits = line.limits
    fault: Reason | None = None
    body: Body | None = None
    with requests.Session() as session:
        # No proxy, no .netrc, no certificate bundle from the officer's environment.
        session.trust_env = False
        adapter = PinnedAdapter(line)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        try:
            prepared = requests.Request(ask.method, ask.target.url, headers=dict(ask.headers)).prepare()
            answer = session.send(
                prepared, stream=True, verify=False, allow_redirects=False, timeout=limits.seconds, proxies={}
            )
            body = Body(_values(line.head, "content-encoding"), limits.body_bytes, limits.text_bytes)
            _receive(answer, body, line)
        except Stopped as stopped:
            fault = stopped.fault
        except Refused as refused:
            fault = refused.reason
        except _TROUBLE as error:
            fault = _lost(error) if body is None else Reason(code="http-body-cut-short")
    if line.address:
        gate.used(requests=1, received=line.received)
    if body is not None:
        fault = _body_fault(line, body, fault)
    exchange = _exchange(ask, line, body, fault, time.monotonic() - started)
    return exchange, body.first if body is not None else b""


def head_complete(exchange: HttpExchange) -> bool:
    """Tell whether status and all headers of the answer are known, whatever became of the body."""
    return exchange.status > 0 and (exchange.fault is None or exchange.fault.code in BODY_FAULTS)


BODY_FAULTS = frozenset({"http-body-time-limit", "http-body-cut-short", "http-content-encoding", "http-body-garbled"})
"""Faults of a body whose head was complete."""


def _receive(answer: requests.Response, body: Body, line: Line) -> None:
    try:
        while piece := answer.raw.read1(_PIECE, decode_content=False):
            if not body.feed(piece):
                return
        body.finish()
        line.keep()
    finally:
        answer.close()


def _values(head: Head | None, name: str) -> list[str]:
    return [value for key, value in head.headers if key.lower() == name] if head else []


def _body_fault(line: Line, body: Body, raised: Reason | None) -> Reason | None:
    """Return what is wrong with the body; a cap on bytes is no fault, `truncated` says it."""
    if line.cut is not None:
        return Reason(code="http-body-time-limit", params=line.cut.params) if line.out_of_time else None
    return raised or body.fault


def _lost(error: Exception) -> Reason:
    """Return the fault of an error that a library raised before the head was complete."""
    causes: list[BaseException] = [error]
    while (inner := causes[-1].__cause__ or causes[-1].__context__) is not None and inner not in causes:
        causes.append(inner)
    broken = next((c for c in causes if isinstance(c, OSError) and c.strerror), None)
    if broken is not None and broken.strerror:
        return Reason(code="http-connection-lost", params={"detail": printable(broken.strerror)[:120]})
    return Reason(code="http-malformed", params={"detail": printable(type(causes[-1]).__name__)})


def _exchange(ask: Ask, line: Line, body: Body | None, fault: Reason | None, seconds: float) -> HttpExchange:
    head = line.head or Head()
    authority = host_port(ask.target.host, ask.target.port)
    if DEFAULT_PORTS[ask.target.scheme] == ask.target.port:
        authority = authority.rpartition(":")[0]
    exchange = HttpExchange(
        url=ask.target.url,
        method=ask.method,
        request_headers=(("Host", authority), *ask.headers),
        address=line.address,
        status=head.status,
        http_version=head.version,
        headers=head.headers,
        seconds=round(seconds, 3),
        fault=fault,
    )
    if body is None:
        return exchange
    content_type = next(iter(_values(head, "content-type")), "")
    cut_short = fault is not None and fault.code != "http-content-encoding"
    return exchange.model_copy(
        update={
            "body": text_of(body.first, content_type),
            "body_sha256": body.sha256,
            "body_bytes": body.size,
            "truncated": body.truncated or line.cut is not None or cut_short,
        }
    )
