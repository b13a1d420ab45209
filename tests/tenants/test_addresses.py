"""Addresses that leave in a mail come from the registry of communes, whatever a request pretended."""

import pytest
from django.db import IntegrityError, transaction

from core.tenancy import in_schema
from tenants.addresses import base_url, files_url
from tenants.models import Domain


def test_an_address_is_the_primary_one_of_the_commune(narbonne):
    Domain.objects.create(domain="narbo.localhost", tenant=narbonne, is_primary=False)
    with in_schema(narbonne.schema_name):
        assert base_url() == "https://narbonne.localhost"


def test_a_commune_without_an_address_has_no_link(narbonne):
    Domain.objects.filter(tenant=narbonne).delete()
    with in_schema(narbonne.schema_name), pytest.raises(Domain.DoesNotExist):
        base_url()


def test_the_academy_and_the_files_have_their_own(db, settings):
    assert base_url() == "https://academie.localhost"
    settings.ENT_FILES_HOST = "fichiers.example.org"
    assert files_url() == "https://fichiers.example.org"


def test_the_port_of_the_demo_is_in_the_address(narbonne, settings):
    settings.ENT_SCHEME, settings.ENT_PORT_SUFFIX = "http", ":8000"
    with in_schema(narbonne.schema_name):
        assert base_url() == "http://narbonne.localhost:8000"
    assert Domain.objects.get(tenant=narbonne).get_absolute_url() == "http://narbonne.localhost:8000/"


def test_a_commune_has_one_primary_address(narbonne):
    Domain.objects.bulk_create([Domain(domain="narbo.localhost", tenant=narbonne, is_primary=False)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(domain="narbo.localhost").update(is_primary=True)


@pytest.mark.parametrize("name", ["Narbonne.localhost", "narbonne localhost", "-narbonne", "narbonne:8000", "a@b", ""])
def test_the_database_refuses_what_is_no_host_name(narbonne, name):
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(tenant=narbonne).update(domain=name)
