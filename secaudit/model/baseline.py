"""How a page looked when somebody accountable said: this is how it should look."""

from __future__ import annotations

from secaudit.model.base import Composed, Frozen, Instant


class Baseline(Frozen):
    """The accepted look of a site's first page.

    Attributes:
        title: the page's title.
        outline: its skeleton, structural elements with their ids in order; news may change without touching it.
        script_hosts: hosts of others that it loads scripts from, in order of name.
        scan: id of the scan that it was taken from.
        accepted_by: who said so.
    """

    title: Composed
    outline: tuple[str, ...] = ()
    script_hosts: tuple[str, ...] = ()
    scan: str
    accepted_at: Instant
    accepted_by: Composed
