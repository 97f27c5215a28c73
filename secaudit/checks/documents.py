"""Documents on the site, seen as pages: an injected PDF sells with the same words and links."""

from __future__ import annotations

from secaudit.html.page import Link, Page
from secaudit.model.observation import DocumentObservation


def page_of_document(document: DocumentObservation) -> Page:
    """Return a document as a page: its title, its text, and its links, which have no words of their own."""
    links = tuple(Link(address, "") for address in document.links)
    return Page(document.target, title=document.title, links=links, text=document.text, prose=document.text)
