"""Words of the checks that the sample report needs."""

from __future__ import annotations

from secaudit.model.base import Text
from secaudit.model.requirement import CheckText, Fix
from secaudit.model.words import Severity

_MDN = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/"
_RISK_READ = (
    "Người ở giữa đường truyền có thể đọc hoặc sửa nội dung mà người dân gửi và nhận.",
    "Someone on the way can read or change what citizens send and receive.",
)
_RISK_ATTACK = (
    "Kẻ xấu có thêm một lối để thử mật khẩu hoặc khai thác lỗ hổng chưa vá.",
    "An attacker gains one more way to try passwords or unpatched weaknesses.",
)
_RISK_PAGE = (
    "Nếu có đoạn mã lạ lọt vào trang, trình duyệt không có chỉ dẫn nào để chặn lại.",
    "Should foreign code get into the page, the browser has no instruction to stop it.",
)

# check, severity, title, explanation, risk, remediation, nginx, apache, reference
_ENTRIES = (
    ("port.cache", Severity.CRITICAL,
     ("Bộ nhớ đệm (Redis, memcached) mở ra Internet", "A cache (Redis, memcached) is open to the Internet"),
     ("Dịch vụ này lưu dữ liệu tạm của ứng dụng và thường không hỏi mật khẩu.",
      "This service keeps temporary data of applications and often asks for no password."),
     ("Bất kỳ ai cũng có thể đọc, xóa dữ liệu hoặc chiếm quyền điều khiển máy chủ.",
      "Anyone can read or delete data, or take over the server."),
     ("Chặn cổng này ở tường lửa và chỉ cho dịch vụ nghe trên địa chỉ nội bộ.",
      "Block the port in the firewall and let the service listen on the internal address only."),
     "", "", "https://redis.io/docs/latest/operate/oss_and_stack/management/security/"),
    ("port.ftp", Severity.HIGH, ("Dịch vụ FTP không mã hóa đang mở", "Unencrypted FTP is open"),
     ("FTP gửi tên và mật khẩu ở dạng đọc được.", "FTP sends names and passwords in readable form."), _RISK_READ,
     ("Tắt FTP; dùng SFTP hoặc FTPS từ nguồn được phép.", "Switch FTP off; use SFTP or FTPS from permitted sources."),
     "", "", "https://www.rfc-editor.org/rfc/rfc4217"),
    ("tls.tls10", Severity.HIGH, ("Máy chủ còn chấp nhận TLS 1.0", "The server still accepts TLS 1.0"),
     ("TLS 1.0 là cách mã hóa từ năm 1999, đã bị khuyến cáo ngừng dùng.",
      "TLS 1.0 is an encryption protocol of 1999 that must no longer be used."), _RISK_READ,
     ("Tắt TLS 1.0, chỉ cho TLS 1.2 và TLS 1.3.", "Switch TLS 1.0 off; allow TLS 1.2 and TLS 1.3 only."),
     "ssl_protocols TLSv1.2 TLSv1.3;", "SSLProtocol -all +TLSv1.2 +TLSv1.3", "https://www.rfc-editor.org/rfc/rfc8996"),
    ("tls.tls11", Severity.HIGH, ("Máy chủ còn chấp nhận TLS 1.1", "The server still accepts TLS 1.1"),
     ("TLS 1.1 dùng các thuật toán đã lỗi thời.", "TLS 1.1 relies on algorithms that are out of date."), _RISK_READ,
     ("Tắt TLS 1.1, chỉ cho TLS 1.2 và TLS 1.3.", "Switch TLS 1.1 off; allow TLS 1.2 and TLS 1.3 only."),
     "ssl_protocols TLSv1.2 TLSv1.3;", "SSLProtocol -all +TLSv1.2 +TLSv1.3", "https://www.rfc-editor.org/rfc/rfc8996"),
    ("cert.incomplete-chain", Severity.HIGH, ("Máy chủ gửi thiếu chứng thư số trung gian",
     "The server does not send the intermediate certificate"),
     ("Trình duyệt cần cả chuỗi chứng thư số để tin trang.", "A browser needs the whole chain to trust the page."),
     ("Một số điện thoại và phần mềm sẽ báo trang không an toàn.",
      "Some telephones and programs will call the page unsafe."),
     ("Cài cả chứng thư số trung gian do tổ chức cấp gửi kèm.", "Install the intermediate certificate as well."),
     "ssl_certificate /etc/nginx/fullchain.pem;", "SSLCertificateFile /etc/apache2/fullchain.pem",
     "https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2"),
    ("http.no-https-redirect", Severity.HIGH, ("Trang http không chuyển sang https",
     "The http page does not lead to https"),
     ("Ai gõ địa chỉ không có https sẽ xem trang không mã hóa.",
      "Whoever types the address without https sees an unencrypted page."), _RISK_READ,
     ("Chuyển mọi yêu cầu http sang https bằng mã 301.", "Redirect every http request to https with status 301."),
     "server {\n    listen 80;\n    server_name xa.tinh.gov.vn;\n    return 301 https://$host$request_uri;\n}",
     "<VirtualHost *:80>\n    ServerName xa.tinh.gov.vn\n    Redirect permanent / https://xa.tinh.gov.vn/\n</VirtualHost>",
     "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Redirections"),
    ("cert.expires-soon", Severity.MEDIUM, ("Chứng thư số sắp hết hạn", "The certificate expires soon"),
     ("Chứng thư số còn không quá 30 ngày.", "The certificate has 30 days or fewer left."),
     ("Hết hạn thì trình duyệt chặn người dân vào trang.", "Once it is over, browsers keep citizens out."),
     ("Gia hạn và đặt gia hạn tự động.", "Renew it, and have renewal done automatically."), "", "",
     "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"),
    ("tls.cipher-3des", Severity.MEDIUM, ("Chấp nhận bộ mã 3DES", "3DES cipher suites are accepted"),
     ("3DES mã hóa theo khối 64 bit, quá ngắn cho kết nối dài.", "3DES uses 64-bit blocks, too short for long use."),
     _RISK_READ, ("Bỏ các bộ mã 3DES.", "Remove the 3DES suites."), "ssl_ciphers HIGH:!aNULL:!3DES;",
     "SSLCipherSuite HIGH:!aNULL:!3DES", "https://sweet32.info/"),
    ("header.hsts-missing", Severity.MEDIUM, ("Thiếu tiêu đề Strict-Transport-Security (HSTS)",
     "The Strict-Transport-Security header (HSTS) is missing"),
     ("HSTS dặn trình duyệt chỉ vào trang bằng https.", "HSTS tells browsers to use https only."), _RISK_READ,
     ("Thêm tiêu đề HSTS có thời hạn ít nhất một năm.", "Add the HSTS header with a term of at least a year."),
     'add_header Strict-Transport-Security "max-age=31536000" always;',
     'Header always set Strict-Transport-Security "max-age=31536000"', _MDN + "Strict-Transport-Security"),
    ("header.csp-missing", Severity.MEDIUM, ("Thiếu tiêu đề Content-Security-Policy",
     "The Content-Security-Policy header is missing"),
     ("Tiêu đề này nói trình duyệt được chạy mã từ đâu.", "This header says from where the browser may run code."),
     _RISK_PAGE, ("Đặt chính sách bắt đầu từ default-src 'self'.", "Set a policy that starts from default-src 'self'."),
     "add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'none'\" always;",
     "Header always set Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'none'\"",
     _MDN + "Content-Security-Policy"),
    ("cookie.no-secure", Severity.MEDIUM, ("Cookie thiếu thuộc tính Secure", "A cookie lacks the Secure attribute"),
     ("Cookie này có thể bị gửi qua http không mã hóa.", "The cookie may travel over unencrypted http."), _RISK_READ,
     ("Đặt thuộc tính Secure cho cookie.", "Set the Secure attribute."), "proxy_cookie_flags ~ secure;",
     'Header always edit Set-Cookie "(?i)^((?:(?!; *secure).)*)$" "$1; Secure"', _MDN + "Set-Cookie"),
    ("port.ssh", Severity.MEDIUM, ("Cổng quản trị SSH mở cho mọi nơi", "SSH administration is open to everyone"),
     ("SSH là lối quản trị máy chủ từ xa.", "SSH is the way to administer the server from afar."), _RISK_ATTACK,
     ("Chỉ cho địa chỉ của người quản trị, dùng khóa thay mật khẩu.",
      "Allow the administrators' addresses only, and use keys instead of passwords."), "", "",
     "https://www.rfc-editor.org/rfc/rfc4251"),
    ("header.nosniff-missing", Severity.LOW, ("Thiếu tiêu đề X-Content-Type-Options",
     "The X-Content-Type-Options header is missing"),
     ("Không có tiêu đề này, trình duyệt có thể đoán nhầm kiểu tệp.",
      "Without it, a browser may guess the wrong file type."), _RISK_PAGE,
     ("Thêm X-Content-Type-Options: nosniff.", "Add X-Content-Type-Options: nosniff."),
     'add_header X-Content-Type-Options "nosniff" always;', 'Header always set X-Content-Type-Options "nosniff"',
     _MDN + "X-Content-Type-Options"),
    ("cookie.no-httponly", Severity.LOW, ("Cookie thiếu thuộc tính HttpOnly", "A cookie lacks the HttpOnly attribute"),
     ("Mã trong trang đọc được cookie này.", "Code in the page can read this cookie."), _RISK_PAGE,
     ("Đặt thuộc tính HttpOnly cho cookie phiên.", "Set HttpOnly for session cookies."), "", "", _MDN + "Set-Cookie"),
    ("header.server-version", Severity.INFO, ("Tiêu đề Server để lộ phiên bản phần mềm",
     "The Server header tells the software's version"),
     ("Máy chủ tự nói tên và phiên bản phần mềm.", "The server tells its software's name and version."), _RISK_ATTACK,
     ("Ẩn số phiên bản.", "Hide the version."), "server_tokens off;", "ServerTokens Prod\nServerSignature Off",
     _MDN + "Server"),
)  # fmt: skip

