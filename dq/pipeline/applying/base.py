"""The finished run that decisions are applied to: what it holds, and whether anything but decisions changed since."""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dq import __version__
from dq.errors import SettingsError, SourceError
from dq.model import CROSSWALK, JUDGEMENTS_TABLE, OVERRIDES
from dq.pipeline.finished import file_of, manifest_of, matching_file_of
from dq.pipeline.kept import KEPT, STATE
from dq.pipeline.plan import RunPlan, hash_files, library_hash, run_inputs, run_key, with_decisions
from dq.pipeline.target_choice import conversion_in
from dq.settings import Settings
from dq.standards import Standards, load_standards
from dq.tables.people_files import read_crosswalk, read_people_csv
from dq.tables.reading.source import Source

_WHOLE: Final = "run it again in full: dq run … --previous DIR --judgements CSV --overrides CSV, or dq apply --full"


@dataclass(frozen=True)
class Base:
    """A finished run.

    Attributes:
        folder: Where it is.
        manifest: What it says of itself.
        state: What its steps told each other (`dq.pipeline.kept`).
    """

    folder: Path
    manifest: dict[str, Any]
    state: dict[str, Any]

    @property
    def judgements(self) -> pd.DataFrame:
        """The judgements that were in force."""
        return read_people_csv(file_of(self.folder, "judgements.csv"), tuple(JUDGEMENTS_TABLE.columns))

    @property
    def overrides(self) -> pd.DataFrame:
        """The values that were pinned."""
        return read_people_csv(file_of(self.folder, "overrides.csv"), tuple(OVERRIDES.columns))

    @property
    def crosswalk(self) -> pd.DataFrame:
        """One row per record, sorted by `record_id`; `household_id` is missing where there is none."""
        rows = read_crosswalk(self.folder, tuple(CROSSWALK.columns))
        return rows.assign(part=rows["part"].fillna(""), cluster_size=rows["cluster_size"].astype("int64"))


def base_of(folder: Path) -> Base:
    """Open a finished run.

    Raises:
        NotFoundError: The folder is no finished run.
        SourceError: The run is none that decisions can be applied to.
    """
    manifest = manifest_of(folder)
    state = folder / KEPT / STATE
    if not state.is_file() or "inputs" not in manifest:
        raise SourceError(
            f"{folder} keeps nothing that decisions could be applied to",
            "it was made by another command or by an earlier version: do dq run once",
        )
    if manifest["stopped"]:
        raise SourceError(f"{folder} has no golden records: {', '.join(manifest['stopped'])} failed", _WHOLE)
    return Base(folder, manifest, json.loads(state.read_text(encoding="utf-8")))


def settings_for(base: Base, settings: Settings) -> Settings:
    """Return the settings with the policy of matching that the run was given, where it had one of its own."""
    own = matching_file_of(base.folder, settings)
    return replace(settings, matching=own if own.parent == base.folder else None)


def other_changes(base: Base, settings: Settings) -> list[str]:
    """Say what changed since the run beside decisions, one clause each; extracts that are gone did not change.

    Args:
        base: The run.
        settings: Home, policy and reference data as they are now.
    """
    inputs = base.manifest["inputs"]
    standards = load_standards(settings.standards, settings.expectations, settings.matching)
    found = []
    if inputs["version"] != __version__:
        found.append(f"dq is version {__version__} and was {inputs['version']}")
    if inputs["standards"] != standards.hash:
        found.append("the standards or expectations were changed")
    if inputs["reference"] != json.loads(json.dumps(library_hash(settings.reference))):
        found.append("other reference data are loaded")
    if run_key(inputs, settings.key) != base.manifest["run_key"]:
        found.append("the home has another key, so that ids would differ")
    places = base.manifest["read_from"]["sources"]
    known = dict(inputs["sources"])
    for name, place in sorted(places.items()):
        if Path(place).exists() and hash_files(Path(place)) != known[name]:
            found.append(f"the source {name} holds other data")
    return found


def only_decisions(plan: RunPlan) -> Base | None:
    """Return the run a plan names as the one before, if nothing but decisions differs from it; else None.

    The day counts: what a run calls today can change what it finds.
    """
    needed = (f"{KEPT}/{STATE}", "golden.parquet")
    if plan.previous is None or plan.preview_rules or not all((plan.previous / name).is_file() for name in needed):
        return None
    base = base_of(plan.previous)
    inputs = with_decisions(run_inputs(plan, standards_of(plan)), plan)
    before = with_decisions(base.manifest["inputs"], plan)
    is_same = json.dumps(inputs, sort_keys=True) == json.dumps(before, sort_keys=True)
    own_key = run_key(base.manifest["inputs"], plan.settings.key) == base.manifest["run_key"]
    return base if is_same and own_key else None


def refuse_other_changes(base: Base, settings: Settings) -> None:
    """Refuse where more than decisions changed.

    Raises:
        SourceError: Naming everything that did.
    """
    found = other_changes(base, settings)
    if found:
        raise SourceError(f"more than decisions changed since that run: {'; '.join(found)}", _WHOLE)


def plan_of(
    base: Base, out: Path, settings: Settings, judgements: Path, overrides: Path, *, workers: int, fresh: bool = False
) -> RunPlan:
    """Return the plan of the run again, with these decisions and its golden ids kept; without sources.

    Raises:
        SettingsError: `out` is the folder of the run itself, which stays as it is.
    """
    if out.resolve() == base.folder.resolve():
        raise SettingsError(f"--out {out} is the run that the decisions are about", "name another folder: it stays")
    options = base.manifest["inputs"]["options"]
    return RunPlan(
        sources=(),
        out=out,
        settings=settings,
        as_of=date.fromisoformat(base.manifest["as_of"]),
        match_at=options["match_at"],
        key_column=options["key_column"],
        ignore=tuple(options["ignore"]),
        columns=tuple((header, column) for header, column in options["columns"]),
        country=options["country"],
        previous=base.folder,
        judgements=judgements,
        overrides=overrides,
        unmasked=options["unmasked"],
        conversion=conversion_in(base.manifest["read_from"].get("conversion", {})),
        bring_back=Path(back) if (back := base.manifest["read_from"].get("bring_back")) else None,
        workers=workers,
        fresh=fresh,
    )


def full_plan(base: Base, plan: RunPlan) -> RunPlan:
    """Return the plan with the sources and the model of the run: everything again.

    Raises:
        SourceError: A source is not there any more.
    """
    places = base.manifest["read_from"]
    gone = [name for name, place in places["sources"].items() if not Path(place).exists()]
    if gone:
        raise SourceError(
            f"the source {', '.join(gone)} is not where it was read any more", "name it: dq run SOURCE… --previous DIR"
        )
    model = Path(places["model"]) if places["model"] else None
    return replace(plan, sources=tuple(Source(n, Path(p)) for n, p in sorted(places["sources"].items())), model=model)


def standards_of(plan: RunPlan) -> Standards:
    """Return the policy a plan is carried out with."""
    return load_standards(plan.settings.standards, plan.settings.expectations, plan.settings.matching)
