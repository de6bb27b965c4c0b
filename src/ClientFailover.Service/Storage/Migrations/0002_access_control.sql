-- Access control lists that were set. One without a group is that of the collection of a namespace's groups, and is copied
-- to each group that is created. Entries are a JSON array.
CREATE TABLE access_lists (
    tenant_key    TEXT NOT NULL,
    namespace_key TEXT NOT NULL,
    group_key     TEXT NOT NULL,
    entries       TEXT NOT NULL,
    PRIMARY KEY (tenant_key, namespace_key, group_key)
) STRICT, WITHOUT ROWID;
