from typing import Any

from django.db import transaction

from shared_apps.audit.services import record
from shared_apps.training.models import Training
from shared_apps.training.services.shared import require


@transaction.atomic
def save_training(*, actor: Any, training: Training) -> Training:
    """Add a line to the catalogue, or change it: its sessions follow."""
    require(actor, "training.manage_sessions")
    training.save()
    record(actor=actor, action="training.catalogue_changed", obj=training, level=training.level)
    return training
