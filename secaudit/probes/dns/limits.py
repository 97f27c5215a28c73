"""How much the DNS probe asks and takes, so that no server can hold it up or fill its memory."""

from __future__ import annotations

from dataclasses import dataclass

TRY_SECONDS = 2.0
"""Longest wait for one answer over UDP before the question is put again or to the next resolver."""
QUESTION_SECONDS = 6.0
"""Longest time for all tries of one question."""
QUESTIONS = 150
"""Most questions of one run."""
SIDE_BY_SIDE = 8
"""Questions under way at once."""
RECORDS = 100
"""Most records of one answer that are kept."""
DATA_LENGTH = 16 * 1024
"""Longest record data kept, in characters; a longer record counts as omitted."""
SUFFIXES = 8
"""Most names on the way from the host to the root that are looked at."""
NAMESERVERS = 8
"""Most nameservers whose addresses are asked for."""
TRANSFERS = 4
"""Most nameservers that are asked for the whole zone, one connection each."""
TRANSFER_SECONDS = 5.0
"""Longest time for one try to transfer the zone."""
TRANSFER_RECORDS = 3
"""Records that prove that a zone is handed out; the connection is closed once they are there."""
SPF_QUESTIONS = 24
"""Most SPF policies of other domains that are fetched; RFC 7208, section 4.6.4 allows ten look-ups."""
KEYS = 20
"""Most keys and most signatures of one name that are tried (CVE-2023-50387)."""
HASH_ITERATIONS = 500
"""Most NSEC3 iterations that are computed; RFC 9276 asks for none."""


@dataclass(frozen=True)
class Limits:
    """The limits of one run; tests set smaller ones. See the constants for each."""

    try_seconds: float = TRY_SECONDS
    question_seconds: float = QUESTION_SECONDS
    questions: int = QUESTIONS
    transfer_seconds: float = TRANSFER_SECONDS
