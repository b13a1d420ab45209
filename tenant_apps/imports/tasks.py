"""Writing a big plan while its page tells how far it is. Run twice, it writes once: the plan is then applied."""

import logging

from core.errors import DomainError
from core.tasks import commune_task
from shared_apps.accounts.models import User
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.progress import follow

log = logging.getLogger(__name__)


@commune_task(name="imports.write")
def write(plan_id: str, actor_id: str) -> None:
    from tenant_apps.imports import services

    plan = ImportPlan.objects.filter(state=ImportPlan.State.RUNNING, pk=plan_id).select_related("school").first()
    if plan is None:
        return
    actor = User.objects.get(pk=actor_id) if actor_id else None
    follow(plan.pk)
    try:
        services.apply_plan(actor=actor, plan=plan)
    except DomainError as refusal:
        services.put_back(plan=plan, problem=refusal.message)
    finally:
        follow(None)
