"""What a target (a CRM, a mailing list) demands, and what its load paths do with a row that falls short.

Facts and policy stand in one file per target, `standards/targets/<name>.yml`. Nothing here looks at data.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from dq.errors import Problem, SettingsError, StandardsError
from dq.model import ADDRESS_COLUMNS, CHANNEL_COLUMNS, CONTACT_ROLES, EXTRA, GOLDEN, REFUSAL_KINDS
from dq.standards.expressions import columns_of, maps_of, parse_expression
from dq.standards.reader import Policy, read_section, suggest

Verdict = Literal["suppressed", "reject", "alters", "pollutes", "needs_org", "loads"]
Certainty = Literal["seen", "inferred", "general"]
FieldType = Literal[
    "text", "multiline", "email", "phone", "url", "picklist", "boolean", "date", "datetime", "integer", "number",
    "reference", "id",
]  # fmt: skip

CERTAINTIES: Final[tuple[Certainty, ...]] = ("seen", "inferred", "general")
"""Seen in a source, inferred from one, general knowledge that nobody confirmed; from strong to weak."""

CHECKS: Final = {
    "required": "a value is required and there is none",
    "one_of": "none of several fields, one of which is required, has a value",
    "too_long": "more characters than the field holds",
    "not_in_picklist": "a restricted picklist does not have the value",
    "not_in_open_picklist": "an open picklist does not have the value",
    "bad_email": "not an e-mail address the target takes",
    "bad_date": "a text that is no date",
    "date_out_of_range": "a date before the first or after the last year the field takes",
    "short_year": "a date whose year has two digits",
    "bad_number": "a text that is no number",
    "out_of_range": "a number outside the range of the field",
    "bad_boolean": "a text that is neither yes nor no",
    "bad_id": "a text that is no identifier of the target",
    "bad_format": "a text that is not in the form the field asks for",
    "abroad": "an address in another country",
    "control_characters": "characters that no text may hold",
    "null_marker": "the text `#N/A`, which some loaders take for an order to empty the field",
    "null_marker_typed": "the text `#N/A` where a date, a number or a yes or no belongs",
    "case_changed": "the target stores the value in another case",
    "needs_right": "a field that only a user with a right of their own may fill",
    "duplicate_in_batch": "another row of the load has the same unique value",
    "duplicate_existing": "a record that is in the target already has the same unique value",
    "parent_missing": "the parent is not in the load, or would not load itself",
    "no_parent": "there is no parent at all",
    "owner_unknown": "the owner is no user of the target",
    "owner_inactive": "the owner is a user who left",
    "country_unknown": "the country is not in the target's list",
    "state_unknown": "the state is not in the target's list",
    "state_without_country": "a state stands without its country",
    "too_old": "a date further back than the field allows",
    "suppressed": "the customer is not to be reached this way",
    "on_list": "the customer is on a list of those not to be reached",
    "date_to_come": "a day that is still to come, of something that is said to be done",
    "same_household": "another row goes to the same household",
    "unknown_column": "a column the target does not have",
    "read_only_column": "a column the target fills itself",
    "wrong_line_end": "line ends other than the load path expects",
}
"""Every way a row can fall short of a target, in the order they are told."""
OWNER_CHECKS: Final = ("owner_unknown", "owner_inactive")
"""Checks whose value is an owner of the sources."""


class MergeCall(Policy):
    """How the target makes one record of several.

    Attributes:
        form: `soap`: merge() of Salesforce; `web_api`: the Merge action of Dataverse; `object_api`: that of HubSpot.
        records: Records of one request at most, the one that stays included.
        requests: Requests of one call at most.
        undo: What brings a record back that was merged away: it is made again (`insert`) or activated (`activate`).
        source: Where that is from.
        why: What else is to be known.
    """

    form: Literal["soap", "web_api", "object_api"]
    records: int = Field(default=2, ge=2)
    requests: int = Field(default=1, ge=1)
    undo: Literal["insert", "activate"] = "insert"
    source: str = ""
    why: str = ""


ON_LIST: Final = "on_list"
"""The check of lists of people not to be reached; a target that does not name it looks at none."""


class FactSource(Policy):
    """Where a fact comes from.

    Attributes:
        title: What was looked at.
        on: Its version or day.
        certainty: `seen` in it, `inferred` from it, or `general` knowledge.
    """

    title: str = Field(min_length=1)
    on: str = ""
    certainty: Certainty = "seen"


class LoadPath(Policy):
    """A way into the target; it decides what becomes of a row that falls short.

    Attributes:
        title: Its name in the words of whoever uses it.
        batch: Rows of one batch at most; null: no batches are cut.
        date_format: How it reads a date, such as `MM/DD/YYYY`.
        line_end: Line ends of its files.
        encoding: Encoding of its files.
        quote: Which cells stand in quotes: those that need it, or all, for a reader that guesses the delimiter.
        empty: What an empty cell of an update does: the field keeps its value, or is emptied.
        null: What empties a field on update where an empty cell does not; empty: nothing does.
        why: What is to be known of it.
    """

    title: str = Field(min_length=1)
    batch: int | None = Field(default=None, ge=1)
    date_format: str = "YYYY-MM-DD"
    line_end: Literal["lf", "crlf"] = "lf"
    encoding: Literal["utf-8", "utf-8-sig"] = "utf-8"
    quote: Literal["needed", "all"] = "needed"
    empty: Literal["keeps", "empties"] = "keeps"
    null: str = ""
    why: str = ""


class Outcome(Policy):
    """What a load path does with a row that falls short in one way.

    Attributes:
        verdict: reject, alters, pollutes, needs_org, or `loads`: nothing happens.
        code: The target's own name of the error; where it has none, ours.
        message: The target's own text; `{label}`, `{field}`, `{object}`, `{value}`, `{length}`, `{limit}`, `{size}` are
            filled in.
        source: Where it is known from; a key of `sources`.
        blanks: The value is left out, so that a row whose field is required falls short of `required` as well.
    """

    verdict: Verdict
    code: str = Field(default="", pattern=r"^[A-Za-z0-9_]*$")
    message: str = ""
    source: str = ""
    blanks: bool = False

    @model_validator(mode="after")
    def _trouble_has_a_name(self) -> "Outcome":
        if self.verdict != "loads" and not (self.code and self.message):
            raise ValueError(f"a verdict of `{self.verdict}` needs `code` and `message`")
        return self


class TargetField(Policy):
    """One field of an object.

    Attributes:
        label: What people see; error texts often use it.
        type: What it holds.
        length: Most characters.
        digits: Most digits before the point.
        minimum: Smallest number; of a date: first year.
        maximum: Largest number; of a date: last year.
        required: A row without it is not created.
        unique: No two records have the same value.
        key: Rows may be upserted by it.
        picklist: Name of its list in `picklists`.
        restricted: Values outside the list are an error, not an addition.
        place: The list is one of states or countries, which have errors of their own.
        listed_with: Only while this feature is on, `picklist`, `restricted`, `place` and `requires` apply.
        refers_to: Object of this target that it points to, or `owner`.
        writable: False: the target fills it itself.
        feature: Only where this feature is on.
        without: Only where this feature is off.
        requires: Field that has to be filled when this one is.
        format: Form of the text, such as `zip9`.
        pattern: Regular expression that the whole text has to match; of an e-mail address in place of ours.
        case: How the target stores it.
        header: Column of load files; empty: the name of the field. A parent is often named by a key of its own.
        max_age_months: The date is good until the end of so many months after its own.
        aliases: Source columns that fill it, in any spelling, before `value` does.
        max_age_days: How far back a date may lie, counted from the day of the run.
        value: What it is made of (see `dq.standards.expressions`); empty: a source column of the same name.
        right: Right the user who loads needs to fill it; files cannot tell whether they have it.
        insert_only: It can be filled when a record is made and never after.
        default: What its empty cells may be filled with if somebody accepts it: a value, or `dominant`: what nearly all
            others say. Empty: nothing; a country may always be what nearly all others say.
        codes: Check → code of the target for this field, where it differs.
        doubts: Fact of this field → source that knows it less surely than the others.
        source: Where its facts are from; empty: that of the object.
    """

    label: str = ""
    type: FieldType = "text"
    length: int | None = Field(default=None, ge=1)
    digits: int | None = Field(default=None, ge=1)
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    unique: bool = False
    key: bool = False
    picklist: str = ""
    restricted: bool = False
    place: Literal["", "state", "country"] = ""
    listed_with: str = ""
    refers_to: str = ""
    writable: bool = True
    feature: str = ""
    without: str = ""
    requires: str = ""
    format: Literal["", "zip5", "zip4", "zip9", "domestic", "reachable", "one_per_household"] = ""
    pattern: str = ""
    header: str = ""
    case: Literal["as_is", "lower"] = "as_is"
    max_age_days: int | None = Field(default=None, ge=1)
    max_age_months: int | None = Field(default=None, ge=1)
    aliases: tuple[str, ...] = ()
    value: str = ""
    right: str = ""
    insert_only: bool = False
    default: str = ""
    codes: dict[str, str] = Field(default_factory=dict)
    doubts: dict[str, str] = Field(default_factory=dict)
    source: str = ""

    @field_validator("value")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        if value:
            parse_expression(value)
        return value

    @field_validator("pattern")
    @classmethod
    def _pattern_can_be_read(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"`{pattern}` is no regular expression: {error}") from error
        return pattern

    @field_validator("codes")
    @classmethod
    def _checks_are_known(cls, codes: dict[str, str]) -> dict[str, str]:
        for check in codes:
            if check not in CHECKS:
                raise ValueError(f"codes: the check `{check}` is unknown; {suggest(check, list(CHECKS))}")
        return codes

    @model_validator(mode="after")
    def _facts_fit_the_type(self) -> "TargetField":
        if self.restricted and not self.picklist:
            raise ValueError("a restricted field needs its `picklist`")
        if self.type == "reference" and not self.refers_to:
            raise ValueError("a reference says what it `refers_to`")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum:g}) is above maximum ({self.maximum:g})")
        if not self.writable and (self.value or self.required):
            raise ValueError("a field the target fills itself has neither `value` nor `required`")
        unknown = sorted(set(self.doubts) - set(type(self).model_fields))
        if unknown:
            raise ValueError(f"doubts: {suggest(unknown[0], list(type(self).model_fields))}")
        return self


class TargetObject(Policy):
    """One kind of record of a target.

    Attributes:
        title: What one row is, in the plural.
        api_name: Its name in the target; empty: the key it stands under.
        order: Place in the load: parents first.
        key: Field that carries the id of the row and by which rows are upserted.
        one_of: Groups of fields one of which has to be filled.
        fields: Field → facts and mapping.
        source: Where the facts are from.
    """

    title: str = ""
    api_name: str = ""
    order: int = Field(default=1, ge=1)
    key: str = ""
    one_of: tuple[tuple[str, ...], ...] = ()
    fields: dict[str, TargetField] = Field(min_length=1)
    source: str = Field(min_length=1)


DOMINANT: Final = "dominant"
"""Default of a field: the value that nearly all rows with one have."""
PARK: Final = "park"
HOUSEHOLD: Final = "household"


class Assignment(Policy):
    """Which object a customer becomes. The first line all of whose conditions hold decides.

    Attributes:
        party: `person` or `organization`; empty: both.
        has_parent: Whether an organisation of the load is known that the person works for; null: either.
        status: Only customers of one of these.
        object: The object, or `park`: kept out of the load.
        parent: `household`: the row gets a parent of its own, one per household, of the object its parent field names.
        why: The reason, for whoever reads the file.
    """

    party: Literal["", "person", "organization"] = ""
    has_parent: bool | None = None
    status: tuple[str, ...] = ()
    object: str
    parent: Literal["", "household"] = ""
    why: str = ""


class Target(Policy):
    """Content of `standards/targets/<name>.yml`.

    Attributes:
        title: The product's name.
        version: Of its interface, as far as the facts depend on it.
        sources: Where facts come from.
        paths: Ways in; the first is the one meant when none is named.
        features: Feature of the organisation's instance → on or off.
        picklists: Name → values.
        maps: Name → value of ours → value of the target.
        objects: Kinds of record.
        assign: Name of a policy → which customers become what; the first is the one meant when none is named.
        checks: Check → load path (`any`: all others) → what becomes of the row.
        merge: How it makes one record of several; null: only by hand.
        remedies: Code → what helps, where that is no decision about one value.
        unknowable: What files cannot tell, as sentences: verdict `needs_org`.
    """

    title: str = Field(min_length=1)
    version: str = ""
    sources: dict[str, FactSource] = Field(min_length=1)
    paths: dict[str, LoadPath] = Field(min_length=1)
    features: dict[str, bool] = Field(default_factory=dict)
    picklists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    objects: dict[str, TargetObject] = Field(min_length=1)
    assign: dict[str, tuple[Assignment, ...]] = Field(min_length=1)
    checks: dict[str, dict[str, Outcome]] = Field(min_length=1)
    merge: MergeCall | None = None
    remedies: dict[str, str] = Field(default_factory=dict)
    unknowable: tuple[str, ...] = ()

    def outcome(self, check: str, path: str) -> Outcome:
        """Return what a load path does about a check; a check the file does not name loads."""
        known = self.checks.get(check, {})
        return known.get(path) or known.get("any") or Outcome(verdict="loads")

    def in_force(self, name: str) -> dict[str, TargetField]:
        """Return the fields of an object that exist with the features that are on."""
        return {
            key: field
            for key, field in self.objects[name].fields.items()
            if (not field.feature or self.features.get(field.feature))
            and not (field.without and self.features.get(field.without))
        }

    def load_order(self) -> tuple[str, ...]:
        """Return the objects, parents first."""
        return tuple(sorted(self.objects, key=lambda name: (self.objects[name].order, name)))

    def certainty(self, *sources: str) -> Certainty:
        """Return how sure a statement is that rests on several sources: as sure as the weakest."""
        found = [self.sources[source].certainty for source in sources if source]
        return max(found, key=CERTAINTIES.index, default="general")


KNOWN_COLUMNS: Final = frozenset(
    {
        *GOLDEN.columns,
        "record_id",
        "row_id",
        "parent_row_id",
        "employer",
        "coded_on",
        "fax",
        *(f"refuses.{channel}" for channel in REFUSAL_KINDS),
        *(f"{role}.{column}" for role in CONTACT_ROLES for column in (*ADDRESS_COLUMNS, *CHANNEL_COLUMNS, "fax")),
    }
)
"""What an expression may name besides `extra.<header>`. `<role>.<column>` is the contact point of that role; `row_id`
is the id of the row in the load, `parent_row_id` that of its parent; `refuses.<channel>` is true where the customer or
any of their contact points of that kind refuses; `employer` is the name of the organisation that
a customer belongs to; `coded_on` the day on which a licensed provider's answer says that its address was coded."""


