"""usaddress's trained model as arrays: weights of attributes, and of labels that follow each other.

Reads the model file itself. python-crfsuite's `Tagger.dump` prints weights with six decimals, too few for the
probabilities, and its `Tagger.info` cannot read the dump because attributes of this model hold line breaks.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import usaddress

from dq.errors import SettingsError

Weights = npt.NDArray[np.float64]

# CRFsuite 0.12, src/crf1d_model.c: everything little-endian, offsets from the start of the file.
_HEADER: Final = struct.Struct("<4sI4s9I")
_CHUNK: Final = struct.Struct("<4sII")  # name, bytes, entries
_FEATURE: Final = np.dtype([("kind", "<u4"), ("source", "<u4"), ("label", "<u4"), ("weight", "<f8")])
_OF_ATTRIBUTE, _OF_TRANSITION = 0, 1
# src/cqdb.c: a table of strings by number, offsets from the start of the table.
_STRINGS: Final = struct.Struct("<4s5I")
_STRING: Final = struct.Struct("<II")  # number, bytes with the closing NUL
_LITTLE_ENDIAN: Final = 0x62445371
_VERSION: Final = 100


UNKNOWN: Final = 0
"""The row of weights of every attribute that the model does not know: zeros."""


@dataclass(frozen=True)
class Model:
    """A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).

    Attributes:
        labels: Names, in CRFsuite's order: of two equally good labels it takes the earlier one.
        rows: Attribute → row of `weights`; an attribute that is not here says nothing about any label.
        weights: One row per attribute, one column per label. `UNKNOWN` is the row of all others.
        transitions: Weight of the column's label right after the row's label.
    """

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    weights: Weights
    transitions: Weights


@lru_cache(maxsize=1)
def usaddress_model() -> Model:
    """Return the model that ships inside the installed usaddress."""
    return read_model(Path(usaddress.MODEL_PATH))


def read_model(path: Path) -> Model:
    """Read a first-order model that CRFsuite wrote.

    Raises:
        SettingsError: The file is not one.
    """
    content = path.read_bytes()
    try:
        return _model(content)
    except (struct.error, ValueError, IndexError) as error:
        raise SettingsError(
            f"{path.name} of usaddress is no CRFsuite model as dq knows them: {error}",
            "install the usaddress that requirements.lock names",
        ) from error


def _model(content: bytes) -> Model:
    magic, size, kind, version, _, labels, attributes, *offsets = _HEADER.unpack_from(content)
    features_at, labels_at, attributes_at = offsets[:3]
    if (magic, kind, version) != (b"lCRF", b"FOMC", _VERSION):
        raise ValueError(f"it starts with {magic!r}, {kind!r}, version {version}")
    if size != len(content):
        raise ValueError(f"it has {len(content)} of {size} bytes")
    names = _strings(content, labels_at, labels)
    weights = np.zeros((attributes + 1, labels))
    transitions = np.zeros((labels, labels))
    *_, count = _CHUNK.unpack_from(content, features_at)
    features = np.frombuffer(content, _FEATURE, count, features_at + _CHUNK.size)
    state = features[features["kind"] == _OF_ATTRIBUTE]
    weights[state["source"] + 1, state["label"]] = state["weight"]
    pairs = features[features["kind"] == _OF_TRANSITION]
    transitions[pairs["source"], pairs["label"]] = pairs["weight"]
    rows = {name: row for row, name in enumerate(_strings(content, attributes_at, attributes), start=1)}
    return Model(tuple(names), rows, weights, transitions)


def _strings(content: bytes, start: int, count: int) -> list[str]:
    name, _, _, byte_order, size, index_at = _STRINGS.unpack_from(content, start)
    if (name, byte_order) != (b"CQDB", _LITTLE_ENDIAN) or size < count:
        raise ValueError(f"its table of {count} strings is {name!r} of {size}")
    texts = []
    for at in np.frombuffer(content, "<u4", count, start + index_at).tolist():
        _, length = _STRING.unpack_from(content, start + at)
        text_at = start + at + _STRING.size
        texts.append(content[text_at : text_at + length - 1].decode("utf-8"))
    return texts
