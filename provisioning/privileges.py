"""Who may do what in a schema: one owner for all tables, one role per commune that owns nothing.

The role of a commune bears its schema's name. It holds DML on its schema, but on its audit only INSERT and
SELECT, on what families signed no UPDATE, and on the list of migrations only SELECT. The academy's role holds the
same on the public schema.
"""

from core.tenancy import PUBLIC
from tenants.names import check_schema_name

APPEND_ONLY = ("audit_entry",)
# Never rewritten, and forgotten with the child.
UNCHANGED = ("report_cards_edition", "progress_notebook_edition")
READ_ONLY = ("django_migrations",)
# The owner runs what this table holds: whoever writes it would become the owner.
PUBLIC_READ_ONLY = ("provisioning_templatescript",)


def create_role(schema: str) -> str:
    """SQL: the role of a commune, which the web's login may take and never inherits."""
    check_schema_name(schema)
    return f'CREATE ROLE "{schema}" NOLOGIN; GRANT "{schema}" TO ent_app;'


def grant(schema: str, role: str) -> str:
    """SQL: the rights of `role` on all that is in `schema`, and on later tables. Safe to repeat."""
    check_schema_name(schema)
    later = f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT'
    statements = [
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{schema}" TO "{role}"',
        # The owner's future tables: FOR ROLE is the one who runs this, ent_owner.
        f'{later} SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        f'{later} USAGE ON SEQUENCES TO "{role}"',
    ]
    return "; ".join(statements) + ";" + take_back(schema, role)


def take_back(schema: str, role: str) -> str:
    """SQL: what a grant on all tables, present or to come, gives too much of. Safe to repeat."""
    check_schema_name(schema)
    read_only = READ_ONLY + (PUBLIC_READ_ONLY if schema == PUBLIC else ())
    statements = [f'REVOKE UPDATE, DELETE ON "{schema}".{table} FROM "{role}"' for table in APPEND_ONLY]
    if schema != PUBLIC:
        statements += [f'REVOKE UPDATE ON "{schema}".{table} FROM "{role}"' for table in UNCHANGED]
    statements += [f'REVOKE INSERT, UPDATE, DELETE ON "{schema}".{table} FROM "{role}"' for table in read_only]
    return "; ".join(statements) + ";"
