"""Text encodings: which one a file has, and its bytes turned into UTF-8 as they stream by. Never raises on bytes."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32 (little endian)"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32 (big endian)"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 (little endian)"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 (big endian)"),
)
_LABELS: Final = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp437": "DOS (code page 437)"}
_WESTERN: Final = ["cp1252", "mac_roman", "cp437"]
_OTHERS: Final = ["cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
_FOREIGN: Final = 0.35
"""Share of bytes beyond ASCII, in the lines that have any, from which other scripts are thought of: a name with an
accent or a curly quote has fewer, a name in Cyrillic or Chinese has more."""
_TELLING: Final = 3
"""Fewer bytes beyond ASCII tell nothing; the most frequent encoding is assumed."""
_SAMPLE: Final = 65_536
"""Bytes shown to charset-normalizer: its cost grows with the sample, its answer hardly improves."""
_AS_CLEAN: Final = 0.02
"""Windows-1252 wins over a guess that is cleaner by no more than this: it is by far the most frequent one in the US."""

_BYTE: Final = 0xDC00
"""A byte that is no text stands as the surrogate of this plus its value, as Python's `surrogateescape` has it."""
_MARKS: Final = re.compile("[\udc00-\udcff]")
_CP1252: Final = {
    chr(_BYTE + byte): bytes([byte]).decode("cp1252", "ignore") or chr(_BYTE + byte) for byte in range(0x80, 0x100)
}


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_BYTE + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("dq.mark", _mark)


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file become text.

    Attributes:
        codec: Name of Python's codec.
        label: Name for people.
        bom: Bytes to leave out at the start.
    """

    codec: str
    label: str
    bom: int = 0


def decide_encoding(sample: bytes) -> Encoding:
    """Decide the encoding from the start of a file: byte order mark, zero bytes, valid UTF-8, else the best guess."""
    for bom, codec, label in _BOMS:
        if sample.startswith(bom):
            return Encoding(codec, label, len(bom))
    if wide := _without_mark(sample):
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "surrogateescape")
        bad = len(_MARKS.findall(text))
        good = sum(char > "\x7f" for char in text) - bad
        # A file that is mostly UTF-8 with a few foreign bytes was put together from two files.
        return Encoding("utf-8", "UTF-8") if good > bad else _guess(sample)
    return Encoding("utf-8", "UTF-8")


def _without_mark(sample: bytes) -> Encoding | None:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    # Latin text in UTF-16 has a zero in nearly every second byte; a fifth allows for other scripts among it.
    if odd > half / 5 and even * 5 < odd:
        return Encoding("utf-16-le", "UTF-16 (little endian, without byte order mark)")
    if even > half / 5 and odd * 5 < even:
        return Encoding("utf-16-be", "UTF-16 (big endian, without byte order mark)")
    return None


def _guess(sample: bytes) -> Encoding:
    lines = sample.splitlines()
    if len(sample) > _SAMPLE and len(lines) > 1:
        # The last line may be cut inside a character.
        del lines[-1]
    telling = b"\n".join(line for line in lines if not line.isascii()) or sample
    if len(telling) > _SAMPLE:
        telling = telling[: telling.rfind(b"\n", 0, _SAMPLE)]
    high = sum(byte > 0x7F for byte in telling)
    if high < _TELLING:
        return Encoding("cp1252", _LABELS["cp1252"])
    foreign = high >= _FOREIGN * len(telling)
    matches = from_bytes(telling, cp_isolation=_WESTERN + _OTHERS * foreign)
    best = matches.best()
    chaos = {match.encoding: match.chaos for match in matches}
    if best is None or chaos.get("cp1252", 1.0) <= best.chaos + _AS_CLEAN:
        return Encoding("cp1252", _LABELS["cp1252"])
    return Encoding(best.encoding, _LABELS.get(best.encoding, best.encoding))


def shown(data: bytes) -> str:
    """Return transcoded text for people, each byte that is no text as `\\x81`."""
    text = codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(data)
    return _MARKS.sub(lambda match: f"\\x{ord(match[0]) - _BYTE:02x}", text)


class Transcoder:
    """Turns bytes of one encoding into UTF-8, chunk by chunk.

    Bytes that are not UTF-8 in a UTF-8 file are read as Windows-1252 and counted in `repaired`; bytes that mean nothing
    in either become a surrogate, which is invalid in UTF-8 and makes its line a reject.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.repaired = 0
        self._utf8 = encoding.codec == "utf-8"
        errors = "surrogateescape" if self._utf8 else "dq.mark"
        # Python's UTF-16 decoder hands lone surrogates to the error handler too, so they are marked like any bad bytes.
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(errors)
        self._skip = encoding.bom

    def feed(self, data: bytes, *, final: bool = False) -> bytes:
        """Return the UTF-8 of the next bytes; an unfinished character waits for the next call."""
        if self._skip:
            data, self._skip = data[self._skip :], max(0, self._skip - len(data))
        text = self._decoder.decode(data, final)
        try:
            return text.encode()
        except UnicodeEncodeError:
            return self._mend(text).encode("utf-8", "surrogatepass")

    def _mend(self, text: str) -> str:
        if not self._utf8:
            return text
        mended, count = _MARKS.subn(lambda match: _CP1252[match[0]], text)
        self.repaired += count - len(_MARKS.findall(mended))
        return mended
