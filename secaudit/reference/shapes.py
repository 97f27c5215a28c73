"""The shape of reference data, so that a file of somebody else is refused before anything relies on it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from secaudit.model.base import Frozen
from secaudit.reference.versions import Version

PATTERN_LENGTH = 300
_REPEATED_REPEAT = re.compile(r"\([^()]*[+*}][^()]*\)(?:[+*]|\{\d*,)")


def _sound_pattern(text: str) -> str:
    """Refuse what does not compile, and repetition inside repetition, which can take for ever on hostile text."""
    if len(text) > PATTERN_LENGTH:
        raise ValueError(f"pattern longer than {PATTERN_LENGTH} characters")
    if _REPEATED_REPEAT.search(text):
        raise ValueError("pattern repeats a repetition")
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no pattern: {error}") from None
    return text


def _sound_version(text: str) -> str:
    if not Version(text).known:
        raise ValueError("no version")
    return text


Pattern = Annotated[str, AfterValidator(_sound_pattern)]
"""A regular expression; a group named `version` holds the version."""
VersionText = Annotated[str, AfterValidator(_sound_version)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9.]+)*$", max_length=60)]


class DataSource(Frozen):
    """Where facts come from, and under what terms."""

    name: str
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    licence: str


class DataSet(Frozen):
    """What every data set says of itself.

    Attributes:
        date: the facts hold as of this day; the publisher vouches for no later one.
        licence: of the data set as a whole.
    """

    date: date
    licence: str
    source: Annotated[tuple[DataSource, ...], Field(min_length=1)]


class Packaged(Frozen):
    """A version that a distribution ships and repairs by itself, without a new number.

    Attributes:
        until: last day of the distribution's free security support.
    """

    version: VersionText
    distribution: str
    until: date


class Cycle(Frozen):
    """A line of releases, such as `8.1`.

    Attributes:
        ended: when security fixes ended or will end; None while no end is set.
        latest: newest release of the line known to the data set, empty where that does not matter.
    """

    cycle: VersionText
    ended: date | None = None
    latest: str = ""


class Product(Frozen):
    """A server program or language, and when its lines end.

    Attributes:
        patterns: over `Server` and the headers that name a technology.
        older: all versions below this one have ended too.
        packaged: versions of distributions.
    """

    id: Word
    name: str
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    older: VersionText | None = None
    cycles: Annotated[tuple[Cycle, ...], Field(min_length=1)]
    packaged: tuple[Packaged, ...] = ()


class EndOfLife(DataSet):
    """Ends of life of servers and languages."""

    format: Literal["secaudit.eol/1"]
    products: Annotated[tuple[Product, ...], Field(min_length=1)]


class System(Frozen):
    """A content management system: how to recognise it, and which versions are kept up.

    Attributes:
        generator: over the content of `<meta name="generator">`.
        headers: name to a pattern over its value.
        assets: over the addresses of scripts, styles and images of the page.
        cookies: over the names of cookies.
        markup: over the page's text.
        older: all versions below this one have ended too.
    """

    id: Word
    name: str
    generator: Pattern | None = None
    headers: dict[str, Pattern] = {}
    assets: tuple[Pattern, ...] = ()
    cookies: tuple[Pattern, ...] = ()
    markup: tuple[Pattern, ...] = ()
    older: VersionText | None = None
    cycles: tuple[Cycle, ...] = ()


class Systems(DataSet):
    """Content management systems."""

    format: Literal["secaudit.cms/1"]
    systems: Annotated[tuple[System, ...], Field(min_length=1)]


class Weakness(Frozen):
    """A published vulnerability of some versions.

    Attributes:
        at_or_above: first version that has it; None for all before `below`.
        below: first version that has it no more; None where no version repairs it.
        ids: CVE numbers, or GHSA identifiers where there is none.
    """

    at_or_above: VersionText | None = None
    below: VersionText | None = None
    severity: Literal["low", "medium", "high"]
    ids: Annotated[tuple[Annotated[str, Field(pattern=r"^(CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3})$")], ...],
                   Field(min_length=1)]  # fmt: skip


class Script(Frozen):
    """A JavaScript library.

    Attributes:
        files: over the address of a script.
        contents: over the beginning of a script file.
        unsupported_below: versions below it get no fixes any more.
    """

    id: Word
    name: str
    files: tuple[Pattern, ...] = ()
    contents: tuple[Pattern, ...] = ()
    unsupported_below: VersionText | None = None
    weaknesses: tuple[Weakness, ...] = ()


class VulnerableScripts(DataSet):
    """JavaScript libraries with known vulnerabilities."""

    format: Literal["secaudit.vulnerable-js/1"]
    libraries: Annotated[tuple[Script, ...], Field(min_length=1)]


class PathEntry(Frozen):
    """Something that should not be reachable, and how to recognise it beyond doubt.

    Attributes:
        check: the check that it informs.
        paths: with `{host}` and `{name}` (the host's first label that is not `www`) filled in.
        profile: the smallest profile that asks for it.
        form: what its first bytes must look like; empty for anything.
        keep: what of a found file is kept: `line` the first line, `keys` names of settings without values, `sql`
            statements without data, `log` lines without query strings and addresses, `page` pieces of a page that the
            patterns name, `magic` nothing but the first bytes.
        magic: hexadecimal beginnings, one of which must be there.
        match: patterns that must all be found in what is kept.
        headers: name to a pattern; one of its values must match.
        statuses: status codes that the real thing answers with.
        panel: name of the system whose login it is.
    """

    id: Word
    check: Annotated[str, Field(pattern=r"^expose\.[a-z-]+$")]
    paths: Annotated[tuple[Annotated[str, Field(pattern=r"^/\S*$")], ...], Field(min_length=1)]
    profile: Literal["quick", "standard", "full"]
    form: tuple[Literal["html", "xml", "text", "binary"], ...] = ()
    keep: Literal["line", "keys", "sql", "log", "page", "magic"]
    magic: tuple[Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$")], ...] = ()
    match: tuple[Pattern, ...] = ()
    headers: dict[str, Pattern] = {}
    statuses: tuple[int, ...] = (200, 206)
    panel: str = ""


class DefaultPage(Frozen):
    """A page that a program shows until its owner puts one of their own there; all patterns must be found."""

    id: Word
    name: str
    match: Annotated[tuple[Pattern, ...], Field(min_length=1)]


class PathList(Frozen):
    """The paths that the exposure probe asks for, in order, and default pages that a first page may turn out to be."""

    format: Literal["secaudit.paths/1"]
    entries: Annotated[tuple[PathEntry, ...], Field(min_length=1)]
    default_pages: tuple[DefaultPage, ...] = ()
