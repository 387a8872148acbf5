"""Workbooks that people fill in and send back: text cells, locked ids, drop-downs, and a checked way back."""

from dq.tables.forms.reading import Returned, read_form
from dq.tables.forms.writing import Column, Form, Line, Sheet, plain, write_form

__all__ = ["Column", "Form", "Line", "Returned", "Sheet", "plain", "read_form", "write_form"]
