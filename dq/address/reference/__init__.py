"""Licensed postal reference data: loaded once into a library of Parquet files, read by every run."""

from dq.address.reference.dataset import Dataset
from dq.address.reference.library import Library
from dq.address.reference.loading import Listener, Loader, LoadOrder, LoadReport

__all__ = ["Dataset", "Library", "Listener", "LoadOrder", "LoadReport", "Loader"]
