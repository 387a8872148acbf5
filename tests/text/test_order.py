"""Places of texts among others: few wanted ones are looked for the other way round, with the same answer."""

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from dq.text.order import places_among

NAMES = st.sampled_from([f"crm:{n}" for n in range(30)])


@given(st.lists(NAMES, max_size=60), st.lists(st.none() | NAMES, max_size=10))
def test_places_are_those_of_the_first_of_equal_names(names: list[str], wanted: list[str | None]) -> None:
    given_, asked = (pa.array(texts, type=pa.large_string()) for texts in (names, wanted))
    assert places_among(given_, asked).to_pylist() == pc.index_in(asked, value_set=given_).to_pylist()
