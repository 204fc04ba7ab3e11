"""A seat without a token, for the checks' own database: whoever they name sits there for one transaction."""

from typing import Any
from uuid import UUID

from psycopg import Connection

SITTING = """
CREATE OR REPLACE FUNCTION public.take_seat(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place text := seat.plane_of(person);
BEGIN
    PERFORM seat.sit(person, place, place IN ('casework', 'oversight'));
END
$$;
REVOKE ALL ON FUNCTION public.take_seat(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.take_seat(uuid) TO secal_app;
"""
"""In the plane of the person's appointment, which sees what that plane sees. No office has this function."""


def install_sitting(administrator: Connection[Any]) -> None:
    administrator.execute(SITTING)


def take_seat(connection: Connection[Any], person: UUID) -> None:
    """The person at work in this transaction, for the database too."""
    connection.execute("SELECT public.take_seat(%s)", [person])
