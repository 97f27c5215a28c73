"""Texts that servers should never show to strangers: directory listings, stack traces, database errors, paths."""

from __future__ import annotations

import re
from dataclasses import dataclass

_READ = 200_000
_EXCERPT = 200

# A title "Index of" alone proves nothing: each of these also needs what only that server writes.
_LISTINGS = {
    "Apache": re.compile(
        r"<h1>\s*Index of [^<]{0,300}</h1>.{0,3000}?(?:\?C=[NMSD];O=[AD]|>\s*Parent Directory\s*</a>)",
        re.IGNORECASE | re.DOTALL,
    ),
    "nginx": re.compile(r"<h1>Index of [^<]{0,300}</h1>\s*<hr>\s*<pre>\s*<a href=\"\.\./\">\.\./</a>", re.IGNORECASE),
    "IIS": re.compile(
        r"<h1>[^<]{0,200} - /[^<]{0,300}</h1>\s*<hr>.{0,500}?<pre>.{0,300}?\[To Parent Directory\]",
        re.IGNORECASE | re.DOTALL,
    ),
    "lighttpd": re.compile(
        r"<h2>Index of [^<]{0,300}</h2>.{0,300}?<table[^>]{0,200}Directory Listing", re.IGNORECASE | re.DOTALL
    ),
    "Python": re.compile(
        r"<title>Directory listing for [^<]{0,300}</title>.{0,500}?<h1>Directory listing for [^<]{0,300}</h1>\s*<hr>"
        r"\s*<ul>",
        re.IGNORECASE | re.DOTALL,
    ),
    "Tomcat": re.compile(
        r"<title>Directory Listing For [^<]{0,300}</title>.{0,8000}?Last Modified", re.IGNORECASE | re.DOTALL
    ),
}

_PATH = r"(?:/(?:var|home|usr|opt|srv|www|data|app)/[\w./-]{2,150}|[A-Za-z]:\\[\w.\\ -]{2,150})"
# Traces and messages that only a running program writes; told apart from an article about them by their exact form.
_ERRORS = {
    "php": re.compile(
        rf"(?:<b>)?(?:Fatal error|Warning|Notice|Parse error|Deprecated|Strict Standards|Uncaught \w+)(?:</b>)?:\s"
        rf".{{1,600}}?\bin (?:<b>)?{_PATH}(?:</b>)?(?:\(\d+\)|:\d+| on line (?:<b>)?\d+)"
        rf"|(?:^|\n|>)#\d+ {_PATH}\(\d+\): ",
        re.DOTALL,
    ),
    "asp.net": re.compile(
        r"Server Error in '/[^']{0,100}' Application.{0,6000}?(?:\[\w{3,60}(?:Exception|Error)[^\]]{0,300}\]"
        r"|\bat (?:System|Microsoft|DotNetNuke)\.[\w.]{3,150}\([^)]{0,300}\)|Source File:)",
        re.DOTALL,
    ),
    "asp.net-core": re.compile(r"An unhandled exception occurred while processing the request\.", re.IGNORECASE),
    "java": re.compile(r"(?:^|\n|>)\s*at [\w.$]{3,200}\((?:[\w$]{1,80}\.java:\d+|Native Method|Unknown Source)\)"),
    "python": re.compile(
        r"Traceback \(most recent call last\):.{0,400}?File (?:\"|&quot;).{1,200}?(?:\"|&quot;), line \d+"
        r"|You(?:'|&#x27;|&#39;)re seeing this error because you have <code>DEBUG = True",
        re.DOTALL,
    ),
    "node": re.compile(rf"(?:Error|Exception): .{{1,300}}?(?:<br>|\n)(?:&nbsp;|\s)+at .{{1,120}}?\({_PATH}:\d+:\d+\)"),
    "laravel": re.compile(r"Illuminate\\(?:Database|Foundation|Routing|View)\\\w+.{0,200}?(?:Exception|->)", re.DOTALL),
}
# These also stand in lessons and articles, so they count on pages that are errors only.
_ON_ERROR_PAGES = {
    "sql": re.compile(
        r"You have an error in your SQL syntax|Unclosed quotation mark after the character string"
        r"|SQLSTATE\[\w{5}\]|\bORA-\d{5}:|Microsoft OLE DB Provider for|System\.Data\.SqlClient\.SqlException"
        r"|pg_query\(\):|mysqli?_\w+\(\):|supplied argument is not a valid MySQL"
    ),
    "path": re.compile(
        r"(?<![\w./])/(?:var/www|home/\w{1,40}/(?:public_html|domains|www)|usr/share/nginx|opt/lampp/htdocs|srv/www)/"
        r"[\w./-]{3,150}"
        r"|\b[A-Z]:\\(?:inetpub|xampp|wamp\d*|AppServ|wwwroot|Websites?|HostingSpaces|Web)\\[\w.\\ -]{3,150}",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True)
class Disclosure:
    """What a page gives away: the kind, and the words that show it."""

    kind: str
    excerpt: str


def listing_by(body: str) -> str:
    """Return which server wrote a directory listing, empty when the page is none."""
    text = body[:_READ]
    return next((server for server, pattern in _LISTINGS.items() if pattern.search(text)), "")


def disclosures(body: str, status: int) -> list[Disclosure]:
    """Return what an answer gives away of the program behind it.

    Args:
        body: the page as sent.
        status: its HTTP status.
    """
    text = body[:_READ]
    found = _search(_ERRORS, text)
    # A trace holds paths and messages of the database anyway.
    return found or (_search(_ON_ERROR_PAGES, text) if status >= 400 else [])


def _search(patterns: dict[str, re.Pattern[str]], text: str) -> list[Disclosure]:
    matches = ((kind, pattern.search(text)) for kind, pattern in patterns.items())
    return [Disclosure(kind, _excerpt(match[0])) for kind, match in matches if match]


def _excerpt(text: str) -> str:
    return " ".join(re.sub(r"<[^>]{0,200}>", " ", text).split())[:_EXCERPT]
