"""The database roles: SQL as text (to print, to review) and its execution on a server by its administrator.

Two parts. Roles belong to the whole server and are written once; schema, extensions and default privileges
belong to one database and are written for each (the test databases too). Both can be run again without
harm. Passwords are never in the text: they travel as SCRAM verifiers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from secal.config.services.places import ROOT
from secal.config.trouble import ExitCode, Trouble

OWNER, APPLICATION, WORKER, PORTAL, DOOR, ERASER, WATCH = (
    "secal_owner",
    "secal_app",
    "secal_worker",
    "secal_portal",
    "secal_door",
    "secal_eraser",
    "secal_watch",
)
LOG_OWNER, SEAT_OWNER = "secal_log", "secal_seat"
LOGIN_ROLES = (OWNER, APPLICATION, WORKER, PORTAL, DOOR, ERASER, WATCH)
NO_LOGIN_ROLES = (LOG_OWNER, SEAT_OWNER)
"""Owners of the security log and of the sessions: no login, no members."""
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
OLDEST_SERVER = 150000
CEREMONY_FOLDERS = (ROOT / "audit" / "log" / "sql", ROOT / "secal" / "access" / "sql")
TURN = 0x5EC_A1
"""Advisory lock between two starts that install roles at the same time."""


def script() -> str:
    """The whole SQL, for a person to read and run: connected to the application's database, as superuser."""
    parts = [
        "-- Roles of the alimony service. Run as superuser, connected to the application's database.\n"
        "-- Then give each role that logs in a password: \\password secal_owner, and so on.\n"
        "BEGIN;",
        server_sql(),
        database_sql(),
        "COMMIT;",
    ]
    return "\n".join(parts)


def server_sql() -> str:
    """Roles of the server: those that log in, and the owners that never do."""
    lines = [create_role(name, "LOGIN") for name in LOGIN_ROLES]
    lines += [create_role(name, "NOLOGIN") for name in NO_LOGIN_ROLES]
    lines += [hide_statements(name) for name in LOGIN_ROLES if name != OWNER]
    # The worker may what the application may, and works under background identities that nobody else can
    # take.
    lines.append(f"GRANT {APPLICATION} TO {WORKER};")
    lines.append(REFUSE_DANGEROUS_ROLES)
    return "\n".join(lines)


def create_role(name: str, login: str) -> str:
    """Create the role unless it is there."""
    return f"""\
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
    CREATE ROLE {name} {login} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
END $$;"""


def hide_statements(name: str) -> str:
    """Keep the role's statements out of pg_stat_activity; only a superuser may set this, and the role
    cannot undo it.
    """
    return f"""\
DO $$ BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_roles WHERE rolname = '{name}' AND 'track_activities=off' = ANY (rolconfig)
  ) THEN
    ALTER ROLE {name} SET track_activities = off;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'track_activities of {name} stays on: only a superuser may turn it off';
END $$;"""


REFUSE_DANGEROUS_ROLES = """\
DO $$
DECLARE found text;
BEGIN
  SELECT string_agg(rolname, ', ') INTO found FROM pg_roles
   WHERE rolname IN (%(all)s)
     AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
          OR rolcanlogin <> (rolname NOT IN (%(owners)s)));
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'role with rights it must not have: %', found;
  END IF;
  SELECT string_agg(pg_get_userbyid(member), ', ') INTO found FROM pg_auth_members
   WHERE roleid IN (SELECT oid FROM pg_roles WHERE rolname IN (%(owners)s))
     AND member <> current_user::regrole;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'a role that must have no members has: %', found;
  END IF;
END $$;"""
REFUSE_DANGEROUS_ROLES = REFUSE_DANGEROUS_ROLES.replace(
    "%(all)s", ", ".join(f"'{name}'" for name in (*LOGIN_ROLES, *NO_LOGIN_ROLES))
).replace("%(owners)s", ", ".join(f"'{name}'" for name in NO_LOGIN_ROLES))


def database_sql() -> str:
    """What one database needs: extensions, who owns the schema, who may use it, and what the rooms
    contribute.
    """
    extensions = "\n".join(
        f"CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA public;" for name in EXTENSIONS
    )
    contributed = [f"-- {path.name}\n{path.read_text(encoding='utf-8').strip()}" for path in ceremony_files()]
    return "\n".join([extensions, DATABASE_RIGHTS, BECOME_OWNERS, *contributed, LEAVE_OWNERS])


def ceremony_files() -> list[Path]:
    """SQL that only an administrator may install, room by room, in name order."""
    return [path for folder in CEREMONY_FOLDERS for path in sorted(folder.glob("*.sql"))]


