"""Head and foot of an administrative document, as Decree 30/2020 Annex I wants them written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field

from secaudit.model.base import Composed, Frozen
from secaudit.model.organisation import Organisation

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BLANK = "........"
"""Stands where somebody has still to write something by hand."""


class Capacity(StrEnum):
    """In which capacity somebody signs (Decree 30/2020, Art. 13)."""

    HEAD = "head"
    DEPUTY = "deputy"
    AUTHORISED = "authorised"


class Signer(Frozen):
    """Who signs.

    Attributes:
        lines: authority and position as printed, top to bottom: `TM. ỦY BAN NHÂN DÂN`, `CHỦ TỊCH`.
        authorised_by: the document that allows an authorised person to sign.
    """

    lines: tuple[Composed, ...] = ()
    name: Composed = ""
    capacity: Capacity = Capacity.HEAD
    authorised_by: Composed = ""


class DocumentFields(Frozen):
    """What a document says of itself; empty means not known yet.

    Attributes:
        number: running number of the office's register; the office gives it when it issues the document.
        symbol: letters after the slash, such as `UBND-VHXH`.
        archive: who keeps a copy, after `Lưu: `.
    """

    superior: Composed = ""
    body: Composed = ""
    number: int | None = Field(default=None, ge=1)
    symbol: Composed = ""
    place: Composed = ""
    date: dt.date | None = None
    addressees: tuple[Composed, ...] = ()
    recipients: tuple[Composed, ...] = ()
    archive: Composed = ""


class Letter(Frozen):
    """A document's head and foot.

    Attributes:
        is_sample: the organisation is the example that ships with the program.
        draft: something is missing or contradicts, so the document is marked as a draft.
    """

    fields: DocumentFields
    signer: Signer = Signer()
    is_sample: bool = False
    draft: bool = False

    def mark(self) -> str:
        """Return the mark on top of the document, empty for one that may be signed."""
        marks = [word for word, on in (("MẪU / SAMPLE", self.is_sample), ("BẢN NHÁP", self.draft)) if on]
        return " - ".join(marks)

    def number_line(self) -> str:
        """Return `Số: 05/UBND-VHXH`; numbers below 10 get a leading 0 (Annex I, II.3)."""
        number = f"{self.fields.number:02}" if self.fields.number else "      "
        return f"Số: {number}/{self.fields.symbol or BLANK}"

    def reference(self) -> str:
        """Return the line under an annex's title that says to which document it belongs (Annex I, III.1)."""
        number = self.number_line().replace("Số: ", "số ", 1)
        return f"(Kèm theo Văn bản {number} {long_date(self.fields.date)} của {self.fields.body or '[tên cơ quan]'})"

    def date_line(self) -> str:
        """Return `Khe Tre, ngày 05 tháng 01 năm 2027` (Annex I, II.4)."""
        return f"{self.fields.place or BLANK}, {long_date(self.fields.date)}"

    def signature_lines(self) -> tuple[str, ...]:
        """Return authority and position in capitals (Annex I, II.7)."""
        return tuple(line.upper() for line in self.signer.lines) or ("[QUYỀN HẠN, CHỨC VỤ]",)

    def recipient_lines(self) -> tuple[str, ...]:
        """Return the list under `Nơi nhận`: `Như trên` first where there is one above, the archive last (II.9)."""
        others = tuple(who for who in self.fields.recipients if who.casefold() != "như trên")
        first = ("Như trên",) if self.fields.addressees else ()
        return (*(f"- {who};" for who in (*first, *others)), f"- Lưu: {self.fields.archive or 'VT'}.")

    def addressee_lines(self) -> tuple[str, ...]:
        """Return the addressees, several with dash and semicolon, the last with a full stop (Annex I, II.9)."""
        return tuple(f"- {line}" for line in punctuated(self.fields.addressees))

    def words(self) -> dict[str, object]:
        """Return what templates print of head and foot, under the names that they use."""
        one = len(self.fields.addressees) < 2
        return {
            "mark": self.mark(),
            "superior": self.fields.superior.upper(),
            "body": (self.fields.body or "[TÊN CƠ QUAN BAN HÀNH]").upper(),
            "nation": NATION,
            "motto": MOTTO,
            "reference": self.reference(),
            "number_line": self.number_line(),
            "date_line": self.date_line(),
            "addressee": (self.fields.addressees or ("[nơi nhận chưa ghi]",))[0] if one else "",
            "addressees": [] if one else list(self.addressee_lines()),
            "recipients": list(self.recipient_lines()),
            "signature_lines": list(self.signature_lines()),
            "signer_name": self.signer.name or "[Họ và tên]",
        }


def long_date(day: dt.date | None) -> str:
    """Return `ngày 05 tháng 01 năm 2027`: leading 0 for days below 10 and for January and February only."""
    if day is None:
        return "ngày       tháng       năm        "
    return f"ngày {day.day:02} tháng {day.month:02} năm {day.year}" if day.month < 3 else (
        f"ngày {day.day:02} tháng {day.month} năm {day.year}"
    )  # fmt: skip


def short_date(day: dt.date) -> str:
    """Return `05/01/2027`, as dates stand in tables."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def punctuated(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines of which each ends with a semicolon and the last with a full stop."""
    bare = [line.rstrip(" ;.") for line in lines]
    return tuple(f"{line}{'.' if n == len(bare) else ';'}" for n, line in enumerate(bare, 1))


def letter_of(organisation: Organisation, given: DocumentFields) -> Letter:
    """Return head and foot: what the document says of itself, else what the organisation's profile says."""
    known = {"superior": organisation.superior, "body": organisation.name, "place": organisation.place}
    filled = {name: getattr(given, name) or value for name, value in known.items()}
    return Letter(fields=given.model_copy(update=filled), is_sample=organisation.is_sample)


def letter_gaps(letter: Letter) -> tuple[str, ...]:
    """Return codes of what head and foot still lack; the number is the registry's to give, so it is none."""
    missing = {
        "body": not letter.fields.body.strip(),
        "symbol": not letter.fields.symbol.strip(),
        "place": not letter.fields.place.strip(),
        "date": letter.fields.date is None,
        "addressee": not letter.fields.addressees,
        "signer": not letter.signer.name.strip() or not letter.signer.lines,
    }
    return tuple(code for code, is_missing in missing.items() if is_missing)
