"""Keeps the pairs as they are once clusters stand, and the questions to stewards about them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import paths_of
from dq.engine.parts import to_arrow, to_frame, write_part
from dq.matching import PLACES, cases_of, open_questions
from dq.matching.folding import text_array
from dq.pipeline.run import Run


def ask(run: Run, pairs: pd.DataFrame, clusters: pd.DataFrame, judgements: pd.DataFrame) -> None:
    """Keep the parts `pairs` and `cases`.

    Args:
        run: Its parts `weighed` hold the pairs whole; they are read part by part, since all of them take gigabytes.
        pairs: What clustering looks at in them and what it made of it, in their order.
        clusters: `record_id`, `cluster_id`.
        judgements: Rows of the table `judgements`.
    """
    asked = open_questions(pairs, clusters, run.standards.matching.review_share, run.plan.match_at)
    files = paths_of(run.parts("weighed"), "pairs")
    ends = np.cumsum([pq.read_metadata(path).num_rows for path in files])
    decided = pa.table({name: text_array(pairs[name]) for name in ("outcome", "veto")})
    folder = run.engine.work / "judged"

    def written(number: int) -> tuple[dict[str, Path], pa.Table]:
        rows = pq.read_table(files[number])
        start = int(ends[number]) - len(rows)
        for name in decided.column_names:
            place = rows.schema.get_field_index(name)
            rows = rows.set_column(place, rows.schema.field(place), decided[name].slice(start, len(rows)))
        path = folder / f"pairs-{number:05d}.parquet"
        write_part(path, rows.drop_columns([name for name in PLACES if name in rows.schema.names]))
        own = asked.rows[(asked.rows >= start) & (asked.rows < start + len(rows))] - start
        return {"pairs": path}, rows.take(pa.array(np.sort(own)))

    with ThreadPoolExecutor(run.engine.workers) as threads:
        parts, found = zip(*threads.map(written, range(len(files))), strict=True)
    run.keep_parts("pairs", list(parts))
    strongest = to_frame(pa.concat_tables(found))
    # They come in the order of the pairs, and are wanted from the heaviest.
    strongest = strongest.iloc[np.argsort(np.argsort(asked.rows))].reset_index(drop=True)
    if asked.left_out:
        run.listener.say(f"{asked.left_out:,} weaker possible matches are not put before people (`review_share`)")
    path = folder / "cases.parquet"
    write_part(path, to_arrow(cases_of(strongest, judgements)))
    run.keep_parts("cases", [{"cases": path}])
