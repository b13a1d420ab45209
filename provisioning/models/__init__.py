"""What the academy remembers of the birth and the migrations of communes. All in the public schema."""

from provisioning.models.fleet import MigrationResult, MigrationRun
from provisioning.models.openings import Opening, OpeningStep
from provisioning.models.template import SpareSchema, TemplateScript

__all__ = ["MigrationResult", "MigrationRun", "Opening", "OpeningStep", "SpareSchema", "TemplateScript"]
