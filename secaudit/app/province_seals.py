"""The seals beside the reports that communes send: a file that was altered does not count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from secaudit.app.knowledge import Knowledge
from secaudit.app.sealing import ENDING, sealed_file
from secaudit.app.sealing_check import ManifestState, Verified, verify_report
from secaudit.checklist.validate import contents
from secaudit.model.errors import BadInput
from secaudit.model.seal import FileState, SignatureCheck, SignatureState
from secaudit.report.bounds import bounded
from secaudit.report.province.facts import FileSeal, SealState
from secaudit.report.province.reading import MOST_BYTES, Unusable

_MOST_SIGNERS = 4


def is_seal(path: Path) -> bool:
    """Tell whether a file is the manifest of a seal and no report."""
    return path.name.casefold().endswith(ENDING)


@dataclass(frozen=True)
class Seals:
    """The manifests in a folder and the folders below it, each read once.

    Attributes:
        manifests: content by path; None where it cannot be read.
    """

    manifests: Mapping[Path, bytes | None]
    knowledge: Knowledge

    def of(self, report: Path, manifest: Path | None) -> FileSeal:
        """Return what the seal of a report says; `manifest` is its own, as `manifest` finds it.

        Raises:
            Unusable: the report, its seal or a signature was altered, or the seal cannot be checked.
        """
        if manifest is None:
            return FileSeal(state=SealState.UNSEALED)
        if self.manifests[manifest] is None:
            raise Unusable("seal-unchecked", seal=bounded(manifest.name, 160))
        try:
            found = verify_report(report, manifest, None, self.knowledge)
        except BadInput:
            raise Unusable("seal-unchecked", seal=bounded(manifest.name, 160)) from None
        return self._said(found, manifest)

    def alone(self, used: Collection[Path]) -> list[Path]:
        """Return the manifests of combined reports in JSON that belong to none of the files: one is missing or altered.

        Args:
            used: those that belong to a file.
        """
        whole = {path: raw or b"" for path, raw in self.manifests.items() if path not in used}
        return [path for path, raw in whole.items() if b'.json"' in raw and b'"report":"combined"' in raw]

    def manifest(self, report: Path) -> Path | None:
        """Return the manifest beside a report: by its name, else the one that knows its content."""
        beside = {path.name: path for path in self.manifests if path.parent == report.parent}
        if report.name + ENDING in beside:
            return beside[report.name + ENDING]
        own = beside.get(report.stem + ENDING)
        if own is not None and self._speaks_of_data(own):
            return own
        digest = sealed_file(report).sha256.encode("ascii") if beside else b""
        return next((path for path in beside.values() if digest in (self.manifests[path] or b"")), None)

    def _speaks_of_data(self, manifest: Path) -> bool:
        """Tell whether a manifest of the same name is for a JSON file: that of the HTML alone says nothing of it.

        One that cannot be read is held against the report, so that spoiling a seal never makes a report count.
        """
        raw = self.manifests[manifest]
        return raw is None or b'.json"' in raw or b'"secaudit.seal/' not in raw

    def _said(self, found: Verified, manifest: Path) -> FileSeal:
        bad = [one.file for one in found.signatures if one.state is SignatureState.BAD]
        if bad:
            raise Unusable("seal-signature", seal=bounded(bad[0], 160))
        if found.state is ManifestState.CHANGED or found.seal is None:
            raise Unusable("seal-changed", seal=bounded(manifest.name, 160))
        if any(one.state is not FileState.UNCHANGED for one in found.files):
            raise Unusable("seal-file-changed", seal=bounded(manifest.name, 160))
        good = [one for one in found.signatures if one.state is SignatureState.GOOD]
        state = SealState.SIGNED if good else SealState.UNCHECKED if found.signatures else SealState.UNSIGNED
        signers = tuple(dict.fromkeys(name for one in good for name in _names(one)))
        return FileSeal(
            state=state,
            sealed_at=found.seal.sealed_at,
            signers=signers[:_MOST_SIGNERS],
            expired=any(one.signer is not None and one.signer.valid_at_sealing is False for one in good),
        )


def seals_in(folder: Path, knowledge: Knowledge) -> Seals:
    """Return the seals in a folder and the folders below it."""
    found = {path: _content(path) for path in sorted(folder.rglob("*.json")) if is_seal(path)}
    return Seals(found, knowledge)


def _content(path: Path) -> bytes | None:
    try:
        return contents(path) if path.stat().st_size <= MOST_BYTES else None
    except (OSError, BadInput):
        return None


def _names(check: SignatureCheck) -> Iterator[str]:
    """Return who signed: name and issuer of the certificate, or the digits of a bare key."""
    signer = check.signer
    if signer is not None:
        yield bounded(f"{signer.name} ({signer.issuer})" if signer.name else signer.key, 160)
