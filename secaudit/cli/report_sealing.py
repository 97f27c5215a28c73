"""`secaudit report … --seal`: options that all kinds of report share, and what they do after the report is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import F, Session, option, say
from secaudit.cli.passphrase import passphrase_option, unlocked
from secaudit.i18n import mark
from secaudit.model.errors import BadInput

if TYPE_CHECKING:
    from secaudit.app.sealing import Sealed
    from secaudit.app.sealing_signature import SealingKey

_META = "secaudit.seal"


@dataclass(frozen=True)
class _SealWish:
    """That a seal is wanted: of which kind of report, of which scan, and signed with what."""

    kind: str
    scan: str | None
    key: SealingKey | None


def seal_options(function: F) -> Callable[..., Any]:
    """Add `--seal`, `--key`, `--pkcs12` and `--passphrase-file`; the key is unlocked before anything is written."""

    def wrapped(
        *args: Any, seal: bool, key_file: Path | None, p12_file: Path | None, passphrase_file: Path | None, **rest: Any
    ) -> Any:
        key = _key(key_file, p12_file, passphrase_file, seal=seal)
        if seal:
            scan = rest.get("scan")
            kind = str(rest.get("kind", "combined"))
            chosen = (scan or "latest") if kind == "combined" else None
            click.get_current_context().meta[_META] = _SealWish(kind, chosen, key)
        return function(*args, **rest)

    wrapped.__name__ = function.__name__
    decorated: Callable[..., Any] = wrapped
    if hasattr(function, "__click_params__"):
        decorated.__click_params__ = function.__click_params__  # type: ignore[attr-defined]
    for add in (
        passphrase_option,
        option("--pkcs12", "p12_file", type=click.Path(path_type=Path), metavar=mark("FILE"),
               help=mark("Sign the seal with the certificate in this PKCS#12 file (.p12, .pfx).")),
        option("--key", "key_file", type=click.Path(path_type=Path), metavar=mark("FILE"),
               help=mark("Sign the seal with this private key (PEM: Ed25519, RSA or EC).")),
        option("--seal", is_flag=True,
               help=mark("Write a seal beside the report: what it is, what it was made from (see `secaudit verify`).")),
    ):  # fmt: skip
        decorated = add(decorated)
    return decorated


def _key(
    key_file: Path | None, p12_file: Path | None, passphrase_file: Path | None, *, seal: bool
) -> SealingKey | None:
    if key_file is None and p12_file is None:
        return None
    if not seal:
        raise BadInput(mark("--key and --pkcs12 sign a seal; add --seal."))
    if key_file is not None and p12_file is not None:
        raise BadInput(mark("Give either --key or --pkcs12, not both."))
    from secaudit.app.sealing_signature import load_p12, load_pem

    if p12_file is not None:
        return unlocked(lambda passphrase: load_p12(p12_file, passphrase), passphrase_file)
    assert key_file is not None  # one of the two was given
    return unlocked(lambda passphrase: load_pem(key_file, passphrase), passphrase_file)


def seal_written(session: Session, paths: Sequence[Path]) -> Sealed | None:
    """Seal what was just written where `--seal` asks for it; None where it does not, or nothing was written.

    Raises:
        BadInput: the seal cannot be written.
    """
    wish: _SealWish | None = click.get_current_context().meta.get(_META)
    if wish is None or not paths:
        return None
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.sealing import seal_report
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        return seal_report(workspace, Knowledge(), wish.kind, paths, wish.scan, datetime.now(UTC), wish.key)


def seal_json(sealed: Sealed | None) -> dict[str, Any]:
    """Return what was sealed, for the JSON of a report; empty where nothing was."""
    if sealed is None:
        return {}
    return {
        "seal": {
            "manifest": str(sealed.manifest),
            "sha256": sealed.sha256,
            "signatures": [str(path) for path in sealed.signatures],
        }
    }


def say_sealed(sealed: Sealed | None) -> None:
    """Say what was sealed; nothing where nothing was."""
    if sealed is None:
        return
    say(mark("Seal: {path}"), path=sealed.manifest)
    for path in sealed.signatures:
        say(mark("Signature: {path}"), path=path)
    say(mark("SHA-256 of the seal, to be noted down: {hash}"), hash=sealed.sha256)
