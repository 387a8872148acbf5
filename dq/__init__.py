"""Customer data quality around a CRM conversion: clean, match, prove, publish."""

__version__ = "0.1.0"
