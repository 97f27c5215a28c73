"""Turning served chains and the trust stores' opinions into CertificateObservations. No network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.observation import CertificateObservation, TrustLook
from secaudit.probes.tls.certificates import load, names_host, read_certificate
from secaudit.probes.tls.facts import command_fault
from secaudit.probes.tls.trust_path import is_vouched_for, issuer_known, load_roots

_OWN_STORE = "Supplied CA file"
_MOST_CERTIFICATES = 20


def read_deployments(
    base: CertificateObservation, answer: dict[str, Any], stapled_sct_count: int | None
) -> list[CertificateObservation]:
    """Return one observation per chain that sslyze found (a server may have one for RSA and one for EC).

    Empty when sslyze could not look at the certificate and has no chain either.
    """
    attempt = answer["result"]["scan_result"]["certificate_info"]
    if fault := command_fault(attempt):
        return [read_chain(base, answer["chain"])] if answer["chain"] else [base.model_copy(update={"fault": fault})]
    found = [
        _deployment(base, deployment, stapled_sct_count) for deployment in attempt["result"]["certificate_deployments"]
    ]
    # Servers without any certificate exist: they accept anonymous suites only.
    return found or [base.model_copy(update={"fault": Reason(code="no-certificate")})]


def read_chain(base: CertificateObservation, pems: Sequence[str]) -> CertificateObservation:
    """Return what a chain says by itself, no trust store asked."""
    served = list(pems)[:_MOST_CERTIFICATES]
    return base.model_copy(
        update={
            "chain": tuple(read_certificate(pem) for pem in served),
            "hostname_matches": names_host(served[0], base.host) if served else None,
        }
    )


def _deployment(
    base: CertificateObservation, deployment: dict[str, Any], stapled_sct_count: int | None
) -> CertificateObservation:
    pems = [one["as_pem"] for one in deployment["received_certificate_chain"]]
    if deployment["ocsp_response"] is not None and not stapled_sct_count:
        # Timestamps may also come inside a stapled OCSP response, where nobody looks here.
        stapled_sct_count = None
    return read_chain(base, pems).model_copy(
        update={
            "trust": tuple(_trust_look(one, pems, base.at) for one in deployment["path_validation_results"]),
            "stapled_sct_count": stapled_sct_count,
        }
    )


def _trust_look(validation: dict[str, Any], pems: Sequence[str], now: datetime) -> TrustLook:
    store = validation["trust_store"]
    look = TrustLook(
        store="own" if store["name"] == _OWN_STORE else str(store["name"]),
        version="" if store["version"] == "N/A" else str(store["version"]),
        trusted=bool(validation["was_validation_successful"]),
        error=str(validation["validation_error"] or "")[:300],
    )
    if look.trusted:
        return look
    try:
        roots = load_roots(Path(store["path"]))
    except (OSError, ValueError):
        return look
    chain = [parsed for parsed in (load(pem) for pem in pems) if parsed is not None]
    return look.model_copy(
        update={"trusted": is_vouched_for(chain, roots, now), "issuer_known": issuer_known(chain, roots)}
    )
