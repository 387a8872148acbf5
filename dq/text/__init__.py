"""Text as text: Unicode, case, tokens, phonetics, value shapes. Pure; knows no tables, no policy, no domain."""

from dq.text.case import is_one_case, restore_case, restore_text
from dq.text.characters import clean, clean_text, fold, fold_text
from dq.text.distinct import map_distinct
from dq.text.phonetics import phonetic, phonetic_text
from dq.text.shapes import shape, shape_text
from dq.text.tokens import Tokens, join_tokens, split_tokens

__all__ = [
    "Tokens",
    "clean",
    "clean_text",
    "fold",
    "fold_text",
    "is_one_case",
    "join_tokens",
    "map_distinct",
    "phonetic",
    "phonetic_text",
    "restore_case",
    "restore_text",
    "shape",
    "shape_text",
    "split_tokens",
]
