"""Accepting how a page looks, so that later scans can tell that it has changed."""

from __future__ import annotations

from datetime import datetime

from secaudit.checks.crawled import crawled
from secaudit.checks.drift import script_hosts
from secaudit.checks.view import view_of
from secaudit.model.baseline import Baseline
from secaudit.model.errors import BadInput, Incomplete, message
from secaudit.model.organisation import Site
from secaudit.model.target import Target
from secaudit.store.workspace import Workspace


def known_site(workspace: Workspace, target: Target) -> Site:
    """Return the site of a URL.

    Raises:
        BadInput: the workspace does not know it.
    """
    site = workspace.registry.site_for(target)
    if site is None:
        raise BadInput(message("{url} is not a site of this workspace; see `secaudit site list`."), url=target.url)
    return site


def accept(workspace: Workspace, target: Target, reference: str, accepted_by: str, now: datetime) -> Baseline:
    """Store the look of a site's first page, as a stored scan saw it, as the one that later scans compare with.

    Args:
        reference: id of a scan of this site or `last`.
        accepted_by: who says that the page should look so.

    Raises:
        BadInput: an unknown site or scan, a scan of another site, or one that did not look at the content.
        Incomplete: the scan did not see the page whole.
    """
    site = known_site(workspace, target)
    scan = workspace.scans.load(workspace.scans.resolve(reference, site.id))
    if scan.target.url != site.target.url:
        raise BadInput(message("Scan {scan} is of another page than {url}."), scan=scan.id, url=site.target.url)
    if "crawl" not in scan.options.probes:
        raise BadInput(
            message("Scan {scan} did not look at the content of the page. Scan it again without --probe."), scan=scan.id
        )
    home = crawled(view_of(scan)).home
    if home is None or home.exchange.status >= 400 or not home.is_whole:
        raise Incomplete(
            message("Scan {scan} did not see the home page whole, so its look cannot be accepted."), scan=scan.id
        )
    baseline = Baseline(
        title=home.page.title,
        outline=home.page.outline,
        script_hosts=script_hosts(home.page),
        scan=scan.id,
        accepted_at=now,
        accepted_by=accepted_by,
    )
    workspace.registry.save_site(site.model_copy(update={"baseline": baseline}))
    return baseline
