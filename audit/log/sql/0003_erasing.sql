-- The role that erases leaves its rows in the security log in the transaction in which it erases.

GRANT USAGE ON SCHEMA seclog TO secal_eraser;
GRANT EXECUTE ON FUNCTION
    seclog.record(uuid[], text, text, uuid, text, text, uuid[], uuid[], text, text[], text, text)
    TO secal_eraser;
