from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.tasks import forget_sessions


def test_each_night_the_sessions_that_ended_are_taken_away_everywhere(narbonne, lezignan):
    now = timezone.now()
    for schema in ("public", "c_11262", "c_11203"):
        with in_schema(schema):
            for key, hours in (("ended", -1), ("lasting", 1)):
                Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=hours))
    with in_public():
        forget_sessions.apply_async()
    for schema in ("public", "c_11262", "c_11203"):
        with in_schema(schema):
            assert [session.session_key for session in Session.objects.all()] == ["lasting"], schema
