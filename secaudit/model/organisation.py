"""The organisation that owns the systems, its systems and their sites."""

from __future__ import annotations

from enum import StrEnum

from secaudit.model.base import Composed, Frozen
from secaudit.model.baseline import Baseline
from secaudit.model.target import Target


class Organisation(Frozen):
    """The owner. Everything is configuration; nothing is assumed about the place.

    Attributes:
        superior: the body above it, as letters are headed.
        is_sample: shipped as an example; every document made from it says so.
    """

    name: Composed = ""
    superior: Composed = ""
    place: Composed = ""
    contact_name: Composed = ""
    contact_email: str = ""
    contact_phone: str = ""
    is_sample: bool = False


class Site(Frozen):
    """One public URL of a system.

    Attributes:
        allowed_ports: ports that are meant to be open to everyone.
        baseline: the accepted look of the page, None while nobody has accepted one.
    """

    id: str
    system: str
    target: Target
    allowed_ports: tuple[int, ...] = ()
    baseline: Baseline | None = None


class SystemKind(StrEnum):
    """What a system is to the plan: an information page, an e-press body, or neither (an internal system)."""

    PAGE = "page"
    PRESS = "press"
    OTHER = "other"


class System(Frozen):
    """One information system: one owner, one operator, one level (1 to 5).

    Attributes:
        level_basis: `approved`, `proposed` or `voluntary`: why this level is aimed at
            (reference: Decree 331/2026 Arts 12-13 and the plan's target).
        operator: đơn vị vận hành.
        kind: which systems the plan's target is about is told by it.
    """

    id: str
    name: Composed
    level: int = 3
    level_basis: str = "voluntary"
    operator: Composed = ""
    kind: SystemKind = SystemKind.PAGE
