"""The TLS probe: a first look of our own, sslyze in a child process, then the looks that sslyze leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.observation import CertificateObservation, Observation, TlsObservation
from secaudit.model.scan import ScanOptions, https_address
from secaudit.model.target import Target, address_or_none, host_port
from secaudit.probes.gate import Refused
from secaudit.probes.probe import PlannedStep, ProbeContext, ProbeFailed
from secaudit.probes.tls import chains, facts
from secaudit.probes.tls.certificates import pem_of
from secaudit.probes.tls.child import ChildFailed, ask_child
from secaudit.probes.tls.looks import Asker, look_again
from secaudit.probes.tls.reach import Reached, reach
from secaudit.version import VERSION

# Measured on loopback: 602 to 675, one for each suite of each version, each curve, and the attacks.
PLANNED_CONNECTIONS = 650


class TlsProbe:
    """Looks at the https port of a target: protocol versions, suites, known attacks, certificates."""

    name = "tls"

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        at = host_port(*https_address(target, options))
        return [
            PlannedStep(self.name, at, Reason(code="tls-plan-hello"), 1),
            PlannedStep(self.name, at, Reason(code="tls-plan-sslyze"), PLANNED_CONNECTIONS),
            PlannedStep(self.name, at, Reason(code="tls-plan-looks"), 5),
        ]

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        """Yield one TlsObservation and one CertificateObservation per chain that the server has.

        Raises:
            ProbeFailed: sslyze ran out of time, was cancelled or crashed; what was seen before is yielded first.
        """
        host, port = https_address(target, context.options)
        sni = "" if address_or_none(host) else host
        context.say(Reason(code="tls-doing-hello", params={"host": host, "port": port}))
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
        context.say(Reason(code="tls-doing-sslyze", params={"host": host, "port": port}))
        try:
            answer = self._ask_sslyze(context, host, port, sni, reached)
        except ChildFailed as failed:
            reason = self._reason(failed, context)
            yield facts.all_unseen(tls, reason)
            yield _from_hello(certificate, reached, reason)
            raise ProbeFailed(reason) from failed
        yield from self._observations(context, tls, certificate, reached, answer)

    def _ask_sslyze(self, context: ProbeContext, host: str, port: int, sni: str, reached: Reached) -> dict[str, Any]:
        context.gate.enter(host, reached.address, port)
        contact = f" ({context.options.contact})" if context.options.contact else ""
        request = {
            "host": host, "address": reached.address, "port": port, "sni": sni,
            "ca_file": context.options.ca_file, "user_agent": f"secaudit/{VERSION}{contact}",
        }  # fmt: skip
        try:
            answer = ask_child(request, context.options.time_limit, context.stop)
        except ChildFailed as failed:
            context.gate.count(max(failed.connections - 1, 0))
            raise
        # One of them was counted when the gate let it through.
        context.gate.count(max(int(answer["connections"]) - 1, 0))
        context.keep_raw("sslyze", json.dumps(answer["result"], ensure_ascii=False).encode("utf-8"))
        return answer

    def _reason(self, failed: ChildFailed, context: ProbeContext) -> Reason:
        params: dict[str, str | int | float] = {"probe": self.name}
        if failed.code == "probe-time-limit":
            params["seconds"] = int(context.options.time_limit)
        if failed.code == "probe-crashed":
            params["detail"] = failed.detail
        return Reason(code=failed.code, params=params)

    def _observations(
        self, context: ProbeContext, tls: TlsObservation, certificate: CertificateObservation,
        reached: Reached, answer: dict[str, Any],
    ) -> Iterator[Observation]:  # fmt: skip
        result = answer["result"]
        if result["scan_result"] is None:
            detail = facts.last_words(result["connectivity_error_trace"])
            reason = Reason(code="tls-handshake-failed", params={"host": tls.host, "port": tls.port, "detail": detail})
            yield tls.model_copy(update={"fault": reason})
            yield _from_hello(certificate, reached, reason)
            return
        versions = facts.read_versions(result)
        try:
            asker = Asker(context.gate, tls.host, reached.address, tls.port, tls.sni)
            looks = look_again(asker, reached.flight, versions)
        except Refused as refused:
            yield facts.all_unseen(tls, refused.reason)
            yield certificate.model_copy(update={"fault": refused.reason})
            return
        yield facts.read_tls(tls, result, versions, looks)
        yield from chains.read_deployments(certificate, answer, looks.stapled_sct_count)


def _from_hello(base: CertificateObservation, reached: Reached, reason: Reason) -> CertificateObservation:
    """Return what the first look saw of the certificate, or why there is none."""
    served = reached.flight.certificates if reached.flight else ()
    if not served:
        return base.model_copy(update={"fault": reason})
    return chains.read_chain(base, [pem_of(der) for der in served])
