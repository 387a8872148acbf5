"""Raw address text to segments and tokens: Unicode, punctuation and blanks. Knows no word of the language."""

import re
import unicodedata

LONGEST_LINE = 400
"""A longer line is kept as it is: labels print at most 64 columns a line, and every real line seen stays below 250."""

_FRACTIONS = {"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3"}
_FRACTION = re.compile("[" + "".join(_FRACTIONS) + "]")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_THOUSANDS = re.compile(r"^(\d{1,2}),(\d00)(?=\s+[A-Z])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

_ODD = re.compile(r"[^A-Z0-9 ]")
_BREAKS = re.compile(r"[,;\n\r|()\[\]{}\u2028\u2029]+")
_APOSTROPHES = re.compile("['\u2018\u2019`\u00b4\"\u201c\u201d]")
_INITIALS = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_PERIOD = re.compile(r"(?<!\d)\.|\.(?!\d)")
_SIGNS = re.compile(r"[^\w\s#&%@/.\-]|_")
_NUMBER_SIGN = re.compile(r"\s*#[\s#-]*")
_NO_ORDINAL = r"(?=\d)(?!\d+(?:ST|ND|RD|TH)\b)"
_RANGE = re.compile(rf"(?<=\d)\s+-\s*{_NO_ORDINAL}|(?<=\d)-\s+{_NO_ORDINAL}|(?<=\s[A-Z])\s+-\s+(?=[A-Z]\b)")
_WORD_HYPHEN = re.compile(
    r"(?<=[A-Z]{2})-(?=[A-Z]{2})|(?<=[A-Z]{3})-(?=[A-Z])|(?<=[A-Z])-(?=[A-Z]{3})|(?<!\S)-+|-+(?!\S)"
)
_CARE_OF = re.compile(r"\bC\s?/\s?O\b")
_SLASHED_DIRECTION = re.compile(r"(?<!\S)([NS])/([EW])(?!\S)")
_WORD_SLASH = re.compile(r"(?<=[A-Z]{2})/+|/+(?=[A-Z]{2})|(?<!\S)/+|/+(?!\S)")
_WORD_AND = re.compile(r"(?<=[A-Z0-9]{2})&(?=[A-Z0-9])|(?<=[A-Z0-9])&(?=[A-Z0-9]{2})")


def fold(text: str) -> str:
    """Return text in upper case without diacritics, compatibility characters and control characters.

    >>> fold("12½ Peña  Blvd")
    '12 1/2 PENA BLVD'
    """
    if not text.isascii():
        text = _FRACTION.sub(lambda found: _FRACTIONS[found.group()], text)
        text = _DASHES.sub("-", _INVISIBLE.sub("", text))
        # Only the marks of Latin letters go; the vowels of other scripts are combining characters too.
        text = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)))
    text = text.upper()
    if text.isprintable():
        return " ".join(text.split())
    return "\n".join(" ".join(_printable(line).split()) for line in text.splitlines())


def _printable(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(character if character.isprintable() else " " for character in line)


def segments(text: str) -> list[str]:
    """Cut a line at commas, semicolons, brackets and line breaks and take the punctuation out of each piece.

    Publication 28 section 222: only the hyphen in a number, the slash of a fraction, the period of a grid number and
    the number sign stay; a hyphen or slash between words becomes a blank.

    >>> segments("123-B N.W. O'Hare St., Apt. #4/Rear")
    ['123-B NW OHARE ST', 'APT # 4 REAR']
    """
    text = fold(text)
    if _ODD.search(text) is None:
        return [text] if text else []
    text = _THOUSANDS.sub(r"\1\2", text)
    return [plain for piece in _BREAKS.split(text) if (plain := _plain(piece))]


def _plain(piece: str) -> str:
    if _ODD.search(piece) is None:
        return piece.strip()
    piece = _APOSTROPHES.sub("", piece)
    if "." in piece:
        piece = _PERIOD.sub(" ", _INITIALS.sub(r"\1", piece))
    piece = _SIGNS.sub(" ", piece)
    if "#" in piece:
        piece = _NUMBER_SIGN.sub(" # ", piece)
    if "/" in piece:
        piece = _without_slashes(piece)
    if "-" in piece:
        piece = _WORD_HYPHEN.sub(" ", _RANGE.sub("-", piece))
    if "&" in piece:
        piece = _WORD_AND.sub(" & ", piece)
    return " ".join(piece.split())


def _without_slashes(piece: str) -> str:
    """Keep the slash of a fraction, of `C/O` and between single letters or numbers; `N/E` is one direction."""
    kept = _CARE_OF.sub("C\0O", piece)
    return _WORD_SLASH.sub(" ", _SLASHED_DIRECTION.sub(r"\1\2", kept)).replace("\0", "/")
