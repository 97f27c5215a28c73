"""The list of files and pages that should not be reachable: `checklists/exposure/paths.yaml`."""

from __future__ import annotations

from functools import lru_cache

from secaudit.model.target import address_or_none
from secaudit.model.words import Profile
from secaudit.reference.reading import read_shipped
from secaudit.reference.shapes import DefaultPage, PathEntry, PathList

_ORDER = (Profile.QUICK, Profile.STANDARD, Profile.FULL)


@lru_cache(maxsize=1)
def _path_list() -> PathList:
    return PathList.model_validate(read_shipped("exposure/paths.yaml"))


def path_entries() -> tuple[PathEntry, ...]:
    """Return all entries, in the order in which they are asked for."""
    return _path_list().entries


def default_pages() -> tuple[DefaultPage, ...]:
    """Return the default pages of programs."""
    return _path_list().default_pages


def entries_for(profile: Profile) -> tuple[PathEntry, ...]:
    """Return the entries that a profile asks for: its own and those of smaller ones."""
    wanted = _ORDER.index(profile)
    return tuple(entry for entry in path_entries() if _ORDER.index(Profile(entry.profile)) <= wanted)


def filled_paths(entry: PathEntry, host: str) -> tuple[str, ...]:
    """Return the entry's paths for one host, without repetition; those with a name are left out for an address."""
    name = "" if address_or_none(host) else host.removeprefix("www.").partition(".")[0]
    paths = [path.replace("{host}", host).replace("{name}", name) for path in entry.paths if name or "{" not in path]
    return tuple(dict.fromkeys(paths))
