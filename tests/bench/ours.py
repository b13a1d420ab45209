"""Our acts that want a process of their own: `python -m tests.bench.ours migrate`, prints JSON."""

import json
import sys
import time

import django


def main(act: str) -> None:
    django.setup()
    print(json.dumps(ACTS[act]()))  # noqa: T201


def migrate() -> float:
    """Milliseconds of `fleet migrate`, from the survey to the report."""
    from core.tenancy import in_public
    from provisioning.fleet import runner

    begun = time.perf_counter()
    with in_public():
        outcome = runner.migrate(tell=lambda text: None, progress=lambda *counts: None)
    if not outcome.is_complete:
        raise RuntimeError(f"{outcome.failed} {outcome.refused} {outcome.stopped}")
    return 1000 * (time.perf_counter() - begun)


ACTS = {"migrate": migrate}

if __name__ == "__main__":
    main(sys.argv[1])
