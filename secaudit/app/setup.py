"""Making what a first audit needs: workspace, organisation, system and site."""

from __future__ import annotations

import re
from pathlib import Path

from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.target import Target
from secaudit.store.workspace import Workspace

SAMPLE = Organisation(
    name="Ủy ban nhân dân xã Mẫu",
    superior="Ủy ban nhân dân tỉnh Mẫu",
    place="Xã Mẫu",
    contact_name="Nguyễn Văn A",
    contact_email="lienhe@xa-mau.example",
    is_sample=True,
)
"""Stands in for an organisation in the demonstration; every document made from it is marked as a sample."""


def open_or_create(path: Path) -> Workspace:
    """Return the workspace at `path`, made now if there is none.

    Raises:
        StoreError: it cannot be made or opened.
    """
    return Workspace.open(path) if Workspace.exists(path) else Workspace.create(path)


def site_of(workspace: Workspace, target: Target) -> Site:
    """Return the site of `target`, added now to the first system if it is new; the system too if there is none."""
    known = workspace.registry.site_for(target)
    if known is not None:
        return known
    systems = workspace.registry.systems()
    if not systems:
        systems = [System(id="he-thong-1", name=f"Trang thông tin điện tử {target.display_host}")]
        workspace.registry.save_system(systems[0])
    site = Site(id=_site_id(target), system=systems[0].id, target=target)
    workspace.registry.save_site(site)
    return site


def _site_id(target: Target) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", target.url.lower().removeprefix("https://")).strip("-")
    return readable or "site"
