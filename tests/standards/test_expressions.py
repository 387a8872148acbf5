"""The language of a target's values: what it reads, and what it says about what it cannot read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.standards.expressions import Call, Column, Text, columns_of, maps_of, parse_expression


def test_an_expression_is_a_tree() -> None:
    tree = parse_expression("first(map(status, 'states'), join(' ', `extra.Lead Source`, 'it''s'))")
    assert tree == Call(
        "first",
        (
            Call("map", (Column("status"), Text("states"))),
            Call("join", (Text(" "), Column("extra.Lead Source"), Text("it's"))),
        ),
    )
    assert columns_of(tree) == ("status", "extra.Lead Source")
    assert maps_of(tree) == ("states",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the expression is empty"),
        ("frist(a, b)", "the function `frist` is unknown"),
        ("join(' ')", "takes at least 2 arguments, got 1"),
        ("join(a, b)", "argument 1 of join(…) has to be a 'text'"),
        ("date(birth_on, 'MM/DD/YY')", "the date form 'MM/DD/YY' knows only"),
        ("first(a b)", "a comma is missing before `b`"),
        ("first(a, b", "first(… is not closed"),
        ("a b", "`b` follows a complete expression"),
        ("a + b", "`+ b` cannot be read"),
        ("__import__('os').system('id')", "`.system('id')` cannot be read"),
        ("'open", "`'open` cannot be read"),
        ("first(, a)", "`,` stands where a column"),
    ],
)
def test_a_mistake_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        parse_expression(text)
    assert message in str(caught.value)


@given(st.text(alphabet="abfirst(),'` .`joinmap", max_size=40))
def test_nothing_but_a_value_error_comes_of_any_text(text: str) -> None:
    try:
        parse_expression(text)
    except ValueError:
        return
