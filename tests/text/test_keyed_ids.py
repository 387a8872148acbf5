"""Ids of names are those of the standard library's HMAC and Base32."""

import base64
import hmac

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dq.text.keyed_ids import keyed_ids


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4), st.binary(max_size=100))
def test_ids_are_those_of_the_standard_library(names: list[str], key: bytes) -> None:
    digests = [hmac.digest(key, f"golden\0{name}".encode(), "sha256") for name in names]
    expected = ["G" + base64.b32encode(d)[:12].decode() for d in digests]
    assert keyed_ids("G", "golden", names, key).to_pylist() == expected
    assert keyed_ids("G", "golden", pa.array(names, type=pa.large_string()), key).to_pylist() == expected
