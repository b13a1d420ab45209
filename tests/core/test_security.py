"""Headers on every answer, errors included."""

import pytest


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
