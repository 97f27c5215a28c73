from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from secaudit.model.requirement import Checklist
from secaudit.model.words import ProbeStatus, ScanStatus
from secaudit.report.build import build_report
from secaudit.report.html import css_string, prepare, render_html, shipped_templates, template_environment, web_address
from secaudit.report.labels import EVIDENCE, LABELS
from tests.report.sample import assessment, empty_profile, findings, sample_inputs
from tests.report.sample_rows import NOTICE
from tests.report.tree import read_html

BOTH = pytest.mark.parametrize("language", ["vi", "en"])


@BOTH
@pytest.mark.parametrize("answered", [False, True])
def test_the_document_is_well_formed_and_accessible(page, answered: bool, language: str):
    tree = page(answered, language)
    (html,) = tree.all("html")
    assert html.attributes["lang"] == language
    ids = [element.attributes["id"] for element in tree.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in tree.all("a"):
        href = link.attributes["href"]
        assert href.startswith("https://") or href[1:] in ids, href
    for element in tree.walk():
        for target in element.attributes.get("aria-labelledby", "").split():
            assert target in ids
    assert len(tree.all("main")) == len(tree.all("h1")) == len(tree.all("nav")) == 1
    assert tree.all("a")[0].attributes == {"class": "skip", "href": "#main"}
    for table in tree.all("table"):
        assert table.children[0].tag == "caption" and table.children[0].words
        assert all("scope" in cell.attributes for cell in table.all("th"))
    for drawing in tree.all("svg"):
        named = drawing.attributes.get("role") == "img" and drawing.children[0].tag == "title"
        assert named or drawing.attributes.get("aria-hidden") == "true"


@BOTH
def test_headings_never_skip_a_level(page, language: str):
    levels = [int(h.tag[1]) for h in page(True, language).all("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@BOTH
def test_nothing_is_asked_of_anywhere_and_nothing_runs(page, language: str):
    tree = page(True, language)
    assert not tree.all("script", "link", "iframe", "object", "embed", "form", "base", "img")
    for element in tree.walk():
        assert not [name for name in element.attributes if name.startswith("on") or name in ("src", "srcset", "style")]
    (style,) = tree.all("style")
    assert "url(" not in style.text and "@import" not in style.text
    policy = next(m for m in tree.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.attributes["content"].startswith("default-src 'none';")


def test_without_answers_the_figure_is_no_verdict(page):
    summary = page(False, "vi").by_id("summary").words
    assert "Nhìn từ bên ngoài đã thấy 15 lỗi. Còn 17 yêu cầu chưa ai trả lời." in summary
    assert "không phải là kết luận không đạt, cũng không phải là kết luận an toàn" in summary
    assert "From outside, 15 faults were seen." in page(False, "en").by_id("summary").words
    assert "neither a verdict of failure nor one of safety" in page(False, "en").by_id("summary").words


def test_both_figures_stand_together(page):
    for language, strict, progress in (("vi", "40%", "43,3%"), ("en", "40%", "43.3%")):
        summary = page(True, language).by_id("summary")
        amounts = [e.words for e in summary.walk() if e.attributes.get("class") == "amount"]
        assert amounts == [strict, progress, "100%"]


def test_words_of_the_contract(page):
    words = page(True, "vi").words
    for word in (
        "Đạt", "Một phần", "Chưa đạt", "Không áp dụng", "Chưa đánh giá", "Mâu thuẫn với kết quả dò quét",
        "Quá hạn bằng chứng", "Chưa kết luận được",
    ):  # fmt: skip
        assert word in words
    assert "22/11/2026" in words and "UTC+7" in words


def test_every_finding_says_what_to_do_and_what_to_ask(page, model):
    tree = page(True, "vi")
    for finding in model(True).findings:
        article = tree.by_id(f"f-{finding.code}").words
        for text in (finding.title, finding.explanation, finding.risk, finding.remediation):
            assert " ".join(text.vi.split()) in article
        assert finding.fixes["provider"].text.vi in article
        for ref in finding.requirements:
            assert ref.clause in article and ref.text.vi in article
    fixes = {detail.all("summary")[0].words: detail for detail in tree.by_id("findings").all("details")}
    nginx = next(detail for words, detail in fixes.items() if words.startswith("Trên nginx"))
    assert "open" in nginx.attributes, "the server that was seen is shown unfolded"


def test_every_requirement_stands_in_the_table_once(page, model):
    tree = page(True, "vi").by_id("requirements")
    rows = [row for group in model(True).lists[0].groups for row in group.rows]
    for row in rows:
        assert sum(row.text.vi in cell.text for cell in tree.all("td")) == 1
    words = tree.words
    assert "Gợi ý của văn bản nguồn, không tính" in words
    assert "Để riêng theo hồ sơ áp dụng: Mạng không dùng DHCP." in words
    assert "Quá hạn từ ngày 15/07/2026" in words
    assert "Chỉ để tham khảo" in words


@BOTH
def test_the_notice_stands_with_requirement_texts(page, language: str):
    notice = NOTICE.in_language(language)
    tree = page(True, language)
    assert notice in tree.by_id("findings").words
    assert notice in tree.by_id("requirements").words
    assert notice in tree.all("footer")[0].words


@BOTH
def test_sample_and_draft_are_marked(page, render, language: str):
    assert "MẪU / SAMPLE" in page(False, language).words
    draft = render(build_report(empty_profile(sample_inputs(answered=False))), language)
    tree = read_html(draft)
    assert "MẪU / SAMPLE" not in tree.words
    assert {"vi": "BẢN NHÁP", "en": "DRAFT"}[language] in tree.words
    assert {"vi": "tên đơn vị; địa danh; người liên hệ", "en": "name of the office; place"}[language] in tree.words


def test_permission_is_told(page, render):
    scope = page(True, "vi").by_id("scope").words
    assert "Chủ tịch UBND xã Mẫu" in scope and "Công văn số 15/UBND-VP ngày 02/11/2026" in scope
    inputs = sample_inputs(answered=False)
    for authorisation, said in (("loopback", "địa chỉ loopback"), ("A-gone", "Không có bản ghi cho phép kiểm tra")):
        scan = inputs.scan.model_copy(update={"authorisation": authorisation})
        document = render(build_report(replace(inputs, scan=scan, authorisations=[])), "vi")
        assert said in read_html(document).by_id("scope").words


def test_what_failed_is_said_on_the_first_page(render):
    inputs = sample_inputs(answered=False)
    fault = inputs.scan.runs[2].notes[0]
    runs = (
        inputs.scan.runs[0].model_copy(update={"status": ProbeStatus.FAILED, "fault": fault}),
        inputs.scan.runs[1].model_copy(update={"status": ProbeStatus.SKIPPED}),
    )
    scan = inputs.scan.model_copy(update={"runs": runs, "status": ScanStatus.INCOMPLETE, "observations": ()})
    tree = read_html(render(build_report(replace(inputs, scan=scan)), "vi"))
    summary = tree.by_id("summary").words
    assert "Không thực hiện được Trang web: chuyển hướng, tiêu đề HTTP, cookie: Máy này chưa cài nmap." in summary
    assert "Không chạy Mã hóa (TLS) và chứng thư số" in summary
    assert "Lần quét chưa đầy đủ." in summary
    observed = tree.by_id("observed").words
    for sentence in ("Chưa dò cổng.", "Không thấy chứng thư số nào.", "Chưa kiểm tra TLS."):
        assert sentence in observed


def test_nothing_found_and_nothing_judged_can_be_written(render):
    inputs = sample_inputs(answered=False)
    bare = replace(inputs, outcomes=[], findings=[], assessments=[], checklists=[], priorities=(), deadlines=[])
    for language in ("vi", "en"):
        tree = read_html(render(build_report(bare), language))
        assert tree.by_id("findings").words
    assert "chưa có tỷ lệ" in read_html(render(build_report(bare), "vi")).by_id("summary").words


def test_duties_have_figures_of_their_own(render):
    inputs = sample_inputs(answered=True)
    duties = inputs.checklists[1].model_copy(update={"role": "duties", "id": "decree"})
    judged = list(inputs.outcomes)
    assessments = [inputs.assessments[0], assessment(duties, judged, {})]
    report = build_report(replace(inputs, checklists=[inputs.checklists[0], duties], assessments=assessments))
    assert report.standing.applicable == 15
    tree = read_html(render(report, "vi"))
    assert "đạt đầy đủ 0/2 (0%), tiến độ 0%" in tree.by_id("summary").words
    assert "Nghĩa vụ ngoài tiêu chuẩn" in tree.by_id("requirements").words


@BOTH
def test_every_vietnamese_word_is_there(page, language: str):
    """A label that slipped through untranslated would show its English words in the Vietnamese page."""
    words = page(True, "vi").words
    if language == "vi":
        for table in ("state", "severity", "probe", "responsible", "method"):
            for english in LABELS[table].values():
                if english not in {"nmap"}:
                    assert f" {english} " not in f" {words} ", english
    assert EVIDENCE["suites"] in page(True, "en").words


def test_words_before_print_only_speak_css():
    assert css_string('a"</style>\\') == '"a\\22 \\3c \\2f style\\3e \\5c "'
    assert css_string("Xã") == '"X\\e3 "'


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://www.rfc-editor.org/rfc/rfc8996#section-2", True),
        ("http://example.org/", True),
        ("javascript:alert(1)", False),
        ("https://x/ onclick=1", False),
        ('https://x/"onclick', False),
        ("https://x/\u202e", False),
        ("//example.org", False),
    ],
)
def test_only_plain_web_addresses_become_links(address: str, link: bool):
    assert (web_address(address) is not None) == link


def test_two_hundred_rows_and_sixty_findings_take_less_than_a_second(render):
    inputs = sample_inputs(answered=True)
    main = inputs.checklists[0]
    rows = [
        row.model_copy(update={"id": f"{row.id}-{copy}", "contradicted_by": row.contradicted_by})
        for copy in range(11)
        for row in main.requirements
    ]
    big: Checklist = main.model_copy(update={"requirements": tuple(rows)})
    outcomes = [
        outcome.model_copy(update={"target": f"{outcome.target}-{copy}"})
        for copy in range(4)
        for outcome in inputs.outcomes
    ]
    inputs = replace(
        inputs, checklists=[big], outcomes=outcomes, findings=findings(outcomes),
        assessments=[assessment(big, outcomes, {})],
    )  # fmt: skip
    assert len(rows) >= 200 and len(inputs.findings) == 60
    begin = time.perf_counter()
    document = render(build_report(inputs), "vi")
    assert time.perf_counter() - begin < 1
    assert len(re.findall(r"<article", document)) == 60


def test_preparing_compiles_every_template_that_the_report_fills_and_no_other():
    template_environment.cache_clear()
    prepare()
    environment = template_environment(shipped_templates())
    compiled = {key[1] for key in environment.cache}
    document = build_report(sample_inputs(answered=True))
    render_html(document, "vi")
    assert {key[1] for key in environment.cache} == compiled
    assert "combined.html.j2" in compiled
    assert "annual.html.j2" not in compiled
