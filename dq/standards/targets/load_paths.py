"""The ways into a target, what each does with a row that falls short, and how surely that is known."""

from typing import Final, Literal

from pydantic import Field, model_validator

from dq.standards.reader import Policy

Verdict = Literal["suppressed", "reject", "alters", "pollutes", "needs_org", "loads"]
Certainty = Literal["seen", "inferred", "general"]

CERTAINTIES: Final[tuple[Certainty, ...]] = ("seen", "inferred", "general")
"""Seen in a source, inferred from one, general knowledge that nobody confirmed; from strong to weak."""


class MergeCall(Policy):
    """How the target makes one record of several.

    Attributes:
        form: `soap`: merge() of Salesforce; `web_api`: the Merge action of Dataverse; `object_api`: that of HubSpot.
        records: Records of one request at most, the one that stays included.
        requests: Requests of one call at most.
        undo: What brings a record back that was merged away: it is made again (`insert`) or activated (`activate`).
        source: Where that is from.
        why: What else is to be known.
    """

    form: Literal["soap", "web_api", "object_api"]
    records: int = Field(default=2, ge=2)
    requests: int = Field(default=1, ge=1)
    undo: Literal["insert", "activate"] = "insert"
    source: str = ""
    why: str = ""


class FactSource(Policy):
    """Where a fact comes from.

    Attributes:
        title: What was looked at.
        on: Its version or day.
        certainty: `seen` in it, `inferred` from it, or `general` knowledge.
    """

    title: str = Field(min_length=1)
    on: str = ""
    certainty: Certainty = "seen"


class LoadPath(Policy):
    """A way into the target; it decides what becomes of a row that falls short.

    Attributes:
        title: Its name in the words of whoever uses it.
        batch: Rows of one batch at most; null: no batches are cut.
        date_format: How it reads a date, such as `MM/DD/YYYY`.
        line_end: Line ends of its files.
        encoding: Encoding of its files.
        quote: Which cells stand in quotes: those that need it, or all, for a reader that guesses the delimiter.
        empty: What an empty cell of an update does: the field keeps its value, or is emptied.
        null: What empties a field on update where an empty cell does not; empty: nothing does.
        why: What is to be known of it.
    """

    title: str = Field(min_length=1)
    batch: int | None = Field(default=None, ge=1)
    date_format: str = "YYYY-MM-DD"
    line_end: Literal["lf", "crlf"] = "lf"
    encoding: Literal["utf-8", "utf-8-sig"] = "utf-8"
    quote: Literal["needed", "all"] = "needed"
    empty: Literal["keeps", "empties"] = "keeps"
    null: str = ""
    why: str = ""


class Outcome(Policy):
    """What a load path does with a row that falls short in one way.

    Attributes:
        verdict: reject, alters, pollutes, needs_org, or `loads`: nothing happens.
        code: The target's own name of the error; where it has none, ours.
        message: The target's own text; `{label}`, `{field}`, `{object}`, `{value}`, `{length}`, `{limit}`, `{size}` are
            filled in.
        source: Where it is known from; a key of `sources`.
        blanks: The value is left out, so that a row whose field is required falls short of `required` as well.
    """

    verdict: Verdict
    code: str = Field(default="", pattern=r"^[A-Za-z0-9_]*$")
    message: str = ""
    source: str = ""
    blanks: bool = False

    @model_validator(mode="after")
    def _trouble_has_a_name(self) -> "Outcome":
        if self.verdict != "loads" and not (self.code and self.message):
            raise ValueError(f"a verdict of `{self.verdict}` needs `code` and `message`")
        return self
