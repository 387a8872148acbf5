"""Every way a row can fall short of a target."""

from typing import Final

CHECKS: Final = {
    "required": "a value is required and there is none",
    "one_of": "none of several fields, one of which is required, has a value",
    "too_long": "more characters than the field holds",
    "not_in_picklist": "a restricted picklist does not have the value",
    "not_in_open_picklist": "an open picklist does not have the value",
    "bad_email": "not an e-mail address the target takes",
    "bad_date": "a text that is no date",
    "date_out_of_range": "a date before the first or after the last year the field takes",
    "short_year": "a date whose year has two digits",
    "bad_number": "a text that is no number",
    "out_of_range": "a number outside the range of the field",
    "bad_boolean": "a text that is neither yes nor no",
    "bad_id": "a text that is no identifier of the target",
    "bad_format": "a text that is not in the form the field asks for",
    "abroad": "an address in another country",
    "control_characters": "characters that no text may hold",
    "null_marker": "the text `#N/A`, which some loaders take for an order to empty the field",
    "null_marker_typed": "the text `#N/A` where a date, a number or a yes or no belongs",
    "case_changed": "the target stores the value in another case",
    "needs_right": "a field that only a user with a right of their own may fill",
    "duplicate_in_batch": "another row of the load has the same unique value",
    "duplicate_existing": "a record that is in the target already has the same unique value",
    "parent_missing": "the parent is not in the load, or would not load itself",
    "no_parent": "there is no parent at all",
    "owner_unknown": "the owner is no user of the target",
    "owner_inactive": "the owner is a user who left",
    "country_unknown": "the country is not in the target's list",
    "state_unknown": "the state is not in the target's list",
    "state_without_country": "a state stands without its country",
    "too_old": "a date further back than the field allows",
    "suppressed": "the customer is not to be reached this way",
    "on_list": "the customer is on a list of those not to be reached",
    "date_to_come": "a day that is still to come, of something that is said to be done",
    "same_household": "another row goes to the same household",
    "unknown_column": "a column the target does not have",
    "read_only_column": "a column the target fills itself",
    "wrong_line_end": "line ends other than the load path expects",
}
"""Every way a row can fall short of a target, in the order they are told."""
OWNER_CHECKS: Final = ("owner_unknown", "owner_inactive")
"""Checks whose value is an owner of the sources."""

ON_LIST: Final = "on_list"
"""The check of lists of people not to be reached; a target that does not name it looks at none."""