def target_names(folder: Path) -> tuple[str, ...]:
    """Return the targets there are, by name."""
    return tuple(sorted(path.stem for path in (folder / "targets").glob("*.yml")))


def load_target(folder: Path, name: str) -> Target:
    """Return one target of a standards folder; see `load_targets`."""
    return load_targets(folder, (name,))[name]


def load_targets(folder: Path, names: Iterable[str]) -> dict[str, Target]:
    """Read and check targets.

    Args:
        folder: The `standards` folder.
        names: Which, in any order.

    Raises:
        SettingsError: A target does not exist; the hint names the nearest one.
        StandardsError: With every problem of every file.
    """
    known = target_names(folder)
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}? " if close else ""
            raise SettingsError(f"--target {name} is unknown", f"{hint}there are: {', '.join(known)}")
    problems: list[Problem] = []
    targets = {name: read_target(folder / "targets" / f"{name}.yml", problems) for name in names}
    if problems:
        raise StandardsError(problems)
    return {name: target for name, target in targets.items() if target is not None}


def read_target(path: Path, problems: list[Problem]) -> Target | None:
    """Read one target file; adds every problem found to `problems`."""
    target = read_section(path, Target, problems)
    found = [] if target is None else [Problem(path.name, *problem) for problem in _contradictions(target)]
    problems += found
    return None if found else target


