"""Terms: Narbonne's convention goes on by itself, Lézignan's wants signatures, Coursan's is about to end."""

from core.tenancy import in_public
from shared_apps.lifecycle import reminders, services
from shared_apps.onboarding.models import Case, Convention

TERMS = {
    "11262": (36, Convention.Renewal.TACIT),
    "11203": (36, Convention.Renewal.EXPRESS),
    "11106": (6, Convention.Renewal.EXPRESS),
}


def seed() -> None:
    """Safe to repeat: what has terms is left."""
    with in_public():
        for case in Case.objects.filter(commune__in=TERMS).select_related("owner"):
            convention = case.convention
            months, renewal = TERMS[case.insee]
            if convention is None or convention.in_force_on is None:
                continue
            if (convention.term_months, convention.renewal) == (months, renewal):
                continue
            facts = {"starts_on": convention.in_force_on, "term_months": months, "renewal": renewal}
            services.set_terms(actor=case.owner, case=case, **facts)
            if case.insee == "11106":
                reminders.remind(case=case)
