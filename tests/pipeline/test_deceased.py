"""The dead are marked, keep their own golden record, and no channel to them stays open."""

from pathlib import Path

import pandas as pd
import pytest

from tests.pipeline.runs import run, table, write_csv

CUSTOMERS = [
    line.split("|")
    for line in (
        "id|name|street|city|state|zip|phone|status",
        "1|EST OF JOHN ZYWICKI|12 Oak St|Springfield|IL|62704|217-241-7001|",
        "2|Mary Zywicki|12 Oak St|Springfield|IL|62704|217-241-7001|active",
        "3|Mr. John Zywicki|12 Oak Street|Springfield|IL|62704|217-241-7001|active",
        "4|Mrs. John Zywicki|12 Oak St|Springfield|IL|62704|217-241-7001|active",
        "5|Harold Quillfeather|9 Elm Ave|Peoria|IL|61602|309-671-5555|Deceased",
    )
]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deceased")
    return run([write_csv(folder / "crm.csv", CUSTOMERS)], folder / "out").out


def test_the_dead_are_marked_and_not_merged_into_the_widow(out: Path) -> None:
    ids = table(out, "crosswalk.csv").set_index("source_key")["golden_id"]
    assert ids["1"] == ids["3"]
    assert len({ids["1"], ids["2"], ids["4"]}) == 3
    golden = table(out, "golden.parquet").set_index("golden_id")
    assert golden["is_deceased"].to_dict() == {
        golden_id: golden_id in (ids["1"], ids["5"]) for golden_id in ids.unique()
    }
    pairs = table(out, "pairs.parquet")
    assert set(pairs.loc[pairs["record_id_r"].eq("crm:4"), "veto"]) == {"spouse", "other_given_name"}


def test_a_death_closes_the_channels_of_the_golden_record(out: Path) -> None:
    golden = table(out, "golden.parquet").set_index("is_deceased")
    channels = ["do_not_mail", "do_not_email", "do_not_call", "do_not_text"]
    assert golden.loc[True, channels].eq(True).all(axis=None)
    assert golden.loc[False, channels].isna().all(axis=None)


def test_the_mark_says_where_it_comes_from(out: Path) -> None:
    provenance = table(out, "provenance.parquet")
    (mark,) = provenance[provenance["column"] == "is_deceased"].to_dict("records")
    assert (mark["value"], mark["record_id"], mark["rule"]) == ("true", "crm:1", "any_record")
    records = table(out, "records.parquet").set_index("record_id")["is_deceased"]
    assert records[records].index.tolist() == ["crm:1", "crm:5"]
    assert pd.api.types.is_bool_dtype(records)
