"""The questions behind `dq diff` by record. Texts only; ids and targets come as values."""

from typing import Final

SIDE: Final = """
    SELECT r.record_id, r.source, r.content, x.golden_id, b.rules
    FROM {side}_records r
    LEFT JOIN ({crosswalk}) x USING (record_id)
    LEFT JOIN ({broken}) b USING (record_id)
"""
"""One row per record of a run: its customer, and the rules it breaks that are more than `info`."""
NO_CROSSWALK: Final = "SELECT CAST(NULL AS VARCHAR) AS record_id, CAST(NULL AS VARCHAR) AS golden_id WHERE false"
CROSSWALK: Final = "SELECT record_id, golden_id FROM {side}_crosswalk"
BROKEN: Final = """
    SELECT record_id, string_agg(DISTINCT rule_id, ' ' ORDER BY rule_id) AS rules
    FROM {side}_violations WHERE record_id IS NOT NULL AND severity <> 'info' GROUP BY 1
"""
NOT_BROKEN: Final = "SELECT CAST(NULL AS VARCHAR) AS record_id, CAST(NULL AS VARCHAR) AS rules WHERE false"
BOTH: Final = """
    SELECT coalesce(t.record_id, n.record_id) AS record_id, coalesce(n.source, t.source) AS source,
           CASE WHEN t.record_id IS NULL THEN 'new' WHEN n.record_id IS NULL THEN 'gone' ELSE 'both' END AS presence,
           CASE WHEN t.record_id IS NULL OR n.record_id IS NULL THEN NULL
                WHEN t.content IS DISTINCT FROM n.content THEN 'edited' ELSE 'same' END AS input,
           CASE WHEN t.record_id IS NULL OR n.record_id IS NULL THEN NULL
                WHEN t.rules IS NULL AND n.rules IS NULL THEN 'clean'
                WHEN n.rules IS NULL THEN 'fixed'
                WHEN t.rules IS NULL THEN 'newly_broken' ELSE 'still_broken' END AS problems,
           t.rules AS rules_then, n.rules AS rules_now, t.golden_id AS golden_id_then, n.golden_id AS golden_id_now
    FROM side_then t FULL JOIN side_now n USING (record_id)
"""
CLUSTERS: Final = """
    WITH met AS (SELECT golden_id_then, golden_id_now, count(*) AS n FROM met_records
                 WHERE presence = 'both' AND golden_id_then IS NOT NULL AND golden_id_now IS NOT NULL GROUP BY 1, 2)
    SELECT golden_id_then, golden_id_now, n, sum(n) OVER (PARTITION BY golden_id_then) AS n_then,
           sum(n) OVER (PARTITION BY golden_id_now) AS n_now FROM met
"""
"""How the records that both runs have are shared out: a cluster that only lost or won other records is the same."""
COMPARED: Final = """
    SELECT m.*,
           CASE WHEN m.presence <> 'both' THEN NULL
                WHEN m.golden_id_then IS NULL OR m.golden_id_now IS NULL THEN 'nobody'
                WHEN c.n = c.n_then AND c.n = c.n_now THEN 'same'
                WHEN c.n = c.n_then THEN 'merged'
                WHEN c.n = c.n_now THEN 'split' ELSE 'regrouped' END AS cluster,
           CASE WHEN m.presence <> 'both' THEN NULL
                WHEN m.golden_id_then IS NOT DISTINCT FROM m.golden_id_now THEN 'same' ELSE 'changed' END AS id
           {loads}
    FROM met_records m
    LEFT JOIN met_clusters c ON c.golden_id_then = m.golden_id_then AND c.golden_id_now = m.golden_id_now
    {joins}
"""
LOADING: Final = """
    SELECT golden_id, CASE WHEN bool_or(verdict = 'parked') THEN 'parked'
                           WHEN bool_and(would_load) THEN 'loads' ELSE 'blocked' END AS state
    FROM {side}_load_verdicts WHERE target = '{target}' AND golden_id IS NOT NULL GROUP BY 1
"""
"""What becomes of a customer: it loads once every row of it does."""
TARGETS: Final = "SELECT DISTINCT target FROM {side}_load_verdicts ORDER BY target"
STATE: Final = "CASE WHEN m.golden_id_{side} IS NULL THEN NULL ELSE coalesce({name}.state, 'nobody') END"
COUNTS: Final = "SELECT {column} AS word, count(*) AS n FROM compared WHERE {column} IS NOT NULL GROUP BY 1"
MOVES: Final = """
    SELECT {then} AS word_then, {now} AS word_now, count(*) AS n FROM compared
    WHERE presence = 'both' AND {then} IS NOT NULL AND {now} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
LISTED: Final = """
    SELECT {columns} FROM compared
    WHERE presence <> 'both' OR input = 'edited' OR problems IN ('fixed', 'newly_broken')
       OR cluster IN ('merged', 'split', 'regrouped') OR id = 'changed' {moves}
    ORDER BY record_id
"""
GOLDEN_COUNTS: Final = """
    SELECT count(t.golden_id) AS was, count(n.golden_id) AS present,
           count(*) FILTER (WHERE t.golden_id IS NOT NULL AND n.golden_id IS NOT NULL) AS kept,
           count(*) FILTER (WHERE t.golden_id IS NOT NULL AND n.golden_id IS NOT NULL AND ({differs})) AS changed
    FROM then_golden t FULL JOIN now_golden n USING (golden_id)
"""
GOLDEN_CELLS: Final = """
    SELECT golden_id, cell.name AS column_name, cell.before AS before, cell.after AS after FROM (
        SELECT t.golden_id, unnest([{cells}]) AS cell
        FROM then_golden t JOIN now_golden n USING (golden_id) WHERE {differs})
    WHERE cell.before IS DISTINCT FROM cell.after
"""
