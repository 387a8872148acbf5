"""Finished runs, shared by the tests that only look at them."""

from tests.finished import customers_run, sample_run

__all__ = ["customers_run", "sample_run"]
