"""Headers on every answer, errors included."""

import pytest
from csp.exceptions import CSPNonceError
from django.http import HttpResponse

from core.security import PolicyMiddleware, allow


@pytest.mark.parametrize(
    ("host", "path"),
    [("narbonne.localhost", "/"), ("narbonne.localhost", "/nulle-part/"), ("nullepart.localhost", "/")],
)
def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(db, client, host, path):
    response = client.get(path, HTTP_HOST=host)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.fixture
def policy_of(rf):
    """The policy of an answer, by one middleware that answered others before."""
    middleware = PolicyMiddleware(lambda _request: None)

    def answer(prepare=lambda _request, response: response) -> str:
        request = rf.get("/")
        middleware.process_request(request)
        response = middleware.process_response(request, prepare(request, HttpResponse()))
        if not hasattr(request, "_csp_nonce"):
            with pytest.raises(CSPNonceError):
                str(request.csp_nonce)
        return response.headers["Content-Security-Policy"]

    return answer


def test_a_policy_is_kept_for_answers_that_ask_nothing(policy_of, settings):
    plain = policy_of()
    asked = policy_of(lambda _request, response: allow(response, "connect-src", "https://other.example"))
    assert "connect-src 'self' https://other.example" in asked
    with_nonce = policy_of(lambda request, response: HttpResponse(request.csp_nonce))
    assert "'nonce-" in with_nonce
    assert policy_of(lambda _request, response: allow(response, "connect-src")) == plain == policy_of()
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}
    assert policy_of() == "default-src 'self'"
