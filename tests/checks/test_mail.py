"""SPF and DMARC: the parsers by RFC, and the rules on constructed answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.checks.dmarc import dmarc_records, organisational_domain, parse_dmarc
from secaudit.checks.spf import parse_policy, policies_in, read_spf
from secaudit.model.base import Reason
from secaudit.model.words import Outcome
from tests.checks.judging import judge, judge_one
from tests.checks.names import DOWN, HOST, ZONE, Answers, named, names_view

PASS, FAIL, OPEN, NONE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE


def result(check: str, changes: Answers) -> Outcome:
    return judge_one(f"mail.{check}", names_view(named(changes)))


# --- SPF -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1",
        "V=SPF1 -ALL",
        "v=spf1  mx   -all ",
        "v=spf1 a:thu.hue.gov.vn/24//64 mx/32 a//128 ptr ptr:hue.gov.vn ~all",
        "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::1 ip6:2001:db8::/32 -all",
        "v=spf1 exists:%{ir}.%{v}._spf.%{d2} include:%{d} redirect=_spf.%{d}",
        "v=spf1 +include:spf.vn. exp=giai-thich.hue.gov.vn la=gi-cung-duoc -all",
    ],
)
def test_what_rfc_7208_allows_has_no_errors(text: str) -> None:
    assert policies_in([text]) == [text]
    assert parse_policy(text).errors == ()


@pytest.mark.parametrize(
    "term",
    [
        "ip4:192.0.2.400", "ip4:192.0.2.0/33", "ip4:192.0.2.0/024", "ip4", "ip4:", "ip4:2001:db8::1", "ip6:192.0.2.1",
        "ip6:2001:db8::/129", "ip6:fe80::1%eth0", "all:x.vn", "all/8", "include", "include:", "include:localhost",
        "exists", "a:/24", "a:x.vn/33", "mx//129", "a:x.vn/", "ptr:", "unknown:x.vn", "--all", "=x.vn", "redirect=",
        "redirect=localhost", "include:x.123", "include:%{z", "include:x%y.vn", "exp=", "mx:\u00e1.vn", "-",
        "ip4:1.2.3.4,",
    ],
)  # fmt: skip
def test_what_rfc_7208_does_not_allow_is_named(term: str) -> None:
    assert parse_policy(f"v=spf1 {term} -all").errors == (term,)


def test_a_modifier_may_stand_once() -> None:
    assert parse_policy("v=spf1 redirect=a.vn redirect=b.vn").errors == ("redirect=b.vn",)


def test_only_whole_versions_are_policies() -> None:
    assert policies_in(["v=spf10 -all", "v=spf1-all", " v=spf1 -all", "spf1", "v=spf1\t-all"]) == []


@given(st.text(max_size=200))
def test_the_spf_parser_never_raises_and_loses_no_term(text: str) -> None:
    policy = parse_policy("v=spf1 " + text)
    terms = [term for term in text.split(" ") if term]
    assert len(policy.mechanisms) + len(policy.errors) <= len(terms)
    assert set(policy.errors) <= set(terms)


WORDS = st.sampled_from(
    ["a", "mx", "ptr", "all", "include", "ip4", "ip6", "exists", "redirect", "exp", ":", "/", "//", "=", "+", "-", "~",
     "?", " ", "%{d}", "%", "x.vn", "1.2.3.4", "::1", "24", "129", "."]
)  # fmt: skip


@given(st.lists(WORDS, max_size=30).map("".join))
def test_near_misses_never_raise_and_are_read_the_same_twice(text: str) -> None:
    reading = read_spf("x.vn", lambda _: ["v=spf1 " + text])
    assert reading == read_spf("x.vn", lambda _: ["v=spf1 " + text])
    policy = parse_policy("v=spf1 " + text)
    if policy.errors:
        codes = {weakness.code for weakness in reading.weaknesses}
        assert codes & {"syntax", "loop"}


def weaknesses(table: dict[str, list[str] | Reason], domain: str = "x.vn") -> list[str]:
    return [one.code for one in read_spf(domain, lambda name: table.get(name, [])).weaknesses]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("-all", []),
        ("~all", []),
        ("mx -all +all", []),
        ("redirect=good.vn", []),
        ("include:good.vn -all", []),
        ("include:open.vn -all", ["allows-everyone"]),
        ("include:neutral.vn -all", []),
        ("-include:good.vn ~all", []),
        ("include:%{d} -all", []),
        ("+all", ["allows-everyone"]),
        ("all", ["allows-everyone"]),
        ("?all", ["says-nothing"]),
        ("", ["no-end"]),
        ("mx", ["no-end"]),
        ("redirect=neutral.vn", ["says-nothing"]),
        ("redirect=open.vn", ["allows-everyone"]),
        ("redirect=none.vn", ["policy-not-found"]),
        ("include:none.vn -all", ["policy-not-found"]),
        ("include:two.vn -all", ["several-policies"]),
        ("include:bad.vn -all", ["syntax"]),
        ("ip4:0.0.0.0/0 -all", ["wide-range"]),
        ("ip4:113.0.0.0/8 -all", []),
        ("-ip4:0.0.0.0/0 -all", []),
        ("ip6:2000::/3 -all", ["wide-range"]),
        ("mx/4 -all", ["wide-range"]),
        ("include:x.vn -all", ["loop"]),
        ("include:ring.vn -all", ["loop"]),
        ("-all redirect=open.vn", []),
        ("mx -all loi:", ["syntax"]),
    ],
)
def test_what_a_policy_comes_to(policy: str, expected: list[str]) -> None:
    table: dict[str, list[str] | Reason] = {
        "x.vn": [f"v=spf1 {policy}", "google-site-verification=abc"],
        "good.vn": ["v=spf1 ip4:192.0.2.0/24 -all"],
        "open.vn": ["v=spf1 +all"],
        "neutral.vn": ["v=spf1 ?all"],
        "two.vn": ["v=spf1 -all", "v=spf1 mx -all"],
        "bad.vn": ["v=spf1 ip4:x -all"],
        "ring.vn": ["v=spf1 include:ring2.vn -all"],
        "ring2.vn": ["v=spf1 include:ring.vn -all"],
    }
    assert weaknesses(table) == expected


def test_lookups_are_counted_through_includes_and_redirects() -> None:
    table: dict[str, list[str] | Reason] = {
        "x.vn": ["v=spf1 a mx ptr exists:e.vn ip4:192.0.2.1 include:y.vn redirect=z.vn"],
        "y.vn": ["v=spf1 a mx -all"],
        "z.vn": ["v=spf1 mx -all"],
    }
    assert read_spf("x.vn", lambda name: table[name]).lookups == 9
    table["z.vn"] = ["v=spf1 mx a:b.vn -all"]
    assert weaknesses(table) == []
    table["z.vn"] = ["v=spf1 mx a:b.vn a:c.vn -all"]
    assert weaknesses(table) == ["too-many-lookups"]


def test_a_maze_of_includes_ends() -> None:
    names = [f"n{n}.vn" for n in range(30)]
    text = "v=spf1 " + " ".join(f"include:{name}" for name in names) + " -all"
    reading = read_spf("n0.vn", lambda _: [text])
    assert reading.lookups < 5000
    assert "too-many-lookups" in {one.code for one in reading.weaknesses}


@pytest.mark.parametrize(
    ("texts", "missing", "permissive"),
    [
        (["v=spf1 mx -all"], PASS, PASS),
        (["abc", "v=spf1 ~all"], PASS, PASS),
        ([], FAIL, NONE),
        (None, FAIL, NONE),
        (["spf1 -all", "v=spf2.0/pra -all"], FAIL, NONE),
        (["v=spf1 +all"], PASS, FAIL),
        (["v=spf1 -all", "V=SPF1 mx -all"], PASS, FAIL),
        (["v=spf1 include:down.vn -all"], PASS, OPEN),
        (["v=spf1 include:unasked.vn -all"], PASS, OPEN),
        # What was seen is enough to fail, whatever the unseen part says.
        (["v=spf1 include:down.vn +all"], PASS, FAIL),
        (DOWN, OPEN, OPEN),
    ],
)
def test_the_rules_over_spf(texts: list[str] | Reason | None, missing: Outcome, permissive: Outcome) -> None:
    changes: Answers = {f"{HOST} TXT": texts, "down.vn TXT": DOWN}
    assert result("spf-missing", changes) is missing
    assert result("spf-permissive", changes) is permissive


def test_the_evidence_of_a_weak_policy_names_the_reason_and_the_count() -> None:
    [verdict] = judge("mail.spf-permissive", names_view(named({f"{HOST} TXT": ["v=spf1 a mx ?all"]})))
    assert verdict.evidence["why"] == [{"code": "says-nothing", "domain": HOST, "detail": "?all"}]
    assert verdict.evidence["lookups"] == 2


# --- DMARC -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "policy", "subdomains", "percent"),
    [
        ("v=DMARC1; p=reject", "reject", "reject", 100),
        ("v=DMARC1;p=quarantine;sp=none;pct=20", "quarantine", "none", 20),
        ("v = DMARC1 ; P = Reject ;", "reject", "reject", 100),
        ("v=DMARC1; p=none; pct=abc; adkim=x; nonsense; fo=1", "none", "none", 100),
        ("v=DMARC1; p=reject; pct=999", "reject", "reject", 100),
        ("v=DMARC1; rua=mailto:a@b.vn", "none", "none", 100),
        ("v=DMARC1; p=block; rua=mailto:a@b.vn", "none", "none", 100),
        ("v=DMARC1; p=reject; sp=block; rua=mailto:a@b.vn", "none", "none", 100),
        ("v=DMARC1; p=reject; p=none", "reject", "reject", 100),
    ],
)
def test_what_a_dmarc_record_says(text: str, policy: str, subdomains: str, percent: int) -> None:
    assert dmarc_records([text]) == [text]
    read = parse_dmarc(text)
    assert read is not None
    assert (read.policy, read.subdomains, read.percent) == (policy, subdomains, percent)


@pytest.mark.parametrize("text", ["v=DMARC1", "v=DMARC1;", "v=DMARC1; p=", "v=DMARC1; p=block", "v=DMARC1; rua=nobody"])
def test_a_record_without_policy_and_reports_is_void(text: str) -> None:
    assert dmarc_records([text]) == [text]
    assert parse_dmarc(text) is None


def test_what_is_no_dmarc_record() -> None:
    assert dmarc_records(["v=dmarc1; p=reject", "p=reject; v=DMARC1", "v=DMARC10; p=reject", "v=spf1 -all", ""]) == []


@given(st.text(max_size=200))
def test_the_dmarc_parser_never_raises(text: str) -> None:
    read = parse_dmarc("v=DMARC1;" + text)
    assert read is None or (read.policy in ("none", "quarantine", "reject") and 0 <= read.percent <= 100)


@given(
    st.sampled_from(["none", "quarantine", "reject"]),
    st.sampled_from(["none", "quarantine", "reject"]),
    st.integers(0, 100),
)
def test_a_written_policy_is_read_back(policy: str, subdomains: str, percent: int) -> None:
    read = parse_dmarc(f"v=DMARC1; p={policy}; sp={subdomains}; pct={percent}")
    assert read is not None
    assert (read.policy, read.subdomains, read.percent) == (policy, subdomains, percent)
    assert (read.in_force(inherited=False) == "none") is (policy == "none" or (policy == "quarantine" and percent == 0))


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("xa.hue.gov.vn", "hue.gov.vn"),
        ("a.b.c.hue.gov.vn", "hue.gov.vn"),
        ("hue.gov.vn", "hue.gov.vn"),
        ("gov.vn", "gov.vn"),
        ("www.xa.com.vn", "xa.com.vn"),
        ("xa.hue.vn", "hue.vn"),
        ("may.khong-co-duoi", "may.khong-co-duoi"),
        ("a.may.khong-co-duoi", "may.khong-co-duoi"),
    ],
)
def test_the_registered_domain(name: str, domain: str) -> None:
    assert organisational_domain(name) == domain


@pytest.mark.parametrize(
    ("own", "parent", "missing", "none"),
    [
        (None, ["v=DMARC1; p=reject"], PASS, PASS),
        (None, ["v=DMARC1; p=reject; sp=none"], PASS, FAIL),
        (None, ["v=DMARC1; p=none; sp=reject"], PASS, PASS),
        (["v=DMARC1; p=none"], ["v=DMARC1; p=reject"], PASS, FAIL),
        # The domain's own record speaks of itself by p, whatever its sp.
        (["v=DMARC1; p=reject; sp=none"], None, PASS, PASS),
        (["v=DMARC1; p=quarantine; pct=0"], None, PASS, FAIL),
        (["v=DMARC1; p=reject; pct=0"], None, PASS, PASS),
        (None, None, FAIL, NONE),
        (["v=spf1 -all"], [], FAIL, NONE),
        (None, ["v=DMARC1; p=reject", "v=DMARC1; p=none"], FAIL, NONE),
        (["v=DMARC1; p=block"], ["v=DMARC1; p=reject"], FAIL, NONE),
        (DOWN, ["v=DMARC1; p=reject"], OPEN, OPEN),
        (None, DOWN, OPEN, OPEN),
    ],
)
def test_the_policy_that_holds(
    own: list[str] | Reason | None, parent: list[str] | Reason | None, missing: Outcome, none: Outcome
) -> None:
    changes: Answers = {f"_dmarc.{HOST} TXT": own, f"_dmarc.{ZONE} TXT": parent}
    assert result("dmarc-missing", changes) is missing
    assert result("dmarc-none", changes) is none


@pytest.mark.parametrize("check", ["spf-missing", "spf-permissive", "dmarc-missing", "dmarc-none"])
def test_nothing_seen_is_inconclusive(check: str) -> None:
    assert judge_one(f"mail.{check}", names_view()) is OPEN
