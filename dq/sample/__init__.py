"""Synthetic dirty customers whose truth is known: three sources, the true clusters and every planted defect."""

from dq.sample.make import make_sample
from dq.sample.writing import SampleSize, write_sample

__all__ = ["SampleSize", "make_sample", "write_sample"]
