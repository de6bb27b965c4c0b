-- Ids are compared without regard to case over all of Unicode, which NOCASE does not do: beside each id as it was
-- first written stands a key, the id in upper case of the invariant culture. Times are ticks (100 ns) of UTC.

CREATE TABLE meta (
    id                INTEGER PRIMARY KEY CHECK (id = 1),
    revision          INTEGER NOT NULL,
    revision_reserved INTEGER NOT NULL,
    clean_stop        INTEGER NOT NULL
) STRICT;

INSERT INTO meta (id, revision, revision_reserved, clean_stop) VALUES (1, 0, 0, 1);

-- A deleted group leaves its row, with only the term in it.
CREATE TABLE groups (
    id                       INTEGER PRIMARY KEY,
    tenant_key               TEXT NOT NULL,
    namespace_key            TEXT NOT NULL,
    group_key                TEXT NOT NULL,
    tenant                   TEXT NOT NULL,
    namespace                TEXT NOT NULL,
    group_id                 TEXT NOT NULL,
    configured               INTEGER NOT NULL DEFAULT 0,
    configured_id            TEXT,
    name                     TEXT,
    description              TEXT,
    failover_timeout         INTEGER,
    additional_data          TEXT,
    primary_id               TEXT,
    primary_key              TEXT,
    pending_id               TEXT,
    pending_key              TEXT,
    pending_reason           INTEGER NOT NULL DEFAULT 0,
    term                     INTEGER NOT NULL DEFAULT 0,
    primary_term             INTEGER NOT NULL DEFAULT 0,
    term_reserved            INTEGER NOT NULL DEFAULT 0,
    last_data_processed_time INTEGER,
    UNIQUE (tenant_key, namespace_key, group_key)
) STRICT;

CREATE TABLE sessions (
    group_row          INTEGER NOT NULL REFERENCES groups (id),
    session_key        TEXT NOT NULL,
    session_id         TEXT NOT NULL,
    name               TEXT,
    additional_data    TEXT,
    registration_order INTEGER NOT NULL,
    role_override      INTEGER NOT NULL,
    override_expires   INTEGER,
    PRIMARY KEY (group_row, session_key)
) STRICT, WITHOUT ROWID;

-- number counts the entries of a group without gaps, so that the oldest are found and all are counted by their ends.
CREATE TABLE history (
    group_row  INTEGER NOT NULL REFERENCES groups (id),
    number     INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    term       INTEGER NOT NULL,
    time       INTEGER NOT NULL,
    session_id TEXT,
    old_role   INTEGER,
    new_role   INTEGER,
    reason     INTEGER NOT NULL,
    detection  INTEGER,
    takeover   INTEGER,
    PRIMARY KEY (group_row, number)
) STRICT, WITHOUT ROWID;

-- Written and emptied again to find out whether a disk that was full takes more than the last scrap.
CREATE TABLE probe (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    data BLOB NOT NULL
) STRICT;
