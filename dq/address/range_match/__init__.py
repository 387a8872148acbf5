"""Addresses held against ranges of a street file."""
