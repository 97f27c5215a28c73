"""`make bench`: runs every measurement, or those named."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = ("startup", "audit", "checklists", "tls", "integrity", "peers", "hostile", "portfolio", "reports")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        module = import_module(f"benchmarks.{name}")
        print(f"{name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
        module.main()


if __name__ == "__main__":
    main()
