"""A slice of real requirement rows (own words) with the links that a sample report needs."""

from __future__ import annotations

from datetime import date

from secaudit.model.base import Text
from secaudit.model.requirement import (
    CheckLink,
    Checklist,
    Group,
    Milestone,
    Provenance,
    Question,
    Requirement,
    Source,
    Threshold,
)
from secaudit.model.words import Nature, Obligation, Responsible

NOTICE = Text(
    vi="Nội dung tóm lược bằng lời của nhóm phát triển; khi lập hồ sơ phải đối chiếu bản chính thức TCVN 14423:2026 "
    "và văn bản gốc.",
    en="Summaries in the developers' own words; before drawing up a dossier compare them with the official text of "
    "TCVN 14423:2026 and the original legal texts.",
)
_PROVENANCE = Provenance(sources=("CK3",), confirmed="summary", reviewed=date(2026, 9, 29))
_TLS_WHY = Text(
    vi="Dữ liệu truyền qua kênh mã hóa yếu có thể bị đọc hoặc sửa trên đường truyền.",
    en="Data sent over weak encryption can be read or changed on its way.",
)
_CONFIG_WHY = Text(
    vi="Cấu hình an toàn chưa được áp dụng đủ trên máy chủ web.",
    en="Secure configuration is not fully applied on the web server.",
)
_PORT_WHY = Text(
    vi="Dịch vụ không cần cho người dân đang mở ra Internet.",
    en="A service that citizens do not need is open to the Internet.",
)

T, M, X = Nature.TECHNICAL, Nature.MANAGEMENT, Nature.MIXED
OWNER, PROVIDER, SHARED, OPERATOR = (
    Responsible.OWNER, Responsible.PROVIDER, Responsible.SHARED, Responsible.OPERATOR,
)  # fmt: skip

