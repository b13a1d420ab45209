"""What operators see of a running installation: log lines, errors, figures, health. Never a person.

Each module works before Django is loaded (the first process of the web server and of Celery) and names no other room.
"""
