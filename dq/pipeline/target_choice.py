"""Which targets a run is held against, by which policy and load path, and what is known to be there already."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dq.errors import SettingsError
from dq.standards.targets import Target, load_targets


@dataclass(frozen=True)
class TargetChoice:
    """One target of a run.

    Attributes:
        name: Stem of its file in `standards/targets/`.
        assign: Policy that says which customers become what.
        path: Load path.
    """

    name: str
    assign: str
    path: str


@dataclass(frozen=True)
class Conversion:
    """What a run is to be converted into, and what is known of the place it goes to.

    Attributes:
        targets: In the order given.
        existing: Exports of what a target holds: (object or empty, file).
        owners: Users of the target: CSV with ids, names or e-mails, and whether they are active.
        proposals: Proposals somebody accepted.
        suppress: Lists of people not to be reached: e-mails, phones, addresses, names with addresses.
        owner_map: Who takes over from whom: CSV with owners of the sources and users of the target.
        owner_maps: The same for one target alone, which stands above the one for all: (target, file).
    """

    targets: tuple[TargetChoice, ...] = ()
    existing: tuple[tuple[str, Path], ...] = ()
    owners: Path | None = None
    proposals: Path | None = None
    owner_map: Path | None = None
    suppress: tuple[Path, ...] = ()
    owner_maps: tuple[tuple[str, Path], ...] = ()

    def owner_map_of(self, target: str) -> Path | None:
        """Return the map of a target: its own, else the one for all; None where there is neither."""
        return dict(self.owner_maps).get(target, self.owner_map)


NO_CONVERSION: Final = Conversion()
"""A run that is held against no target."""


def places_in(conversion: Conversion) -> dict[str, Any]:
    """Return a conversion as a document, files by their place, so that it can be taken up again."""

    def place(path: Path | None) -> str | None:
        return None if path is None else path.resolve().as_posix()

    return {
        "targets": [asdict(choice) for choice in conversion.targets],
        "existing": [[name, place(path)] for name, path in conversion.existing],
        "owners": place(conversion.owners),
        "proposals": place(conversion.proposals),
        "owner_map": place(conversion.owner_map),
        "suppress": [place(path) for path in conversion.suppress],
        "owner_maps": [[name, place(path)] for name, path in conversion.owner_maps],
    }


def conversion_in(document: Mapping[str, Any]) -> Conversion:
    """Return the conversion that `places_in` made a document of; none where a run was made before there were any."""
    if not document:
        return NO_CONVERSION
    owners, proposals, owner_map = document["owners"], document["proposals"], document.get("owner_map")
    return Conversion(
        tuple(TargetChoice(**choice) for choice in document["targets"]),
        tuple((str(name), Path(place)) for name, place in document["existing"]),
        Path(owners) if owners else None,
        Path(proposals) if proposals else None,
        Path(owner_map) if owner_map else None,
        tuple(Path(place) for place in document.get("suppress", ())),
        tuple((str(name), Path(place)) for name, place in document.get("owner_maps", ())),
    )


def choose_targets(
    folder: Path, names: Sequence[str], assign: str | None = None, path: str | None = None
) -> tuple[TargetChoice, ...]:
    """Return the choices; a target that does not know the policy or path named keeps its first one.

    Args:
        folder: The `standards` folder.
        names: Targets, each once.
        assign: Policy of assignment, None for the first of each.
        path: Load path, None for the first of each.

    Raises:
        SettingsError: A target is unknown or named twice, or no target knows the policy or the path.
        StandardsError: With every problem of the targets' files.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingsError(f"--target {twice[0]} stands twice", "name each target once")
    targets = load_targets(folder, names)
    _refuse_unknown("--assign", assign, {key for target in targets.values() for key in target.assign})
    _refuse_unknown("--load-path", path, {key for target in targets.values() for key in target.paths})
    return tuple(
        TargetChoice(name, _named(assign, targets[name].assign), _named(path, targets[name].paths)) for name in names
    )


def _named(wanted: str | None, known: Iterable[str]) -> str:
    there = list(known)
    return wanted if wanted in there else there[0]


def _refuse_unknown(option: str, wanted: str | None, known: set[str]) -> None:
    if wanted is None or wanted in known:
        return
    close = difflib.get_close_matches(wanted, sorted(known), n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}? " if close else ""
    raise SettingsError(f"{option} {wanted} is unknown", f"{hint}there are: {', '.join(sorted(known))}")


def object_of(target: Target, headers: Iterable[str]) -> str:
    """Return the object whose fields an export's columns are, empty where they are those of none.

    >>> from dq.settings import load_settings
    >>> from dq.standards.targets import load_target
    >>> object_of(load_target(load_settings().standards, "hubspot"), ["First Name", "Last Name", "Email"])
    'contact'
    """
    said = {header.casefold() for header in headers}
    fitting = {
        name: len(
            said & {word.casefold() for key, field in target.in_force(name).items() for word in (key, field.label)}
        )
        for name in target.load_order()
    }
    best = max(fitting, key=lambda name: fitting[name])
    return best if fitting[best] else ""
