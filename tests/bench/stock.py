"""What the ordinary way does, in a process of its own: `python -m tests.bench.stock ACT N`, prints JSON."""

import json
import sys
import time

import django


def main(act: str, count: int) -> None:
    django.setup()
    print(json.dumps(ACTS[act](count)))  # noqa: T201


def prepare(count: int) -> int:
    """The public schema by the library's command, then `count` communes laid by replay: only the timed act is stock."""
    from django.core.management import call_command
    from django.db import connection

    from tenants.models import Commune

    call_command("migrate_schemas", shared=True, verbosity=0)
    script = sys.stdin.read()
    for number in range(count):
        schema = f"c_{number:05}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}; {script.replace('@@schema@@', schema)}")
            cursor.execute("SET search_path = public")
        facts = {"insee": f"{number:05}", "name": schema, "department_code": "11", "state": "open"}
        Commune.objects.create(schema_name=schema, **facts)
    return count


def create(count: int) -> list[float]:
    """Milliseconds of the library's `create_schema`, one commune after the other."""
    from tenants.models import Commune

    found = []
    for number in range(count):
        commune = Commune(schema_name=f"c_stock_{number}", insee=f"9{number:04}", name="x", department_code="11")
        begun = time.perf_counter()
        commune.create_schema(check_if_exists=False, verbosity=0)
        found.append(1000 * (time.perf_counter() - begun))
    return found


def migrate(_count: int) -> float:
    """Milliseconds of `migrate_schemas --tenant` over all communes."""
    from django.core.management import call_command

    begun = time.perf_counter()
    call_command("migrate_schemas", tenant=True, verbosity=0)
    return 1000 * (time.perf_counter() - begun)


ACTS = {"prepare": prepare, "create": create, "migrate": migrate}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
