"""Who may do what in a schema: one owner for all tables, one role per commune that owns nothing.

The role of a commune bears its schema's name. It holds DML on its schema, but on its audit only INSERT and SELECT, and on
the list of migrations only SELECT.
"""

from tenants.names import check_schema_name

APPEND_ONLY = ("audit_entry",)
READ_ONLY = ("django_migrations",)


def create_role(schema: str) -> str:
    """SQL: the role of a commune, which the web's login may take and never inherits."""
    check_schema_name(schema)
    return f'CREATE ROLE "{schema}" NOLOGIN; GRANT "{schema}" TO ent_app;'


def grant(schema: str, role: str) -> str:
    """SQL: the rights of `role` on all that is in `schema`, and on what later migrations add. Safe to repeat."""
    check_schema_name(schema)
    statements = [
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{schema}" TO "{role}"',
        # The owner's future tables: FOR ROLE is the one who runs this, ent_owner.
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT USAGE ON SEQUENCES TO "{role}"',
    ]
    # ON ALL TABLES grants too much: take it back.
    statements += [f'REVOKE UPDATE, DELETE ON "{schema}".{table} FROM "{role}"' for table in APPEND_ONLY]
    statements += [
        f'REVOKE INSERT, UPDATE, DELETE ON "{schema}".{table} FROM "{role}"' for table in READ_ONLY
    ]
    return "; ".join(statements) + ";"
