"""What one run is to do, and the key that tells equal runs apart from different ones."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from dq import __version__
from dq.address.reference.library import FINDINGS, Library
from dq.engine import PART_ROWS
from dq.errors import SettingsError
from dq.matching import read_model
from dq.model import JUDGEMENTS_TABLE, OVERRIDES
from dq.pipeline.lists import log_before, read_list
from dq.pipeline.target_choice import NO_CONVERSION, Conversion
from dq.settings import Settings
from dq.standards import Standards, load_survivorship
from dq.tables.people_files import read_crosswalk, read_people_csv
from dq.tables.reading.source import Source
from dq.tables.recognition.vocabulary import country_codes


@dataclass(frozen=True)
class RunPlan:
    """Everything a step needs to know; frozen and picklable, so that flows can pass it between tasks.

    Attributes:
        sources: The extracts, in the order given; the order has no influence on the result.
        out: Folder of the result.
        settings: Home, standards and key in force.
        as_of: The day the run calls today.
        match_at: `safe` or `balanced`.
        key_column: Header of the key, for every source that has such a column.
        ignore: Headers left out on purpose.
        columns: Header → canonical column, over what was recognised.
        country: ISO alpha-2 code of rows without a country.
        previous: Folder of the run published before, whose golden ids are inherited.
        judgements: File with decisions of people on pairs.
        overrides: File with values people pinned.
        link: The source of the customers one has and that of the bought list, by name; None but for `dq link`.
        one_to_one: A customer is one row of the list at most.
        list_price: What the list cost, in any currency.
        model: The model.json of an earlier run, used instead of learning.
        preview_rules: Survivorship rules to be tried beside those in force.
        explain_blocking: `dq match` tells what each blocking rule gives.
        unmasked: Show personal data on the scorecard.
        workers: Processes and threads; without influence on the result.
        fresh: Start over although an unfinished run of the same key is there.
        conversion: Targets the result is held against.
        bring_back: List of customers that no parking rule may keep out.
        sample: Rows of each source of one table that are looked at; None for all.
        judges_rules: Whether `dq check` judges quality rules, those of `settings.expectations`.
        merge: Whether duplicates are found and merged; `dq check --no-match` judges input rows.
        tag: Name of the run, such as `mock-1`; empty for none.
        part_rows: Rows of a part; without influence on the result, only tests change it.
    """

    sources: tuple[Source, ...]
    out: Path
    settings: Settings
    as_of: date
    match_at: str = "safe"
    key_column: str | None = None
    ignore: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    country: str | None = None
    previous: Path | None = None
    judgements: Path | None = None
    overrides: Path | None = None
    link: tuple[str, str] | None = None
    one_to_one: bool = False
    list_price: float | None = None
    model: Path | None = None
    preview_rules: Path | None = None
    explain_blocking: bool = False
    unmasked: bool = False
    workers: int = 1
    fresh: bool = False
    conversion: Conversion = NO_CONVERSION
    bring_back: Path | None = None
    sample: int | None = None
    judges_rules: bool = False
    merge: bool = True
    tag: str = ""
    part_rows: int = PART_ROWS


def check_places(plan: RunPlan) -> None:
    """Refuse, before any work, an output folder that would destroy or swallow something.

    Raises:
        SettingsError: The folder lies inside a source or holds one, or holds something that is no run.
    """
    out = plan.out.resolve()
    for source in plan.sources:
        path = source.path.resolve()
        if path.is_dir() and (out == path or path in out.parents):
            raise SettingsError(
                f"the output folder {plan.out} lies inside the source {source.path}", "choose an --out beside it"
            )
        if out == path or out in path.parents:
            raise SettingsError(f"the output folder {plan.out} holds the source {source.path}", "choose another --out")
    blocked = next((folder for folder in out.parents if folder.exists() and not folder.is_dir()), None)
    if blocked is not None:
        raise SettingsError(f"--out {plan.out} lies below {blocked.name}, which is a file", "choose another --out")
    if out.exists() and not out.is_dir():
        raise SettingsError(f"--out {plan.out} is a file", "name a folder; it is made when it is missing")
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise SettingsError(
            f"the folder {plan.out} holds something that dq did not write", "name an empty or a new folder"
        )


def check_inputs(plan: RunPlan, standards: Standards) -> None:
    """Refuse, before any work, what a later step could not read.

    Raises:
        SettingsError: The country is none, or the model is none.
        StandardsError: The rules to preview are wrong.
        SourceError: Judgements, overrides or the crosswalk published before are no such tables.
    """
    if plan.country is not None and plan.country not in set(country_codes(standards).values()):
        raise SettingsError(f"--country {plan.country} is no country", "give two letters of ISO 3166, such as US or CA")
    if plan.judgements is not None:
        read_people_csv(plan.judgements, tuple(JUDGEMENTS_TABLE.columns))
    if plan.overrides is not None:
        read_people_csv(plan.overrides, tuple(OVERRIDES.columns))
    if plan.model is not None:
        read_model(plan.model.read_bytes(), str(plan.model))
    if plan.preview_rules is not None:
        load_survivorship(plan.preview_rules)
    if plan.previous is not None:
        read_crosswalk(plan.previous)
    if plan.bring_back is not None:
        read_list(plan.bring_back)


Inputs = dict[str, Any]
"""What a result depends on, by name: hashes of files, options, versions."""


def run_inputs(plan: RunPlan, standards: Standards) -> Inputs:
    """Return every input that the bytes of the result depend on (CONTRACTS 2), but for the secret of the home."""
    return {
        "version": __version__,
        "standards": standards.hash,
        "as_of": plan.as_of.isoformat(),
        "options": {
            "match_at": plan.match_at,
            "key_column": plan.key_column,
            "ignore": sorted(plan.ignore),
            "columns": sorted(plan.columns),
            "country": plan.country,
            "link": plan.link,
            "one_to_one": plan.one_to_one,
            "list_price": plan.list_price,
            "unmasked": plan.unmasked,
            "explain_blocking": plan.explain_blocking,
            "merge": plan.merge,
            "sample": plan.sample,
            "judges_rules": plan.judges_rules,
            "targets": [[one.name, one.assign, one.path] for one in plan.conversion.targets],
            # It stands on the scorecard; without one the inputs are what they were before there were any.
            **({"tag": plan.tag} if plan.tag else {}),
        },
        "existing": [[name, _hash_of(path)] for name, path in plan.conversion.existing],
        "owners": _hash_of(plan.conversion.owners),
        "proposals": _hash_of(plan.conversion.proposals),
        "owner_map": _hash_of(plan.conversion.owner_map),
        **(
            {"owner_maps": [[name, _hash_of(path)] for name, path in maps]}
            if (maps := plan.conversion.owner_maps)
            else {}
        ),
        "suppress": [[path.stem, _hash_of(path)] for path in plan.conversion.suppress],
        "sources": sorted([source.name, hash_files(source.path)] for source in plan.sources),
        "previous": _hash_of(plan.previous / "crosswalk.csv" if plan.previous else None),
        "bring_back": _hash_of(plan.bring_back),
        "brought_back": _hash_of(log_before(plan.previous)),
        "reference": library_hash(plan.settings.reference),
        "judgements": _hash_of(plan.judgements),
        "overrides": _hash_of(plan.overrides),
        "model": _hash_of(plan.model),
        "preview_rules": _hash_of(plan.preview_rules),
    }


def run_key(inputs: Inputs, home_key: bytes) -> str:
    """Return the key of a run: equal keys mean equal bytes."""
    whole = {**inputs, "home_key": hashlib.sha256(home_key).hexdigest()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def with_decisions(inputs: Inputs, plan: RunPlan) -> Inputs:
    """Return the inputs of a run with the decisions and the crosswalk before it that a plan names."""
    return {
        **inputs,
        "previous": _hash_of(plan.previous / "crosswalk.csv" if plan.previous else None),
        "brought_back": _hash_of(log_before(plan.previous)),
        "judgements": _hash_of(plan.judgements),
        "overrides": _hash_of(plan.overrides),
    }


_NOT_HELD_AGAINST: Final = ("costs.yml", "dimensions.yml", "stewardship.yml", "user_map.csv", "README.md")
"""Files of the standards that change no verdict on a value: weights are kept beside, stewardship is what people do;
targets (`targets/`) and what is not converted (`parking*`) are held against whole customers."""


def reference_hash(plan: RunPlan) -> str:
    """Return the hash of what values are held against: standards, reference data and the version of dq."""
    files = {
        name: text
        for name, text in hash_files(plan.settings.standards).items()
        if name not in _NOT_HELD_AGAINST and not name.startswith(("targets/", "parking", "user_map_"))
    }
    known = [__version__, sorted(files.items()), library_hash(plan.settings.reference)]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def library_hash(folder: Path) -> list[object]:
    """Return what the reference library holds: its data sets, and what bureaus and providers answered."""
    findings = folder / FINDINGS
    gathered = sorted(findings.glob("*.parquet")) if findings.is_dir() else []
    return [Library(folder).fingerprint(), [[path.name, _sha256(path)] for path in gathered]]


def hash_files(path: Path) -> dict[str, str]:
    """Return the SHA-256 of a file, or of every file below a folder, by relative name."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        return {file.relative_to(path).as_posix(): _sha256(file) for file in files}
    return {path.name: _sha256(path)}


def _hash_of(path: Path | None) -> str | None:
    return None if path is None else _sha256(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
