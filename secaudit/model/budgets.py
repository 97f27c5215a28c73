"""What a scan of each profile may send at most. The reasons for the figures are in docs/profiles.md."""

from __future__ import annotations

from secaudit.model.traffic import Budget
from secaudit.model.words import Profile

BUDGETS = {
    Profile.QUICK: Budget(connections=2_000, per_second=600, requests=100, megabytes=20),
    Profile.STANDARD: Budget(connections=12_000, per_second=1_800, requests=500, megabytes=60),
    Profile.FULL: Budget(connections=100_000, per_second=1_800, requests=5_000, megabytes=400),
}
