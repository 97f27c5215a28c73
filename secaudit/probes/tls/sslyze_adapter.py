"""The only file that knows sslyze. It runs inside the child process of `child.py` and hands back JSON values."""

from __future__ import annotations

import dataclasses
import json
import sys
import threading
from ipaddress import ip_address
from pathlib import Path
from traceback import TracebackException
from typing import Any, cast

from nassl.ssl_client import BaseSslClient
from sslyze.json.json_output import ServerScanResultAsJson
from sslyze.plugins.certificate_info.implementation import CertificateInfoExtraArgument
from sslyze.plugins.robot.implementation import RobotImplementation
from sslyze.plugins.scan_commands import ScanCommand, ScanCommandsRepository
from sslyze.scanner.models import ScanCommandsExtraArguments, ServerScanRequest, ServerScanResult
from sslyze.scanner.scan_command_attempt import ScanCommandAttemptStatusEnum, ScanCommandErrorReasonEnum
from sslyze.scanner.scanner import Scanner
from sslyze.server_connectivity import ServerConnectivityInfo
from sslyze.server_setting import ServerNetworkConfiguration, ServerNetworkLocation

from secaudit.model.base import Json

CONNECTIONS_AT_ONCE = 7
NETWORK_SECONDS = 5
_NO_DOUBT = ("NOT_VULNERABLE_NO_ORACLE", "NOT_VULNERABLE_RSA_NOT_SUPPORTED")


class ConnectGuard:
    """An audit hook: counts connections, and lets none go anywhere but to the pinned address.

    Attributes:
        connections: how many were made.
    """

    def __init__(self, address: str, port: int) -> None:
        self._allowed = (ip_address(address), port)
        self._lock = threading.Lock()
        self.connections = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take one audit event.

        Raises:
            PermissionError: a connection elsewhere.
        """
        if event == "socket.connect":
            if not self._is_allowed(arguments[1]):
                raise PermissionError(f"connection to {arguments[1]!r} is not allowed")
            with self._lock:
                self.connections += 1

    def _is_allowed(self, to: Any) -> bool:
        try:
            return (ip_address(to[0]), to[1]) == self._allowed
        except (ValueError, TypeError, IndexError):
            return False


def scan(request: dict[str, Any], guard: ConnectGuard) -> dict[str, Json]:
    """Run scan commands of sslyze against one server.

    Args:
        request: `host`, `address`, `port`, `sni` (empty for an IP address), `ca_file`, `user_agent`,
            `commands` (names of scan commands, empty for all).
        guard: already installed as an audit hook.

    Returns:
        `result` as sslyze's own JSON, and `chain` as PEM where sslyze could not judge it.
    """
    sys.addaudithook(guard)
    sni = str(request["sni"])
    if not sni:
        _send_no_server_name()
    location = ServerNetworkLocation(
        hostname=sni or request["address"], port=request["port"], ip_address=request["address"]
    )
    configuration = ServerNetworkConfiguration(
        tls_server_name_indication=location.hostname,
        http_user_agent=request["user_agent"],
        network_timeout=NETWORK_SECONDS,
        network_max_retries=1 if request["commands"] else 2,
    )
    extra = ScanCommandsExtraArguments()
    if request["ca_file"]:
        extra = ScanCommandsExtraArguments(
            certificate_info=CertificateInfoExtraArgument(custom_ca_file=Path(request["ca_file"]))
        )
    wanted = ScanCommandsRepository.get_all_scan_commands()
    if request["commands"]:
        # In the order asked for, the longest first: sslyze only ever walks through them, in the order given.
        wanted = cast("set[ScanCommand]", [ScanCommand(command) for command in request["commands"]])
        RobotImplementation._TEST_ATTEMPTS_NB = 1
    server = ServerScanRequest(
        server_location=location,
        network_configuration=configuration,
        scan_commands=wanted,
        scan_commands_extra_arguments=extra,
    )
    result = _confirmed(_run(server), server)
    return {"result": _as_json(result), "chain": _chain_if_unjudged(result)}


def _run(server: ServerScanRequest) -> ServerScanResult:
    scanner = Scanner(per_server_concurrent_connections_limit=CONNECTIONS_AT_ONCE, concurrent_server_scans_limit=1)
    scanner.queue_scans([server])
    return next(scanner.get_results())


def _confirmed(result: ServerScanResult, server: ServerScanRequest) -> ServerScanResult:
    """Try ROBOT three times more where the one try, which spares a good server twelve connections, raised doubt."""
    if (
        result.scan_result is None
        or result.scan_result.robot.result is None
        or RobotImplementation._TEST_ATTEMPTS_NB > 1
    ):
        return result
    if result.scan_result.robot.result.robot_result in _NO_DOUBT:
        return result
    RobotImplementation._TEST_ATTEMPTS_NB = 3
    again = _run(
        dataclasses.replace(
            server, scan_commands={ScanCommand.ROBOT}, scan_commands_extra_arguments=ScanCommandsExtraArguments()
        )
    )
    if again.scan_result is None:
        return result
    return dataclasses.replace(
        result, scan_result=dataclasses.replace(result.scan_result, robot=again.scan_result.robot)
    )


def _send_no_server_name() -> None:
    """Keep sslyze from sending an IP address as a server name, which RFC 6066, section 3 forbids.

    sslyze 6.3 has no switch for it; this process serves one scan only, so the change reaches no other.
    """

    def leave_out(_self: object, _name: str) -> None:
        return None

    setattr(BaseSslClient, "set_tlsext_host_name", leave_out)  # noqa: B010 - mypy refuses the plain form


def _as_json(result: ServerScanResult) -> Json:
    try:
        text = ServerScanResultAsJson.model_validate(result).model_dump_json()
    except Exception as error:
        # A certificate with contents that sslyze cannot write down must not cost all the other facts.
        if result.scan_result is None:
            raise
        attempt = dataclasses.replace(
            result.scan_result.certificate_info,
            status=ScanCommandAttemptStatusEnum.ERROR,
            error_reason=ScanCommandErrorReasonEnum.BUG_IN_SSLYZE,
            error_trace=TracebackException.from_exception(error),
            result=None,
        )
        commands = dataclasses.replace(result.scan_result, certificate_info=attempt)
        text = ServerScanResultAsJson.model_validate(
            dataclasses.replace(result, scan_result=commands)
        ).model_dump_json()
    loaded: Json = json.loads(text)
    return loaded


def _chain_if_unjudged(result: ServerScanResult) -> list[Json]:
    """Return the served chain as PEM where sslyze's own look at it failed; empty where there is nothing to add."""
    if result.connectivity_result is None or result.scan_result is None:
        return []
    if result.scan_result.certificate_info.status == ScanCommandAttemptStatusEnum.COMPLETED:
        return []
    information = ServerConnectivityInfo(
        result.server_location, result.network_configuration, result.connectivity_result
    )
    connection = information.get_preconfigured_tls_connection()
    try:
        connection.connect()
        return list(connection.ssl_client.get_received_chain())
    except Exception:
        return []
    finally:
        connection.close()
