"""The whole of `standards/matching.yml`."""

from pydantic import Field

from dq.standards.ladders import OrganizationComparisons, PersonComparisons
from dq.standards.matching.blocking import BlockingRules
from dq.standards.matching.ceilings import Ceilings, Distances
from dq.standards.matching.learning import Learning, ReviewShare, TrainedOn
from dq.standards.matching.thresholds import Prior, ThresholdBounds
from dq.standards.matching.vetoes import NeverMerge, Vetoes
from dq.standards.matching.words import Extras, Words
from dq.standards.reader import Policy


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
