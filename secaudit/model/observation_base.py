"""What every observation carries: what was looked at, when, and why nothing could be seen."""

from __future__ import annotations

from secaudit.model.base import Frozen, Instant, Reason


class ObservationBase(Frozen):
    """What all observations share.

    Attributes:
        target: `host:port`, host or URL that was looked at.
        at: when it was seen.
        address: IP address that answered, empty where no connection was made.
        fault: why nothing could be seen; None when the look succeeded.
    """

    target: str
    at: Instant
    address: str = ""
    fault: Reason | None = None
