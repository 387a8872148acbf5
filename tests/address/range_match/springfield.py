"""An invented post office with all its ranges, cities and aliases: what `range_choice.csv` is asked against."""

from functools import lru_cache

import pandas as pd

from tests.address.range_match.worlds import cities, ranges, street, table, unit

ALIAS_COLUMNS = (
    "zip5",
    *(f"alias_{part}" for part in ("predirectional", "street", "suffix", "postdirectional")),
    *("predirectional", "street", "suffix", "postdirectional"),
    *("alias_type", "low", "high", "parity"),
)


@lru_cache(maxsize=1)
def file() -> pd.DataFrame:
    return ranges(*_streets(), *_buildings(), *_boxes(), *_other_zips())


@lru_cache(maxsize=1)
def places() -> pd.DataFrame:
    standard = {"city_state_key": "X00001", "last_line_key": "X00001", "last_line_city": "SPRINGFIELD"}
    town = {**standard, "city": "SPRINGFIELD", "is_mailing_name": "Y"}
    hamlet = {**standard, "city": "OLD SPRINGFIELD", "is_mailing_name": "N", "facility": "N"}
    long_name = {**standard, "city": "SPRINGFIELD GARDENS", "city_short": "SPRGFLD GDNS", "is_mailing_name": "Y"}
    return cities(
        *({**town, "zip5": zip5} for zip5 in ("12345", "12346", "12347")),
        {**hamlet, "zip5": "12345"},
        {**long_name, "zip5": "12345"},
        {**town, "zip5": "12398", "zip_class": "P"},
        {**town, "zip5": "12399", "zip_class": "U"},
        {**town, "zip5": "12501", "city": "SALEM", "last_line_city": "SALEM", "finance_no": "350002"},
        {"zip5": "12345", "city_state_key": "U00001", "city": "LAS FLORES", "facility": "U"},
        {"zip5": "12345", "city_state_key": "U00002", "city": "VILLA RICA", "facility": "U"},
    )


@lru_cache(maxsize=1)
def aliases() -> pd.DataFrame:
    renamed = {"street": "KING", "suffix": "BLVD"}
    return table(
        [
            {"zip5": "12345", "alias_street": "TENTH", "alias_suffix": "ST", **renamed, "alias_type": "C"},
            {"zip5": "12345", "alias_street": "PLAZA", "alias_suffix": "WAY", **renamed, "alias_type": "P"},
            {
                "zip5": "12345",
                "alias_street": "MARKET",
                **renamed,
                "alias_type": "O",
                "low": "1",
                "high": "49",
                "parity": "O",
            },
        ],
        ALIAS_COLUMNS,
    )


def _streets():
    yield street("N|MAIN|ST|", "100:198 E", "1001")
    yield street("N|MAIN|ST|", "101:199 O", "1002")
    yield street("S|MAIN|ST|", "200:298 E", "1003")
    yield street("|OAK|ST|", "10:98 E", "1011")
    yield street("|OAK|ST|", "12 E", "1010")
    yield street("|OAK|AVE|", "11:99 O", "1012")
    yield street("|ELM|ST|", "1:99", "1020")
    yield street("|ELM|AVE|", "1:99", "1021")
    yield street("NE|BIRCH|RD|", "1:99", "1030")
    yield street("|CEDAR|LN|", "1:99", "1040")
    yield street("|MAPLE|DR|", "1:99 O", "1050")
    yield street("|MOUNT VERNON|AVE|", "1:99", "1060")
    yield street("|LA SALLE|ST|", "1:99", "1061")
    yield street("|WILLOWBROOK|CT|", "1:99", "1070")
    yield street("|HAWTHORN|CT|", "1:99", "1071")
    yield street("|HAWTHORNE|WAY|", "1:99", "1072")
    yield street("|5TH|ST|", "1:99", "1080")
    yield street("|KING|BLVD|", "1:199", "1090")
    yield street("|GRAND BRIDGE|WAY|", "1:99", "1091")
    yield street("|NORTH SHORE|DR|", "1:99", "1092")
    yield street("|AVENUE E||", "1:99", "1093")
    yield street("|AVENUE F||", "1:99", "1094")
    yield street("|PEAR|ST|", "1:99", "1100")
    yield street("|PEAR|ST|", "1:49", "1101")
    yield street("|PLUM|ST|", "2:40 E", "1110")
    yield street("|PLUM|ST|", "2:40 E", "1110", carrier_route="C002")
    yield street("|MILL|RD|", "1:99 O", "ND")
    yield street("|FARM|RD|", "1:99", "1120-1140")
    yield street("|OLD FARM|RD|", "1:99", "1141", lacs="L")
    yield street("|GRAPE|ST|", "30 E", "1150", base_alternate="A")
    yield street("|GRAPE|ST|", "2:98 E", "1151")
    yield street("|FIG|ST|", "30 E", "1152", base_alternate="A")
    yield street("|BLUEMOUND|RD|", "N6W23001:N6W23099 O", "1160")
    yield street("|BRONX|RD|", "112-10:112-98 E", "1161")
    yield street("|CALLE A||", "1:99", "1170", urbanization_key="U00001")
    yield street("|CALLE A||", "1:99", "1171", urbanization_key="U00002")
    yield street("|WHARF|ST|", "1:99", "1180")


