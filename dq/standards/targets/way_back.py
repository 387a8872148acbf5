"""How a load is taken back out of a target: what a person does with each file, and the calls of its interface."""

from typing import Final, Literal

from pydantic import Field, field_validator

from dq.standards.reader import Policy, suggest

BACK_STEPS: Final = ("reactivate", "unmerge", "move_back", "restore", "delete")
"""Kinds of files that take a load back, in the order in which they go in."""


class WayBack(Policy):
    """How the target lets a load be taken back.

    Attributes:
        form: Form of the calls: `web_api`: `$batch` of Dataverse; `object_api`: batches of HubSpot's objects; empty:
            none are written.
        most: Requests, or records, of one call at most.
        ids: Header of the target's own id in a file of rows to delete; `{object}` stands for the object.
        numbered: List → number of its first value, where calls take numbers in place of labels; the others follow.
        steps: Kind of file → what a person does with it, in the target's own words; `{object}` stands for the objects.
        source: Where that is from.
        why: What else is to be known.
    """

    form: Literal["", "web_api", "object_api"] = ""
    most: int = Field(default=100, ge=1)
    ids: str = "Id"
    numbered: dict[str, int] = Field(default_factory=dict)
    steps: dict[str, str] = Field(default_factory=dict)
    source: str = ""
    why: str = ""

    @field_validator("steps")
    @classmethod
    def _steps_are_known(cls, steps: dict[str, str]) -> dict[str, str]:
        for step in steps:
            if step not in BACK_STEPS:
                raise ValueError(f"steps: `{step}` is no file of a way back; {suggest(step, list(BACK_STEPS))}")
        return steps
