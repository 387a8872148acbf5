"""How duplicates are found: blocking rules, comparisons, weights, thresholds, vetoes."""

from dq.standards.reader import Policy


class Matching(Policy):
    """Content of `standards/matching.yml`."""
