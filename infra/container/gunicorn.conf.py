"""The web server of the image. Threads, so that database sessions are kept from one request to the next."""

import os

from prometheus_client import multiprocess

from core.observability.logs import logging_config

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("ENT_WEB_PROCESSES", "2"))
threads = int(os.environ.get("ENT_WEB_THREADS", "8"))
# Not on disk: a slow one would make a live worker look dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108
timeout = 60
graceful_timeout = 30
# Longer than the proxy keeps its side (60 s by default): the one who closes first must be the proxy.
keepalive = 75
control_socket_disable = True
# Ours says it, without addresses nor query strings.
accesslog = None
logconfig_dict = logging_config(json=True)


def child_exit(server, worker) -> None:
    """The figures that only make sense for a live process go with it."""
    multiprocess.mark_process_dead(worker.pid)
