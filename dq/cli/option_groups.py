"""Groups of options that several commands take as one parameter: each option is listed once, in its group."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

from dq.cli.options import (
    ApplyProposals,
    AsOf,
    Assign,
    BringBack,
    Country,
    Existing,
    Ignore,
    Key,
    LoadPath,
    Map,
    OwnerMap,
    Owners,
    Suppress,
    Targets,
    Workers,
)

if TYPE_CHECKING:
    from dq.pipeline.target_choice import Conversion


@dataclass(frozen=True)
class Reading:
    """How sources are read: names of the arguments of `make_plan`."""

    key: Key = None
    columns: Map = None
    ignore: Ignore = None
    country: Country = None
    as_of: AsOf = None
    workers: Workers = None

    @property
    def options(self) -> dict[str, Any]:
        """Return what was asked for, as arguments of `make_plan`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Converting:
    """What customers are held against, and what is known of the place they go to."""

    target: Targets = None
    assign: Assign = None
    load_path: LoadPath = None
    existing: Existing = None
    owners: Owners = None
    owner_map: OwnerMap = None
    apply_proposals: ApplyProposals = None
    bring_back: BringBack = None
    suppress: Suppress = None

    def conversion(self) -> "Conversion":
        """Return what a run is to be converted into.

        Raises:
            SettingsError: An option is wrong, or has no target to speak of.
        """
        from dq.pipeline.planning import convert_into

        return convert_into(
            self.target or (),
            assign=self.assign,
            path=self.load_path,
            existing=self.existing,
            owners=self.owners,
            owner_map=self.owner_map,
            suppress=self.suppress,
            proposals=self.apply_proposals,
        )


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options of a group in the place of every parameter that is one."""
    parameters: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        group = parameter.annotation
        if not is_dataclass(group):
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        groups[parameter.name] = group
        hints = get_type_hints(group, include_extras=True)
        parameters += [
            inspect.Parameter(
                field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
            )
            for field in fields(group)
        ]

    @wraps(command)
    def ask(**given: Any) -> None:
        taken = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        command(**given, **taken)

    # What is read of a command is its signature and its hints; both are those of the options.
    ask.__dict__.pop("__wrapped__")
    ask.__dict__["__signature__"] = inspect.Signature(parameters)
    ask.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return ask
