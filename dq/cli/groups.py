"""Groups of commands with a way of their own to find the command that is meant."""

from typing import Any, ClassVar

from typer.core import TyperGroup

SHOW = "show"
MAKE = "make"


class _WithDefault(TyperGroup):
    """Commands of which one is meant where words name none of them."""

    meant: ClassVar[str]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Pass what is no command to the one that is meant."""
        if args and args[0] != "--help" and args[0] not in self.commands:
            args = [self.meant, *args]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed


class AddressGroup(_WithDefault):
    """Commands about addresses; words that name none of them are an address to be shown."""

    meant = SHOW


class LoadGroup(_WithDefault):
    """Commands about loads; a folder that names none of them is a run whose load is to be made."""

    meant = MAKE


class WorkbookGroup(_WithDefault):
    """Commands about mapping workbooks; a word that names none of them is a source of one to be made."""

    meant = MAKE


class UatGroup(_WithDefault):
    """Commands about acceptance; a folder that names none of them is a run whose packs are to be made."""

    meant = MAKE
