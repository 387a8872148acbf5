"""Puts contact points beside their customers: `shipping.city`, `home.phone`, `fax`. Only those that are asked for."""

from collections.abc import Iterable

import pandas as pd

from dq.model import ADDRESS_COLUMNS, CONTACT_ROLES, TEXT


def with_points(customers: pd.DataFrame, points: pd.DataFrame, id_column: str, wanted: Iterable[str]) -> pd.DataFrame:
    """Return the customers with the columns asked for that are contact points.

    Args:
        customers: One row per customer.
        points: Contact points with `kind`, `role` and `id_column`.
        id_column: Identifies a customer in both.
        wanted: Names of columns; those that are no contact points are left alone.
    """
    added: dict[str, pd.Series] = {}
    for name in sorted(set(wanted)):
        role, dot, column = name.rpartition(".")
        if name == "fax" or (dot and role in CONTACT_ROLES):
            added[name] = _values(customers[id_column], points, id_column, role, column)
    return customers.assign(**added) if added else customers


def _values(ids: pd.Series, points: pd.DataFrame, id_column: str, role: str, column: str) -> pd.Series:
    kind, value = ("address", column) if column in ADDRESS_COLUMNS else (column, "value")
    if not len(points):
        return pd.Series(None, index=ids.index, dtype=TEXT)
    meant = points["kind"].eq(kind)
    if role:
        meant &= points["role"].eq(role)
    # Of several points of one role the first by its id is the one shown.
    first = points.loc[meant].sort_values([id_column, "contact_point_id"]).drop_duplicates(id_column)
    return ids.map(first.set_index(id_column)[value]).astype(TEXT)
