"""A provider's profile and key for the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from secaudit.model.provider import EvidenceReference, Extent, Fulfilment, ProviderList, ProviderProfile

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ISSUED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PROFILE = ProviderProfile(
    id="ncc-mau",
    serial=3,
    provider="Trung tâm Công nghệ thông tin tỉnh Mẫu",
    contact="0123 456 789",
    issued_at=ISSUED,
    valid_until=date(2027, 12, 31),
    hosts=("tinhmau.gov.vn",),
    program="0.1.0",
    lists=(
        ProviderList(
            checklist="tcvn-14423-2026-l3",
            reviewed=date(2026, 11, 22),
            rows_sha256="0" * 64,
            rows=(
                Fulfilment(
                    requirement="5.9.2.1.c",
                    extent=Extent.PART,
                    how="Lọc thư rác ở cổng thư của tỉnh",
                    rest="Dạy người dùng",
                    named=True,
                    evidence_date=date(2026, 11, 1),
                    valid_until=date(2027, 6, 30),
                    evidence=(
                        EvidenceReference(
                            name="Biên bản.pdf", sha256="ab" * 32, size=1234, reference="", dated=date(2026, 11, 1),
                            valid_until=date(2027, 11, 1),
                        ),
                    ),
                ),
                Fulfilment(requirement="5.12.2.1.b", extent=Extent.WHOLE, how="Phân vùng mạng"),
            ),
        ),
    ),
)  # fmt: skip
