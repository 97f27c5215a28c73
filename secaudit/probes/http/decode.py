"""From received bytes to text: decompression with a cap, and character sets (WHATWG Encoding where needed)."""

from __future__ import annotations

import codecs
import hashlib
import re
import zlib

from secaudit.model.base import Reason

OFFERED = "gzip, deflate"
"""What the probe offers in Accept-Encoding (RFC 9110, section 12.5.3)."""

_STEP = 64 * 1024
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_META_CHARSET = re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# Python knows codecs that are not character sets (or that take quadratic time); only these are trusted.
_CHARSETS = re.compile(
    r"utf-8|utf-8-sig|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp\d{3,4}|koi8-[ru]|tis-620|big5|big5hkscs"
    r"|gb2312|gbk|gb18030|euc_(jp|kr)|shift_jis|iso2022_jp|mac-roman"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""All but tab, line feed, form feed, carriage return, and ESC, which reports show escaped."""
_WITHOUT_CONTROLS = dict.fromkeys(number for number in range(128) if _CONTROL.match(chr(number)))
_TEXT_TYPES = re.compile(r"text/|message/http|application/(xhtml|xml|json|javascript|[\w.+-]*\+(xml|json))")


class Body:
    """Takes a body piece by piece and keeps: its hash, its size, and its first part.

    Attributes:
        size: bytes after decompression.
        truncated: the cap was reached; later pieces are ignored.
        fault: the coding is unknown or the compressed data are broken.
    """

    def __init__(self, codings: list[str], cap: int, keep: int) -> None:
        self.size = 0
        self.truncated = False
        self.fault: Reason | None = None
        self._cap, self._keep = cap, keep
        self._kept = bytearray()
        self._hash = hashlib.sha256()
        self._coding = _coding(codings)
        self._inflater = zlib.decompressobj(_GZIP) if self._coding == "gzip" else None
        self._start = b""
        if self._coding is None:
            self.fault = Reason(code="http-content-encoding", params={"encoding": ", ".join(codings)[:60]})

    @property
    def sha256(self) -> str:
        """Return the hash of all bytes taken, after decompression, in hexadecimal."""
        return self._hash.hexdigest()

    @property
    def first(self) -> bytes:
        """Return the first part; empty when the coding is unknown."""
        return b"" if self._coding is None else bytes(self._kept)

    def feed(self, data: bytes) -> bool:
        """Take the next piece as received; tell whether more is wanted."""
        if self._coding == "deflate" and self._inflater is None:
            self._start += data
            if len(self._start) >= 2:
                self._inflater = zlib.decompressobj(_ZLIB if _has_zlib_header(self._start) else _RAW)
                self._inflate(self._start)
        elif self._inflater is None:
            self._take(data)
        else:
            self._inflate(data)
        return not self.truncated and (self.fault is None or self._coding is None)

    def finish(self) -> None:
        """Take what the decompressor still holds back; to be called once, after the last piece."""
        if self._inflater is not None and self.fault is None and not self.truncated:
            try:
                self._take(self._inflater.decompress(b"", _STEP))
            except zlib.error:
                self.fault = Reason(code="http-body-garbled")

    def _inflate(self, data: bytes) -> None:
        assert self._inflater is not None
        while data and not self.truncated:
            try:
                out = self._inflater.decompress(data, _STEP)
            except zlib.error:
                self.fault = Reason(code="http-body-garbled")
                return
            self._take(out)
            if self._inflater.eof:
                data = self._inflater.unused_data
                if self._coding != "gzip" or not data.startswith(b"\x1f\x8b"):
                    return
                self._inflater = zlib.decompressobj(_GZIP)
            else:
                data = self._inflater.unconsumed_tail

    def _take(self, data: bytes) -> None:
        room = self._cap - self.size
        if len(data) > room:
            data, self.truncated = data[:room], True
        self.size += len(data)
        self._hash.update(data)
        self._kept += data[: max(0, self._keep - len(self._kept))]


def _has_zlib_header(start: bytes) -> bool:
    """Tell zlib data (RFC 1950, section 2.2) from the raw deflate that some servers send against RFC 9110, 8.4.1.2."""
    return start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0


def _coding(codings: list[str]) -> str | None:
    """Return `gzip`, `deflate`, empty for none, or None for anything that was not offered."""
    named = [c.strip().lower() for value in codings for c in value.split(",")]
    wanted = [c for c in named if c not in ("", "identity")]
    if not wanted:
        return ""
    if len(wanted) == 1:
        return {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}.get(wanted[0])
    return None


def text_of(data: bytes, content_type: str) -> str:
    """Return `data` as text: character set from a byte order mark, the header, `<meta>`, else UTF-8.

    Undecodable bytes become U+FFFD. Control characters are left out: no text holds them, and a body of nothing else
    would be six times as long where it is stored. Types that are not text (images, PDF …) give an empty string.
    """
    if content_type.strip() and not _TEXT_TYPES.match(content_type.strip().lower()):
        return ""
    decoder = codecs.getincrementaldecoder(charset_of(data, content_type))("replace")
    try:
        text = decoder.decode(data)
    except (ValueError, LookupError):
        text = data.decode("utf-8", "replace")
    # `translate` needs no more memory than the text; a substitution would make a list of a million pieces of a bomb.
    return text.translate(_WITHOUT_CONTROLS) if _CONTROL.search(text) else text


def charset_of(data: bytes, content_type: str) -> str:
    """Return Python's name of the character set that applies."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return name
    in_header = _HEADER_CHARSET.search(content_type)
    in_page = _META_CHARSET.search(data[:4096])
    return _known(in_header[1] if in_header else "") or _known(in_page[1].decode("ascii") if in_page else "") or "utf-8"


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label).name if label else ""
    except (LookupError, ValueError):
        return ""
    if name in ("iso8859-1", "ascii"):
        # The label means windows-1252 on the web (WHATWG Encoding, section 4.2).
        return "cp1252"
    return name if _CHARSETS.fullmatch(name) else ""
