"""The demo and the developer's machine: loopback, plain http on `*.localhost`, production's cookies."""

from config.settings.base import *  # noqa: F403
from config.settings.base import ENT_DEMO, env

DEBUG = env.flag("ENT_DEBUG")
# Browsers hold `*.localhost` secure and keep `__Host-` cookies there. Those that refuse get this flag, demo only.
if ENT_DEMO and env.flag("ENT_PLAIN_COOKIES"):
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
