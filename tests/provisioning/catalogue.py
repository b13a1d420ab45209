"""Everything PostgreSQL knows of a schema, as sorted lines in which the schema's name is replaced."""

import re

from django.db import connection

# `current_setting('search_path')` is the schema read: pg_get_*def() then write names without it.
LINES = """
SELECT format('column %s.%s %s null=%s default=%s identity=%s generated=%s collation=%s', c.relname, a.attname,
              format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
              a.attidentity, a.attgenerated, a.attcollation)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = %(oid)s AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = %(oid)s
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = %(oid)s
UNION ALL
SELECT format('sequence %s type=%s start=%s last=%s of=%s', s.sequencename, s.data_type, s.start_value,
              s.last_value, d.refobjid::regclass || '.' || d.refobjsubid)
FROM pg_sequences s
JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = %(oid)s
LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i')
WHERE s.schemaname = %(name)s
UNION ALL
SELECT format('relation %s kind=%s owner=%s', relname, relkind, relowner::regrole)
FROM pg_class WHERE relnamespace = %(oid)s
UNION ALL
SELECT format('grant on %s to %s: %s', c.relname, g.grantee::regrole,
              string_agg(g.privilege_type, ',' ORDER BY g.privilege_type))
FROM pg_class c, aclexplode(c.relacl) g WHERE c.relnamespace = %(oid)s GROUP BY c.relname, g.grantee
UNION ALL
SELECT format('schema owner=%s grants=%s', nspowner::regrole, nspacl) FROM pg_namespace WHERE oid = %(oid)s
UNION ALL
SELECT format('later %s: %s', defaclobjtype, defaclacl) FROM pg_default_acl WHERE defaclnamespace = %(oid)s
UNION ALL
SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = %(oid)s
UNION ALL
SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %(oid)s AND NOT t.tgisinternal
UNION ALL
SELECT format('role login=%s inherit=%s member=%s admin=%s', r.rolcanlogin, r.rolinherit,
              m.member::regrole, m.admin_option)
FROM pg_roles r JOIN pg_auth_members m ON m.roleid = r.oid WHERE r.rolname = %(name)s
"""
ROWS = {
    "django_migrations": "id, app, name",
    "django_content_type": "id, app_label, model",
    "auth_permission": "id, name, content_type_id, codename",
}


def lines_of(schema: str) -> list[str]:
    """Asked with an empty path, so that every name comes with its schema, then replaced by `@`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_namespace WHERE nspname = %s", [schema])
        (oid,) = cursor.fetchone()
        cursor.execute(f"SET LOCAL search_path = ''; {LINES}".replace("%s", "%%s"), {"oid": oid, "name": schema})
        found = [line for (line,) in cursor.fetchall()]
    return sorted(_normal(line.replace(schema, "@")) for line in found)


def _normal(line: str) -> str:
    """pg_dump writes `IN (…)` as PostgreSQL prints it, with casts in other places: the same condition."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", line) if line.startswith("constraint") else line


def rows_of(schema: str) -> dict[str, list[tuple]]:
    """The rows a commune is born with."""
    with connection.cursor() as cursor:
        rows = {}
        for table, columns in ROWS.items():
            cursor.execute(f'SELECT {columns} FROM "{schema}".{table} ORDER BY id')
            rows[table] = cursor.fetchall()
    return rows
