"""Links that people cannot see: which of them were put there to deceive search engines."""

from __future__ import annotations

from dataclasses import dataclass

from secaudit.checks.spam_score import is_sold_elsewhere, leads_to_betting
from secaudit.checks.vocabulary import Vocabulary, vocabulary
from secaudit.html.addresses import host_of, is_foreign, registered
from secaudit.html.page import Link, Page

MOST_HOSTS = 3
"""So many unrelated hosts in blocks that no menu uses are no accident, whatever their words."""
# Menus, dialogs and tabs use `display: none`; nothing that people are meant to reach is hidden like this.
_BLATANT = frozenset({"off-screen", "tiny-text", "transparent", "no-size", "clipped", "same-colour"})


@dataclass(frozen=True)
class Hidden:
    """The links that should not be there.

    Attributes:
        selling: hidden links whose words or hosts sell betting or other goods.
        strange: links to hosts of others in blocks that nobody can see, when there are many of them.
    """

    selling: tuple[Link, ...] = ()
    strange: tuple[Link, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.selling or self.strange)


def hidden_links(page: Page, known: Vocabulary | None = None) -> Hidden:
    """Return the hidden links to other bodies' hosts that give reason for alarm.

    Links to hosts that state pages link to anyway (other offices, newspapers, social networks) never do: they stand
    in menus that are hidden on telephones, in dialogs and in tabs.
    """
    known = known or vocabulary()
    own = host_of(page.url)
    foreign = [
        link
        for link in page.links
        if link.hidden and is_foreign(host_of(link.url), own) and not known.is_trusted(host_of(link.url))
    ]
    selling = [link for link in foreign if leads_to_betting(link, own, known) or is_sold_elsewhere(link, own, known)]
    blatant = [link for link in foreign if link.hidden in _BLATANT]
    hosts = {registered(host_of(link.url)) for link in blatant}
    return Hidden(tuple(selling), tuple(blatant) if len(hosts) >= MOST_HOSTS else ())
