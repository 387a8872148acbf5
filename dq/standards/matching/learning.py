"""What a run learns from its own records, what `dq train` learned, and how much is asked of people."""

from pydantic import Field

from dq.standards.reader import Policy


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
