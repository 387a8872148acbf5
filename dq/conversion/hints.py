"""What helps a row that stays out of a load: one sentence per check, beside the target's own error."""

from typing import Final

from dq.standards.targets import CHECKS, Target

_ASK: Final = "fill it in at the source, or say in the workbook what the field is made of"
_MEANS: Final = "say what it means: in proposals.csv, or on the sheet Picklists of the workbook"
_MEND: Final = "mend it at the source, or accept the row of proposals.csv that leaves it empty"
_OWNER: Final = "say who takes over: the user map of the run, given back with --owner-map or put into the standards"
_LEAVE: Final = "leave it out: the customer is not to be reached this way"
_HINTS: Final = {
    "required": _ASK,
    "one_of": _ASK,
    "too_long": "shorten it at the source, or accept the row of proposals.csv that cuts it",
    "not_in_picklist": _MEANS,
    "not_in_open_picklist": _MEANS,
    "state_unknown": _MEANS,
    "country_unknown": _MEANS,
    "state_without_country": "fill in the country, or accept the default proposed for it in proposals.csv",
    "bad_format": "mend it at the source: the field asks for another form",
    "abroad": "take it out of this list, or load it another way",
    "control_characters": "take the characters out at the source",
    "needs_right": "give the user who loads the right, or leave the field out in the workbook",
    "duplicate_in_batch": "one customer or two? decide the pair, or give one of them a value of its own",
    "duplicate_existing": "it is there already: update that record, or give this one a value of its own",
    "parent_missing": "bring the parent into the load, or name another one at the source",
    "no_parent": "name an employer, or choose with --assign what becomes of people without one",
    "owner_unknown": _OWNER,
    "owner_inactive": _OWNER,
    "unknown_column": "take the column out of the target's file, or make the field over there",
    "read_only_column": "take the column out of the target's file",
    "too_old": "have it checked again: the day lies too far back",
    "date_to_come": "put the day right: it is still to come",
    "same_household": "nothing: one piece goes to the household",
    "suppressed": _LEAVE,
    "on_list": _LEAVE,
}
_SPOILT: Final = (
    "bad_email", "bad_date", "date_out_of_range", "short_year", "bad_number", "out_of_range", "bad_boolean", "bad_id",
    "null_marker", "null_marker_typed", "case_changed",
)  # fmt: skip


def hint_of(target: Target, check: str, code: str) -> str:
    """Return what helps a row with this blocker: the target's own remedy, else ours for the check.

    Raises:
        KeyError: There is no such check.
    """
    if code in target.remedies:
        return target.remedies[code]
    return _HINTS.get(check) or (_MEND if check in _SPOILT else CHECKS[check])
