"""A name worked out by the database is the one that the model says."""

import pytest

from shared_apps.accounts.models import User
from tenant_apps.messages.models import Message
from tenant_apps.people.models import Person
from tenant_apps.people.names import formal_name

PEOPLE = [
    {"civility": "Mme", "usage_name": "", "birth_name": "Vidal"},
    {"civility": "M.", "usage_name": "de La Tour", "birth_name": "Martin"},
    {"civility": "", "usage_name": "Ben Saïd", "birth_name": "Khelifi"},
    {"civility": "", "usage_name": "", "birth_name": "Œuvrard-Ñ"},
    None,
]


@pytest.mark.parametrize("facts", PEOPLE, ids=["civility", "both", "usage", "birth", "nobody"])
def test_it_is_the_one_of_the_author(room, facts):
    account = User.objects.create(identifier="agnes.x", password="!", first_name="Agnès", last_name="Xavier")
    if facts:
        Person.objects.create(account=account, first_name="Agnès", **facts)
    message = Message.objects.create(author=account, subject="Sortie", body="")
    (found,) = Message.objects.filter(pk=message.pk).values_list(formal_name("author"), flat=True)
    assert found == Message.objects.get(pk=message.pk).author_name
