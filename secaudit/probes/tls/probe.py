"""The TLS probe: a first look, then hellos of our own and sslyze in a child process side by side."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.observation import CertificateObservation, Observation, TlsObservation
from secaudit.model.scan import ScanOptions, https_address
from secaudit.model.target import Target, address_or_none, host_port
from secaudit.probes.gate import Refused
from secaudit.probes.probe import PlannedStep, ProbeContext, ProbeFailed
from secaudit.probes.tls import chains, facts
from secaudit.probes.tls.certificates import pem_of
from secaudit.probes.tls.child import Child, ChildFailed
from secaudit.probes.tls.comparison import compare
from secaudit.probes.tls.enumeration import Enumeration, enumerate_server
from secaudit.probes.tls.looks import read_looks
from secaudit.probes.tls.profiles import DEPTHS
from secaudit.probes.tls.reach import Reached, reach
from secaudit.probes.tls.sender import SHUT_OUT, Limits, Server
from secaudit.version import VERSION

_GRACE = 3.0
"""Seconds that sslyze still gets when the server has stopped answering our own hellos."""


class TlsProbe:
    """Looks at the https port of a target: protocol versions, suites, known attacks, certificates."""

    name = "tls"

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        at = host_port(*https_address(target, options))
        depth = DEPTHS[options.profile]
        sslyze = "tls-plan-sslyze-all" if depth.compares else "tls-plan-sslyze"
        return [
            PlannedStep(self.name, at, Reason(code="tls-plan-hello"), 1),
            PlannedStep(self.name, at, Reason(code="tls-plan-hellos"), depth.own_connections),
            PlannedStep(self.name, at, Reason(code=sslyze), depth.sslyze_connections),
        ]

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        """Yield one TlsObservation and one CertificateObservation per chain that the server has.

        Raises:
            ProbeFailed: sslyze ran out of time, was cancelled or crashed; what was seen before is yielded first.
        """
        host, port = https_address(target, context.options)
        sni = "" if address_or_none(host) else host
        began = time.monotonic()
        context.say(Reason(code="tls-doing-hello", params={"host": host, "port": port}))
        # Started first: it loads sslyze, which takes longer than the first look.
        with Child() as child:
            reached = reach(context.gate, host, port, sni)
            # Once: a bad certificate is judged at the moment at which it was seen.
            common: dict[str, Any] = {
                "target": host_port(host, port), "at": context.clock(), "address": reached.address,
                "host": host, "port": port, "sni": sni,
            }  # fmt: skip
            tls = TlsObservation(**common, fault=reached.fault)
            certificate = CertificateObservation(**common, fault=reached.fault)
            if reached.fault is not None:
                yield tls
                yield certificate
                return
            context.say(Reason(code="tls-doing-hellos", params={"host": host, "port": port}))
            server = Server(context.gate, host, reached.address, port, sni)
            try:
                found, answer = _Both(self.name, context, server, child, began).ask()
            except Refused as refused:
                yield facts.all_unseen(tls, refused.reason)
                yield certificate.model_copy(update={"fault": refused.reason})
                return
        if isinstance(answer, Reason):
            yield facts.read_tls(tls, found, answer)
            yield _from_hellos(certificate, reached, found, answer)
            raise ProbeFailed(answer)
        yield from self._observations(context, tls, certificate, reached, found, answer)

    def _observations(
        self, context: ProbeContext, tls: TlsObservation, certificate: CertificateObservation,
        reached: Reached, found: Enumeration, answer: dict[str, Any],
    ) -> Iterator[Observation]:  # fmt: skip
        result = answer["result"]
        context.keep_raw("sslyze", json.dumps(result, ensure_ascii=False).encode("utf-8"))
        if result["scan_result"] is None:
            detail = facts.last_words(result["connectivity_error_trace"])
            reason = Reason(code="tls-sslyze-refused", params={"detail": detail})
            yield facts.read_tls(tls, found, reason)
            yield _from_hellos(certificate, reached, found, reason)
            return
        if DEPTHS[context.options.profile].compares:
            found, differences = compare(found, facts.read_versions(result))
            for difference in differences:
                context.note(difference)
        yield facts.read_tls(tls, found, result["scan_result"])
        yield from chains.read_deployments(certificate, answer, read_looks(found).stapled_sct_count)


class _Both:
    """Our own hellos in this thread, sslyze in a child process that another thread waits for."""

    def __init__(self, name: str, context: ProbeContext, server: Server, child: Child, began: float) -> None:
        self._name = name
        self._context = context
        self._server = server
        self._child = child
        self._depth = DEPTHS[context.options.profile]
        self._began = began

    def ask(self) -> tuple[Enumeration, dict[str, Any] | Reason]:
        """Return what our hellos found, and sslyze's answer or why there is none.

        Raises:
            Refused: the gate no longer lets connections through.
        """
        server, context = self._server, self._context
        context.gate.enter(server.host, server.address, server.port)
        with ThreadPoolExecutor(1, thread_name_prefix="tls-child") as pool:
            asked = pool.submit(self._ask_sslyze)
            try:
                found = enumerate_server(
                    server, context.stop, limits=Limits(seconds=self._left(Limits.seconds)),
                    with_groups=self._depth.with_groups, with_secrets=self._depth.with_secrets,
                )  # fmt: skip
            except BaseException:
                self._child.end()
                raise
            context.say(Reason(code="tls-doing-sslyze", params={"host": server.host, "port": server.port}))
            shut_out = next((look.fault for look in found.versions if look.fault and look.fault.code == SHUT_OUT), None)
            try:
                return found, asked.result(_GRACE if shut_out else None)
            except TimeoutError:
                # Who no longer answers us does not answer sslyze either, which would wait for long.
                self._child.end()
                return found, shut_out or asked.result()

    def _left(self, most: float) -> float:
        return min(most, max(self._began + self._context.options.time_limit - time.monotonic(), 0.1))

    def _ask_sslyze(self) -> dict[str, Any] | Reason:
        context, server = self._context, self._server
        contact = f" ({context.options.contact})" if context.options.contact else ""
        request = {
            "host": server.host, "address": server.address, "port": server.port, "sni": server.sni,
            "ca_file": context.options.ca_file, "user_agent": f"secaudit/{VERSION}{contact}",
            "commands": list(self._depth.commands),
        }  # fmt: skip
        seconds = self._left(self._depth.sslyze_seconds)
        try:
            answer = self._child.ask(request, seconds, context.stop)
        except ChildFailed as failed:
            context.gate.count(max(failed.connections - 1, 0))
            return self._reason(failed, seconds)
        # One of them was counted when the gate let it through.
        context.gate.count(max(int(answer["connections"]) - 1, 0))
        return answer

    def _reason(self, failed: ChildFailed, seconds: float) -> Reason:
        params: dict[str, str | int | float] = {"probe": self._name}
        if failed.code == "probe-time-limit":
            params["seconds"] = int(seconds)
        if failed.code == "probe-crashed":
            params["detail"] = failed.detail
        return Reason(code=failed.code, params=params)


def _from_hellos(
    base: CertificateObservation, reached: Reached, found: Enumeration, reason: Reason
) -> CertificateObservation:
    """Return what our own hellos saw of the certificate, or why there is none."""
    first = reached.answer.certificates if reached.answer else ()
    served = first or read_looks(found).certificates
    if not served:
        return base.model_copy(update={"fault": reason})
    return chains.read_chain(base, [pem_of(der) for der in served])
