"""Which value survives a merge: per field an ordered list of rules."""

from dq.standards.reader import Policy


class Survivorship(Policy):
    """Content of `standards/survivorship.yml`."""
