"""Reports of colleagues: "this customer is wrong". Each becomes a case."""

from datetime import datetime
from typing import Final

from dq.errors import SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, acting, run_of
from dq.stewardship.records import record
from dq.stewardship.routing import priority_of, routed
from dq.store import rows
from dq.store.cases import Case, find_case, insert_cases
from dq.store.schema import REPORTS
from dq.tables.identity import case_id

KIND: Final = "reported"
LONGEST: Final = 2000
"""Characters of a report."""


def report_customer(house: House, actor: Actor, record_id: str, words: str, *, at: datetime) -> Case:
    """Report that something about a customer is wrong; anybody who sees the record may.

    What was said is kept with the case and never in the audit.

    Raises:
        NotFoundError: No such record for this actor.
        SettingsError: Nothing was said, or too much.
    """
    said = words.strip()
    if not 0 < len(said) <= LONGEST:
        raise SettingsError("a report says what is wrong", f"up to {LONGEST} characters", field="words")
    run_id = str(run_of(house)["run_id"])
    record(house, actor, run_id, record_id)
    asked = "SELECT r.source, r.department, r.owner, i.golden_id FROM records r JOIN identities i USING (record_id)"
    facts = house.tables(run_id).sql(f"{asked} WHERE r.record_id = ?", [record_id])[0]
    golden = str(facts["golden_id"] or "")
    with acting(house, actor, "report_customer", at) as act:
        before = rows.count(act.connection, REPORTS, record_id=record_id)  # two reports of one moment are two
        number = case_id(KIND, record_id, act.at, actor.name, str(before))
        of = {"source": str(facts["source"] or ""), "department": str(facts["department"] or "")}
        case = {
            "case_id": number,
            "kind": KIND,
            "record_id": record_id,
            "golden_id": golden,
            "rule_id": "",
            "source": of["source"],
            "source_r": of["source"],
            "department": of["department"],
            "department_r": of["department"],
            "owner": str(facts["owner"] or ""),
            "severity": "warn",
            "value_at_stake": None,
            "uncertainty": house.policy.kind(KIND).uncertainty,
            "unblocks": 1,
            "evidence": said,
            "card_id": golden or record_id,
            "status": "open",
            "opened_at": act.at,
            "first_run_id": run_id,
            "last_run_id": run_id,
        }
        case |= routed(house.policy, case, house.today(at))
        case["priority"] = priority_of(house.policy, case, house.today(at))
        insert_cases(act.connection, [case])
        report = {"case_id": number, "record_id": record_id, "words": said, "by": actor.name, "at": act.at}
        rows.add(act.connection, REPORTS, report)
        act.record("case", number, record_id=record_id)
        found = find_case(act.connection, number, None)
        assert found is not None
    return found
