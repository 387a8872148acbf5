"""The mapping workbook of a conversion: made from sources and a target, checked and applied when it comes back."""

from dq.pipeline.book.applying import Applied, Checked, apply_book, check_book
from dq.pipeline.book.making import MadeBook, make_book

__all__ = ["Applied", "Checked", "MadeBook", "apply_book", "check_book", "make_book"]