# id, clause, group, text vi/en, evidence vi/en, nature, who, period, extra fields
_ROWS: list[tuple[str, str, str, str, str, str, str, Nature, Responsible, str, dict[str, object]]] = [
    ("5.1.2.1.b", "5.1.2.1 b", "5.1", "Rà soát quy trình quản lý rủi ro ít nhất 12 tháng một lần hoặc khi có thay đổi.",
     "Review the risk procedure at least every 12 months or when something changes.",
     "Biên bản rà soát có ngày, người ký.", "Minutes of the review, dated and signed.", M, OWNER, "P12M", {}),
    ("5.1.2.2.c", "5.1.2.2 c", "5.1", "Nhận diện lại rủi ro ít nhất 12 tháng một lần.",
     "Identify risks anew at least every 12 months.", "Bảng rủi ro đã cập nhật.", "Updated list of risks.", M, OWNER,
     "P12M", {}),
    ("5.2.2.2.a", "5.2.2.2 a", "5.2", "Phát hiện thiết bị kết nối trái phép, ít nhất 6 tháng một lần.",
     "Detect devices connected without permission at least every 6 months.", "Kết quả rà quét mạng nội bộ.",
     "Results of a look over the internal network.", T, OPERATOR, "P6M", {}),
    ("5.2.2.4.b", "5.2.2.4 b", "5.2", "Rà soát nhật ký DHCP để cập nhật danh mục thiết bị (nếu dùng DHCP).",
     "Review DHCP logs to update the device list (where DHCP is used).", "Bản ghi rà soát.", "Record of the review.",
     T, OPERATOR, "P6M", {"condition": "uses-dhcp"}),
    ("5.4.2.1.b", "5.4.2.1 b", "5.4", "Phân loại thông tin theo bốn mức nhạy cảm.",
     "Classify information by four levels of sensitivity.", "Quy định phân loại.", "Rules of classification.", M,
     OWNER, "", {"obligation": Obligation.SUGGESTED}),
    ("5.4.2.1.d", "5.4.2.1 d", "5.4", "Kiểm tra quyền truy cập dữ liệu ít nhất 6 tháng một lần.",
     "Check permissions on data at least every 6 months.", "Danh sách quyền đã kiểm tra, có ngày.",
     "List of permissions as checked, dated.", M, OWNER, "P6M", {}),
    ("5.4.2.4.b", "5.4.2.4 b", "5.4", "Mã hóa dữ liệu trên đường truyền hoặc có phương án tương đương.",
     "Encrypt data in transit, or use an equivalent measure.", "Cấu hình TLS, kết quả dò quét.",
     "TLS configuration, scan results.", T, PROVIDER, "",
     {"equivalent": True,
      "contradicted_by": tuple(CheckLink(check=c, reason=_TLS_WHY) for c in (
          "tls.tls10", "tls.tls11", "tls.cipher-3des", "http.no-https-redirect", "header.hsts-missing",
          "cookie.no-secure", "cert.expires-soon", "cert.incomplete-chain", "port.ftp")),
      "supported_by": (CheckLink(check="tls.no-tls12", reason=_TLS_WHY),),
      "meaning": Text(vi="Trang phải chạy hoàn toàn bằng https với TLS 1.2 trở lên.",
                      en="The page must run wholly over https with TLS 1.2 or newer.")}),
    ("5.5.2.1.b", "5.5.2.1 b", "5.5", "Áp dụng cấu hình an toàn cho máy chủ và ứng dụng web.",
     "Apply secure configuration to servers and the web application.", "Bản cấu hình chuẩn, biên bản áp dụng.",
     "Baseline configuration, record of its use.", T, PROVIDER, "",
     {"contradicted_by": tuple(CheckLink(check=c, reason=_CONFIG_WHY) for c in (
         "header.csp-missing", "header.framing-allowed", "header.nosniff-missing", "header.server-version",
         "cookie.no-httponly", "http.trace-enabled", "header.referrer-policy-missing"))}),
    ("5.5.2.2.a-1", "5.5.2.2 a", "5.5", "Tự khóa màn hình khi không thao tác: máy người dùng 15 phút.",
     "Lock the screen when idle: 15 minutes on user machines.", "Ảnh chụp cấu hình.", "Picture of the setting.", T,
     OWNER, "", {"obligation": Obligation.SUGGESTED,
                 "thresholds": (Threshold(name=Text(vi="Thời gian chờ", en="Idle time"), value=15, unit="min",
                                          comparison="at-most"),)}),
    ("5.6.2.1.d", "5.6.2.1 d", "5.6", "Rà soát danh sách tài khoản ít nhất 6 tháng một lần.",
     "Review the list of accounts at least every 6 months.", "Danh sách tài khoản đã rà soát.",
     "List of accounts as reviewed.", M, OWNER, "P6M", {}),
    ("5.6.2.2.b-4", "5.6.2.2 b", "5.6", "Đổi mật khẩu quản trị ít nhất 2 tháng một lần và bật xác thực nhiều yếu tố.",
     "Change administrator passwords at least every 2 months and use multi-factor sign-in.", "Nhật ký đổi mật khẩu.",
     "Log of password changes.", T, SHARED, "P2M", {}),
    ("5.7.2.1.b", "5.7.2.1 b", "5.7", "Rà quét lỗ hổng ít nhất 6 tháng một lần.",
     "Scan for vulnerabilities at least every 6 months.", "Báo cáo rà quét có ngày.", "Dated scan report.", T, SHARED,
     "P6M", {}),
    ("5.8.2.1.a-1", "5.8.2.1 a", "5.8", "Lưu nhật ký ít nhất 3 tháng, có cảnh báo khi sắp hết dung lượng.",
     "Keep logs for at least 3 months, with a warning when space runs low.", "Cấu hình lưu nhật ký.",
     "Configuration of log keeping.", T, PROVIDER, "",
     {"thresholds": (Threshold(name=Text(vi="Thời gian lưu", en="Kept for"), value=3, unit="tháng / months"),)}),
    ("5.11.2.3.a", "5.11.2.3 a", "5.11", "Sao lưu theo nguyên tắc 3-2-1 hoặc phương án tương đương.",
     "Back up by the 3-2-1 rule or an equivalent.", "Lịch và nhật ký sao lưu.", "Backup plan and log.", T, PROVIDER,
     "", {"equivalent": True}),
    ("5.12.2.2.b", "5.12.2.2 b", "5.12", "Chia mạng thành ít nhất 7 vùng.", "Divide the network into at least 7 zones.",
     "Sơ đồ mạng.", "Network diagram.", T, PROVIDER, "", {}),
    ("5.12.2.5.a", "5.12.2.5 a", "5.12", "Chỉ cho quản trị từ xa qua kênh mã hóa và từ nguồn được phép.",
     "Allow remote administration only over encrypted channels and from permitted sources.",
     "Quy tắc tường lửa, kết quả dò cổng.", "Firewall rules, port scan results.", T, PROVIDER, "",
     {"contradicted_by": tuple(CheckLink(check=c, reason=_PORT_WHY) for c in (
         "port.ssh", "port.ftp", "port.database", "port.cache", "port.unexpected"))}),
    ("5.14.2.2.d", "5.14.2.2 d", "5.14", "Tập huấn nâng cao nhận thức ít nhất 12 tháng một lần.",
     "Train awareness at least every 12 months.", "Kế hoạch, danh sách tham dự.", "Plan, list of those present.", M,
     OWNER, "P12M", {}),
    ("5.16.2.1.c", "5.16.2.1 c", "5.16", "Xác minh đầu mối tiếp nhận sự cố ít nhất 12 tháng một lần.",
     "Verify incident contacts at least every 12 months.", "Danh sách đầu mối đã xác minh.",
     "List of contacts as verified.", M, OWNER, "P12M", {}),
    ("5.18.2.1.b", "5.18.2.1 b", "5.18", "Kiểm thử xâm nhập theo chu kỳ tự chọn, có phạm vi được phê duyệt.",
     "Penetration test at a self-chosen interval, with approved scope.", "Báo cáo kiểm thử.", "Test report.", X, SHARED,
     "", {"provenance": Provenance(sources=("CK3",), confirmed="summary", reviewed=date(2026, 9, 29), open_points=(
         Text(vi="Tiêu chuẩn không ấn định chu kỳ.", en="The standard sets no interval."),))}),
]  # fmt: skip

