"""Addresses: parsed, written after Publication 28, and their ZIP, city and state held against GeoNames.

Refuses to say that mail would arrive: no ZIP+4 file and no provider is asked here.
"""

from dq.address.address_parser import AddressParser
from dq.address.standardize import parse_lines, standardize_addresses

__all__ = ["AddressParser", "parse_lines", "standardize_addresses"]
