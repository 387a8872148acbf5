"""The model file read by dq, against what CRFsuite itself says of it."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
import usaddress

from dq.address.crf.model import read_model, usaddress_model
from dq.errors import SettingsError

KNOWN_MODEL = "37ea2e93ece3b9340b4da455839ded8bb11a6c6ecaccfc3c8f80ed922f5065d9"
"""sha256 of the model in usaddress 0.5.16, on which the numbers of the README were measured."""


def test_the_model_is_the_one_that_was_measured() -> None:
    found = hashlib.sha256(Path(usaddress.MODEL_PATH).read_bytes()).hexdigest()
    assert found == KNOWN_MODEL, "usaddress ships another model: measure again, then change KNOWN_MODEL"


def test_labels_are_those_of_the_tagger() -> None:
    assert list(usaddress_model().labels) == usaddress.TAGGER.labels()


def test_weights_are_those_of_the_dump(tmp_path: Path) -> None:
    usaddress.TAGGER.dump(str(tmp_path / "dump"))
    dump = (tmp_path / "dump").read_text(encoding="utf-8")
    model = usaddress_model()
    printed = re.findall(r"^  \((0|1)\) (.*?) --> (\w+): (-?[0-9.]+)$", dump, re.MULTILINE | re.DOTALL)
    assert len(printed) == np.count_nonzero(model.weights) + np.count_nonzero(model.transitions)
    for kind, source, label, weight in printed:
        to = model.labels.index(label)
        read = (
            model.transitions[model.labels.index(source), to] if kind == "1" else model.weights[model.rows[source], to]
        )
        assert read == pytest.approx(float(weight), abs=5.1e-7)


@pytest.mark.parametrize("content", [b"", b"lCRF", b"no model at all, but long enough to hold a header of 48 bytes"])
def test_another_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.crfsuite").write_bytes(content)
    with pytest.raises(SettingsError, match=r"other\.crfsuite"):
        read_model(tmp_path / "other.crfsuite")


def test_a_truncated_model_is_refused(tmp_path: Path) -> None:
    whole = Path(usaddress.MODEL_PATH).read_bytes()
    for size in range(0, len(whole), 9_973):
        (tmp_path / "cut.crfsuite").write_bytes(whole[:size])
        with pytest.raises(SettingsError):
            read_model(tmp_path / "cut.crfsuite")
