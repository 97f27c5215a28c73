"""What commands print of a workspace full of hostile words. A new command joins with one line in `COMMANDS`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.model.organisation import Site, System
from secaudit.store.workspace import Workspace
from tests.hostile.places import filled
from tests.hostile.readers import hidden, terminal
from tests.hostile.strings import CORPUS
from tests.report.sample import TARGET, answers, sample_inputs, scan
from tests.report.sample_rows import main_list

HARMFUL = ("control", "terminal", "terminal-c1", "bidi", "zero-width", "separators", "calendar", "terminal-markup")
COMMANDS: dict[str, tuple[str, ...]] = {
    "status": ("status",),
    "history": ("history",),
    "diff": ("diff", "01KAMAU0000000000000000001"),
    "site list": ("site", "list"),
    "scope list": ("scope", "list"),
    "assess show": ("assess", "show"),
    "assess show row": ("assess", "show", "5.1.2.1.a"),
    "assess due": ("assess", "due"),
}


def make(path: Path, value: str) -> None:
    """Make a workspace in which every text that somebody typed or some server sent is `value`."""
    with Workspace.create(path) as workspace:
        inputs = sample_inputs(answered=True)
        workspace.registry.save_organisation(filled(inputs.organisation, lambda _: value))
        workspace.registry.save_system(System(id="trang-tin", name=value, operator=value))
        workspace.registry.save_site(Site(id="chinh", system="trang-tin", target=TARGET))
        workspace.scope.add(filled(inputs.authorisations[0], lambda _: value))
        said = next(iter(answers(main_list()).values()))
        update = {"requirement": "5.1.2.1.a"}
        workspace.answers.record("trang-tin", filled(said.model_copy(update=update), lambda _: value))
        seen = scan()
        for n, one in enumerate((seen, filled(seen, lambda _: value))):
            moved = {
                "id": f"01KAMAU000000000000000000{n + 1}", "target": TARGET, "options": seen.options,
                "started_at": seen.started_at + timedelta(days=n), "finished_at": seen.finished_at,
                "authorisation": "A-2026-01",
            }  # fmt: skip
            workspace.scans.add_whole(one.model_copy(update=moved), "chinh", {})


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the workspace full of the string of that name."""
    made: dict[str, Path] = {}

    def give(case: str) -> Path:
        if case not in made:
            made[case] = tmp_path_factory.mktemp("hostile") / "w"
            make(made[case], CORPUS[case])
        return made[case]

    return give


@pytest.mark.parametrize("case", HARMFUL)
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_steers_the_terminal(
    command: str, case: str, workspaces: Callable[[str], Path], run: Callable[..., tuple[int, str, str]]
) -> None:
    folder = str(workspaces(case))
    code, out, err = run(*COMMANDS[command], "--workspace", folder)
    assert (code, err) == (0, "")
    assert out.strip()
    assert terminal(out.encode("utf-8")).dangers == []


@pytest.mark.parametrize("case", HARMFUL)
def test_the_words_are_still_there(
    case: str, workspaces: Callable[[str], Path], run: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, _ = run("scope", "list", "--workspace", str(workspaces(case)), "--json", "-")
    (record,) = json.loads(out)
    assert (code, record["granted_by"]) == (0, CORPUS[case])
    assert hidden(run("scope", "list", "--workspace", str(workspaces(case)))[1]) == []
