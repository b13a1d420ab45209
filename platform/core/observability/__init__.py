"""What operators see of a running installation: log lines, errors, figures, health. Never a person.

Each module works before Django is loaded (the web server's first process, Celery's main process) and names no other room.
"""
