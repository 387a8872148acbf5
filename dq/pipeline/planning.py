"""Turns what an operator typed into a plan; refuses what makes no sense before any work."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from dq.errors import Problem, SettingsError, StandardsError
from dq.model import MATCH_AT
from dq.pipeline.owners import FILE as USER_MAP_FILE
from dq.pipeline.owners import maps_kept, read_owners, read_user_map
from dq.pipeline.picklists import read_learned
from dq.pipeline.plan import RunPlan
from dq.pipeline.tags import check_tag
from dq.pipeline.target_choice import NO_CONVERSION, Conversion, choose_targets
from dq.settings import Settings, load_settings
from dq.standards.rules import read_rules
from dq.standards.targets import ON_LIST, load_targets
from dq.tables.reading.source import parse_sources


def make_plan(
    sources: Sequence[str],
    out: Path,
    *,
    key: str | None = None,
    match_at: str = "safe",
    columns: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    country: str | None = None,
    as_of: str | None = None,
    previous: Path | None = None,
    judgements: Path | None = None,
    overrides: Path | None = None,
    model: Path | None = None,
    matching: Path | None = None,
    preview_rules: Path | None = None,
    explain_blocking: bool = False,
    unmasked: bool = False,
    conversion: Conversion = NO_CONVERSION,
    bring_back: Path | None = None,
    sample: int | None = None,
    merge: bool = True,
    rules: Path | None = None,
    tag: str | None = None,
    workers: int | None = None,
    fresh: bool = False,
) -> RunPlan:
    """Return the plan of a run from what stands on the command line.

    Raises:
        SettingsError: An option is wrong; SourceError: a source is missing or named twice.
    """
    if match_at not in MATCH_AT:
        raise SettingsError(f"--match-at {match_at} is unknown", "choose safe or balanced")
    for name, path in (
        ("--judgements", judgements),
        ("--overrides", overrides),
        ("--model", model),
        ("--matching", matching),
        ("--preview-rules", preview_rules),
        ("--rules", rules),
        ("--bring-back", bring_back),
    ):
        if path is not None and not path.is_file():
            raise SettingsError(f"{name} {path} is no file", "check the path")
    if previous is not None and not (previous / "crosswalk.csv").is_file():
        raise SettingsError(f"--previous {previous} holds no crosswalk.csv", "name the folder of an earlier run")
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise SettingsError(f"--country {country} is no country code", "give two letters, such as US or CA")
    settings = replace(load_settings(), matching=matching)
    if rules is not None:
        _refuse_rules(rules, merge=merge)
        settings = replace(settings, expectations=rules)
    if tag is not None:
        check_tag(tag, out, settings)
    return RunPlan(
        sources=parse_sources(sources),
        out=out,
        settings=settings,
        as_of=_as_of(as_of),
        match_at=match_at,
        key_column=key,
        ignore=tuple(ignore or ()),
        columns=_meanings(columns or (), ignore or ()),
        country=country.upper() if country else None,
        previous=previous,
        judgements=judgements,
        overrides=overrides,
        model=model,
        preview_rules=preview_rules,
        explain_blocking=explain_blocking,
        unmasked=unmasked,
        conversion=conversion,
        bring_back=bring_back,
        sample=sample,
        judges_rules=rules is not None,
        merge=merge,
        tag=tag or "",
        workers=workers or os.cpu_count() or 1,
        fresh=fresh,
    )


def _refuse_rules(path: Path, *, merge: bool) -> None:
    """Refuse rules of one's own that are wrong, none, or about golden records where none are made."""
    problems: list[Problem] = []
    rules = read_rules(path, problems)
    if problems:
        raise StandardsError(problems)
    if not rules:
        raise SettingsError(f"--rules {path} holds no rule", "write one, as in expectations/README.md")
    golden = [rule.rule_id for rule in rules if rule.layer == "golden"]
    if golden and not merge:
        raise SettingsError(
            f"the rule {golden[0]} is about golden records, and --no-match makes none",
            "leave --no-match out, or write the rule for the layer standardized",
        )


