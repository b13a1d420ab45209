"""A process that applies an import and kills itself where it is told to.

`python -m tests.tenant_apps.imports.mortal SCHEMA PLAN ACTOR WHERE`: WHERE is a module and a function of the imports,
`apply_pupils._enrol`; the process dies once that function has done its work, before anything is committed.
"""

import importlib
import os
import signal
import sys
from typing import Any

import django


def main(schema: str, plan_id: str, actor_id: str, where: str) -> None:
    django.setup()
    from core.tenancy import in_schema
    from shared_apps.accounts.models import User
    from tenant_apps.imports import services
    from tenant_apps.imports.models import ImportPlan

    _make_mortal(*where.rsplit(".", 1))
    with in_schema(schema):
        services.apply_plan(actor=User.objects.get(pk=actor_id), plan=ImportPlan.objects.get(pk=plan_id))


def _make_mortal(module: str, name: str) -> None:
    owner: Any = importlib.import_module(f"tenant_apps.imports.{module}")
    real = getattr(owner, name)

    def work_then_die(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, work_then_die)


if __name__ == "__main__":
    main(*sys.argv[1:])
