"""Rules of the area `cookie`: one verdict per cookie name, over every answer of every visit.

What a browser would not store (a removal, a foreign Domain, Secure from plain http) is not judged. Where a name is
set several times, one faulty setting is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from secaudit.checks.pages import (
    answers,
    https_state,
    is_https,
    judged_page,
    site_target,
    why_unseen,
    without_query,
)
from secaudit.checks.registry import Verdict, check, inconclusive, not_applicable
from secaudit.checks.setcookie import SetCookie, parse_set_cookie
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import HttpVisit
from secaudit.model.target import address_or_none
from secaudit.model.words import Outcome

PROBES = ("http", "crawl", "disclosure")


# Names that sign a person in. Scripts are meant to read tokens against request forgery, so those do not count.
_SESSION = re.compile(r"sess|(?<![a-z])sid(?![a-z])|\.sid$|auth(?!or)|jwt|token|login|logged|identity|remember|^cfid$")
_FOR_SCRIPTS = re.compile(r"csrf|xsrf|antiforgery|requestverification")


@dataclass(frozen=True)
class Setting:
    """One Set-Cookie that a browser would have stored, and the address that sent it."""

    cookie: SetCookie
    url: str

    @property
    def host(self) -> str:
        """Return the host that set it."""
        return urlsplit(self.url).hostname or ""

    def facts(self) -> dict[str, Json]:
        """Return evidence without the cookie's value."""
        cookie = self.cookie
        return {
            "set_by": without_query(self.url),
            "secure": cookie.secure,
            "http_only": cookie.http_only,
            "same_site": cookie.same_site,
            "domain": cookie.domain,
        }


def cookies_of(view: View) -> dict[str, list[Setting]]:
    """Return every stored setting by cookie name, in the order seen."""
    found: dict[str, list[Setting]] = {}
    for visit in view.seen(HttpVisit):
        for exchange in answers(visit):
            for value in exchange.values("Set-Cookie"):
                cookie = parse_set_cookie(value)
                if cookie is not None and not cookie.is_removal(view.at):
                    setting = Setting(cookie, exchange.url)
                    if _stored(setting):
                        found.setdefault(cookie.name, []).append(setting)
    return found


def _stored(setting: Setting) -> bool:
    """Tell whether a browser keeps it (RFC 6265bis, 5.7): Domain covers the host, Secure came over https."""
    cookie, host = setting.cookie, setting.host
    covers = not cookie.domain or cookie.domain == host or _is_parent(cookie.domain, host)
    return covers and (not cookie.secure or is_https(setting.url))


def _is_parent(domain: str, host: str) -> bool:
    return host.endswith("." + domain) and address_or_none(host) is None


Rule = Callable[[str, list[Setting]], tuple[Outcome, Setting] | Reason]
"""Returns the outcome with the setting that shows it, or why the question does not arise."""


def _each(view: View, rule: Rule) -> list[Verdict]:
    target = site_target(view)
    found = cookies_of(view)
    if not found:
        if judged_page(view):
            return [not_applicable(target, Reason(code="no-cookies"))]
        return [inconclusive(target, why_unseen(view))]
    verdicts = []
    for name, settings in found.items():
        place, said = name or "(unnamed)", rule(name, settings)
        if isinstance(said, Reason):
            verdicts.append(Verdict(Outcome.NOT_APPLICABLE, target, reason=said, place=place))
        else:
            outcome, setting = said
            verdicts.append(Verdict(outcome, target, {"cookie": place, **setting.facts()}, place=place))
    return verdicts


def _fails_where(settings: list[Setting], fault: Callable[[Setting], bool]) -> tuple[Outcome, Setting]:
    faulty = next((setting for setting in settings if fault(setting)), None)
    return (Outcome.FAIL, faulty) if faulty else (Outcome.PASS, settings[0])


@check("cookie.no-secure")
def _no_secure(view: View) -> list[Verdict]:
    https = https_state(view)

    def rule(_: str, settings: list[Setting]) -> tuple[Outcome, Setting] | Reason:
        secure_side = [setting for setting in settings if is_https(setting.url)]
        if not secure_side and https is not True:
            # Over plain http no cookie can carry Secure; http.plain-only names the fault.
            return https if isinstance(https, Reason) else Reason(code="no-https")
        # A cookie that only the http side sets also travels to the https side, and back in the clear.
        return _fails_where(secure_side or settings, lambda setting: not setting.cookie.secure)

    return _each(view, rule)


def is_session_like(name: str) -> bool:
    """Tell whether a cookie of that name signs a person in, as far as the name says."""
    lower = name.lower()
    return bool(_SESSION.search(lower)) and not _FOR_SCRIPTS.search(lower)


@check("cookie.no-httponly")
def _no_httponly(view: View) -> list[Verdict]:
    def rule(name: str, settings: list[Setting]) -> tuple[Outcome, Setting] | Reason:
        if not is_session_like(name):
            return Reason(code="cookie-not-session", params={"cookie": name[:100]})
        return _fails_where(settings, lambda setting: not setting.cookie.http_only)

    return _each(view, rule)


@check("cookie.no-samesite")
def _no_samesite(view: View) -> list[Verdict]:
    return _each(view, lambda _, settings: _fails_where(settings, lambda setting: not setting.cookie.same_site))


@check("cookie.samesite-none-insecure")
def _samesite_none_insecure(view: View) -> list[Verdict]:
    def fault(setting: Setting) -> bool:
        return setting.cookie.same_site == "none" and not setting.cookie.secure

    return _each(view, lambda _, settings: _fails_where(settings, fault))


@check("cookie.broad-domain")
def _broad_domain(view: View) -> list[Verdict]:
    def fault(setting: Setting) -> bool:
        return bool(setting.cookie.domain) and _is_parent(setting.cookie.domain, setting.host)

    return _each(view, lambda _, settings: _fails_where(settings, fault))
