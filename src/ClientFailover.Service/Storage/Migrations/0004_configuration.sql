-- What administrators have set by the API: one JSON document. The secrets in it are encrypted. No row: nothing was set.
CREATE TABLE configuration (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    document TEXT NOT NULL
) STRICT;