_GROUPS = {
    "5.1": ("Quản lý rủi ro an ninh mạng", "Cyber risk management"),
    "5.2": ("Quản lý tài sản phần cứng", "Hardware assets"),
    "5.4": ("Quản lý tài sản thông tin", "Information assets"),
    "5.5": ("Cấu hình an toàn phần cứng, phần mềm", "Secure configuration"),
    "5.6": ("Quản lý tài khoản và quyền truy cập", "Accounts and access rights"),
    "5.7": ("Quản lý lỗ hổng bảo mật", "Vulnerability management"),
    "5.8": ("Quản lý nhật ký an ninh mạng", "Security logs"),
    "5.11": ("Sao lưu và khôi phục dữ liệu", "Backup and recovery"),
    "5.12": ("Quản lý hạ tầng mạng", "Network infrastructure"),
    "5.14": ("Nhân sự vận hành, quản trị, bảo vệ an ninh mạng", "Personnel"),
    "5.16": ("Quản trị ứng phó sự cố an ninh mạng", "Incident response"),
    "5.18": ("Quản lý kiểm tra an ninh mạng (kiểm thử xâm nhập)", "Security testing"),
}

QUESTIONS = {
    "uses-dhcp": Question(
        id="uses-dhcp",
        text=Text(vi="Mạng có dùng DHCP không?", en="Does the network use DHCP?"),
        when_no=Text(vi="Mạng không dùng DHCP.", en="The network does not use DHCP."),
    )
}


def main_list() -> Checklist:
    """Return the slice of the level-3 list that counts."""
    rows = tuple(
        Requirement.model_validate(
            {"id": id_, "clause": clause, "group": group, "text": Text(vi=vi, en=en),
             "evidence": Text(vi=proof_vi, en=proof_en), "nature": nature, "responsible": who, "period": period,
             "provenance": _PROVENANCE} | extra
        )
        for id_, clause, group, vi, en, proof_vi, proof_en, nature, who, period, extra in _ROWS
    )  # fmt: skip
    return Checklist(
        format="secaudit.checklist/1",
        id="tcvn-14423-2026-l3",
        title=Text(vi="TCVN 14423:2026, yêu cầu cơ bản cấp độ 3", en="TCVN 14423:2026, basic requirements, level 3"),
        level=3,
        counts=True,
        notice=NOTICE,
        reviewed=date(2026, 9, 29),
        sources=(Source(tag="CK3", title=Text(vi="Bản tóm lược công khai điều 5", en="Public summary of clause 5"),
                        kind="summary"),),
        milestones=(
            Milestone(
                date=date(2027, 6, 30),
                text=Text(vi="Hệ thống đã xác định cấp độ theo luật cũ phải đáp ứng biện pháp của luật mới.",
                          en="Systems levelled under the former law must meet the measures of the new one."),
                source="Luật 116/2025/QH15, Điều 45.1",
            ),
        ),
        groups=tuple(
            Group(id=group, title=Text(vi=vi, en=en), rows=sum(row[2] == group for row in _ROWS))
            for group, (vi, en) in _GROUPS.items()
        ),
        requirements=rows,
    )  # fmt: skip


def advisory_list() -> Checklist:
    """Return two rows of the advisory annex on server rooms."""
    texts = (
        (
            "A.3.2.b",
            "A.3.2 b",
            "Lưu hình ảnh camera phòng máy chủ 3 tháng.",
            "Keep server-room recordings for 3 months.",
        ),
        ("A.3.9", "A.3.9", "Có nguồn điện dự phòng và UPS cho máy chủ.", "Stand-by power and UPS for servers."),
    )
    return Checklist(
        format="secaudit.checklist/1",
        id="tcvn-14423-2026-annex-a-l3",
        title=Text(vi="TCVN 14423:2026, Phụ lục A (tham khảo)", en="TCVN 14423:2026, Annex A (advisory)"),
        level=3,
        role="advisory",
        counts=False,
        notice=NOTICE,
        reviewed=date(2026, 9, 29),
        groups=(Group(id="A.3", title=Text(vi="An ninh vật lý", en="Physical security"), rows=2),),
        requirements=tuple(
            Requirement(
                id=id_,
                clause=clause,
                group="A.3",
                text=Text(vi=vi, en=en),
                evidence=Text(vi="Xác nhận của nhà cung cấp.", en="Confirmation by the provider."),
                nature=Nature.TECHNICAL,
                responsible=Responsible.PROVIDER,
                provenance=_PROVENANCE,
            )
            for id_, clause, vi, en in texts
        ),
    )
