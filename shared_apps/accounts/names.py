"""Names as rows of plain values have them."""

from django.db.models import Value
from django.db.models.functions import Concat


def full_name(account: str) -> Concat:
    """As `str(account)`: of the account at the end of this path of a query."""
    return Concat(f"{account}__first_name", Value(" "), f"{account}__last_name")