def _buildings():
    yield street("|OAK|ST|", "20 E", "1200", record_type="H", building="TOWER")
    yield unit("|OAK|ST|", "20 E", "APT", "1:8", "1201")
    yield unit("|OAK|ST|", "20 E", "APT", "9", "1202")
    yield unit("|OAK|ST|", "20 E", "APT", "A:F", "1203")
    yield unit("|OAK|ST|", "20 E", "REAR", "", "1204")
    yield unit("|OAK|ST|", "20 E", "LOT", "50:59", "1205")
    yield street("|OAK|ST|", "20 E", "1209", record_type="F", building="ACME & SONS INC")
    yield street("|OAK|ST|", "22 E", "1210", record_type="H", building="HALL")
    yield unit("|OAK|ST|", "24 E", "STE", "100:199", "1220")
    yield unit("|OAK|ST|", "26 E", "BLDG", "1:4", "1230")
    yield unit("|OAK|ST|", "26 E", "APT", "1:20", "1231")
    yield unit("|OAK|ST|", "28 E", "APT", "1:8", "1240")
    yield unit("|OAK|ST|", "28 E", "STE", "1:8", "1241")
    yield street("|OAK|ST|", "28 E", "1242", record_type="H")
    yield street("|WHARF|ST|", "200 E", "1250-1260", record_type="F", building="HARBOR OFFICE")
    yield street("|WHARF|ST|", "40 E", "1261", record_type="F", building="PORT BANK", base_alternate="A")


def _boxes():
    yield street("PO BOX", "201:216", "0201-0216", record_type="P")
    yield street("PO BOX", "300:399", "0300-0310", record_type="P")
    yield street("PO BOX", "902:903", "0903", record_type="P")
    yield street("PO BOX", "0501:0510", "0501-0510", record_type="P")
    yield street("PO BOX", "501:510", "9501-9510", record_type="P")
    yield street("PO BOX", "0601:0610", "0601-0610", record_type="P")
    yield street("GENERAL DELIVERY", "", "9999", record_type="G")
    yield street("RR 2", "1:50", "9701", record_type="R")
    yield street("RR 2", "60", "9703", record_type="R")
    yield street("RR 2", "", "9702", record_type="R")
    yield street("HC 1", "", "9801", record_type="R")
    yield street("PSC 802", "1:99", "0001", record_type="P")


def _other_zips():
    yield street("|ASH|ST|", "1:99", "2010", zip5="12346")
    yield street("|BEECH|ST|", "1:99", "2020", zip5="12346")
    yield street("|BEECH|ST|", "1:99", "2021", zip5="12347")
    yield street("|CEDAR|RD|", "1:99", "2030", zip5="12346")
    yield street("|MAPLES|DR|", "1:99", "2040", zip5="12346")
    yield street("|WHARF|ST|", "101:199 O", "2050", zip5="12346")
    yield street("PO BOX", "1000:1999", "1000-1999", zip5="12346", record_type="P")
    yield street("PO BOX", "1:99", "0001-0099", zip5="12398", record_type="P")
    yield street("|CAMPUS|DR|", "1:99", "3001", zip5="12399")
    yield street("|ASH|ST|", "1:99", "4010", zip5="12501", finance_no="350002")
