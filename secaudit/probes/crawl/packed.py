"""Sitemaps that lie packed on the server (sitemaps.org: `sitemap.xml.gz`)."""

from __future__ import annotations

import zlib

from secaudit.model.observation import HttpExchange

_GZIP = 16 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"


def unpacked(exchange: HttpExchange, content: bytes, most: int) -> HttpExchange:
    """Return the exchange with the text of a packed sitemap as its body, at most `most` bytes of it.

    Anything else is returned as it is, a file that cannot be unpacked included: it has no addresses to offer.
    """
    if not content.startswith(_MAGIC) or exchange.body:
        return exchange
    inflater = zlib.decompressobj(_GZIP)
    try:
        text = inflater.decompress(content, most)
    except zlib.error:
        return exchange
    cut = exchange.truncated or bool(inflater.unconsumed_tail)
    return exchange.model_copy(update={"body": text.decode("utf-8", "replace"), "truncated": cut})
