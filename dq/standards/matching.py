"""How duplicates are found: blocking rules, comparisons, learning, thresholds, ceilings, vetoes."""

import math
from typing import Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from dq.standards.ladders import OrganizationComparisons, PersonComparisons
from dq.standards.reader import Policy, suggest

BLOCKING_FEATURES = (
    "acronym",
    "area",
    "birth_on",
    "birth_year",
    "city",
    "town",
    "domain",
    "email",
    "email_local",
    "email_start",
    "first",
    "first_initial",
    "first_sound",
    "first_start",
    "formal_first",
    "identifier",
    "last",
    "last_initial",
    "last_sound",
    "last_start",
    "line",
    "name",
    "name_pair",
    "name_sound",
    "name_start",
    "homeless_token",
    "name_token",
    "number",
    "phone",
    "phone_seven",
    "region",
    "street_start",
    "zip",
    "zip_start",
)
"""What a blocking rule may be made of; see `dq.matching.block_values`."""


class BlockingRule(Policy):
    """Records that agree on all of `on` are worth comparing; larger blocks must also agree on `finer`.

    Attributes:
        max_block: Largest block of this rule, where it is to be smaller than the others'.
        window: Neighbours each record meets where a split block of it is still too large; fewer than the others'.
    """

    name: str
    on: tuple[str, ...] = Field(min_length=1)
    finer: tuple[str, ...] = ()
    max_block: int | None = Field(default=None, gt=1)
    window: int | None = Field(default=None, gt=0)

    @field_validator("on", "finer")
    @classmethod
    def _known(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [feature for feature in features if feature not in BLOCKING_FEATURES]
        if unknown:
            raise ValueError(
                "; ".join(f"unknown feature `{feature}`, {suggest(feature, BLOCKING_FEATURES)}" for feature in unknown)
            )
        return features


class BlockingRules(Policy):
    """Which pairs are compared.

    Attributes:
        max_block: A block with more records is split by the rule's `finer` features.
        small_file: With fewer records than this, blocks may be larger by as much.
        most_times: By no more than this.
        window: Where a split block is still too large, each record meets this many neighbours in it.
    """

    max_block: int = Field(gt=1)
    small_file: int = Field(gt=0)
    most_times: float = Field(ge=1)
    window: int = Field(gt=0)
    person: tuple[BlockingRule, ...]
    organization: tuple[BlockingRule, ...]

    @model_validator(mode="after")
    def _unique(self) -> "BlockingRules":
        names = [rule.name for rule in (*self.person, *self.organization)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rules named twice: {', '.join(twice)}")
        return self

    def rules(self) -> tuple[tuple[str, BlockingRule], ...]:
        """Return (party type, rule) in order; a pair keeps the first rule that made it."""
        person = tuple(("person", rule) for rule in self.person)
        return (*person, *(("organization", rule) for rule in self.organization))


class Prior(Policy):
    """How likely two random records are one customer.

    Attributes:
        matches_per_record: How many other records of the same customer a record is expected to have.
        least_records: Fewer records than this are judged as if there were so many: a small file is a sample.
    """

    matches_per_record: float = Field(gt=0)
    least_records: int = Field(gt=1)

    def weight(self, records: int) -> float:
        """Return log2 of the prior odds among `records` records of one party type."""
        return round(math.log2(self.matches_per_record / max(records, self.least_records)), 6)


class SafeBounds(Policy):
    """Where the threshold of `safe` may lie; it is read off the run's own pairs.

    Attributes:
        wrong_share: Share of wrong matches expected above the threshold.
        lowest: Never a lower threshold.
        highest: Never a higher one, however the pairs look.
        review: Weight from which a pair is worth a person's time.
    """

    wrong_share: float = Field(gt=0, lt=1)
    lowest: float
    highest: float
    review: float

    @model_validator(mode="after")
    def _ordered(self) -> "SafeBounds":
        return _in_order(self)


class BalancedBounds(Policy):
    """Where the threshold of `balanced` may lie: the expected F1 of the run's own pairs is highest there.

    Attributes:
        lowest: Never a lower threshold.
        highest: Never a higher one.
        review: Weight from which a pair is worth a person's time.
    """

    lowest: float
    highest: float
    review: float

    @model_validator(mode="after")
    def _ordered(self) -> "BalancedBounds":
        return _in_order(self)


Bounds = TypeVar("Bounds", SafeBounds, BalancedBounds)


def _in_order(bounds: Bounds) -> Bounds:
    if not bounds.review <= bounds.lowest <= bounds.highest:
        raise ValueError("review, lowest and highest must not fall")
    return bounds


class ThresholdBounds(Policy):
    """The two settings of `--match-at`."""

    safe: SafeBounds
    balanced: BalancedBounds


class Thresholds(Policy):
    """Match weights from which a pair is a match, or worth a person's look."""

    match_threshold: float
    review_threshold: float

    @model_validator(mode="after")
    def _ordered(self) -> "Thresholds":
        if self.review_threshold > self.match_threshold:
            raise ValueError("review_threshold is above match_threshold")
        return self


class ThresholdPairs(Policy):
    """Thresholds of both settings, as found for a run."""

    safe: Thresholds
    balanced: Thresholds


class UsualRelatives(Policy):
    """log2 of matches per pair of relatives (or of tenants of one place) in the data the ceilings were estimated on."""

    person: float
    organization: float


class Learning(Policy):
    """What a run learns from its own records, and how far it may depart from this policy.

    Attributes:
        candidate_pairs: Candidate pairs looked at; of more, every n-th.
        random_pairs: Random pairs looked at for u.
        least_matches: Fewer expected matches than this teach nothing: the policy stays.
        rounds: Rounds of estimation at most.
        policy_matches: The m of this policy count as so many matches.
        policy_random_pairs: The u of this policy count as so many random pairs.
        m_drift: Bits by which an m may move.
        u_drift: Bits by which a u may move.
        policy_records: The matches per record of this policy count as so many records.
        trusted_records: Matched records from which on a small file's size is half believed.
        policy_homes: Shared homes that count as usual before any is seen.
        ceiling_drift: Bits by which ceilings may move.
        usual_relatives: Where ceilings do not move.
    """

    candidate_pairs: int = Field(gt=0)
    random_pairs: int = Field(gt=0)
    least_matches: int = Field(gt=0)
    rounds: int = Field(gt=0)
    policy_matches: float = Field(gt=0)
    policy_random_pairs: float = Field(gt=0)
    m_drift: float = Field(gt=0)
    u_drift: float = Field(gt=0)
    policy_records: float = Field(gt=0)
    trusted_records: float = Field(gt=0)
    policy_homes: float = Field(gt=0)
    ceiling_drift: float = Field(ge=0)
    usual_relatives: UsualRelatives


class ReviewShare(Policy):
    """How many possible matches are put before people: what is never looked at is not worth a list.

    Attributes:
        safe: Cases per record at `safe`; 1 for all.
        balanced: The same at `balanced`.
        least: So many are asked in any case, the strongest first.
    """

    safe: float = Field(gt=0, le=1)
    balanced: float = Field(gt=0, le=1)
    least: int = Field(ge=0)

    def most(self, records: int, match_at: str) -> int | None:
        """Return how many cases a review of so many records holds, None for all."""
        share = self.balanced if match_at == "balanced" else self.safe
        return None if share == 1 else max(self.least, int(share * records))


Veto = Literal["always", "safe", "never"]
"""Whether a fact forbids a match at both settings, only at `safe` (at `balanced` it is evidence), or not at all."""


class Vetoes(Policy):
    """Which facts stand above every weight; a DIFFERENT judgement always does."""

    organization_tax_id: Veto
    person_tax_id: Veto
    lei: Veto
    generation: Veto
    birth_date: Veto
    twins: Veto
    given_name: Veto


class NeverMerge(Policy):
    """Records with an obligation of their own: two of them stay two customers, whatever the evidence.

    Attributes:
        column: Column of the records, `extra.<header>` for one without a canonical home; letters of either case.
        values: Values that mark a record, in either case; without any, all but empty, zero and words for no.
    """

    column: str = Field(min_length=1)
    values: tuple[str, ...] = ()


class Distances(Policy):
    """How far apart the middles of two ZIP areas (first three digits) are, in kilometres.

    Attributes:
        near: Up to here people move and still work at the same place, or drive to work.
        region: Up to here they are in one part of the country.
    """

    near: int = Field(gt=0)
    region: int = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> "Distances":
        if self.region < self.near:
            raise ValueError("region is below near")
        return self


class Ceilings(Policy):
    """The highest weight of pairs whose evidence others share: a household, a building, the branches of a company.

    Identifiers, birth dates and what else is a customer's own are added on top.

    Attributes:
        tax_id_of_relative: Bits that a shared tax id counts at most where given names differ.
        birthday_of_twin: Bits that a shared birthday counts at most where given names differ.
        mail_of_name: Bits that a mailbox made of the name alone counts at most beside the same name or nearly so.
        household: Two persons whose first or middle names, birth dates or tax ids differ, or without first name.
        alike_name: Two persons whose first names sound or look alike and are both given names (Joan, Joanne).
        alike_name_proven: The same with one birth date or mailbox.
        alike_name_apart: The same with another phone or e-mail, and no mailbox in common.
        other_family: Two persons whose family names differ.
        no_name: Two persons of whom one has no name at all.
        initial: Two persons of whom one has an initial only, without the same tax id, and nothing but a phone at most.
        nickname: Two persons of whom one has a nickname of the other's name, and nothing of their own in common.
        name_and_home: Two persons of one name and address, and no phone, e-mail or birth date in common.
        namesake: Two persons of one name, nothing of their own in common, and another phone or another e-mail.
        namesake_apart: The same with another phone and another e-mail.
        nickname_apart: The same with a nickname of the other's name.
        nickname_twins: A nickname, another phone and another e-mail, whatever the birth date.
        generation: Two persons of whom one is called Jr, Sr or a number and the other is not.
        generation_alone: The same without a phone or mailbox in common.
        born_apart: Two persons born a generation apart, without a mailbox or tax id in common.
        near_number: Two persons whose whole tax ids nearly agree, and another birth date, flat, house or no name.
        near_number_other_name: The same with another name.
        branch: Two organisations with another branch number or none, without a place, phone or mailbox in common.
        name_alone: Two organisations of one name with nothing else in common, one of them without an address.
        chain: Two organisations whose website others have at several places, one of them without a place or phone.
        same_place_other_name: Two organisations at one address whose names are not the same.
        same_place_part_name: One name part of the other.
        same_place_alone: Names not the same, and no phone, mailbox or website in common.
        same_place_alike_alone: Most words of the names agree, and no phone, mailbox or website in common.
        nearby_longer_name: In one town, one name longer than the other, whatever they share.
        nearby_part_name_alone: The same without a phone or mailbox in common.
        nearby_other_name: In one town, names not the same.
        nearby_part_name: In one town, names alike but not the same.
        elsewhere_other_name: In different places, names not the same.
        nearby_same_name: In one town at different addresses, same name.
        nearby_same_name_alone: The same without a phone or mailbox in common.
        elsewhere_same_name: In different places, same name.
        elsewhere_same_name_alone: The same without a phone or mailbox in common.
        no_place_other_name: Without an address on one side, names not the same.
    """

    tax_id_of_relative: float = Field(ge=0)
    birthday_of_twin: float = Field(ge=0)
    mail_of_name: float = Field(ge=0)
    household: float
    alike_name: float
    alike_name_proven: float
    alike_name_apart: float
    other_family: float
    no_name: float
    initial: float
    nickname: float
    name_and_home: float
    namesake: float
    namesake_apart: float
    nickname_apart: float
    nickname_twins: float
    generation: float
    generation_alone: float
    born_apart: float
    near_number: float
    near_number_other_name: float
    branch: float
    name_alone: float
    chain: float
    same_place_other_name: float
    same_place_part_name: float
    same_place_alone: float
    same_place_alike_alone: float
    nearby_longer_name: float
    nearby_part_name_alone: float
    nearby_other_name: float
    nearby_part_name: float
    elsewhere_other_name: float
    nearby_same_name: float
    nearby_same_name_alone: float
    elsewhere_same_name: float
    elsewhere_same_name_alone: float
    no_place_other_name: float


class Extras(Policy):
    """Columns without a home that say who somebody is, by words of their header.

    Attributes:
        identifiers: Phrases; a header with all words of one holds numbers of that kind.
        not_identifiers: Words of headers that only describe such a number.
        former_names: Phrases of headers that hold an earlier family name.
        sexes: Phrases of headers that say whether somebody is a man or a woman.
    """

    identifiers: tuple[str, ...]
    not_identifiers: tuple[str, ...]
    former_names: tuple[str, ...]
    sexes: tuple[str, ...]


class Words(Policy):
    """Words that say nothing about who somebody is.

    Attributes:
        legal_forms: Word → its standard form; kept aside and compared by itself.
        stop: Words of organisation names that are left out.
        branches: Words before the number of a branch.
        directions: Long form → abbreviation.
        streets: Street types, any form → abbreviation, where an address came without components.
        units: Words before a unit number.
        generations: Written form → standard form.
        particles: Parts of family names that do not stand alone.
        ordinals: First, second … → 1st, 2nd, in street names.
        husband_titles: Folded titles of men.
        wife_titles: Folded titles of women, before a man's given name those of his wife.
        not_names: What stands in a name column and is nobody's name.
        sexes: Word or title → `m` or `f`.
    """

    legal_forms: dict[str, str]
    stop: tuple[str, ...]
    branches: tuple[str, ...]
    directions: dict[str, str]
    streets: dict[str, str]
    units: tuple[str, ...]
    generations: dict[str, str]
    particles: tuple[str, ...]
    ordinals: dict[str, str]
    husband_titles: tuple[str, ...]
    wife_titles: tuple[str, ...]
    not_names: tuple[str, ...]
    sexes: dict[str, str]


class TrainedOn(Policy):
    """What `dq train` made this version from.

    Attributes:
        at: Day of the training.
        run: Run whose records were labelled.
        labelled_pairs: Pairs of a labelled file.
        judged_pairs: Pairs that people judged.
    """

    at: str
    run: str
    labelled_pairs: int = Field(ge=0)
    judged_pairs: int = Field(ge=0)


class Matching(Policy):
    """Content of `standards/matching.yml`.

    Attributes:
        version: Counted up by `dq train`.
        trained_on: What it was trained on; None where people wrote it.
        frequency_records: How many records the `u` of a level counts for against the data's own frequencies.
        generic_name_above: More customers than this with one whole name, and five times more than so many people would
            have it: the name is nobody's (`customer customer`).
        party_doubt_below: Records whose party type is less sure than this are compared with both kinds.
    """

    version: int = Field(default=1, ge=1)
    trained_on: TrainedOn | None = None
    prior: Prior
    thresholds: ThresholdBounds
    learning: Learning
    review_share: ReviewShare
    frequency_records: int = Field(gt=0)
    generic_name_above: int = Field(gt=1)
    distances: Distances
    ceilings: Ceilings
    party_doubt_below: float = Field(ge=0, le=1)
    vetoes: Vetoes
    never_merge: tuple[NeverMerge, ...]
    blocking: BlockingRules
    person: PersonComparisons
    organization: OrganizationComparisons
    extras: Extras
    words: Words
