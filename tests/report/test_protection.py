"""The draft of the protection plan: seven parts, nothing invented, everything that is missing named."""

from __future__ import annotations

from typing import Any

from secaudit.model.organisation import Organisation, System
from secaudit.report.protection.build import build_protection
from secaudit.report.protection.facts import PARTS, ProtectionFile
from secaudit.report.protection.words import missing_words, protection_words
from tests.report.protection_sample import protection_inputs
from tests.report.sample import PHRASES


def words(**more: Any) -> dict[str, Any]:
    return protection_words(build_protection(protection_inputs(**more)), PHRASES.render)


def test_the_seven_parts_of_the_decree_stand_in_its_order() -> None:
    parts = words()["parts"]
    assert [part["article"][-6:] for part in parts] == [f"29.2.{letter}" for letter in PARTS]
    assert [part["title"] for part in parts][::6] == [
        "Phần thiết kế, xây dựng của phương án", "Phần kết thúc vận hành của phương án",
    ]  # fmt: skip


def test_rows_stand_in_every_part_that_they_feed_with_measure_and_evidence() -> None:
    parts = {part["number"]: part for part in words()["parts"]}
    assert [line["clause"] for line in parts["4"]["measures"]] == ["5.1.2.1 b", "5.1.2.2 c"]
    assert [line["clause"] for line in parts["3"]["measures"]] == ["5.1.2.2 c"]
    partial = parts["3"]["measures"][0]
    assert partial["state"] == "Một phần"
    assert partial["measure"].startswith("Mới rà soát phần trang tin.\nBằng chứng: E1 ")
    [gap] = parts["2"]["gaps"]
    assert gap["state"] == "Mâu thuẫn với kết quả quét"
    assert parts["2"]["measures"] == []
    assert any("tls.tls10" in line for line in parts["2"]["findings"])


def test_what_nobody_wrote_is_blank_and_named_with_whom_to_ask() -> None:
    made = words()
    assert made["parts"][3]["own"] == ["Đánh giá rủi ro mỗi năm một lần."]
    assert made["parts"][0]["own"] == ["[đơn vị viết nội dung phần này]"]
    where = [(line["where"], line["what"]) for line in made["missing"]]
    assert ("Mục III, điểm a", "Nội dung do đơn vị tự viết") in where
    assert ("Mục III, điểm d", "Nội dung do đơn vị tự viết") not in where
    assert all(line["whom"] for line in made["missing"])
    about = {one["label"]: one["value"] for one in made["about"]}
    assert about["Mục đích"] == "[chưa có thông tin]"
    assert about["Đơn vị chuyên trách về an ninh mạng"] == "Phòng Văn hóa - Xã hội"
    assert "Điều 12.2.a" in about["Phiếu xác định cấp độ"]
    assert "Kế hoạch 86" in about["Phiếu xác định cấp độ"]


def test_an_empty_workspace_gives_a_draft_that_claims_nothing() -> None:
    plan = build_protection(
        protection_inputs(
            organisation=Organisation(), system=System(id="trang", name=""), assessments=[], sheet=None, pages=[],
            officer=ProtectionFile(),
        )
    )  # fmt: skip
    assert plan.letter.draft
    assert plan.letter.mark() == "BẢN NHÁP"
    assert set(plan.general) == {
        "body", "operator", "unit", "purpose", "users", "hosting", "level", "scan", "organisation",
    }  # fmt: skip
    made = protection_words(plan, PHRASES.render)
    assert len(missing_words(plan, PHRASES.render)) == 9 + 7
    assert made["organisation"] == ["[đơn vị viết nội dung phần này]"]
    assert "chưa có hiện trạng" in made["seen"][0]
    assert all(not part["measures"] and not part["gaps"] for part in made["parts"])


def test_it_is_a_draft_even_when_nothing_is_missing() -> None:
    assert build_protection(protection_inputs()).letter.draft


def test_a_scan_that_was_not_complete_says_so() -> None:
    [page, limits] = words()["seen"]
    assert "443/tcp https" in page
    assert "chưa đầy đủ" in page
    assert "từ bên ngoài" in limits


def test_met_without_a_word_or_evidence_is_asked_for() -> None:
    plan = build_protection(protection_inputs())
    silent = plan.model_copy(
        update={
            "parts": tuple(
                part.model_copy(
                    update={"rows": tuple(row.model_copy(update={"measure": "", "evidence": ()}) for row in part.rows)}
                )
                for part in plan.parts
            )
        }
    )
    made = protection_words(silent, PHRASES.render)
    assert made["parts"][3]["measures"][0]["measure"] == "[đơn vị mô tả biện pháp và bổ sung bằng chứng]"
    assert any("chưa mô tả biện pháp" in line["what"] for line in made["missing"])
