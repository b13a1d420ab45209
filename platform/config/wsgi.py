import os

from django.core.wsgi import get_wsgi_application

from core.startup import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
refuse_unsafe_start()
