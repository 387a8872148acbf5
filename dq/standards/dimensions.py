"""How results become a score: weights of the dimensions and the bands a steward reads."""

from pydantic import Field

from dq.standards.reader import Policy


class Band(Policy):
    """Scores from `at_least` (0–100) upwards carry this name."""

    name: str
    at_least: float = Field(ge=0, le=100)


class Dimensions(Policy):
    """Content of `standards/dimensions.yml`.

    Attributes:
        weights: Dimension → weight in the overall score.
        bands: From best to worst.
        owners: Dimension → who answers for it.
    """

    weights: dict[str, float]
    bands: tuple[Band, ...]
    owners: dict[str, str] = Field(default_factory=dict)
