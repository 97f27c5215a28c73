"""The DNS of the lab: a root, `vn` and `gov.vn`, and provinces below it, each with its known truth.

The names are made up and exist on loopback only. A province's truth is the exact set of failing `dns` and `mail`
checks of the commune's page at `xa.<province>`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.servers.knot import Zone

_GLUE = "ns1 A 127.0.0.1\nns2 A 127.0.0.2\n"
_TWO = f"@ NS ns1\n@ NS ns2\n{_GLUE}"
_ONE = "@ NS ns1\nns1 A 127.0.0.1\n"
_CAA = '@ CAA 0 issue "letsencrypt.org"\n'
_ADDRESSES = "xa A 127.0.0.1\nxa AAAA 2001:dc8::80\n"
_SPF = '@ TXT "v=spf1 mx -all"\nxa TXT "v=spf1 -all"\n'
_DMARC = '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.vn"\n'
_GOOD = _TWO + _CAA + _ADDRESSES + "www.xa CNAME xa\n" + _SPF + _DMARC + "@ MX 10 ns1\n"


@dataclass(frozen=True)
class Province:
    """One zone below `gov.vn` and what is wrong with the page `xa` in it."""

    zone: Zone
    failing: frozenset[str]

    @property
    def host(self) -> str:
        return f"xa.{self.zone.name}"


def _province(name: str, records: str, failing: str = "", **how: object) -> Province:
    apex = name if name.endswith(".vn") else f"{name}.gov.vn"
    return Province(Zone(apex, records, **how), frozenset(failing.split()))  # type: ignore[arg-type]


def _mail(name: str, spf: str, dmarc: str, failing: str = "", extra: str = "") -> Province:
    """Return a province that is good but for its mail policies, given as whole TXT strings of `xa` and `_dmarc`."""
    texts = "".join(f'xa TXT "{one}"\n' for one in spf.splitlines())
    policy = f'_dmarc TXT "{dmarc}"\n' if dmarc else ""
    return _province(name, _TWO + _CAA + _ADDRESSES + texts + policy + extra, failing)


_MANY = " ".join(f"include:s{n}" + ".nhieu.gov.vn" for n in range(6))
PROVINCES = (
    _province("tot", _GOOD),
    _province("tot3", _GOOD, denial="opt-out"),
    # Below names without records of their own, which only NSEC or NSEC3 tells from delegations. RFC 7489 looks for
    # a policy at the page's name and at the registered domain, not at the zones between them.
    _province("phu.huyen", _GOOD, "mail.dmarc-missing"),
    _province("phu.rong.vn", _GOOD, "mail.dmarc-missing"),
    _province(
        "tran",
        _ONE + "xa A 127.0.0.1\nmail.xa CNAME gone.tran.gov.vn.\n",
        "dns.no-caa dns.no-dnssec dns.single-nameserver dns.zone-transfer dns.no-ipv6 dns.dangling-cname"
        " mail.spf-missing mail.dmarc-missing",
        signed="no",
        ds="none",
        transfer=True,
    ),
    _province("khongky", _GOOD, "dns.no-dnssec", signed="no", ds="none"),
    _province("dskhac", _GOOD, "dns.no-dnssec", ds="wrong"),
    _province("hethan", _GOOD, "dns.no-dnssec", signed="expired"),
    _province("kynua", _GOOD, "dns.no-dnssec", signed="yes", ds="none"),
    _province("matky", _GOOD, "dns.no-dnssec", signed="no", ds="right"),
    _province("chuyen", _GOOD, "dns.zone-transfer", transfer=True),
    _province("caarong", _GOOD.replace("issue", "iodef").replace("letsencrypt.org", "mailto:a@b.vn"), "dns.no-caa"),
    _province("motmay", _GOOD.replace("127.0.0.2", "127.0.0.1"), "dns.single-nameserver"),
    _province("chet", _GOOD + "webmail.xa CNAME office.nowhere.vn.\n", "dns.dangling-cname"),
    _mail("congall", "v=spf1 +all", "v=DMARC1; p=none", "mail.spf-permissive mail.dmarc-none"),
    _mail("hoiall", "v=spf1 mx ?all", "v=DMARC1; p=reject; sp=none", "mail.spf-permissive mail.dmarc-none"),
    _mail("haispf", "v=spf1 -all\nv=spf1 mx -all", "v=DMARC1; p=quarantine", "mail.spf-permissive"),
    _mail("loispf", "v=spf1 ip4:1.2.3.400 -all", "v=DMARC1;p=quarantine;pct=0", "mail.spf-permissive mail.dmarc-none"),
    _mail("mem", "v=spf1 mx ~all", "v=DMARC1; p=quarantine", extra="@ MX 0 .\n"),
    _mail("khongdmarc", "v=spf1 -all", "v=dmarc1; p=reject", "mail.dmarc-missing"),
    _mail("chuyenspf", "v=spf1 redirect=_spf.chuyenspf.gov.vn", "v=DMARC1; p=reject",
          extra='_spf TXT "v=spf1 ip4:192.0.2.0/24 -all"\n'),
    _mail("nhieu", f"v=spf1 {_MANY} -all", "v=DMARC1; p=reject", "mail.spf-permissive",
          extra="".join(f's{n} TXT "v=spf1 a mx -all"\n' for n in range(6))),
)  # fmt: skip


def _delegations(parent: str) -> str:
    """Return the records that hand the provinces below `parent` over to their own nameservers."""
    below = [p.zone.name for p in PROVINCES if p.zone.name.endswith(".gov.vn") == (parent == "gov.vn")]
    return "".join(f"{name}. NS ns1.{name}.\nns1.{name}. A 127.0.0.1\n" for name in below)


ZONES = (
    Zone(".", "@ NS ns1.nic.vn.\n"),
    Zone("vn", "@ NS ns1.nic\nns1.nic A 127.0.0.1\n" + _delegations("vn"), denial="opt-out"),
    Zone("gov.vn", "@ NS ns1.nic.vn.\n" + _delegations("gov.vn")),
    *(province.zone for province in PROVINCES),
)
"""Parents before children."""