def _contradictions(target: Target) -> list[tuple[str, str, str]]:
    """Return what does not fit together, as (key, message, hint)."""
    merge = () if target.merge is None else _unknown("merge.source", (target.merge.source,), target.sources)
    return [*_object_problems(target), *_assign_problems(target), *_check_problems(target), *merge]


def _object_problems(target: Target) -> Iterable[tuple[str, str, str]]:
    for name, thing in target.objects.items():
        yield from _unknown(f"objects.{name}.source", (thing.source,), target.sources)
        if thing.key:
            yield from _unknown(f"objects.{name}.key", (thing.key,), thing.fields)
        for group in thing.one_of:
            yield from _unknown(f"objects.{name}.one_of", group, thing.fields)
        for key in sorted(RESERVED & set(thing.fields)):
            yield f"objects.{name}.fields.{key}", "rows of a load carry this name already", "call the field otherwise"
        for key, field in thing.fields.items():
            yield from _field_problems(f"objects.{name}.fields.{key}", field, thing, target)


RESERVED: Final = frozenset({"row_id", "golden_id", "record_id", "parent_row_id"})
"""Columns that rows of a load have beside their fields (`dq.conversion.rows`)."""


def _field_problems(
    place: str, field: TargetField, thing: TargetObject, target: Target
) -> Iterable[tuple[str, str, str]]:
    yield from _unknown(f"{place}.source", (field.source, *field.doubts.values()), target.sources)
    yield from _unknown(f"{place}.picklist", (field.picklist,), target.picklists)
    yield from _unknown(f"{place}.feature", (field.feature, field.without, field.listed_with), target.features)
    yield from _unknown(f"{place}.requires", (field.requires,), thing.fields)
    if field.default and field.default != DOMINANT and field.picklist in target.picklists:
        yield from _unknown(f"{place}.default", (field.default,), target.picklists[field.picklist], "value")
    if field.refers_to != "owner":
        yield from _unknown(f"{place}.refers_to", (field.refers_to,), target.objects)
    if not field.value:
        return
    tree = parse_expression(field.value)
    yield from _unknown(f"{place}.value", maps_of(tree), target.maps, "map")
    for column in columns_of(tree):
        if column not in KNOWN_COLUMNS and not column.startswith(EXTRA):
            yield f"{place}.value", f"the column `{column}` is unknown", suggest(column, sorted(KNOWN_COLUMNS))


