"""Names of persons as rows of plain values have them: the rules are those of `Person`."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf

from shared_apps.accounts.names import full_name


def formal_name(account: str) -> Case:
    """As `formal_name` of the person behind the account at the end of this path of a query; of an account without a
    person, as `str(account)`.
    """
    person = f"{account}__person"
    last_name = Coalesce(NullIf(f"{person}__usage_name", Value("")), F(f"{person}__birth_name"))
    return Case(
        When(Q(**{f"{person}__isnull": True}), then=full_name(account)),
        When(~Q(**{f"{person}__civility": ""}), then=Concat(f"{person}__civility", Value(" "), last_name)),
        default=Concat(f"{person}__first_name", Value(" "), last_name),
    )
