"""Where the data of a commune go at the end of its convention: said for each model, or the suite fails."""

from core.packages import SCHOOL, TOWN, contents_of, models_of_a_commune, said_of


def test_every_model_of_a_commune_is_in_a_package_or_apart_for_a_reason():
    silent = [model._meta.label for model in models_of_a_commune() if not said_of(model)]
    assert not silent, f"say it in `packages` of their AppConfig (core/packages.py): {silent}"
    unsaid = [m._meta.label for m in models_of_a_commune() for c in said_of(m) if c.package == "apart" and not c.reason]
    assert not unsaid


def test_what_an_app_says_names_its_own_models():
    from django.apps import apps

    for config in apps.get_app_configs():
        known = {model._meta.object_name for model in config.get_models(include_auto_created=True)}
        assert set(getattr(config, "packages", {})) <= known, config.label


def test_the_town_s_package_holds_its_staff_and_services_and_nothing_of_the_schools():
    town = {model._meta.label for model, _content in contents_of(TOWN)}
    assert {"people.Person", "people.Service", "people.StaffAssignment"} <= town
    schools_only = {"people.Pupil", "people.Guardianship", "liaison.LiaisonNote", "signatures.Slot", "files.StoredFile"}
    assert not town & schools_only
    assert schools_only <= {model._meta.label for model, _content in contents_of(SCHOOL)}
