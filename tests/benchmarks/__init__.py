"""Measurements, never asserted: rows per second and peak memory. Run by `make bench`."""
