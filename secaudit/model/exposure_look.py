"""What the exposure probe returns: answers to harmless requests for files left open, and beginnings of scripts."""

from __future__ import annotations

from typing import Literal

from secaudit.model.base import Reason
from secaudit.model.observation_base import ObservationBase


class FileLook(ObservationBase):
    """One harmless request for a file or page that should not be there, and its answer. `target` is the URL asked for.

    Nothing secret is kept: of a found file there are only sizes, hashes and a masked excerpt.

    Attributes:
        entry: id in the list of paths; `home` for the page itself, `no-such-page` for an address that cannot exist,
            `control` for another such address, asked later to see whether the server still answers as before.
        number: position among the requests of the probe, from 1.
        final_url: where redirects on the same host and port led, empty where none was followed.
        status: status code of the last answer.
        headers: those that say what the answer is and which software gave it, in the order received.
        sniffed: what the first bytes look like, whatever the Content-Type says; empty for an empty body.
        magic: the first bytes in hexadecimal, only where they are binary.
        title: text of `<title>`, where it is a page.
        excerpt: what is needed to recognise the file, values masked.
        body_bytes: bytes received; the probe stops after a few KiB.
        body_sha256: hash of the received part.
        truncated: more would have come.
    """

    kind: Literal["file-look"] = "file-look"
    entry: str
    number: int
    method: Literal["GET", "HEAD"] = "GET"
    final_url: str = ""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    sniffed: Literal["html", "xml", "text", "binary", ""] = ""
    magic: str = ""
    title: str = ""
    excerpt: str = ""
    body_bytes: int = 0
    body_sha256: str = ""
    truncated: bool = False

    def values(self, name: str) -> list[str]:
        """Return all values of header `name`, in order, letter case ignored."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]


class ExposureObservation(ObservationBase):
    """How the look for files left open went as a whole. `target` is the site's origin.

    Attributes:
        entries: ids of the list of paths that were to be asked for.
        planned: requests that were to be sent.
        asked: requests that were sent.
        reliable: the last request whose answer can be trusted; answers to later ones came from a server that had
            begun to block.
        stopped: why the look ended before everything was asked for.
    """

    kind: Literal["exposure"] = "exposure"
    entries: tuple[str, ...] = ()
    planned: int = 0
    asked: int = 0
    reliable: int = 0
    stopped: Reason | None = None


class ScriptFileObservation(ObservationBase):
    """The beginning of one script that the page loads from its own host. `target` is the URL.

    Attributes:
        excerpt: the first characters, and pieces that name a version.
        body_bytes: bytes received.
        body_sha256: hash of the received part.
        truncated: the file is longer than what was received.
    """

    kind: Literal["script-file"] = "script-file"
    status: int = 0
    excerpt: str = ""
    body_bytes: int = 0
    body_sha256: str = ""
    truncated: bool = False