# Checks that find nothing in the sample: a title is enough.
_TITLES = {
    "tls.no-tls12": (Severity.HIGH, "Không hỗ trợ TLS 1.2", "TLS 1.2 is not supported"),
    "tls.heartbleed": (Severity.CRITICAL, "Lỗ hổng Heartbleed", "Heartbleed"),
    "tls.robot": (Severity.HIGH, "Lỗ hổng ROBOT", "ROBOT"),
    "cert.expired": (Severity.CRITICAL, "Chứng thư số đã hết hạn", "The certificate has expired"),
    "cert.weak-key": (Severity.HIGH, "Khóa của chứng thư số quá ngắn", "The certificate's key is too short"),
    "http.trace-enabled": (Severity.LOW, "Phương thức TRACE đang bật", "The TRACE method is enabled"),
    "port.telnet": (Severity.CRITICAL, "Telnet đang mở", "Telnet is open"),
    "port.database": (Severity.CRITICAL, "Cơ sở dữ liệu mở ra Internet", "A database is open to the Internet"),
    "cookie.samesite-none-insecure": (
        Severity.MEDIUM,
        "Cookie SameSite=None nhưng thiếu Secure",
        "A cookie has SameSite=None without Secure",
    ),
}


def check_texts() -> dict[str, CheckText]:
    """Return the texts by check."""
    texts = {}
    for check, (severity, vi, en) in _TITLES.items():
        title = _pair(vi, en)
        texts[check] = CheckText(
            id=check, severity=severity, title=title, explanation=title, risk=title, remediation=title
        )
    for check, severity, title, explanation, risk, remediation, nginx, apache, reference in _ENTRIES:
        fixes = {
            "provider": Fix(
                text=Text(
                    vi=f"Đề nghị quý đơn vị xử lý nội dung “{title[0]}” trên máy chủ của trang: {remediation[0]} "
                    "Xin báo lại kết quả và ngày hoàn thành để chúng tôi kiểm tra lại.",
                    en=f"Please deal with “{title[1]}” on the server of our page: {remediation[1]} "
                    "Kindly tell us the result and the date, so that we can check again.",
                )
            ),
        }
        if nginx:
            fixes["nginx"] = Fix(text=_pair("Thêm vào khối server rồi nạp lại nginx.",
                                            "Add to the server block, then reload nginx."), code=nginx)  # fmt: skip
            fixes["apache"] = Fix(text=_pair("Thêm vào VirtualHost rồi nạp lại Apache.",
                                             "Add to the VirtualHost, then reload Apache."), code=apache)  # fmt: skip
            fixes["iis"] = Fix(text=_pair("Mở IIS Manager, chọn trang, đặt giá trị tương ứng trong HTTP Response "
                                          "Headers hoặc nhờ nhà cung cấp thực hiện.",
                                          "Open IIS Manager, choose the site and set the matching value under HTTP "
                                          "Response Headers, or ask the provider."))  # fmt: skip
        texts[check] = CheckText.model_validate(
            {"id": check, "severity": severity, "title": _pair(*title), "explanation": _pair(*explanation),
             "risk": _pair(*risk), "remediation": _pair(*remediation), "fixes": fixes,
             "references": (reference,)}
        )  # fmt: skip
    return texts


def _pair(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)
