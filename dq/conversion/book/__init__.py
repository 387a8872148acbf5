"""The source-to-target workbook: what every source column becomes, who answers for it, and its checked way back."""

from dq.conversion.book.answers import ARCHIVE, DROP, MIGRATE, Answers, ColumnAnswer, FieldAnswer, PicklistAnswer
from dq.conversion.book.changes import Judged, judge_answers, present_value
from dq.conversion.book.facts import Book, FieldLine, PicklistLine, Present, SourceColumn
from dq.conversion.book.lineage import columns_fed, expression_of
from dq.conversion.book.register import answers_in, register_of
from dq.conversion.book.returned import read_book
from dq.conversion.book.sheets import book_form, sheet_names

__all__ = [
    "ARCHIVE",
    "DROP",
    "MIGRATE",
    "Answers",
    "Book",
    "ColumnAnswer",
    "FieldAnswer",
    "FieldLine",
    "Judged",
    "PicklistAnswer",
    "PicklistLine",
    "Present",
    "SourceColumn",
    "answers_in",
    "book_form",
    "columns_fed",
    "expression_of",
    "judge_answers",
    "present_value",
    "read_book",
    "register_of",
    "sheet_names",
]
