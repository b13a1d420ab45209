"""One of the ways tried by « Prouver l’isolement »: a link to a file, followed under another commune's name."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core import signing
from core.ids import uuid7
from core.tenancy import in_schema
from shared_apps.files import links
from shared_apps.files.models import StoredFile
from tenants.crossings import Attempt, CrossedError, answer_of
from tenants.models import Commune


def replay_file_link(origin: Commune, target: Commune) -> Attempt:
    """A link that a reader of the origin holds, with the name of the target in its address."""
    with in_schema(origin.schema_name):
        known = StoredFile.objects.readable().exclude(owner=None).first()
        ids = [str(known.pk), str(known.owner_id)] if known else [str(uuid7()), str(uuid7())]
        token = signing.dumps(ids, purpose=links.PURPOSE)
    path = reverse("read_file", args=[target.schema_name, token], urlconf=links._urlconf())
    response, _served = answer_of(settings.ENT_FILES_HOST, path)
    tried = _("Un lien de fichier de %(origin)s, avec l’adresse de %(target)s") % {"origin": origin, "target": target}
    if response.status_code != 404:
        raise CrossedError(tried, str(response.status_code))
    return Attempt(tried, _("404 : ce lien n’ouvre rien."))
