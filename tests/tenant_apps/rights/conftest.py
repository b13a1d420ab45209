from typing import Any

import pytest

from tests.tenant_apps.people.factories import Town, add_guardian, add_pupil, town


@pytest.fixture
def made(in_narbonne: Any) -> Town:
    """The town of `people`, with a second family in Inès's class and a pupil of cycle 3."""
    made = town()
    add_pupil(made, "Aya", "Khelifi", "CE2")
    add_guardian(made, "Samia", "Khelifi", ("Aya",))
    made.pupils["Tom"].enrollments.update(grade="CM2")
    return made
