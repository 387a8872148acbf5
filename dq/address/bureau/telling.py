"""Believed rows of a processed file as findings: about the address, and about who left it. Reads no file."""

import json
from typing import Final

import pandas as pd

from dq.address.bureau.codes import NEW_ADDRESS, NO_ADDRESS, POSSIBLE_MOVE
from dq.address.bureau.dates import read_day
from dq.address.bureau.parties import BUSINESS, FAMILY, INDIVIDUAL
from dq.address.bureau.postal import checked_delivery_point, standard_place
from dq.address.bureau.relating import house_number
from dq.address.findings import FINDINGS
from dq.address.words import Words
from dq.model import TEXT
from dq.standards import Standards
from dq.text.distinct import map_distinct

SOURCE: Final = "bureau"
CORRECTED: Final = "bureau_standard"
CONVERTED: Final = "bureau_lacs"
"""Why a value is corrected: the mail house's standard form, or the street address LACS gave for a rural one."""

_DELIVERED: Final = ("confirmed", "unit_missing", "unit_unconfirmed", "vacant", "no_delivery", "range_only")
"""Outcomes of an address that was found: only then the standard form is more than a copy, and the +4 its own."""
_ADDED: Final = "with the name that was sent: "
_FIELDS: Final = (("address_line1", "line1"), ("city", "city"), ("state", "state"), ("zip5", "zip5"))
"""Columns that are corrected. `address_line2` never is: a mail house puts units there, and this project names."""


def address_findings(rows: pd.DataFrame, standards: Standards, words: Words) -> pd.DataFrame:
    """Return what the rows say about addresses, whoever lives there.

    Args:
        rows: Believed rows: those of `check_rows` with the columns of `read_codes` and of `postal_parts` (role `std`,
            under their own names).
        standards: For the standard form.
        words: Word tables of the standards.

    Returns:
        Columns of FINDINGS, one row per `address_key`, sorted by it. Rows whose address is the one moved to say
        nothing about the address that was left.
    """
    own = rows[rows["outcome"].notna() & ~rows["is_applied"]].reset_index(drop=True)
    found = own["outcome"].isin(_DELIVERED)
    written = _written(own, found, standards, words)
    # A unit that the mail house found by the firm's name holds for that firm; of the address as sent it is missing.
    has_added = _has_unit(written["line1"], words) & ~_has_unit(own["sent_address_line1"], words) & ~own["is_converted"]
    is_own_code = found & ~has_added
    zip5 = own["zip5"].fillna(own["sent_zip5"])
    findings = pd.DataFrame(
        {
            "address_key": own["sent_address_key"],
            "source": SOURCE,
            "evidence_on": own["evidence_on"],
            "outcome": own["outcome"].mask(has_added & (own["outcome"] == "confirmed"), "unit_missing"),
            "zip4": own["zip4"].where(is_own_code),
            "delivery_point": checked_delivery_point(zip5, own["zip4"], own["delivery_point"]).where(is_own_code),
            "footnotes": own["footnotes"],
            "dpv": own["dpv"],
            "dpv_footnotes": own["dpv_footnotes"],
            "corrections": _corrections(written, own, words),
            "detail": own["detail"].mask(has_added, _ADDED + written["line1"]),
        }
    )
    return _one_per(findings, ["address_key"])


