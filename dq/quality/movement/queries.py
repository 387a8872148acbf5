"""The questions to two runs that a movement is counted from (views of `dq.engine.comparing`)."""

from typing import Final

RESULTS: Final = """
    SELECT rule_id, coalesce(source, '') AS source, coalesce(department, '') AS department,
           CAST(sum(evaluated) AS BIGINT) AS judged, CAST(sum(failed) AS BIGINT) AS failed
    FROM {side}_results GROUP BY ALL ORDER BY ALL
"""
RECORDS: Final = """
    SELECT coalesce(r.source, '') AS source, coalesce(r.department, '') AS department, {segment} AS segment,
           count(*) AS records, count(*) FILTER (o.record_id IS NULL) AS only
    FROM {side}_records r LEFT JOIN {other}_records o USING (record_id) GROUP BY ALL ORDER BY ALL
"""
TROUBLED: Final = """
    SELECT coalesce(r.source, '') AS source, coalesce(r.department, '') AS department, {segment} AS segment,
           count(*) AS troubled, count(*) FILTER (v.is_common) AS common
    FROM {side}_troubled v JOIN {side}_records r USING (record_id) GROUP BY ALL ORDER BY ALL
"""
TROUBLE: Final = """
    SELECT record_id, bool_or(rule_id IN (SELECT unnest(?::VARCHAR[]))) AS is_common
    FROM {side}_violations WHERE record_id IS NOT NULL AND severity <> 'info' GROUP BY 1
"""
"""One row per record with a problem that is more than `info`, and whether a rule says so that both runs know."""
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
DELTAS: Final = """
    WITH a AS (SELECT rule_id, coalesce(record_id, golden_id, '') AS subject, count(*) AS n,
                      any_value(record_id) AS record_id, any_value(golden_id) AS golden_id,
                      any_value(source) AS source, any_value(department) AS department
               FROM then_violations GROUP BY 1, 2),
    b AS (SELECT rule_id, coalesce(record_id, golden_id, '') AS subject, count(*) AS n,
                 any_value(record_id) AS record_id, any_value(golden_id) AS golden_id,
                 any_value(source) AS source, any_value(department) AS department
          FROM now_violations GROUP BY 1, 2)
    SELECT rule_id, subject, coalesce(a.n, 0) > coalesce(b.n, 0) AS went,
           abs(coalesce(b.n, 0) - coalesce(a.n, 0)) AS n,
           CASE WHEN went THEN a.record_id ELSE b.record_id END AS record_id,
           CASE WHEN went THEN a.golden_id ELSE b.golden_id END AS golden_id,
           CASE WHEN went THEN a.source ELSE b.source END AS source,
           CASE WHEN went THEN a.department ELSE b.department END AS department
    FROM a FULL JOIN b USING (rule_id, subject)
    WHERE coalesce(a.n, 0) <> coalesce(b.n, 0)
"""
"""One row per rule and record or customer that fails it more or less often than before. What went is told where it
was, what came where it is: a record may have changed hands."""
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
    WITH failing AS (SELECT DISTINCT subject FROM deltas),
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
"""One row per record or customer whose failures differ, and why they may. `content` is a hash of what the source said:
a record with the same content was not touched there."""
_PART: Final = """CASE coalesce(s.cause, 'same') WHEN 'gone' THEN 'gone' WHEN 'new' THEN 'new'
    WHEN 'decided' THEN 'decisions' WHEN 'changed' THEN CASE WHEN went THEN 'fixed' ELSE 'broken' END
    ELSE {untouched} END"""
MOVES: Final = f"""
    SELECT d.rule_id, d.record_id, d.golden_id, d.source, d.department, went, n,
           CASE WHEN d.rule_id NOT IN (SELECT unnest(?::VARCHAR[])) THEN 'rules'
                ELSE {_PART.format(untouched="CASE WHEN d.rule_id IN (SELECT unnest(?::VARCHAR[])) THEN 'reference' ELSE 'others' END")}
           END AS part
    FROM deltas d LEFT JOIN subjects s USING (subject)
"""  # noqa: S608, E501 (own names)
"""Parameters: rules that both runs judged in the same words; of them those that reference data decide, where those
changed."""
MOVES_OF_RECORDS: Final = f"""
    WITH d AS (SELECT coalesce(a.record_id, b.record_id) AS record_id, b.record_id IS NULL AS went
               FROM (SELECT * FROM then_troubled WHERE is_common) a
               FULL JOIN (SELECT * FROM now_troubled WHERE is_common) b ON a.record_id = b.record_id
               WHERE a.record_id IS NULL OR b.record_id IS NULL)
    SELECT d.record_id, went, {_PART.format(untouched="?")} AS part
    FROM d LEFT JOIN subjects s ON s.subject = d.record_id
"""  # noqa: S608 (own names)
"""One row per record that has its first problem, or none any more, under rules that both runs judged in the same
words."""
MOVED: Final = """
    SELECT rule_id, coalesce(source, '') AS source, coalesce(department, '') AS department, part,
           CAST(sum(CASE WHEN went THEN -n ELSE n END) AS BIGINT) AS failed
    FROM moves GROUP BY ALL ORDER BY ALL
"""
MOVED_RECORDS: Final = """
    SELECT coalesce(r.source, '') AS source, coalesce(r.department, '') AS department, {segment} AS segment, part,
           CAST({sign}count(*) AS BIGINT) AS failed
    FROM moved_records m JOIN {side}_records r USING (record_id) WHERE went = {went} GROUP BY ALL ORDER BY ALL
"""
FILE: Final = """
    SELECT 'test' AS view, rule_id, m.record_id, golden_id, m.source, m.department, part,
           CASE WHEN went THEN 'went' ELSE 'came' END AS change, CAST(n AS BIGINT) AS units{segments}
    FROM moves m LEFT JOIN then_records a ON a.record_id = m.record_id
    LEFT JOIN now_records b ON b.record_id = m.record_id
    UNION ALL
    SELECT 'record', NULL, m.record_id, NULL, coalesce(b.source, a.source), coalesce(b.department, a.department), part,
           CASE WHEN went THEN 'went' ELSE 'came' END, 1{segments}
    FROM moved_records m LEFT JOIN then_records a ON a.record_id = m.record_id
    LEFT JOIN now_records b ON b.record_id = m.record_id
    ORDER BY ALL
"""
"""One row per rule and record or customer with failures that came or went (view `test`), and how many; one per record
that has its first problem or none any more (view `record`)."""
SEGMENT: Final = ', CASE WHEN went THEN a."{column}" ELSE b."{column}" END AS "segment.{column}"'
"""What went is told where it was, what came where it is."""
