"""Rules over versions of software, with data of a known day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import Observation
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome
from secaudit.reference.datasets import LONGEST_DAYS, Kind, held
from tests.checks.exposure_views import exposure, look, script
from tests.checks.judging import judge, judge_one, make_view
from tests.checks.visits import HTTPS, Headers, answer, visit


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECAUDIT_DATA", str(tmp_path))


def _day(kind: Kind, days: int = 1) -> datetime:
    from datetime import UTC

    return datetime.combine(held(kind).data.date, datetime.min.time(), UTC) + timedelta(days=days)


def page(body: str = "", headers: Headers = (), *more: Observation, at: datetime | None = None) -> View:
    """Return a view of one page, by default the day after the youngest data set."""
    seen: Sequence[Observation] = [
        visit("page-https", answer(HTTPS, 200, headers, body=body or "<p>UBND xã</p>", body_sha256="1" * 64)), *more
    ]  # fmt: skip
    return replace(make_view(seen, target=parse_target(HTTPS)), at=at or _day("vulnerable-js"))


def generator(content: str) -> str:
    return f'<html><head><meta name="generator" content="{content}"></head><body>x</body></html>'


# --- content systems --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "version"),
    [
        ("NukeViet v4.5", "NukeViet", "4.5"),
        ("WordPress 6.4.2", "WordPress", "6.4.2"),
        ("Joomla! 3.9", "Joomla", "3.9"),
        ("Drupal 9 (https://www.drupal.org)", "Drupal", "9"),
        ("DotNetNuke 7.3.0", "DotNetNuke (DNN)", "7.3.0"),
    ],
)
def test_a_shown_version_is_found(content: str, name: str, version: str) -> None:
    (verdict,) = judge("software.cms-version", page(generator(content)))
    assert (verdict.result, verdict.place) == (Outcome.FAIL, name)
    assert (verdict.evidence["version"], verdict.evidence["certainty"]) == (version, "stated")


@pytest.mark.parametrize("content", ["Joomla! - Open Source Content Management", "Microsoft SharePoint", "Hugo 0.1"])
def test_no_version_shown(content: str) -> None:
    assert judge_one("software.cms-version", page(generator(content))) is Outcome.PASS


@pytest.mark.parametrize(
    ("content", "result", "reason"),
    [
        ("NukeViet v4.3.04", Outcome.FAIL, ""),
        ("NukeViet v4.5.06", Outcome.PASS, ""),
        ("WordPress 5.8.1", Outcome.FAIL, ""),
        ("WordPress 7.1", Outcome.PASS, ""),
        ("WordPress 9.9", Outcome.INCONCLUSIVE, "software-version-unknown"),
        ("Joomla! 5.0.0", Outcome.FAIL, ""),
        ("Joomla! 6.1.1", Outcome.PASS, ""),
        ("Joomla! 5", Outcome.INCONCLUSIVE, "software-version-coarse"),
        ("Drupal 7 (http://drupal.org)", Outcome.FAIL, ""),
        ("Drupal 9", Outcome.FAIL, ""),
        ("Drupal 11", Outcome.INCONCLUSIVE, "software-version-coarse"),
        ("Joomla! - Open Source Content Management", Outcome.INCONCLUSIVE, "software-version-hidden"),
        ("DotNetNuke 7.3.0", Outcome.INCONCLUSIVE, "software-version-unknown"),
        ("Hugo 0.1", Outcome.NOT_APPLICABLE, "software-no-cms"),
    ],
)
def test_out_of_date(content: str, result: Outcome, reason: str) -> None:
    (verdict,) = judge("software.cms-outdated", page(generator(content), at=_day("cms")))
    assert verdict.result is result
    assert (verdict.reason.code if verdict.reason else "") == reason


@pytest.mark.parametrize(
    ("header", "result", "reason"),
    [
        (("MicrosoftSharePointTeamServices", "16.0.0.4822"), Outcome.FAIL, ""),
        (("MicrosoftSharePointTeamServices", "16.0.0.10417"), Outcome.FAIL, ""),
        (("MicrosoftSharePointTeamServices", "15.0.0.4701"), Outcome.FAIL, ""),
        # Subscription Edition gets fixes only for recent builds, and the header cannot be dated.
        (("MicrosoftSharePointTeamServices", "16.0.0.19725"), Outcome.INCONCLUSIVE, "software-version-unknown"),
        (("Liferay-Portal", "Liferay Portal Community Edition 6.2 CE GA6 (Newton / Build 6205)"), Outcome.FAIL, ""),
        (("Liferay-Portal", "Liferay Community Edition Portal 7.0"), Outcome.INCONCLUSIVE, "software-version-unknown"),
        (("Liferay-Portal", "Liferay Digital Experience Platform"), Outcome.INCONCLUSIVE, "software-version-hidden"),
    ],
)  # fmt: skip
def test_out_of_date_by_a_header(header: tuple[str, str], result: Outcome, reason: str) -> None:
    (verdict,) = judge("software.cms-outdated", page("<p>x</p>", (header,), at=_day("cms")))
    assert verdict.result is result
    assert (verdict.reason.code if verdict.reason else "") == reason


def test_a_newer_release_of_the_line_is_named() -> None:
    (verdict,) = judge("software.cms-outdated", page(generator("Joomla! 5.0.0"), at=_day("cms")))
    assert verdict.evidence["newest_known"] == "5.4.8"
    (verdict,) = judge("software.cms-outdated", page(generator("Drupal 7"), at=_day("cms")))
    assert verdict.evidence["ended"] == "2025-01-05"


def test_old_data_still_accuse_but_no_longer_acquit() -> None:
    late = _day("cms", LONGEST_DAYS["cms"] + 1)
    assert judge_one("software.cms-outdated", page(generator("Drupal 7"), at=late)) is Outcome.FAIL
    (verdict,) = judge("software.cms-outdated", page(generator("NukeViet v4.5.06"), at=late))
    assert verdict.result is Outcome.INCONCLUSIVE
    assert verdict.reason is not None
    assert verdict.reason.code == "data-too-old"


def test_one_mark_is_not_enough_and_two_are() -> None:
    one = '<link rel="stylesheet" href="/wp-content/themes/x/style.css">'
    (verdict,) = judge("software.cms-outdated", page(one))
    assert verdict.reason == Reason(code="software-cms-unsure", params={"name": "WordPress"})
    two = one + '<link rel="https://api.w.org/" href="/wp-json/">'
    (verdict,) = judge("software.cms-outdated", page(two))
    assert verdict.reason == Reason(code="software-version-hidden", params={"name": "WordPress"})


def test_the_version_of_wordpress_is_read_from_its_own_styles_not_from_jquery() -> None:
    body = (
        '<link rel="stylesheet" href="/wp-includes/css/dist/block-library/style.min.css?ver=6.4.2">'
        '<script src="/wp-includes/js/jquery/jquery.min.js?ver=3.7.1"></script><link href="https://api.w.org/">'
    )
    (verdict,) = judge("software.cms-version", page(body))
    assert (verdict.evidence["version"], verdict.evidence["certainty"]) == ("6.4.2", "likely")


@pytest.mark.parametrize("check", ["cms-version", "cms-outdated", "js-vulnerable", "server-eol"])
def test_nothing_seen_is_inconclusive(check: str) -> None:
    assert judge_one(f"software.{check}", make_view([])) is Outcome.INCONCLUSIVE


# --- scripts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "place", "cve"),
    [
        ("/js/jquery-1.12.4.min.js", "jQuery", "CVE-2020-11022"),
        ("https://ajax.googleapis.com/ajax/libs/jquery/2.1.4/jquery.min.js", "jQuery", "CVE-2019-11358"),
        ("https://code.jquery.com/jquery-3.4.1.min.js", "jQuery", "CVE-2020-11023"),
        ("https://cdn.example/npm/jquery@3.3.1/dist/jquery.min.js", "jQuery", "CVE-2019-11358"),
        ("/lib/bootstrap/3.3.7/js/bootstrap.min.js", "Bootstrap", "CVE-2019-8331"),
        ("/js/angular-1.6.0.min.js", "AngularJS", "CVE-2019-10768"),
        ("/lodash@4.17.15/lodash.min.js", "Lodash", "CVE-2021-23337"),
        ("/moment/2.18.1/moment.min.js", "Moment.js", "CVE-2022-24785"),
        ("/moment/2.30.1/moment.min.js", "Moment.js", "CVE-2026-17495"),
        ("/lib/bootstrap/3.4.1/js/bootstrap.min.js", "Bootstrap", "CVE-2024-6485"),
        ("/handlebars/4.7.8/handlebars.min.js", "Handlebars", "CVE-2026-33937"),
        ("/underscore/1.13.7/underscore-min.js", "Underscore.js", "CVE-2026-27601"),
        ("/ckeditor/4.9.2/ckeditor.js", "CKEditor 4", "CVE-2021-41164"),
        ("/tinymce/5.10.2/tinymce.min.js", "TinyMCE", "CVE-2022-23494"),
        ("/datatables/1.10.19/js/jquery.dataTables.min.js", "DataTables", "CVE-2021-23445"),
        ("/js/jquery-ui-1.12.1.min.js", "jQuery UI", "CVE-2021-41184"),
        ("/vue@2.6.14/dist/vue.min.js", "Vue.js", "CVE-2024-9506"),
    ],
)
def test_a_vulnerable_library_by_its_address(source: str, place: str, cve: str) -> None:
    (verdict,) = judge("software.js-vulnerable", page(f'<script src="{source}"></script>'))
    assert (verdict.result, verdict.place) == (Outcome.FAIL, place)
    assert cve in verdict.evidence["vulnerabilities"]  # type: ignore[operator]
    assert verdict.evidence["certainty"] == "likely"


@pytest.mark.parametrize(
    "source",
    [
        "/js/jquery-3.7.1.min.js",
        "/js/jquery-4.0.0.min.js",
        "/lib/bootstrap/5.3.3/js/bootstrap.bundle.min.js",
        "/js/jquery.fancybox-1.3.4.js",
        "/moment/2.31.0/moment.min.js",
        "/handlebars/4.7.9/handlebars.min.js",
        "/underscore/1.13.8/underscore-min.js",
        "/themes/default/js/main.js",
        "/js/my-jquery-helper-1.0.0.js",
    ],
)
def test_a_sound_or_unknown_script(source: str) -> None:
    assert judge_one("software.js-vulnerable", page(f'<script src="{source}"></script>')) is Outcome.PASS


@pytest.mark.parametrize(
    ("source", "absent"),
    [
        # Rejected by those who numbered it; never a weakness of Bootstrap.
        ("/lib/bootstrap/3.4.1/js/bootstrap.min.js", "CVE-2024-6484"),
        # Scrollspy of Bootstrap 3 does not have it.
        ("/lib/bootstrap/3.3.7/js/bootstrap.min.js", "CVE-2018-14041"),
        # Repaired in the older line as well.
        ("/handlebars/3.0.8/handlebars.min.js", "CVE-2019-19919"),
        ("/lodash/3.10.1/lodash.min.js", "CVE-2020-28500"),
    ],
)
def test_a_number_that_does_not_concern_the_version_is_not_named(source: str, absent: str) -> None:
    (verdict,) = judge("software.js-vulnerable", page(f'<script src="{source}"></script>'))
    assert verdict.result is Outcome.FAIL
    assert absent not in verdict.evidence["vulnerabilities"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("source", "repaired"),
    [
        # 3.4.2 was never released, and 4.0.0 has weaknesses of its own.
        ("/lib/bootstrap/3.4.1/js/bootstrap.min.js", "4.3.1"),
        ("/tinymce/5.10.2/tinymce.min.js", "7.9.3"),
        ("/moment/2.18.1/moment.min.js", "2.31.0"),
        ("/js/angular-1.6.0.min.js", None),
    ],
)
def test_the_version_named_as_repaired_has_no_known_weakness(source: str, repaired: str | None) -> None:
    (verdict,) = judge("software.js-vulnerable", page(f'<script src="{source}"></script>'))
    assert verdict.evidence.get("repaired_in") == repaired


def test_the_file_itself_goes_before_its_name() -> None:
    body = '<script src="/js/jquery-3.7.1.min.js"></script>'
    lying = script("https://xa.example/js/jquery-3.7.1.min.js", "/*! jQuery v1.8.3 jquery.com */")
    (verdict,) = judge("software.js-vulnerable", page(body, (), lying))
    assert (verdict.evidence["version"], verdict.evidence["certainty"]) == ("1.8.3", "stated")


def test_a_library_without_a_version_is_inconclusive() -> None:
    (verdict,) = judge("software.js-vulnerable", page('<script src="/js/jquery.min.js"></script>'))
    params = {"name": "jQuery", "url": "https://xa.example/js/jquery.min.js"}
    assert verdict.reason == Reason(code="software-script-unknown", params=params)


def test_two_copies_are_two_findings() -> None:
    body = '<script src="/a/jquery-1.8.3.js"></script><script src="/b/jquery-1.12.4.js"></script>'
    assert {v.place for v in judge("software.js-vulnerable", page(body))} == {"jQuery 1.8.3", "jQuery 1.12.4"}


def test_old_vulnerability_data() -> None:
    late = _day("vulnerable-js", LONGEST_DAYS["vulnerable-js"] + 1)
    bad, good = '<script src="/jquery-1.8.3.js"></script>', '<script src="/jquery-3.7.1.js"></script>'
    assert judge_one("software.js-vulnerable", page(bad, at=late)) is Outcome.FAIL
    (verdict,) = judge("software.js-vulnerable", page(good, at=late))
    assert verdict.reason is not None
    assert verdict.reason.code == "data-too-old"


# --- servers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "places"),
    [
        ([("Server", "nginx/1.16.0")], {"nginx"}),
        ([("Server", "Apache/2.2.15"), ("X-Powered-By", "PHP/5.3.3")], {"Apache HTTP Server", "PHP"}),
        ([("Server", "Microsoft-IIS/8.5"), ("X-AspNet-Version", "4.0.30319")], {"Microsoft IIS"}),
        ([("Server", "Apache/2.4.58 (Win64) OpenSSL/1.1.1w PHP/8.0.30")], {"OpenSSL", "PHP"}),
    ],
)
def test_past_its_end_of_life(headers: Headers, places: set[str]) -> None:
    verdicts = judge("software.server-eol", page("", headers, at=_day("eol")))
    assert {v.place for v in verdicts if v.result is Outcome.FAIL} == places


@pytest.mark.parametrize(
    ("headers", "distribution"),
    [
        ([("Server", "nginx/1.18.0 (Ubuntu)")], "Ubuntu"),
        ([("Server", "nginx/1.22.1")], "Debian 12"),
        ([("X-Powered-By", "PHP/7.4.3-4ubuntu2.18")], "ubuntu"),
        ([("X-Powered-By", "PHP/7.4.33-1+deb11u3")], "deb"),
        ([("Server", "Apache/2.2.15 (CentOS)")], "CentOS"),
    ],
)
def test_a_distribution_may_repair_it(headers: Headers, distribution: str) -> None:
    (verdict,) = judge("software.server-eol", page("", headers, at=_day("eol")))
    assert verdict.result is Outcome.INCONCLUSIVE
    assert verdict.reason is not None
    assert (verdict.reason.code, verdict.reason.params["distribution"]) == ("software-backports", distribution)


def test_a_package_of_a_distribution_that_ended_itself_is_no_excuse() -> None:
    at = datetime.fromisoformat("2028-07-01T00:00:00+00:00")
    assert judge_one("software.server-eol", page("", [("Server", "nginx/1.22.1")], at=at)) is Outcome.FAIL


def test_kept_up_hidden_and_unknown() -> None:
    at = _day("eol")
    assert judge_one("software.server-eol", page("", [("Server", "Apache/2.4.66")], at=at)) is Outcome.PASS
    (verdict,) = judge("software.server-eol", page("", [("Server", "nginx")], at=at))
    assert verdict.reason == Reason(code="software-server-hidden")
    (verdict,) = judge("software.server-eol", page("", [("Server", "nginx/7.1")], at=at))
    assert verdict.reason == Reason(code="software-version-unknown", params={"name": "nginx", "version": "7.1"})
    late = _day("eol", LONGEST_DAYS["eol"] + 1)
    (verdict,) = judge("software.server-eol", page("", [("Server", "Apache/2.4.66")], at=late))
    assert verdict.reason is not None
    assert verdict.reason.code == "data-too-old"


def test_an_error_page_betrays_a_version_that_the_header_hides() -> None:
    told = look("no-such-page", "/s1", 1, excerpt="<hr><center>nginx/1.16.0</center>")
    (verdict,) = judge("software.server-eol", page("", [("Server", "nginx")], told, at=_day("eol")))
    assert (verdict.result, verdict.evidence["version"]) == (Outcome.FAIL, "1.16.0")


def test_an_open_login_helps_to_recognise_the_system() -> None:
    seen = {"status": 200, "sniffed": "html", "title": "x", "body_sha256": "9" * 64,
            "excerpt": 'id="loginform"\nname="log"\nname="pwd"\nwp-submit'}  # fmt: skip
    view = exposure({"/wp-login.php": seen})
    (verdict,) = judge("software.cms-outdated", view)
    assert verdict.reason == Reason(code="software-cms-unsure", params={"name": "WordPress"})
