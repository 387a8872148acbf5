"""Looks into a workbook from outside before anybody reads it: follows nothing, runs nothing, unpacks little."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

LARGEST: Final = 10_000_000
"""Bytes of a workbook: a full pack of 1,000 cases is about 300 kB, after Excel saved it."""
MOST_UNPACKED: Final = 80_000_000
"""Bytes that its parts may unpack to: text packs about 1 : 8."""
MOST_PARTS: Final = 200
MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 100
MOST_SHEETS: Final = 20
MOST_NAMED: Final = 5
"""Cells named per problem."""
_CHUNK: Final = 65_536
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
_FORBIDDEN: Final = (
    (re.compile(r"vbaproject|macrosheets?/|activex/|ctrlprops/|customui"), "macros or controls"),
    (re.compile(r"externallinks?/|connections\.xml|querytables/|xl/model/"), "links to other files"),
    (re.compile(r"embeddings/|oleobject"), "embedded files"),
)
_HARMLESS: Final = re.compile(r"(xl/printersettings/.*\.bin|.*\.(png|jpe?g|gif|emf|wmf))", re.IGNORECASE)
"""What Excel and LibreOffice add and nobody needs: left out."""
_TYPES: Final = (
    ("macro", "macros or controls"),
    ("vbaproject", "macros or controls"),
    ("externallink", "links to other files"),
)


class _RefusedError(Exception):
    """A part that must not be read on."""


@dataclass
class Guarded:
    """What is left of a workbook.

    Attributes:
        content: The same workbook, packed anew from the parts that were looked at; empty where there are problems.
        problems: What it must not hold, in sentences.
    """

    content: bytes = b""
    problems: list[str] = field(default_factory=list)


def guarded(content: bytes) -> Guarded:
    """Return a workbook that is safe to read, or what is wrong with it.

    Everything is unpacked by this function once, within limits, and packed anew: whoever reads it afterwards sees the
    bytes that were looked at, whatever the file says of its own sizes.
    """
    if len(content) > LARGEST:
        return Guarded(problems=[f"the file is larger than {LARGEST // 10**6} MB"])
    if content.startswith(_OLD_OR_LOCKED):
        return Guarded(problems=["the file is protected by a password or an old .xls: save it as .xlsx without one"])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _looked_at(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        return Guarded(problems=["the file is damaged or no Excel workbook (.xlsx)"])


def _looked_at(archive: zipfile.ZipFile) -> Guarded:
    parts = [info for info in archive.infolist() if not info.is_dir()]
    problems = _packing(parts)
    if problems:
        return Guarded(problems=problems)
    if "xl/workbook.xml" not in {info.filename for info in parts}:
        return Guarded(problems=["the file is no Excel workbook (.xlsx)"])
    found: list[str] = []
    sheets = 0
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for info in parts:
            if _HARMLESS.fullmatch(info.filename):
                continue
            text = archive.read(info)
            look = _Look(info.filename)
            try:
                look.at(text)
            except (_RefusedError, expat.ExpatError) as error:
                found.append(str(error) if isinstance(error, _RefusedError) else f"{info.filename} is damaged")
                continue
            found += look.problems()
            sheets += look.is_sheet
            copy.writestr(info.filename, text)
    if sheets > MOST_SHEETS:
        found.append(f"the workbook has {sheets:,} sheets; a pack has four")
    return Guarded(problems=list(dict.fromkeys(found))) if found else Guarded(packed.getvalue())


def _packing(parts: list[zipfile.ZipInfo]) -> list[str]:
    """Return what is wrong with the archive, before anything is unpacked."""
    problems = []
    if len(parts) > MOST_PARTS:
        problems.append(f"the file is made of {len(parts):,} parts; a workbook has about twenty")
    # `read` stops at the size that is announced here, so announcing less than there is gains nothing.
    if sum(info.file_size for info in parts) > MOST_UNPACKED:
        problems.append(f"the file unpacks to more than {MOST_UNPACKED // 10**6} MB")
    if any(info.flag_bits & 0x1 for info in parts):
        problems.append("the file is protected by a password")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in parts):
        problems.append("the file is packed in a way Excel does not use")
    names = [info.filename.lower() for info in parts]
    if len(set(names)) != len(names):
        problems.append("the file holds two parts of one name")
    for pattern, what in _FORBIDDEN:
        if any(pattern.search(name) for name in names):
            problems.append(f"the workbook holds {what}")
    return problems


class _Look:
    """One part, read as a stream: definitions of entities, formulas, links, cells far outside."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_sheet = False
        self._formulas: list[str] = []
        self._found: dict[str, None] = {}
        self._row, self._column, self._cell = 0, 0, ""

    def at(self, text: bytes) -> None:
        """Read the part.

        Raises:
            _RefusedError: It defines entities, or is no document at all.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        for start in range(0, len(text), _CHUNK):
            parser.Parse(text[start : start + _CHUNK], False)
        parser.Parse(b"", True)

    def problems(self) -> Iterator[str]:
        """Yield what was found, formulas with their cells."""
        yield from self._found
        if self._formulas:
            more = len(self._formulas) - MOST_NAMED
            cells = ", ".join(self._formulas[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
            yield f"{self.name.rpartition('/')[2]} holds formulas: {cells}"

    def _doctype(self, *_: object) -> None:
        raise _RefusedError(f"{self.name} defines its own document type")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        match name:
            case "worksheet" | "chartsheet" | "dialogsheet" | "macrosheet":
                self.is_sheet = True
                if name != "worksheet":
                    self._found["the workbook holds a sheet that is no table"] = None
            case "row":
                self._row = _number(attributes.get("r"), self._row + 1)
                self._column = 0
            case "c":
                self._place(attributes.get("r", ""))
            case "f":
                self._formulas.append(self._cell or "?")
            case "v" | "is":
                if self._row > MOST_ROWS or self._column > MOST_COLUMNS:
                    self._found[f"a cell stands far outside the table: {self._cell or self._row}"] = None
            case "Relationship":
                self._relation(attributes)
            case "Override" | "Default":
                kind = attributes.get("ContentType", "").lower()
                self._found |= {f"the workbook holds {what}": None for word, what in _TYPES if word in kind}
            case "ddeLink" | "oleLink" | "externalBook":
                self._found["the workbook holds links to other files"] = None

    def _place(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        self._cell = reference[:20]
        self._column += 1
        if letters.isascii() and letters.isalpha() and len(letters) <= 3:
            self._column = 0
            for letter in letters.upper():
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
        # What a cell says of itself counts as well as what its row says.
        self._row = max(self._row, _number(reference[len(letters) :], 0))

    def _relation(self, attributes: dict[str, str]) -> None:
        # A mail address typed into a cell becomes a link when Excel saves it; nobody follows it here.
        if attributes.get("TargetMode", "") == "External" and not attributes.get("Type", "").endswith("/hyperlink"):
            self._found["the workbook holds links to other files"] = None


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise
