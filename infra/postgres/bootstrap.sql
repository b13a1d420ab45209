-- Roles and database of one installation, for PostgreSQL 15 and later. Run by psql, as often as you like.
--
--   ENT_OWNER_PASSWORD=… ENT_APP_PASSWORD=… \
--     psql -X -v ON_ERROR_STOP=1 -d postgres -f infra/postgres/bootstrap.sql
--
-- as a superuser, or, from PostgreSQL 16, as a role with CREATEROLE and CREATEDB (managed servers).
--
-- Variables (psql -v name=value), all optional but the passwords:
--   owner_password  password of ent_owner; read from ENT_OWNER_PASSWORD, so that `ps` does not show it
--   app_password    password of ent_app; read from ENT_APP_PASSWORD
--   dbname          ent
--   ctype           C.UTF-8; how the server recognises accented letters
-- A password may be given as a SCRAM verifier (`SCRAM-SHA-256$…`): the server's log then never sees it.
--
-- The three roles:
--   ent_owner  owns the database, every schema and table; runs migrations and provisioning (worker, commands).
--   ent_app    what the web process logs in as: no right of its own. Each query takes a commune's role or `academy`.
--   academy    cannot log in; what a query on the public schema works as.
-- Migrations give the commune roles and `academy` their rights on tables, and nothing here does.
-- Role names are global to a server: two installations never share one.

\set QUIET on
\set ON_ERROR_STOP on

\if :{?dbname}
\else
  \set dbname ent
\endif
\if :{?ctype}
\else
  \set ctype 'C.UTF-8'
\endif
\if :{?owner_password}
\else
  \getenv owner_password ENT_OWNER_PASSWORD
\endif
\if :{?app_password}
\else
  \getenv app_password ENT_APP_PASSWORD
\endif
\if :{?owner_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'owner_password (ENT_OWNER_PASSWORD) is not set'; END $$;
\endif
\if :{?app_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'app_password (ENT_APP_PASSWORD) is not set'; END $$;
\endif

SET client_min_messages = warning;
SET password_encryption = 'scram-sha-256';

SELECT current_setting('server_version_num')::int >= 150000 AS supported,
       current_setting('server_version_num')::int >= 160000 AS grants_have_options,
       current_setting('is_superuser')::bool AS superuser \gset
\if :supported
\else
  DO $$ BEGIN RAISE EXCEPTION 'PostgreSQL 15 or later is needed'; END $$;
\endif

-- Roles ------------------------------------------------------------------------------------------------------

SELECT format('CREATE ROLE %I', name) FROM unnest('{ent_owner,ent_app,academy}'::text[]) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Only what differs is altered: a managed server's administrator may not even repeat NOSUPERUSER.
SELECT 'ALTER ROLE ent_owner LOGIN CREATEROLE INHERIT' FROM pg_roles
WHERE rolname = 'ent_owner' AND NOT (rolcanlogin AND rolcreaterole AND rolinherit) \gexec
SELECT 'ALTER ROLE ent_app LOGIN NOINHERIT NOCREATEROLE NOCREATEDB' FROM pg_roles
WHERE rolname = 'ent_app' AND (NOT rolcanlogin OR rolinherit OR rolcreaterole OR rolcreatedb) \gexec
SELECT 'ALTER ROLE academy NOLOGIN' FROM pg_roles WHERE rolname = 'academy' AND rolcanlogin \gexec
ALTER ROLE ent_owner PASSWORD :'owner_password';
ALTER ROLE ent_app PASSWORD :'app_password';

-- A superuser bypasses every wall: refuse to go on rather than run with one.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname IN ('ent_owner', 'ent_app', 'academy')
             AND (rolsuper OR rolbypassrls OR rolreplication)) THEN
    RAISE EXCEPTION 'ent_owner, ent_app and academy must not be superusers';
  END IF;
END $$;

-- ent_app may become academy, and never has its rights without asking.
\if :grants_have_options
  GRANT academy TO ent_app WITH INHERIT FALSE, SET TRUE;
\else
  GRANT academy TO ent_app;
\endif

-- Database ---------------------------------------------------------------------------------------------------

-- To make a database for another role one must be able to become that role.
\if :superuser
\else
  GRANT ent_owner TO CURRENT_USER;
\endif

-- Collation C: names are sorted by a column of ours, and an upgrade of the system's library corrupts no index.
SELECT format('CREATE DATABASE %I OWNER ent_owner TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE %L',
              :'dbname', :'ctype')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'dbname') \gexec

SELECT format('ALTER DATABASE %I OWNER TO ent_owner', datname) FROM pg_database
WHERE datname = :'dbname' AND datdba <> 'ent_owner'::regrole \gexec
REVOKE ALL ON DATABASE :"dbname" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"dbname" TO ent_app;

-- A statement that escapes the application's cursor must fail, never read somewhere.
ALTER ROLE ent_app IN DATABASE :"dbname" SET search_path = '';
-- A forgotten transaction holds locks that a migration waits for.
ALTER ROLE ent_app IN DATABASE :"dbname" SET idle_in_transaction_session_timeout = '10min';

\connect :"dbname"
SET client_min_messages = warning;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO academy;

-- Extensions live in a schema of their own: a commune's path is its schema, then this one.
CREATE SCHEMA IF NOT EXISTS extensions AUTHORIZATION ent_owner;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA extensions;
