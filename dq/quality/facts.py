"""Table rules, first half: queries that count, per subject, what only a whole layer can tell. They judge nothing.

A row rule then says which counts are right, so that table rules and row rules are judged, counted and shown alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dq.model import TEXT
from dq.standards import Standards
from dq.standards.sources import SourcePolicy


@dataclass(frozen=True)
class Facts:
    """A table made for rules of scope `table`.

    Attributes:
        layer: Layer it belongs to.
        table: Its name in rule files.
        grain: What one row is.
        query: SELECT over the tables it needs, without ORDER BY.
        needs: Tables of the run it reads.
        order_by: Columns that sort its rows uniquely.
        is_of_records: Whether a row is about a record, and counts for its segments.
    """

    layer: str
    table: str
    grain: str
    query: str
    needs: tuple[str, ...]
    order_by: tuple[str, ...]
    is_of_records: bool = False


FACTS = (
    Facts(
        "raw",
        "keys",
        "one row per record that is the main record of its source row",
        # A repeated key carries ~2, ~3 in its record_id (CONTRACTS 1); its rows share the key before the tilde.
        """
        SELECT record_id, source, department, source_key,
               count(*) OVER (PARTITION BY place, regexp_replace(source_key, '~[0-9]+$', '')) AS rows_with_key
        FROM (SELECT *, split_part(record_id, ':', 1) AS place FROM records
              WHERE NOT ends_with(record_id, '#organization'))
        """,
        ("records",),
        ("record_id",),
        is_of_records=True,
    ),
    Facts(
        "raw",
        "attachments",
        "one row per row of a child table",
        # Its record_id stays null where the record is not there: a violation is about the source then.
        """
        SELECT CASE WHEN records_found > 0 THEN owner_id END AS record_id, source, NULL::VARCHAR AS department,
               source_table, "row", coalesce(owner_id, '(empty)') AS owner_id, records_found
        FROM attached_rows
        """,
        ("attached_rows",),
        ("source", "source_table", "row"),
        is_of_records=True,
    ),
    Facts(
        "standardized",
        "account_links",
        "one row per person in a table that refers to accounts",
        # accounts_found is null where no account is named, and where the source has no other table to find it in.
        """
        WITH placed AS (SELECT *, split_part(record_id, ':', 1) AS place FROM records),
        referring AS (SELECT DISTINCT place FROM placed WHERE account_key IS NOT NULL),
        tables_of AS (SELECT source, count(DISTINCT place) AS places FROM placed GROUP BY source),
        everywhere AS (SELECT source, source_key, count(*) AS found FROM placed GROUP BY source, source_key),
        here AS (SELECT source, place, source_key, count(*) AS found FROM placed GROUP BY source, place, source_key)
        SELECT p.record_id, p.source, p.department, p.account_key,
               CASE WHEN p.account_key IS NOT NULL AND t.places > 1
                    THEN coalesce(e.found, 0) - coalesce(h.found, 0) END AS accounts_found
        FROM placed p
        JOIN referring USING (place)
        JOIN tables_of t ON t.source = p.source
        LEFT JOIN everywhere e ON e.source = p.source AND e.source_key = p.account_key
        LEFT JOIN here h ON h.source = p.source AND h.place = p.place AND h.source_key = p.account_key
        WHERE p.party_type = 'person'
        """,
        ("records",),
        ("record_id",),
        is_of_records=True,
    ),
    Facts(
        "standardized",
        "relation_ends",
        "one row per relation",
        """
        SELECT r.from_record_id AS record_id, coalesce(r.source, a.source) AS source, a.department,
               r.type, r.to_record_id,
               (a.record_id IS NOT NULL)::BIGINT + (b.record_id IS NOT NULL)::BIGINT AS ends_found
        FROM relations r
        LEFT JOIN records a ON a.record_id = r.from_record_id
        LEFT JOIN records b ON b.record_id = r.to_record_id
        """,
        ("relations", "records"),
        ("record_id", "type", "to_record_id"),
        is_of_records=True,
    ),
    Facts(
        "golden",
        "memberships",
        "one row per record",
        """
        WITH named AS (SELECT golden_id, count(*) AS times FROM golden GROUP BY golden_id),
        crossed AS (SELECT c.record_id, count(*) AS golden_records, count(n.golden_id) AS golden_rows
                    FROM crosswalk c LEFT JOIN named n USING (golden_id) GROUP BY c.record_id),
        members AS (SELECT record_id, row_number() OVER (PARTITION BY golden_id ORDER BY record_id) AS place
                    FROM crosswalk),
        placed AS (SELECT record_id, min(place) AS place FROM members GROUP BY record_id)
        SELECT r.record_id, r.source, r.department,
               coalesce(c.golden_records, 0) AS golden_records, coalesce(c.golden_rows, 0) AS golden_rows,
               coalesce(p.place, 1) AS place
        FROM records r LEFT JOIN crossed c USING (record_id) LEFT JOIN placed p USING (record_id)
        """,
        ("records", "crosswalk", "golden"),
        ("record_id",),
        is_of_records=True,
    ),
    Facts(
        "golden",
        "golden_ids",
        "one row per golden record",
        """
        WITH members AS (SELECT golden_id, count(DISTINCT record_id) AS found FROM crosswalk GROUP BY golden_id)
        SELECT g.golden_id, g.department, count(*) OVER (PARTITION BY g.golden_id) AS rows_with_id,
               greatest(g.cluster_size::BIGINT, 1) - coalesce(m.found, 0) AS members_missing
        FROM golden g LEFT JOIN members m USING (golden_id)
        """,
        ("golden", "crosswalk"),
        ("golden_id",),
    ),
    Facts(
        "golden",
        "golden_evidence",
        "one row per golden record made of several records",
        """
        SELECT g.golden_id, any_value(g.department) AS department,
               nullif(count(DISTINCT r.tax_id), 0) AS tax_ids, nullif(count(DISTINCT r.birth_on), 0) AS birth_days
        FROM golden g JOIN crosswalk c USING (golden_id) JOIN records r USING (record_id)
        GROUP BY g.golden_id HAVING count(*) > 1
        """,
        ("golden", "crosswalk", "records"),
        ("golden_id",),
    ),
    Facts(
        "golden",
        "consents",
        "one row per golden record and channel on which a person said yes or no",
        # The act that holds: the latest, or a refusal where a refusal has no date (nobody knows that it was not last).
        # What was refused on an e-mail or phone of other customers, too, need not close a channel with several of them.
        # The casts are for tables without any such value, whose columns are text.
        """
        WITH holders AS (SELECT p.kind, p.value, count(DISTINCT c.golden_id) AS customers
                         FROM crosswalk c JOIN contact_points p USING (record_id)
                         WHERE p.kind IN ('email', 'phone', 'mobile') GROUP BY p.kind, p.value),
        channels(channel, kind) AS (VALUES ('do_not_mail', 'address'), ('do_not_email', 'email'),
            ('do_not_call', 'phone'), ('do_not_call', 'mobile'), ('do_not_text', 'mobile')),
        several AS (SELECT c.golden_id, h.channel
                    FROM crosswalk c JOIN contact_points p USING (record_id) JOIN channels h ON h.kind = p.kind
                    GROUP BY c.golden_id, h.channel HAVING count(DISTINCT (p.kind, p.value)) > 1),
        acts AS (SELECT g.golden_id, h.channel, p.consent = 'opt_out' AS refuses, p.consent_at,
                        CASE h.channel WHEN 'do_not_mail' THEN g.do_not_mail::BOOLEAN
                             WHEN 'do_not_email' THEN g.do_not_email::BOOLEAN
                             WHEN 'do_not_call' THEN g.do_not_call::BOOLEAN
                             ELSE g.do_not_text::BOOLEAN END AS closed, g.department
                 FROM golden g JOIN crosswalk c USING (golden_id) JOIN contact_points p USING (record_id)
                 JOIN channels h ON h.kind = p.kind
                 LEFT JOIN several o ON o.golden_id = g.golden_id AND o.channel = h.channel
                 LEFT JOIN holders s ON s.kind = p.kind AND s.value = p.value
                 WHERE p.consent IN ('opt_in', 'opt_out')
                   AND NOT (p.consent = 'opt_out' AND s.customers > 1 AND o.golden_id IS NOT NULL)),
        latest AS (SELECT golden_id, channel, max(consent_at) AS day FROM acts GROUP BY golden_id, channel)
        SELECT a.golden_id, any_value(a.department) AS department, a.channel,
               CASE WHEN bool_or(a.refuses AND (a.consent_at IS NULL OR a.consent_at = l.day))
                    THEN 'opt_out' ELSE 'opt_in' END AS act,
               CASE WHEN bool_and(coalesce(a.closed, false)) THEN 'true' ELSE 'false' END AS is_closed
        FROM acts a JOIN latest l ON l.golden_id = a.golden_id AND l.channel = a.channel
        GROUP BY a.golden_id, a.channel
        """,
        ("golden", "crosswalk", "contact_points"),
        ("golden_id", "channel"),
    ),
    Facts(
        "golden",
        "golden_relation_ends",
        "one row per relation between golden records",
        """
        SELECT r.from_golden_id AS golden_id, a.department, r.type, r.to_golden_id,
               (a.golden_id IS NOT NULL)::BIGINT + (b.golden_id IS NOT NULL)::BIGINT AS ends_found
        FROM golden_relations r
        LEFT JOIN (SELECT golden_id, any_value(department) AS department FROM golden GROUP BY golden_id) a
               ON a.golden_id = r.from_golden_id
        LEFT JOIN (SELECT DISTINCT golden_id FROM golden) b ON b.golden_id = r.to_golden_id
        """,
        ("golden_relations", "golden"),
        ("golden_id", "type", "to_golden_id"),
    ),
)


def source_columns(headers: Mapping[tuple[str, str], Sequence[str]], standards: Standards) -> pd.DataFrame:
    """Hold the headers found against the contract of their source: the facts table `source_columns` of layer raw.

    Args:
        headers: (source, table) → headers as read; the table is empty for a source of one table.
        standards: Policy; a source without a file, or with `is_contract: false`, or a table whose policy names no
            column, has no contract and no rows.

    Returns:
        One row per source, table and column: `source, source_table, column, state`; the state is `agreed`,
        `appeared` (not in the contract) or `vanished` (only in the contract). Headers compare without case.
    """
    rows: list[tuple[str, str, str, str]] = []
    for (source, table), found in sorted(headers.items()):
        policy = standards.sources.get(source)
        if policy is not None and policy.is_contract:
            rows += [(source, table, column, state) for column, state in _states(policy, table, found)]
    names = ["source", "source_table", "column", "state"]
    return pd.DataFrame(sorted(rows), columns=names).astype(TEXT)


def _states(policy: SourcePolicy, table: str, found: Sequence[str]) -> list[tuple[str, str]]:
    of_table = policy.table(table)
    special = [of_table.key, policy.department_column, policy.owner_column]
    named = {*of_table.columns, *of_table.ignore, *of_table.parent_keys}
    if not named:
        return []
    agreed = {column.casefold(): column for column in sorted({*named, *filter(None, special)})}
    present = {column.casefold(): column for column in found}
    states = [(column, "agreed" if key in agreed else "appeared") for key, column in present.items()]
    # A department or owner column may stand in another table of the source, so only the table's own may vanish.
    return states + [(agreed[key], "vanished") for key in {name.casefold() for name in named} if key not in present]
