"""Working days of a house: which days count, and which day is n of them away."""

from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from dq.standards.reader import Policy

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Calendar(Policy):
    """When a house works.

    Attributes:
        work_days: Days of the week.
        holidays: Days on which nobody works.
        time_zone: Where "today" is decided.
    """

    work_days: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    holidays: tuple[date, ...] = ()
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {name!r}") from error
        return name

    def works_on(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return get_args(Weekday)[day.weekday()] in self.work_days and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; 0 is `day` itself or, where nobody works, the next that is.

        >>> Calendar().after(date(2026, 11, 20), 1)  # a Friday
        datetime.date(2026, 11, 23)
        """
        found = day
        while count > 0 or not self.works_on(found):
            found += timedelta(days=1)
            if count > 0 and self.works_on(found):
                count -= 1
        return found
