"""Asking a nameserver for its whole zone (AXFR, RFC 5936): proves that it would hand it out, without taking it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import datetime

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from secaudit.model.base import Reason
from secaudit.model.observation import ZoneTransferObservation
from secaudit.probes.dns.limits import TRANSFER_RECORDS, Limits
from secaudit.probes.gate import Gate, Refused

_MESSAGES = 4


def try_transfer(
    gate: Gate, zone: str, nameserver: str, port: int, limits: Limits, clock: Callable[[], datetime]
) -> ZoneTransferObservation:
    """Ask one nameserver over TCP for the zone and close the connection after the first records.

    The nameserver is another host than the target, so the gate decides; the first of its addresses that takes the
    connection is asked. What could not be looked at is the observation's fault.
    """
    seen = ZoneTransferObservation(target=zone, at=clock(), zone=zone, nameserver=nameserver)
    try:
        addresses = gate.addresses(nameserver, port)
    except Refused as refused:
        return seen.model_copy(update={"fault": refused.reason})
    ends = time.time() + limits.transfer_seconds  # dnspython counts in wall time
    update: dict[str, object] = {}
    for address in addresses[:2]:
        try:
            gate.enter(nameserver, address, port)
            seconds = max(0.1, ends - time.time())
            with socket.create_connection((address, port), timeout=seconds) as connection:
                update = {"address": address, **_transfer(connection, zone, nameserver, ends)}
                break
        except Refused as refused:
            update = {"fault": refused.reason}
        except ConnectionRefusedError:
            update = {"address": address, "open": False, "answer": "connection-refused"}
        except OSError as error:
            update = {"fault": _not_connected(nameserver, port, error, limits)}
    return seen.model_copy(update=update)


def _not_connected(nameserver: str, port: int, error: OSError, limits: Limits) -> Reason:
    where: dict[str, str | int | float] = {"host": nameserver, "port": port}
    if isinstance(error, TimeoutError):
        return Reason(code="connect-timeout", params={**where, "seconds": round(limits.transfer_seconds, 1)})
    return Reason(code="connect-failed", params={**where, "detail": error.strerror or type(error).__name__})


def _transfer(connection: socket.socket, zone: str, nameserver: str, ends: float) -> dict[str, object]:
    connection.setblocking(False)  # dnspython waits by itself and needs it so
    query = dns.message.make_query(zone, "AXFR")
    types: list[str] = []
    answer = ""
    try:
        dns.query.send_tcp(connection, query, ends)
        for number in range(_MESSAGES):
            message, _at = dns.query.receive_tcp(connection, ends, one_rr_per_rrset=True, ignore_trailing=True)
            if message.id != query.id or (number == 0 and not query.is_response(message)):
                return {"fault": _malformed(nameserver, "BadResponse")}
            answer = dns.rcode.to_text(message.rcode())
            types += [dns.rdatatype.to_text(rrset.rdtype) for rrset in message.answer]
            if message.rcode() != dns.rcode.NOERROR or not types or len(types) >= TRANSFER_RECORDS:
                break
    except dns.exception.Timeout:
        if len(types) < 2:
            return {"fault": Reason(code="dns-transfer-timeout", params={"server": nameserver})}
    except (EOFError, OSError):
        answer = answer or "connection-closed"
    except (dns.exception.DNSException, ValueError) as error:
        return {"fault": _malformed(nameserver, type(error).__name__)}
    if types and types[0] != "SOA":
        return {"fault": _malformed(nameserver, "no SOA first")}
    # A lone SOA record is what an ordinary question gives too: nothing of the zone was handed out.
    return {"open": len(types) > 1, "records": len(types), "types": tuple(dict.fromkeys(types)), "answer": answer}


def _malformed(nameserver: str, detail: str) -> Reason:
    return Reason(code="dns-malformed", params={"server": nameserver, "detail": detail})