def move_findings(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the rows say about who left an address.

    An individual's move is filed under the name, a family's under the surname, a business's under the organisation.
    Where the type is missing the narrowest holds: the name that was sent. A possible move has no outcome.

    Args:
        rows: Believed rows: those of `check_rows` with the columns of `read_codes` and the new address as `new_<part>`.

    Returns:
        Columns of FINDINGS, one row per `address_key` and `name_key`, sorted by them.
    """
    own = rows[rows["move"].notna() & rows["sent_name_key"].notna()].reset_index(drop=True)
    is_move = own["move"] != POSSIBLE_MOVE
    default = pd.Series(INDIVIDUAL, index=own.index).mask(own["sent_business"].notna(), BUSINESS)
    kind = own["move_type"].fillna(default)
    names = own["sent_individual"].mask(kind == FAMILY, own["sent_family"]).mask(kind == BUSINESS, own["sent_business"])
    has_new = own["move"] == NEW_ADDRESS
    new = {f"new_{part}": own[f"new_{part}"].where(has_new) for part in _NEW}
    findings = pd.DataFrame(
        {
            "address_key": own["sent_address_key"],
            "name_key": names.fillna(own["sent_name_key"]),
            "source": SOURCE,
            "evidence_on": own["evidence_on"],
            "outcome": pd.Series("moved", index=own.index, dtype=TEXT).where(is_move),
            "move_type": kind.where(is_move),
            "move_on": map_distinct(own["move_on"], read_day).where(is_move) if "move_on" in own else pd.NA,
            **new,
            "detail": own["move_detail"].fillna("moved"),
        }
    )
    return _one_per(findings, ["address_key", "name_key"])


def has_told(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows gave a finding; the others say nothing of the address or the name."""
    of_address = rows["outcome"].notna() & ~rows["is_applied"]
    return of_address | (rows["move"].notna() & rows["sent_name_key"].notna())


def resolved_moves(rows: pd.DataFrame) -> pd.DataFrame:
    """Decide for every row where the name moved to, and whether the standard address is that place.

    Many mail houses write the new address over the old one; then a move with an address to go to, no column of its own
    for it and a standard address that differs from the one sent says so. A move to nowhere left no address.

    Args:
        rows: Of `beside_sent` with `move`, and the postal parts of both roles (`line1` …, `new_line1` …).

    Returns:
        The rows with `is_applied` and with `move` and `new_<part>` completed.
    """
    wants = (rows["move"] == NEW_ADDRESS).fillna(False)
    has_new = rows["new_line1"].notna() | rows["new_line2"].notna()
    is_applied = wants & ~has_new & rows["line1"].notna() & ~_is_as_sent(rows)
    filled = {f"new_{part}": rows[f"new_{part}"].mask(is_applied, rows[part]) for part in _NEW}
    move = rows["move"].mask(wants & ~has_new & ~is_applied, NO_ADDRESS)
    return rows.assign(**filled, move=move, is_applied=is_applied.astype(bool))


_NEW: Final = ("line1", "line2", "city", "state", "zip5", "zip4")


def _is_as_sent(rows: pd.DataFrame) -> pd.Series:
    """Tell whether the standard address is letter by letter the one sent, wherever the unit stands."""
    given = rows["line1"].str.cat(rows["line2"].fillna(""), sep=" ")
    sent = rows["sent_address_line1"].str.cat(rows["sent_address_line2"].fillna(""), sep=" ")
    same_line = (_letters(given) == _letters(sent)) | (_letters(rows["line1"]) == _letters(rows["sent_address_line1"]))
    same_zip = rows["zip5"].isna() | rows["sent_zip5"].isna() | (rows["zip5"] == rows["sent_zip5"])
    return (same_line.fillna(False) & same_zip).astype(bool)


def _letters(lines: pd.Series) -> pd.Series:
    return lines.str.upper().str.replace(r"[^A-Z0-9]", "", regex=True)


def _written(rows: pd.DataFrame, found: pd.Series, standards: Standards, words: Words) -> pd.DataFrame:
    """Return the standard address in this project's form where it differs from the one sent, null elsewhere."""
    differs = found & (rows["line1"].notna() | rows["zip5"].notna()) & ~_is_equal(rows)
    return standard_place(rows.loc[differs, list(_NEW)], standards, words).reindex(rows.index).astype(TEXT)


def _corrections(written: pd.DataFrame, rows: pd.DataFrame, words: Words) -> pd.Series:
    """Return the corrections of each row as JSON, null where there are none."""
    result = pd.Series(pd.NA, index=rows.index, dtype=TEXT)
    # Nearly every row comes back as it went out.
    has = written.notna().any(axis=1)
    after, sent = written[has], rows[has]
    why = pd.Series(CORRECTED, index=sent.index).mask(sent["is_converted"], CONVERTED)
    after = after.assign(line1=after["line1"].where(_may_replace(after, sent, words)))
    before = sent[[f"sent_{column}" for column, _ in _FIELDS]].itertuples(index=False)
    told = after[[part for _, part in _FIELDS]].itertuples(index=False)
    texts: list[str | None] = []
    for old, new, reason in zip(before, told, why, strict=True):
        changes = [
            [column, value if isinstance(value, str) else None, wanted, reason]
            for (column, _), value, wanted in zip(_FIELDS, old, new, strict=True)
            if _differ(value, wanted)
        ]
        texts.append(json.dumps(changes, ensure_ascii=False) if changes else None)
    result[has] = pd.Series(texts, index=sent.index, dtype=TEXT)
    return result


def _is_equal(rows: pd.DataFrame) -> pd.Series:
    same = _is_as_sent(rows)
    for part in ("city", "state"):
        same &= rows[part].isna() | (rows[part].str.upper() == rows[f"sent_{part}"].str.upper()).fillna(False)
    return same


def _may_replace(written: pd.DataFrame, rows: pd.DataFrame, words: Words) -> pd.Series:
    """Tell where a standard line may stand for the one sent: no house number altered, no unit lost or added."""
    same_number = house_number(written["line1"]) == house_number(rows["sent_address_line1"])
    had_unit, has_unit = (_has_unit(lines, words) for lines in (rows["sent_address_line1"], written["line1"]))
    return rows["is_converted"] | (same_number.fillna(False) & (has_unit == had_unit))


def _has_unit(lines: pd.Series, words: Words) -> pd.Series:
    names = {*words.units, "#"}
    return lines.map(lambda line: not names.isdisjoint(line.upper().split()), na_action="ignore").eq(True)


def _differ(before: object, after: object) -> bool:
    return isinstance(after, str) and (not isinstance(before, str) or before.upper() != after.upper())


def _one_per(findings: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keep one finding per key: the newest, with an outcome before none, then the first in text order."""
    complete = findings.reindex(columns=list(FINDINGS)).astype(dict.fromkeys(FINDINGS, TEXT))
    rest = [column for column in FINDINGS if column not in (*keys, "evidence_on")]
    order = [*keys, "evidence_on", *rest]
    ascending = [column != "evidence_on" for column in order]
    ranked = complete.sort_values(order, ascending=ascending, na_position="last", kind="stable")
    return ranked.drop_duplicates(keys).reset_index(drop=True)
