"""Revisions of the schema, the first one first."""
