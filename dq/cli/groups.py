"""Groups of commands with a way of their own to find the command that is meant."""

from typing import Any

from typer.core import TyperGroup

SHOW = "show"


class AddressGroup(TyperGroup):
    """Commands about addresses; words that name none of them are an address to be shown."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Pass what is no command to `show`."""
        if args and args[0] != "--help" and args[0] not in self.commands:
            args = [SHOW, *args]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed
