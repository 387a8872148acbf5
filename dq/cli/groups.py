"""Groups of commands with a way of their own to find the command that is meant."""

import click
from typer.core import TyperGroup

SHOW = "show"


class AddressGroup(TyperGroup):
    """Commands about addresses; words that name none of them are an address to be shown."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Pass what is no command to `show`."""
        if args and args[0] not in self.commands:
            args = [SHOW, *args]
        return super().resolve_command(ctx, args)