DATABASE_RIGHTS = """\
DO $$ BEGIN
  -- An administrator who is no superuser must be able to act for the owner.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT secal_owner TO %I', current_user);
  END IF;
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO secal_owner, secal_app, secal_worker, secal_portal, '
                 'secal_door, secal_eraser, secal_watch', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO secal_owner', current_database());
  IF (SELECT nspowner <> 'secal_owner'::regrole FROM pg_namespace WHERE nspname = 'public') THEN
    ALTER SCHEMA public OWNER TO secal_owner;
  END IF;
  -- Large objects lie outside every table: neither row security nor an erasure reaches them.
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
  ELSE
    RAISE WARNING 'large objects stay possible: only a superuser may forbid them';
  END IF;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO secal_app, secal_portal, secal_eraser, secal_seat;
ALTER DEFAULT PRIVILEGES FOR ROLE secal_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO secal_app;
-- Who erases changes nothing but the columns that migrations name.
ALTER DEFAULT PRIVILEGES FOR ROLE secal_owner IN SCHEMA public
  GRANT SELECT, DELETE ON TABLES TO secal_eraser;
ALTER DEFAULT PRIVILEGES FOR ROLE secal_owner IN SCHEMA public
  REVOKE UPDATE ON TABLES FROM secal_eraser;
ALTER DEFAULT PRIVILEGES FOR ROLE secal_owner IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO secal_app;"""


# What the rooms contribute belongs to those owners; an administrator who is no superuser acts for them
# meanwhile.
ONLY_WITHOUT_SUPERUSER = """\
DO $$ BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('%s', current_user);
  END IF;
END $$;"""
BECOME_OWNERS = ONLY_WITHOUT_SUPERUSER.replace("%s", "GRANT secal_log, secal_seat TO %I")
LEAVE_OWNERS = ONLY_WITHOUT_SUPERUSER.replace("%s", "REVOKE secal_log, secal_seat FROM %I")


def install(admin_url: str, *, passwords: Mapping[str, str] | None = None) -> None:
    """Write the roles of the server and the rights of the database that `admin_url` names."""
    with administrator(admin_url) as connection:
        check_server(connection)
        install_roles(connection, passwords or {})
        install_database(connection)


def prepare_database(admin_url: str, name: str) -> None:
    """Create the database of that name if it is missing, and write its rights. The roles must exist
    already.
    """
    create_database(admin_url, name)
    with administrator(admin_url, dbname=name) as connection:
        install_database(connection)


def drop_database(admin_url: str, name: str) -> None:
    """Drop the database of that name with whoever is connected to it; no error when it is not there."""
    with administrator(admin_url, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def create_database(admin_url: str, name: str) -> None:
    """Create an empty database of that name unless it is there."""
    with administrator(admin_url, dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
            sql.Identifier(name)
        )
        connection.execute(statement)


def install_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Write the roles of the server, and the passwords that do not open them yet."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        connection.execute(server_sql())
        for name, password in passwords.items():
            if not opens(connection, name, password):
                verifier = connection.pgconn.encrypt_password(
                    password.encode(), name.encode(), b"scram-sha-256"
                )
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(name), sql.Literal(verifier.decode())))


def install_database(connection: psycopg.Connection) -> None:
    """Write the rights of the connected database, unless exactly this text was written before."""
    text = database_sql()
    mark = f"secal rights {hashlib.sha256(text.encode()).hexdigest()[:16]}"
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        query = (
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        row = connection.execute(query).fetchone()
        if row and row[0] == mark:
            return
        connection.execute(text)
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(statement.format(sql.Identifier(connection.info.dbname), sql.Literal(mark)))


def opens(connection: psycopg.Connection, name: str, password: str) -> bool:
    """Does this password open this role already? (Setting it each time would clash between two starts.)"""
    info = connection.info
    try:
        parameters = info.get_parameters() | {"user": name, "password": password, "dbname": info.dbname}
        attempt = psycopg.connect(make_conninfo(**parameters))
    except psycopg.OperationalError:
        return False
    attempt.close()
    return True


def check_server(connection: psycopg.Connection) -> None:
    """Refuse a server that is too old, or lacks an extension."""
    if connection.info.server_version < OLDEST_SERVER:
        major = connection.info.server_version // 10000
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the database server is PostgreSQL {major}; {OLDEST_SERVER // 10000} or newer is needed.",
            "point DATABASE_URL at a newer server, or leave it unset to use the built-in one.",
        )
    available = {row[0] for row in connection.execute("SELECT name FROM pg_available_extensions")}
    missing = [name for name in EXTENSIONS if name not in available]
    if missing:
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the database server lacks the extension {', '.join(missing)}.",
            "install PostgreSQL's contrib modules on it (Debian: apt-get install postgresql-contrib).",
        )


def administrator(url: str, *, autocommit: bool = False, dbname: str | None = None) -> psycopg.Connection:
    """A connection as administrator; a refusal names the server, never the password."""
    try:
        address = make_conninfo(url, **({"dbname": dbname} if dbname else {}))
        return psycopg.connect(address, autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1:]
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the database server does not let the administrator in: {' '.join(said)}",
            "check the address (DATABASE_URL or ADMIN_DATABASE_URL), and that the server runs.",
        ) from error
