"""Where else an address may lie: ZIPs of its post office's finance number, or of its city where the ZIP is unknown.

A ZIP that exists is never given up for a city's name; only a street and number found in one other ZIP of the same post
office speak against it, and only where that ZIP goes by the city given.
"""

from typing import Final

import pandas as pd

from dq.address.range_match.questions import READ
from dq.model import TEXT, Frames

ASKED_ZIP5: Final = "asked_zip5"
"""In addresses that are tried in another ZIP: the ZIP they were given; `""` where it was missing."""


def ask_elsewhere(frames: Frames, _policy: object) -> Frames:
    """Return the addresses that no street as written answered, once per ZIP they may lie in instead.

    Args:
        frames: `answers`, as `dq.address.range_match.verify.answer` gives them; `areas`: `zip5, finance_no`, and where
            known `zip_class, state, city`, several rows per ZIP.

    Returns:
        `addresses`: columns of READ with the other ZIP as `zip5`, and ASKED_ZIP5. Streets only: boxes and routes have
        no names that would tell ZIPs apart. A ZIP of its own organisation (class U) is never left.
    """
    answers, areas = frames["answers"], frames["areas"]
    open_ones = answers[answers["is_open"] & (answers["kind"] == "street") & answers["addr_number"].notna()]
    known = areas.reindex(columns=["zip5", "finance_no", "zip_class", "state", "city"]).astype(TEXT)
    unique = known.loc[known["zip_class"] == "U", "zip5"]
    open_ones = open_ones[~open_ones["zip5"].isin(unique)]
    is_known = open_ones["zip5"].isin(known["zip5"])
    finance = known[["zip5", "finance_no"]].dropna().drop_duplicates()
    of_zip = finance.merge(finance, on="finance_no", suffixes=("", "_other"))
    by_finance = open_ones[is_known].merge(of_zip[["zip5", "zip5_other"]].drop_duplicates(), on="zip5")
    place = pd.DataFrame({"state": known["state"], "_city": known["city"].str.upper(), "zip5_other": known["zip5"]})
    place = place.dropna().drop_duplicates()
    if len(place):
        pairs = pd.MultiIndex.from_frame(place[["_city", "zip5_other"]])
        asked_pairs = pd.MultiIndex.from_arrays([by_finance["city"].str.upper(), by_finance["zip5_other"]])
        by_finance = by_finance[asked_pairs.isin(pairs) | by_finance["city"].isna()]
    lost = open_ones[~is_known].assign(_city=lambda rows: rows["city"].str.upper())
    by_city = lost.merge(place, on=["state", "_city"])
    asked = pd.concat([by_finance, by_city], ignore_index=True)
    asked = asked[asked["zip5_other"] != asked["zip5"].fillna("")]
    moved = asked.assign(**{ASKED_ZIP5: asked["zip5"].fillna(""), "zip5": asked["zip5_other"]})
    columns = [*READ, ASKED_ZIP5]
    return {"addresses": moved[columns].astype(TEXT).sort_values(["zip5", "address_key"], ignore_index=True)}
