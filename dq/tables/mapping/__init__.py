"""Source rows into records, contact points, relations and changes, as recognition decided. Row-local and pure."""

from dq.tables.mapping.policy import LOOKUP, Lookup, MappingPolicy, mapping_policy
from dq.tables.mapping.rows import map_rows

__all__ = ["LOOKUP", "Lookup", "MappingPolicy", "map_rows", "mapping_policy"]
