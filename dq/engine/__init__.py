"""Where work runs. Offers exactly `map`, `map_groups` and `sql`; knows nothing about customers.

Stages write functions from frames to frames and queries; only the engine opens processes and DuckDB. Data between
stages are Parquet parts in the run's work folder, so memory stays bounded and a retry starts at the failed part.
"""

from dq.engine.local import PART_ROWS, LocalEngine
from dq.engine.parts import Parts, bounds_of, join_parts, paths_of, read_part, rows_of

__all__ = ["PART_ROWS", "LocalEngine", "Parts", "bounds_of", "join_parts", "paths_of", "read_part", "rows_of"]
