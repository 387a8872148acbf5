"""What poor quality costs: unit costs as ranges, per rule and source."""

from pydantic import Field, model_validator

from dq.standards.reader import Policy


class Cost(Policy):
    """What one failure costs each time it does harm.

    Attributes:
        name: What happens, in the words of whoever pays.
        rules: Rules each failure of which costs this.
        sources: Only in these sources; empty: in all.
        low: Lower end of what one time costs.
        high: Upper end.
        times_per_year: How often a year one failure does this harm.
        why: Where the numbers come from.
    """

    name: str = Field(min_length=1)
    rules: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = ()
    low: float = Field(ge=0)
    high: float = Field(ge=0)
    times_per_year: float = Field(default=1.0, ge=0)
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _low_comes_first(self) -> "Cost":
        if self.low > self.high:
            raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
        return self


class Costs(Policy):
    """Content of `standards/costs.yml`.

    Attributes:
        currency: ISO code of all amounts.
        costs: What costs; a rule may stand in several.
    """

    currency: str = "USD"
    costs: tuple[Cost, ...] = ()
