"""Writes the JSON Schema of the report's data from its types: `python -m tools.write_report_schema`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from secaudit.report.model import SCHEMA, ReportModel

FILE = Path(__file__).parent.parent / "secaudit" / "report" / "programs" / "report.schema.json"


def schema_bytes() -> bytes:
    """Return the schema as it should stand in the file."""
    written = ReportModel.model_json_schema(by_alias=True, mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{SCHEMA.replace('/', ':')}"}
    return (json.dumps({**head, **written}, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(FILE.read_bytes() != schema_bytes())
    FILE.write_bytes(schema_bytes())
