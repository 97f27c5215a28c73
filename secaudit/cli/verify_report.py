"""`secaudit verify REPORT`: whether a sealed report is unchanged, who signed it, and from which data it was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Session, say
from secaudit.cli.dates import local_date, local_time
from secaudit.i18n import current_language, mark, translate
from secaudit.model.seal import Certified, DataState, FileState, SignatureState
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.sealing_check import DataCheck, Verified
    from secaudit.model.seal import SignatureCheck, Signer

_FILES = {
    FileState.UNCHANGED: mark("{name}: unchanged since it was sealed."),
    FileState.CHANGED: mark("{name}: CHANGED since it was sealed, or not the file that was sealed."),
    FileState.MISSING: mark("{name}: missing beside the seal."),
}
_MANIFESTS = {
    "noted": mark("The seal is as it was written: the journal of this workspace says so."),
    "signed": mark("The seal is as it was signed."),
    "unproven": mark("Nothing proves the seal itself: it has no signature, and it was not written from the workspace "
                     "at hand. Whoever could change the report could change the seal as well."),
    "changed": mark("The SEAL WAS CHANGED: it is not what was written or signed, so it proves nothing."),
}  # fmt: skip
_DATA = {
    DataState.SAME: mark("the same"),
    DataState.SUPERSEDED: mark("newer now"),
    DataState.CHANGED: mark("CHANGED"),
    DataState.MISSING: mark("MISSING"),
}


def run(session: Session, path: Path, seal_file: Path | None) -> int:
    """Verify and say everything; ends with 1 when something is wrong.

    Raises:
        BadInput: there is no seal, or a file cannot be read.
    """
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.sealing_check import verify_report
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    if Workspace.exists(session.workspace):
        with Workspace.open(session.workspace) as workspace:
            found = verify_report(path, seal_file, workspace, knowledge)
    else:
        found = verify_report(path, seal_file, None, knowledge)
    if session.json_to:
        session.emit_json(_as_data(found))
    else:
        _print(found, knowledge)
    return int(not found.sound)


def _as_data(found: Verified) -> dict[str, Any]:
    data = found.data
    return {
        "schema": "secaudit.verify-report/1",
        "sound": found.sound,
        "manifest": str(found.manifest),
        "manifest_state": found.state.value,
        "sealed_at": found.seal.sealed_at.isoformat() if found.seal else None,
        "report": found.seal.report if found.seal else None,
        "files": [{"name": one.name, "state": one.state.value, "found_as": one.found_as} for one in found.files],
        "signatures": [one.model_dump(mode="json") for one in found.signatures],
        "workspace": "none" if not found.at_hand else "own" if found.own else "other",
        "journal": None
        if data is None
        else {"holds": data.holds, "faults": [fault.model_dump(mode="json") for fault in data.faults]},
        "data": None
        if data is None
        else {
            "scans": {key: state.value for key, state in data.scans.items()},
            "records": data.records.value,
            "checklists": {key: state.value for key, state in data.checklists.items()},
        },
    }


def _print(found: Verified, knowledge: Knowledge) -> None:
    for one in found.files:
        name = printable(one.name) + (f" ({printable(one.found_as)})" if one.found_as else "")
        say(_FILES[one.state], name=name)
    say(_MANIFESTS[found.state])
    if found.seal is not None:
        say(mark("Sealed at {time} with secaudit {version} ({kind})."), time=local_time(found.seal.sealed_at),
            version=printable(found.seal.program), kind=printable(found.seal.report))  # fmt: skip
    for signature in found.signatures:
        _print_signature(signature)
    if not found.signatures:
        say(mark("Signature: none."))
    if found.data is not None:
        _print_data(found.data, knowledge)
    elif found.at_hand:
        say(mark("The workspace at hand is not the one that the report was made from: only file and signature were "
                 "checked."))  # fmt: skip
    else:
        say(mark("There is no workspace at hand: only file and signature were checked."))


def _print_signature(signature: SignatureCheck) -> None:
    if signature.state is SignatureState.BAD:
        say(mark("Signature {file}: BAD. It does not fit the seal."), file=signature.file)
    elif signature.state is SignatureState.UNKNOWN:
        say(mark("Signature {file}: of a kind that cannot be checked here; use the program it was made with."),
            file=signature.file)  # fmt: skip
    elif signature.signer is not None:
        _print_signer(signature.file, signature.signer)


def _print_signer(file: str, signer: Signer) -> None:
    if not signer.name:
        say(mark("Signature {file}: good, by the key {key}. Compare these digits with the signer."), file=file,
            key=signer.key)  # fmt: skip
        return
    say(mark("Signature {file}: good, by {name} (issued by {issuer}, number {serial})."), file=file,
        name=printable(signer.name), issuer=printable(signer.issuer), serial=signer.serial)  # fmt: skip
    said = {
        Certified.SELF: mark("  The certificate is self-signed: nobody confirms that name. Key: {key}"),
        Certified.ISSUER: mark("  The issuer's certificate is in the file and fits; whether to trust it, and whether "
                               "the certificate was revoked, was not checked. Key: {key}"),
        Certified.UNPROVEN: mark("  The issuer is only named; whether it issued the certificate was not checked. Key: "
                                 "{key}"),
    }  # fmt: skip
    if signer.certified is not None:
        say(said[signer.certified], key=signer.key)
    if signer.valid_at_sealing is False and signer.not_before and signer.not_after:
        say(mark("  The certificate was valid from {first} to {last}, not at the time of sealing."),
            first=local_date(signer.not_before), last=local_date(signer.not_after))  # fmt: skip


def _print_data(data: DataCheck, knowledge: Knowledge) -> None:
    if data.holds:
        say(mark("Journal: the entry that was newest at the sealing still stands in its place."))
    else:
        say(mark("Journal: the entry that was newest at the sealing is GONE: the journal was cut or made anew."))
    for fault in data.faults:
        click.echo(f"! {knowledge.render(fault, current_language())}")
    for scan, state in data.scans.items():
        say(mark("Scan {id}: {state}."), id=scan, state=translate(_DATA[state]))
    sentence = {
        DataState.SAME: mark("Answers and other records: the same as at the sealing."),
        DataState.SUPERSEDED: mark(
            "Answers and other records: changed since; the journal still proves what they were."
        ),
        DataState.CHANGED: mark("Answers and other records: NOT what was sealed, and the journal does not prove why."),
    }[data.records]
    say(sentence)
    newer = [name for name, state in data.checklists.items() if state is not DataState.SAME]
    if newer:
        say(mark("Lists of requirements that are of another edition now: {ids}."), ids=", ".join(newer))
