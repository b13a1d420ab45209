"""Calendar months: the 31 of January and one month make the 28 of February."""

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_day(first: date, months: int) -> date:
    """From the 1st of September, 36 months end on a 31st of August."""
    return add_months(first, months) - timedelta(days=1)
