"""The questions to two runs that a movement is counted from (views of `dq.engine.comparing`)."""

from typing import Final

RESULTS: Final = """
    SELECT rule_id, coalesce(source, '') AS source, CAST(sum(evaluated) AS BIGINT) AS evaluated,
           CAST(sum(failed) AS BIGINT) AS failed
    FROM {side}_results GROUP BY 1, 2 ORDER BY 1, 2
"""
RECORDS: Final = """
    SELECT coalesce(source, '') AS source, count(*) AS n,
           count(*) FILTER (WHERE record_id NOT IN (SELECT record_id FROM {other}_records)) AS only
    FROM {side}_records GROUP BY 1 ORDER BY 1
"""
TROUBLED: Final = """
    SELECT count(DISTINCT record_id) AS n FROM {side}_violations WHERE record_id IS NOT NULL AND severity <> 'info'
"""
NOBODY: Final = "SELECT CAST(NULL AS VARCHAR) AS record_id WHERE false"
DECIDED_BY_JUDGEMENTS: Final = """
    SELECT unnest([record_id_l, record_id_r]) AS record_id FROM (
        SELECT record_id_l, record_id_r, judgement FROM now_judgements
        EXCEPT SELECT record_id_l, record_id_r, judgement FROM then_judgements)
"""
DECIDED_BY_OVERRIDES: Final = """
    SELECT record_id FROM (
        SELECT record_id, "column", value FROM now_provenance WHERE rule = 'override'
        EXCEPT SELECT record_id, "column", value FROM then_provenance WHERE rule = 'override')
"""
_SIDE: Final = """
    SELECT subject, is_customer, md5(string_agg(record_id || '|' || coalesce(content, ''), ',' ORDER BY record_id))
               AS print,
           bool_or(record_id IN (SELECT record_id FROM {other}_records)) AS stays,
           bool_or(record_id IN (SELECT record_id FROM decided)) AS decided
    FROM (SELECT record_id AS subject, false AS is_customer, record_id, content FROM {side}_records
          WHERE record_id IN (SELECT subject FROM failing)
          UNION ALL
          SELECT c.golden_id, true, r.record_id, r.content
          FROM {side}_crosswalk c JOIN {side}_records r ON r.record_id = c.record_id
          WHERE c.golden_id IN (SELECT subject FROM failing))
    GROUP BY 1, 2
"""
SUBJECTS: Final = f"""
    WITH failing AS (
        SELECT coalesce(record_id, golden_id) AS subject FROM then_violations
        UNION SELECT coalesce(record_id, golden_id) FROM now_violations),
    a AS ({_SIDE.format(side="then", other="now")}),
    b AS ({_SIDE.format(side="now", other="then")})
    SELECT coalesce(a.subject, b.subject) AS subject,
           CASE WHEN b.subject IS NULL AND NOT a.stays THEN 'gone'
                WHEN a.subject IS NULL AND NOT b.stays THEN 'new'
                WHEN coalesce(a.decided, false) OR coalesce(b.decided, false) THEN 'decided'
                -- Records that stay, merged otherwise than before: nobody typed anything.
                WHEN a.subject IS NULL OR b.subject IS NULL THEN 'same'
                WHEN a.print <> b.print THEN 'changed'
                ELSE 'same' END AS cause
    FROM a FULL JOIN b ON a.subject = b.subject
"""  # noqa: S608 (own names)
"""One row per record or customer that fails a rule in either run, and why its failures may differ. `content` is a
hash of what the source said: a record with the same content was not touched there."""
FAILURES: Final = """
    WITH a AS (SELECT rule_id, coalesce(record_id, golden_id, '') AS subject, count(*) AS n
               FROM then_violations GROUP BY 1, 2),
    b AS (SELECT rule_id, coalesce(record_id, golden_id, '') AS subject, count(*) AS n
          FROM now_violations GROUP BY 1, 2)
    SELECT rule_id, coalesce(s.cause, 'same') AS cause,
           CAST(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)) AS BIGINT) AS less,
           CAST(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)) AS BIGINT) AS more
    FROM a FULL JOIN b USING (rule_id, subject) LEFT JOIN subjects s USING (subject)
    GROUP BY 1, 2 ORDER BY 1, 2
"""
TROUBLED_NOW_AND_THEN: Final = """
    WITH rules AS (SELECT unnest(?::VARCHAR[]) AS rule_id),
    a AS (SELECT DISTINCT record_id FROM then_violations
          WHERE record_id IS NOT NULL AND severity <> 'info' AND rule_id IN (SELECT rule_id FROM rules)),
    b AS (SELECT DISTINCT record_id FROM now_violations
          WHERE record_id IS NOT NULL AND severity <> 'info' AND rule_id IN (SELECT rule_id FROM rules))
    SELECT coalesce(s.cause, 'same') AS cause,
           count(*) FILTER (WHERE b.record_id IS NULL) AS less, count(*) FILTER (WHERE a.record_id IS NULL) AS more,
           count(a.record_id) AS then_bad, count(b.record_id) AS now_bad
    FROM a FULL JOIN b ON a.record_id = b.record_id
    LEFT JOIN subjects s ON s.subject = coalesce(a.record_id, b.record_id)
    GROUP BY 1 ORDER BY 1
"""
