"""Draws the pages of the corpus: content from YAML in the shapes that real pages have."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
HOST = "https://xa.tinh.gov.vn"

Entry = dict[str, Any]

# A commune page's own furniture, with the words of law and order that stand in every menu.
_MENU = """<a class="skip" href="#main" style="position:absolute;left:-9999px">Tới nội dung</a>
<header id="dau"><h2>CỔNG THÔNG TIN ĐIỆN TỬ</h2></header>
<nav id="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/gioi-thieu">Giới thiệu</a></li>
<li><a href="/an-ninh-trat-tu">Công an xã - An ninh trật tự</a></li><li><a href="/van-ban">Nghị quyết, văn bản</a></li>
<li><a href="/thu-tuc">Thủ tục hành chính</a></li>
<li><a href="https://dichvucong.gov.vn">Dịch vụ công</a></li></ul></nav>
<div id="menu-dien-thoai" style="display:none"><a href="/gioi-thieu">Giới thiệu</a>
<a href="https://www.facebook.com/xa">Facebook</a><a href="https://baotinh.example.vn">Báo tỉnh</a></div>"""
_FOOT = """<footer id="chan"><p>Chịu trách nhiệm: Chủ tịch UBND xã. Điện thoại 0123 456 789.</p>
<a href="https://zalo.me/1">Zalo</a></footer>
<div class="modal" style="display:none"><p>Chia sẻ</p><a href="https://twitter.com/share">Twitter</a></div>"""
_HIDING = {
    "": ("<div>", "</div>"),
    "none": ('<div style="display:none">', "</div>"),
    "offscreen": ('<div style="position:absolute; left:-3000px; top:-2000px">', "</div>"),
    "fontzero": ('<p style="font-size:0">', "</p>"),
    "colour": ('<div style="background:#fff"><span style="color:#ffffff">', "</span></div>"),
    "marquee": ('<marquee width="1" height="1" scrollamount="5000">', "</marquee>"),
    "noscript": ("<noscript>", "</noscript>"),
    "cssclass": (
        '<style>.khoi .x1 {overflow:hidden;height:0}</style><div class="khoi"><div class="x1">',
        "</div></div>",
    ),
    "clipped": ('<span style="position:absolute;clip:rect(0, 0, 0, 0);width:1px">', "</span>"),
    "tiny": ('<div style="font-size:1px;line-height:0">', "</div>"),
}


def entries(name: str) -> list[Entry]:
    """Return the entries of one file of the corpus."""
    loaded: list[Entry] = YAML(typ="safe").load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def address(entry: Entry) -> str:
    """Return where the page stands."""
    return HOST + str(entry["path"])


def draw(entry: Entry) -> str:
    """Return the page as HTML."""
    shapes = {
        "doorway": _doorway, "amp": _amp, "scripted": _scripted, "table": _table, "portal": _portal,
        "article": _article, "list": _list, "listing": _listing, "minimal": _minimal, "lottery": _lottery,
    }  # fmt: skip
    return shapes[entry["shape"]](entry)


def _links(entry: Entry, separator: str = " ") -> str:
    both = [*entry.get("out", ()), *entry.get("own", ())]
    return separator.join(f'<a href="{escape(url)}">{escape(text)}</a>' for text, url in both)


def _block(entry: Entry, place: str) -> str:
    if entry.get("block", "footer") != place:
        return ""
    before, after = _HIDING[entry.get("hide", "")]
    return before + _links(entry) + after


def _paragraphs(entry: Entry) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in entry["text"])


def _heads(entry: Entry, tag: str = "h2") -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in entry["heads"])


def _head(entry: Entry, more: str = "") -> str:
    title = escape(entry["title"])
    return f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{more}</head>'


def _doorway(entry: Entry) -> str:
    about = escape(" ".join(entry["text"])[:150])
    return (
        _head(entry, f'<meta name="description" content="{about}"><link rel="canonical" href="{address(entry)}">')
        + f"<body><h1>{escape(entry['title'])}</h1>{_heads(entry)}{_paragraphs(entry)}"
        + f"<div class=btn>{_links(entry)}</div>"
        + "<p>Hỏi đáp thường gặp</p></body></html>"
    )


def _amp(entry: Entry) -> str:
    return (
        _head(
            entry, "<style amp-custom>.c{color:red}</style><script async src=https://cdn.ampproject.org/v0.js></script>"
        )
        + f"<body><amp-img src=a.png></amp-img><h1>{escape(entry['title'])}</h1><section>{_heads(entry, 'h3')}"
        + f"{_paragraphs(entry)}</section><center>{_links(entry, '<br>')}</center></body></html>"
    )


def _scripted(entry: Entry) -> str:
    return _head(entry, f"<script>{entry['script']}</script>") + f"<body>{_paragraphs(entry)}</body></html>"


def _table(entry: Entry) -> str:
    rows = "".join(f"<tr><td>{n}<td>{escape(text)}" for n, text in enumerate([*entry["heads"], *entry["text"]], 1))
    return f"<html><head><title>{escape(entry['title'])}</title><body bgcolor=white><table border=1>{rows}</table>" + (
        _block(entry, "footer") or _links(entry)
    )


def _portal(entry: Entry) -> str:
    return (
        _head(entry)
        + f"<body>{_MENU}{_block(entry, 'top')}<main id=main>{_heads(entry)}{_paragraphs(entry)}</main>"
        + f"<aside>Thời tiết 30 độ. {_block(entry, 'sidebar')}</aside>{_FOOT}{_block(entry, 'footer')}</body></html>"
    )


def _article(entry: Entry) -> str:
    return (
        _head(entry, f'<meta property="og:title" content="{escape(entry["title"])}">')
        + f"<body>{_MENU}<main id=main><article><h1>{escape(entry['title'])}</h1>{_heads(entry)}{_paragraphs(entry)}"
        + f"<p>Tin liên quan: {_links(entry, ' | ')}</p></article></main>{_FOOT}</body></html>"
    )


def _list(entry: Entry) -> str:
    both = [*entry.get("out", ()), *entry.get("own", ())]
    items = "".join(f'<li><h3><a href="{escape(url)}">{escape(text)}</a></h3></li>' for text, url in both)
    return (
        _head(entry)
        + f"<body>{_MENU}<main>{_heads(entry)}{_paragraphs(entry)}<ul>{items}</ul></main>{_FOOT}</body></html>"
    )


def _listing(entry: Entry) -> str:
    rows = "".join(f'<a href="{url}">{text}</a>   12-May-2026 08:00   4096\n' for text, url in entry["own"])
    title = entry["title"]
    body = f'<h1>{title}</h1><hr><pre><a href="../">../</a>\n{rows}</pre><hr>'
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def _minimal(entry: Entry) -> str:
    return f"<title>{escape(entry['title'])}</title>{_paragraphs(entry)}{_links(entry)}"


def _lottery(entry: Entry) -> str:
    cells = "".join(f"<tr><th>{escape(part)}</th></tr>" for text in entry["text"] for part in text.split(". "))
    return (
        _head(entry)
        + f"<body>{_MENU}{_heads(entry, 'h1')}<table class=kqxs>{cells}</table>{_links(entry)}{_FOOT}</body></html>"
    )
