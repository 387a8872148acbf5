"""Known dirty values and what they stand for, each with its reason and date."""

from pydantic import Field

from dq.standards.reader import Policy


class Lookup(Policy):
    """One known dirty value: in `column`, `value` (compared without case and outer blanks) stands for `becomes`.

    An empty `becomes` removes the value (with a change). `source` limits the lookup to one source.
    """

    column: str = Field(min_length=1)
    value: str
    becomes: str
    reason: str = Field(min_length=1)
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    source: str = ""


class Lookups(Policy):
    """Content of `standards/lookups.yml`."""

    lookups: tuple[Lookup, ...] = ()
