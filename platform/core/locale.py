"""The language and the time zone of a request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

GetResponse = Callable[[HttpRequest], HttpResponse]


def language_and_zone(get_response: GetResponse) -> GetResponse:
    """Those of the settings, said aloud: Django asks at each sentence and each date, and where nobody has said it pays
    each time for the exception that tells it so.
    """
    zone = timezone.get_default_timezone()

    def middleware(request: HttpRequest) -> HttpResponse:
        translation.activate(settings.LANGUAGE_CODE)
        timezone.activate(zone)
        return get_response(request)

    return middleware
