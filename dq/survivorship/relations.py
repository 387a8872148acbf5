"""Relations follow the merge: what two records were to each other, their golden records are now."""


def golden_relations_query() -> str:
    """Return the query over `relations` and `crosswalk` that gives the golden relations.

    A relation between two records that became one golden record is gone; equal ones are kept once, under the first
    source by name. A relation whose end is no record of the run stays in `relations` and has no golden side.
    """
    return """
        SELECT DISTINCT f.golden_id AS from_golden_id, r.type, t.golden_id AS to_golden_id, min(r.source) AS source
        FROM relations r
        JOIN crosswalk f ON f.record_id = r.from_record_id
        JOIN crosswalk t ON t.record_id = r.to_record_id
        WHERE f.golden_id <> t.golden_id
        GROUP BY ALL
    """
