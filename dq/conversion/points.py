"""Puts contact points beside customers: `shipping.city`, `fax`, `refuses.email`. Only those that are asked for."""

from collections.abc import Iterable

import pandas as pd

from dq.model import ADDRESS_COLUMNS, CONTACT_ROLES, REFUSAL_KINDS, TEXT

REFUSES = "refuses"
"""Opens the name of a column that says whether a customer is not to be reached through a channel."""


def with_points(customers: pd.DataFrame, points: pd.DataFrame, id_column: str, wanted: Iterable[str]) -> pd.DataFrame:
    """Return the customers with the columns asked for that are contact points.

    Args:
        customers: One row per customer.
        points: Contact points with `kind`, `role` and `id_column`, in any order.
        id_column: Identifies a customer in both.
        wanted: Names of columns; those that are no contact points are left alone.
    """
    added: dict[str, pd.Series] = {}
    if len(points):
        # Of several points of one role the first by its id is the one shown.
        points = points.sort_values([id_column, "contact_point_id"])
    for name in sorted(set(wanted)):
        role, dot, column = name.rpartition(".")
        if role == REFUSES and column in REFUSAL_KINDS:
            added[name] = _refusals(customers, points, id_column, column)
        elif name == "fax" or (dot and role in CONTACT_ROLES):
            added[name] = _values(customers[id_column], points, id_column, role, column)
    return customers.assign(**added) if added else customers


def _refusals(customers: pd.DataFrame, points: pd.DataFrame, id_column: str, channel: str) -> pd.Series:
    """Return `true` where the customer or any of their contact points refuses, `false` where somebody allowed it.

    A CRM has one flag for all of them, and mails to whichever address it holds: the most restrictive word wins, even
    over a later one on another contact point.
    """
    ids = customers[id_column]
    said = pd.Series(None, index=ids.index, dtype=TEXT)
    flag = customers.get(f"do_not_{channel}")
    acts = points.loc[points["kind"].isin(REFUSAL_KINDS[channel])] if "consent" in points.columns else points.iloc[:0]
    for consent, word in (("opt_in", "false"), ("opt_out", "true")):
        own = set(acts.loc[acts["consent"].eq(consent), id_column]) if len(acts) else set()
        told = ids.isin(list(own))
        if flag is not None:
            told |= flag.astype("boolean").eq(word == "true").fillna(False).astype(bool)
        said = said.mask(told, word)
    return said


def _values(ids: pd.Series, points: pd.DataFrame, id_column: str, role: str, column: str) -> pd.Series:
    kind, value = ("address", column) if column in ADDRESS_COLUMNS else (column, "value")
    if not len(points):
        return pd.Series(None, index=ids.index, dtype=TEXT)
    meant = points["kind"].eq(kind)
    if role:
        meant &= points["role"].eq(role)
    if not meant.any():
        return pd.Series(None, index=ids.index, dtype=TEXT)
    first = points.loc[meant, [id_column, value]].drop_duplicates(id_column)
    return ids.map(first.set_index(id_column)[value]).astype(TEXT)
