"""What happens: the call (`calls`), what families announce (`announcements`), how an absence is judged (`judging`)."""

from tenant_apps.attendance.services.announcements import declare, handle, withdraw
from tenant_apps.attendance.services.calls import Said, save_roll
from tenant_apps.attendance.services.judging import forget_years_past, judge

__all__ = ["Said", "declare", "forget_years_past", "handle", "judge", "save_roll", "withdraw"]