def _assign_problems(target: Target) -> Iterable[tuple[str, str, str]]:
    for policy, lines in target.assign.items():
        for number, line in enumerate(lines):
            place = f"assign.{policy}.{number}"
            if line.object != PARK:
                yield from _unknown(f"{place}.object", (line.object,), target.objects)
            if line.parent and line.object in target.objects and parent_field(target, line.object) is None:
                yield f"{place}.parent", f"`{line.object}` has no field that refers to a parent", "add a reference"


def _check_problems(target: Target) -> Iterable[tuple[str, str, str]]:
    yield from _unknown("checks", target.checks, CHECKS, "check")
    for check, outcomes in target.checks.items():
        yield from _unknown(f"checks.{check}", (path for path in outcomes if path != "any"), target.paths, "load path")
        for path, outcome in outcomes.items():
            yield from _unknown(f"checks.{check}.{path}.source", (outcome.source,), target.sources)
            try:
                outcome.message.format_map(dict.fromkeys(PLACEHOLDERS, ""))
            except (KeyError, ValueError, IndexError) as error:
                yield f"checks.{check}.{path}.message", f"a place holder is wrong: {error}", ", ".join(PLACEHOLDERS)


PLACEHOLDERS: Final = ("label", "field", "object", "value", "length", "limit", "size", "path", "right")
"""What a message may hold between braces."""


def _unknown(
    place: str, words: Iterable[str], known: Iterable[str], kind: str = "name"
) -> Iterable[tuple[str, str, str]]:
    there = list(known)
    for word in words:
        if word and word not in there:
            yield place, f"the {kind} `{word}` is unknown", suggest(word, there)


def parent_field(target: Target, name: str) -> str | None:
    """Return the field of an object that points to its parent: the first mapped reference to an object."""
    for key, field in target.in_force(name).items():
        if field.refers_to and field.refers_to != "owner" and field.value == "parent_row_id":
            return key
    return None
