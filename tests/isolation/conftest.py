from tests.shared_apps.conftest import few_communes, reference  # noqa: F401  (fixtures)
