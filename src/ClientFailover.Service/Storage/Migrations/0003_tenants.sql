-- Tenants and their namespaces. Limits that are NULL are those of the service's settings.
CREATE TABLE tenants (
    tenant_key  TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    name        TEXT,
    description TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE namespaces (
    tenant_key          TEXT NOT NULL REFERENCES tenants (tenant_key),
    namespace_key       TEXT NOT NULL,
    namespace           TEXT NOT NULL,
    name                TEXT,
    description         TEXT,
    maximum_groups      INTEGER,
    maximum_sessions    INTEGER,
    requests_per_second INTEGER,
    PRIMARY KEY (tenant_key, namespace_key)
) STRICT, WITHOUT ROWID;

-- Those of the routes that name none. They always exist.
INSERT INTO tenants (tenant_key, tenant) VALUES ('DEFAULT', 'default');
INSERT INTO namespaces (tenant_key, namespace_key, namespace) VALUES ('DEFAULT', 'DEFAULT', 'default');
