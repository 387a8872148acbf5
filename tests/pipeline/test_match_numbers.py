"""What the scorecard says of matching follows from the tables beside it."""

import json

from tests.finished import FinishedRun
from tests.pipeline.runs import table


def test_the_table_agrees_with_the_pairs(sample_run: FinishedRun) -> None:
    card = json.loads((sample_run.out / "scorecard.json").read_text(encoding="utf-8"))
    lines = {line["name"]: line["value"] for line in card["matching"]["lines"]}
    crosswalk, pairs = table(sample_run.out, "crosswalk.csv"), table(sample_run.out, "pairs.parquet")
    ids = crosswalk.set_index("record_id")["golden_id"]
    assert lines["records merged without a person"] == f"{len(crosswalk) - crosswalk['golden_id'].nunique():,}"
    homes = crosswalk.loc[crosswalk["household_id"] != "", "household_id"]
    assert lines["households"] == f"{homes.nunique():,}"
    matched = pairs[pairs["outcome"] == "match"]
    wrong = (1 - matched["match_probability"]).sum() / len(matched) * 10_000
    assert lines["wrong merges per 10,000 matched pairs"] == f"about {round(wrong, 1):g}"
    apart = pairs[
        (pairs["record_id_l"].map(ids) != pairs["record_id_r"].map(ids))
        & (pairs["veto"].isna() | pairs["veto"].eq("weak_bridge"))
    ]
    assert lines["duplicates missed"] == f"about {round(apart['match_probability'].sum()):,}"


def test_the_pictures_are_beside_the_page_and_in_the_manifest(sample_run: FinishedRun) -> None:
    manifest = json.loads((sample_run.out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["charts"] == sorted(f"charts/{path.name}" for path in (sample_run.out / "charts").iterdir())
    page = (sample_run.out / "scorecard.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in page for name in manifest["charts"])


def test_records_that_cannot_match_even_themselves_are_counted(sample_run: FinishedRun) -> None:
    svg = (sample_run.out / "charts" / "unlinkable.svg").read_text(encoding="utf-8")
    records = table(sample_run.out, "records.parquet")
    for source, count in records["source"].value_counts().items():
        assert f"{source}: " in svg
        assert f" of {count:,}" in svg
