"""E-mails: the case table, and the plain road against email-validator itself."""

import email_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.standardize.emails import propose_domain, standardize_email, standardize_emails
from tests.standardize.policies import cases, known, texts


@pytest.mark.parametrize("case", cases("emails"), ids=lambda case: case["input"])
def test_case(case: dict[str, str]) -> None:
    outcome = standardize_emails(texts([case["input"]]), known()).fillna("").loc[0]
    assert (outcome["value"], outcome["flags"]) == (case["expected"], case["flags"])


_PART = st.text(alphabet="abzAZ09._-+'!", min_size=1, max_size=12)


@given(_PART, _PART, st.sampled_from(["com", "c", "con", "co.uk", "1", "-"]))
def test_plain_road_accepts_what_email_validator_accepts(local: str, domain: str, ending: str) -> None:
    address = f"{local}@{domain}.{ending}".strip(".,'")
    try:
        expected = email_validator.validate_email(address, check_deliverability=False).normalized.lower()
    except email_validator.EmailNotValidError:
        expected = None
    outcome = standardize_email(address, known())
    assert (None if "email:invalid" in (outcome.flags or "") else outcome.value) == expected


def test_no_known_domain_is_taken_for_a_typo() -> None:
    book = known()
    assert [domain for domain in sorted(book.mail_domains) if propose_domain(domain, book)] == []


def test_every_listed_typo_is_answered_by_a_domain_that_is_no_typo() -> None:
    book = known()
    assert all(propose_domain(domain, book) is None for domain in book.domain_typos.values())
