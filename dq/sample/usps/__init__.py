"""A synthetic ZIP+4 product in the postal service's own layout, with customers whose right answers are known."""

from dq.sample.usps.writing import UspsSize, write_usps_sample

__all__ = ["UspsSize", "write_usps_sample"]
