"""`make bench`: what the design promises, measured beside stock django-tenants in the same run."""
