"""From answers and silences to what can honestly be said of a host's ports, whichever engine does the asking.

Silence has four causes: a firewall that drops packets to that port; answers lost because they were asked for too
fast; a firewall that has had enough of us and drops everything from now on; a machine that is off. Only the first
says something about the port.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.model.observation import PortLook, PortState


@dataclass(frozen=True)
class SweepResult:
    """What one pass over ports brought.

    Attributes:
        states: by port; a port that was not looked at is missing.
        trouble: why ports are missing.
    """

    states: dict[int, PortState]
    trouble: Reason | None = None


Sweep = Callable[[Sequence[int], bool], SweepResult]
"""Looks at ports once; the flag asks for a gentler pace with more patience."""


@dataclass
class Discovery:
    """What is known of an address.

    Attributes:
        states: by port, those that can be vouched for only.
        fault: why it is not all that was asked for.
        notes: what the officer should know of how it was found.
    """

    states: dict[int, PortState] = field(default_factory=dict)
    fault: Reason | None = None
    notes: list[Reason] = field(default_factory=list)

    @property
    def tried(self) -> tuple[int, ...]:
        """Return the ports looked at, ascending."""
        return tuple(sorted(self.states))

    @property
    def found(self) -> tuple[PortLook, ...]:
        """Return the open and the silent ports, ascending."""
        return tuple(PortLook(port=p, state=s) for p, s in sorted(self.states.items()) if s is not PortState.CLOSED)

    @property
    def open_ports(self) -> list[int]:
        """Return the open ports, ascending."""
        return self._in(PortState.OPEN)

    @property
    def silent(self) -> list[int]:
        """Return the ports that gave no answer, ascending."""
        return self._in(PortState.FILTERED)

    def _in(self, state: PortState) -> list[int]:
        return sorted(port for port, seen in self.states.items() if seen is state)


def discover(address: str, ports: Sequence[int], important: Collection[int], sweep: Sweep) -> Discovery:
    """Look at `ports`, those of `important` that stay silent twice, and find out what the silence means.

    Where second looks bring answers, answers were being lost, so every other silent port gets its second look too.
    A host that had answered and then answers nothing more has shut us out: its silent ports are not counted as
    looked at, with the fault `ports-blackout`. A host of which no port answers gives the fault `host-silent`.
    """
    seen = Discovery()

    def look(wanted: Sequence[int], *, gently: bool) -> None:
        result = sweep(wanted, gently)
        seen.states.update(result.states)
        seen.fault = seen.fault or result.trouble

    def answered() -> list[int]:
        return [port for port in ports if seen.states.get(port, PortState.FILTERED) is not PortState.FILTERED]

    def doubt() -> Reason | None:
        """Ask a port that answered before, to learn whether silence still means anything."""
        if not seen.silent:
            return None
        control = next(iter(seen.open_ports), None) or answered()[0]
        again = sweep([control], True)
        if control not in again.states:
            return again.trouble or _blackout(address, seen)
        return _blackout(address, seen) if again.states[control] is PortState.FILTERED else None

    look(ports, gently=False)
    if not answered():
        fault = seen.fault or Reason(code="host-silent", params={"address": address, "count": len(seen.states)})
        return Discovery(fault=fault)
    doubtful = doubt()
    again = [port for port in seen.silent if port in important]
    if again and not doubtful:
        look(again, gently=True)
        rest = [port for port in seen.silent if port not in important]
        if set(again) & set(answered()) and rest:
            seen.notes.append(Reason(code="ports-answers-lost", params={"address": address, "count": len(rest)}))
            look(rest, gently=True)
        doubtful = doubt()
    if doubtful:
        seen.states = {port: state for port, state in seen.states.items() if state is not PortState.FILTERED}
        seen.fault = doubtful
        seen.notes.append(doubtful)
    return seen


def _blackout(address: str, seen: Discovery) -> Reason:
    return Reason(code="ports-blackout", params={"address": address, "count": len(seen.silent)})