def convert_into(
    names: Sequence[str],
    *,
    assign: str | None = None,
    path: str | None = None,
    existing: Sequence[str] | None = None,
    owners: Path | None = None,
    proposals: Path | None = None,
    owner_map: Path | None = None,
    suppress: Sequence[Path] | None = None,
) -> Conversion:
    """Return what a run is to be converted into from what stands on the command line.

    Raises:
        SettingsError: A target, policy, load path or file is unknown, or an option has no target to speak of.
        StandardsError: With every problem of the targets' files, or of the mappings that are remembered.
    """
    exports = tuple(_export(text) for text in existing or ())
    said = {
        "--assign": assign,
        "--load-path": path,
        "--existing": exports,
        "--owners": owners,
        "--apply-proposals": proposals,
        "--owner-map": owner_map,
        "--suppress": suppress,
    }
    lonely = [option for option, value in said.items() if value]
    if not names and lonely:
        raise SettingsError(f"{lonely[0]} speaks of a target, and none is named", "add --target NAME")
    for option, file in (
        ("--owners", owners),
        ("--apply-proposals", proposals),
        ("--owner-map", owner_map),
        *(("--existing", f) for _, f in exports),
        *(("--suppress", f) for f in suppress or ()),
    ):
        if file is not None and not file.is_file():
            raise SettingsError(f"{option} {file} is no file", "check the path")
    if not names:
        return NO_CONVERSION
    settings = load_settings()
    standards = settings.standards
    choices = choose_targets(standards, names, assign, path)
    read_learned(standards)
    objects = {thing for target in load_targets(standards, names).values() for thing in target.objects}
    strange = next((thing for thing, _ in exports if thing and thing not in objects), None)
    if strange is not None:
        raise SettingsError(f"--existing {strange}=… names no object", f"there are: {', '.join(sorted(objects))}")
    kept = standards / USER_MAP_FILE
    chosen = owner_map or (kept if kept.is_file() else None)
    # What was typed stands above what the home keeps, for every target.
    maps = () if owner_map else maps_kept(standards, names)
    for path_of_map in (*(() if chosen is None else (chosen,)), *(path for _, path in maps)):
        read_user_map(path_of_map)
    if owners is not None:
        read_owners(owners)
    is_mailed = any(ON_LIST in one.checks for one in load_targets(standards, names).values())
    if suppress and not is_mailed:
        raise SettingsError("--suppress is for lists that are mailed, and no target is one", "add --target mailing")
    lists = _lists_of(settings, suppress or ()) if is_mailed else ()
    return Conversion(choices, exports, owners, proposals, chosen, lists, maps)


def _lists_of(settings: Settings, named: Sequence[Path]) -> tuple[Path, ...]:
    """Return the lists of the home and those named beside them, each once.

    Raises:
        SettingsError: A list of the home is not there: somebody would be mailed who must not be.
    """
    missing = next((path for path in settings.suppress if not path.is_file()), None)
    if missing is not None:
        raise SettingsError(f"suppress in dq.toml: {missing} is no file", "check the path, or take it out")
    return tuple({path.resolve(): path for path in (*settings.suppress, *named)}.values())


def _export(text: str) -> tuple[str, Path]:
    named, separator, file = text.partition("=")
    return (named, Path(file)) if separator and not Path(text).is_file() else ("", Path(text))


def _as_of(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--as-of {text} is no date", "write it as 2026-01-31") from error


def _meanings(texts: Sequence[str], ignored: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return header and column of each `--map`; headers of which two things are said are refused, all at once."""
    said: dict[str, list[str]] = {}
    for header, column in map(_pair, texts):
        said.setdefault(header, []).append(column)
    for header in set(said) & set(ignored):
        said[header].append("nothing (--ignore)")
    twice = [f"{header} is {' and '.join(names)}" for header, names in said.items() if len(set(names)) > 1]
    if twice:
        raise SettingsError(f"--map contradicts itself: {'; '.join(twice)}", "say one thing of each column")
    return tuple((header, names[0]) for header, names in said.items())


def _pair(text: str) -> tuple[str, str]:
    header, separator, column = text.partition("=")
    if not separator or not header.strip():
        raise SettingsError(f"--map {text} is not HEADER=COLUMN", "for example --map 'Cust Nm=full_name'")
    return header.strip(), column.strip()
