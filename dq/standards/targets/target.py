"""The whole of one `standards/targets/<name>.yml`."""

from typing import Final, Literal

from pydantic import Field

from dq.standards.reader import Policy
from dq.standards.targets.fields import TargetField, TargetObject
from dq.standards.targets.load_paths import CERTAINTIES, Certainty, FactSource, LoadPath, MergeCall, Outcome
from dq.standards.targets.way_back import WayBack

PARK: Final = "park"
HOUSEHOLD: Final = "household"


class Assignment(Policy):
    """Which object a customer becomes. The first line all of whose conditions hold decides.

    Attributes:
        party: `person` or `organization`; empty: both.
        has_parent: Whether an organisation of the load is known that the person works for; null: either.
        status: Only customers of one of these.
        object: The object, or `park`: kept out of the load.
        parent: `household`: the row gets a parent of its own, one per household, of the object its parent field names.
        why: The reason, for whoever reads the file.
    """

    party: Literal["", "person", "organization"] = ""
    has_parent: bool | None = None
    status: tuple[str, ...] = ()
    object: str
    parent: Literal["", "household"] = ""
    why: str = ""


class Target(Policy):
    """Content of `standards/targets/<name>.yml`.

    Attributes:
        title: The product's name.
        version: Of its interface, as far as the facts depend on it.
        sources: Where facts come from.
        paths: Ways in; the first is the one meant when none is named.
        features: Feature of the organisation's instance → on or off.
        picklists: Name → values.
        maps: Name → value of ours → value of the target.
        objects: Kinds of record.
        assign: Name of a policy → which customers become what; the first is the one meant when none is named.
        checks: Check → load path (`any`: all others) → what becomes of the row.
        merge: How it makes one record of several; null: only by hand.
        way_back: How a load is taken back out of it.
        remedies: Code → what helps, where that is no decision about one value.
        unknowable: What files cannot tell, as sentences: verdict `needs_org`.
    """

    title: str = Field(min_length=1)
    version: str = ""
    sources: dict[str, FactSource] = Field(min_length=1)
    paths: dict[str, LoadPath] = Field(min_length=1)
    features: dict[str, bool] = Field(default_factory=dict)
    picklists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    objects: dict[str, TargetObject] = Field(min_length=1)
    assign: dict[str, tuple[Assignment, ...]] = Field(min_length=1)
    checks: dict[str, dict[str, Outcome]] = Field(min_length=1)
    merge: MergeCall | None = None
    way_back: WayBack = WayBack()
    remedies: dict[str, str] = Field(default_factory=dict)
    unknowable: tuple[str, ...] = ()

    def outcome(self, check: str, path: str) -> Outcome:
        """Return what a load path does about a check; a check the file does not name loads."""
        known = self.checks.get(check, {})
        return known.get(path) or known.get("any") or Outcome(verdict="loads")

    def in_force(self, name: str) -> dict[str, TargetField]:
        """Return the fields of an object that exist with the features that are on."""
        return {
            key: field
            for key, field in self.objects[name].fields.items()
            if (not field.feature or self.features.get(field.feature))
            and not (field.without and self.features.get(field.without))
        }

    def load_order(self) -> tuple[str, ...]:
        """Return the objects, parents first."""
        return tuple(sorted(self.objects, key=lambda name: (self.objects[name].order, name)))

    def certainty(self, *sources: str) -> Certainty:
        """Return how sure a statement is that rests on several sources: as sure as the weakest."""
        found = [self.sources[source].certainty for source in sources if source]
        return max(found, key=CERTAINTIES.index, default="general")


def parent_field(target: Target, name: str) -> str | None:
    """Return the field of an object that points to its parent: the first mapped reference to an object."""
    for key, field in target.in_force(name).items():
        if field.refers_to and field.refers_to != "owner" and field.value == "parent_row_id":
            return key
    return None
