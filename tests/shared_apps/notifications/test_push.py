"""A browser is called once, reads what was meant for it, and nobody else can make us call anything else."""

import json
import os
from base64 import urlsafe_b64encode
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.accounts import devices as account_devices
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import Device
from shared_apps.notifications import outbox, push, services
from shared_apps.notifications.models import OutboxEntry, PushSubscription
from shared_apps.notifications.services import Notice, notify_all
from tests.support.people import account

pytestmark = pytest.mark.django_db
CHILD = "0193a1c2-0000-7000-8000-000000000001"


class Service(ThreadingHTTPServer):
    """A push service, and the browser behind it: it decrypts what it gets."""

    daemon_threads = True

    def __init__(self):
        self.calls, self.answers = [], deque()
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def keys(self):
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        p256dh, auth = (urlsafe_b64encode(one).decode().rstrip("=") for one in (point, self.auth))
        return {"p256dh": p256dh, "auth": auth}

    def read(self):
        """(path, what it says) of each call."""
        plain = (
            (path, http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))
            for path, _headers, body in self.calls
        )
        return [(path, json.loads(said)) for path, said in plain]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, dict(self.headers), body))
        status = self.server.answers.popleft() if self.server.answers else 201
        self.send_response(status)
        if status == 307:
            self.send_header("Location", f"{self.server.origin}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


def service_key() -> str:
    out = StringIO()
    call_command("push_key", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def service(settings):
    settings.ENT_PUSH_KEY = service_key()
    with Service() as server:
        settings.ENT_PUSH_SERVICES = [server.origin]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def sophie(in_narbonne):
    return account()


def device(user, mark="d"):
    return Device.objects.create(
        user=user, token_digest=mark * 64, session_key="s", last_seen_at=timezone.now(), label="Firefox, Android"
    )


def called(user, service, path="/1", mark="d"):
    return push.subscribe(device(user, mark), endpoint=service.origin + path, **service.keys)


def tell(user, title="Inès · À signer : sortie", kind="liaison.to_sign"):
    notify_all([Notice(user, kind, title, "/mots/", f"{title}:{user.pk}", [CHILD])])


def test_each_device_is_called_once_and_reads_no_name(sophie, service):
    called(sophie, service), called(sophie, service, "/2", "e")
    tell(sophie), tell(sophie)
    outbox.deliver_due()
    said = sorted((path, what["title"]) for path, what in service.read())
    assert said == [("/1", "Un mot à signer"), ("/2", "Un mot à signer")]
    headers = {name.lower(): value for name, value in service.calls[0][1].items()}
    assert headers["authorization"].startswith("vapid t=")
    assert headers["content-encoding"] == "aes128gcm"


def test_the_name_is_shown_to_who_wants_it(sophie, service):
    called(sophie, service)
    services.choose(actor=sophie, shows_names=True)
    tell(sophie)
    outbox.deliver_due()
    assert [what["title"] for _path, what in service.read()] == ["Inès · À signer : sortie"]


def test_who_does_not_want_a_type_is_not_called_for_it(sophie, service):
    called(sophie, service)
    services.choose(actor=sophie, push={"liaison.to_sign": False})
    tell(sophie)
    outbox.deliver_due()
    assert service.calls == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(sophie, service, status):
    called(sophie, service)
    service.answers.append(status)
    tell(sophie)
    outbox.deliver_due()
    assert not PushSubscription.objects.exists()
    assert not OutboxEntry.objects.pending().exists()


def test_a_service_that_fails_is_asked_again_later(sophie, service):
    called(sophie, service)
    service.answers.append(503)
    tell(sophie)
    outbox.deliver_due()
    entry = OutboxEntry.objects.pending().get()
    assert (entry.attempts, PushSubscription.objects.count()) == (1, 1)


def test_a_service_that_points_elsewhere_is_not_followed(sophie, service):
    called(sophie, service)
    service.answers.append(307)
    tell(sophie)
    outbox.deliver_due()
    assert [path for path, _headers, _body in service.calls] == ["/1"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/1",
        "https://fcm.googleapis.com:8443/1",
        "https://fcm.googleapis.com@10.0.0.1/1",
        "https://fcm.googleapis.com.exemple.fr/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "https://[bad/1",
        "https://10.0.0.1/x.push.apple.com",
        "https://10.0.0.1#.push.apple.com",
        "https://10.0.0.1?.push.apple.com",
        "https://u:p@x.push.apple.com/1",
        "https://10.0.0.1\\@x.push.apple.com/1",
        "file:///etc/passwd",
    ],
    ids=[str(number) for number in range(13)],
)
def test_nothing_but_the_makers_services_is_called(endpoint):
    assert not push.is_allowed(endpoint)


def test_the_makers_services_are_known():
    assert push.is_allowed("https://fcm.googleapis.com/fcm/send/abc")
    assert push.is_allowed("https://web.push.apple.com/abc")


def test_signing_out_silences_the_browser_and_a_stolen_account_forgets_them(sophie, service):
    row = called(sophie, service)
    account_devices.leave_all([sophie])
    tell(sophie)
    outbox.deliver_due()
    assert service.calls == []
    assert PushSubscription.objects.filter(pk=row.pk).exists()
    accounts.end_sessions(actor=sophie, user=sophie)
    assert not PushSubscription.objects.exists()


def test_a_shared_browser_is_called_for_the_last_who_asked(sophie, service):
    karim = account("karim.ferrer")
    called(sophie, service)
    called(karim, service, mark="e")
    tell(sophie)
    outbox.deliver_due()
    assert service.calls == []
    assert PushSubscription.objects.get().device.user == karim


def test_a_browser_of_one_host_never_gets_what_another_says(sophie, service, lezignan):
    with in_schema("c_11203"):
        twin = account(pk=sophie.pk)
        called(twin, service, "/lezignan")
    called(sophie, service, "/narbonne")
    tell(sophie)
    outbox.deliver_due()
    with in_schema("c_11203"):
        outbox.deliver_due()
    assert [path for path, _what in service.read()] == ["/narbonne"]


def test_an_emergency_switch_stops_what_is_queued(sophie, service, monkeypatch):
    called(sophie, service)
    tell(sophie)
    monkeypatch.setattr(outbox.stops, "may_send", lambda sent: False)
    outbox.deliver_due()
    assert service.calls == []
    assert OutboxEntry.objects.pending().filter(kind=push.KIND).count() == 1
