"""A document that lies on the site, as far as it can be read."""

from __future__ import annotations

from typing import Literal

from secaudit.model.observation_base import ObservationBase


class DocumentObservation(ObservationBase):
    """One PDF file of the site's own host. `target` is its address; `fault` says why it could not be read.

    Attributes:
        offered: where its address stands: `sitemap`, or `page` for a listing or a link.
        title: what the file says of itself.
        text: the beginning of its text, bounded.
        links: addresses that it leads to, bounded.
        pages: pages that were read.
        body_bytes: bytes received.
        body_sha256: hash of the received part.
        truncated: the file is longer than what was received.
    """

    kind: Literal["document"] = "document"
    offered: Literal["sitemap", "page"]
    status: int = 0
    title: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    pages: int = 0
    body_bytes: int = 0
    body_sha256: str = ""
    truncated: bool = False
