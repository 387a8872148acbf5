"""How things are named in both databases, and the columns that many tables have."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, MetaData

from dq.store.columns import key

METADATA: Final = MetaData(
    naming_convention={  # a migration can only drop what has a name that is the same in both databases
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def own_number() -> Column[int]:
    """Return the key of rows that have no name of their own: they are counted."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def of_case() -> Column[str]:
    """Return the column of a row that belongs to a case."""
    return key("case_id", ForeignKey("cases.case_id"))


def of_run() -> Column[str]:
    """Return the column of a row that belongs to a run and goes with it."""
    return key("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"))


def of_user(name: str = "user_name") -> Column[str]:
    """Return the column of a row that belongs to a person."""
    return key(name, ForeignKey("users.user_name"))
