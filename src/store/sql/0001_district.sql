-- Never edit a migration that has been released: add the next one.
-- The layer tables are not here: they are made from the table of fields (see `schema.rs`).

PRAGMA application_id = 0x47504B47; -- 'GPKG', GeoPackage 1.2 and later
PRAGMA user_version = 10400;        -- GeoPackage 1.4

CREATE TABLE gpkg_spatial_ref_sys (
    srs_name                 TEXT    NOT NULL,
    srs_id                   INTEGER NOT NULL PRIMARY KEY,
    organization             TEXT    NOT NULL,
    organization_coordsys_id INTEGER NOT NULL,
    definition               TEXT    NOT NULL,
    description              TEXT
);

CREATE TABLE gpkg_contents (
    table_name  TEXT NOT NULL PRIMARY KEY,
    data_type   TEXT NOT NULL,
    identifier  TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
    srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_geometry_columns (
    table_name         TEXT    NOT NULL,
    column_name        TEXT    NOT NULL,
    geometry_type_name TEXT    NOT NULL,
    srs_id             INTEGER NOT NULL,
    z                  TINYINT NOT NULL,
    m                  TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_extensions (
    table_name     TEXT,
    column_name    TEXT,
    extension_name TEXT NOT NULL,
    definition     TEXT NOT NULL,
    scope          TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);

INSERT INTO gpkg_spatial_ref_sys VALUES
    ('WGS 84 geodetic', 4326, 'EPSG', 4326,
     'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]',
     'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid'),
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');

-- What kind of file this is and of which version: read before anything else.
CREATE TABLE shapan_meta (
    id    INTEGER PRIMARY KEY,
    key   TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
);

-- One row an edit. History is never deleted: taking an edit back is one more row.
CREATE TABLE shapan_journal (
    revision INTEGER PRIMARY KEY,
    at       DATETIME NOT NULL,             -- UTC
    actor    TEXT     NOT NULL,
    cause    TEXT     NOT NULL CHECK (cause IN ('do', 'undo', 'redo', 'outside')),
    kind     TEXT     NOT NULL,             -- what the person meant: create, update, import, …
    target   INTEGER,                       -- the revision that an undo or a redo is about
    created  INTEGER  NOT NULL,
    updated  INTEGER  NOT NULL,
    deleted  INTEGER  NOT NULL,
    note     TEXT     NOT NULL
);

-- The changes of an edit, both sides, packed in parts (see `journal/codec.rs`). An undo has none
-- of its own: it is the swap of its target.
CREATE TABLE shapan_change (
    id       INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES shapan_journal (revision),
    part     INTEGER NOT NULL,
    body     BLOB    NOT NULL
);
CREATE UNIQUE INDEX shapan_change_part ON shapan_change (revision, part);

-- Holds a row only inside a transaction of ours: the triggers that notice other programs' changes
-- look here to know who writes.
CREATE TABLE shapan_writer (
    id INTEGER PRIMARY KEY
);

-- The journal can be read in QGIS; the other tables are the inside of our extension, and programs
-- that do not know it do not list them.
INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
    ('shapan_journal', 'attributes', 'shapan_journal', '历史 Journal: every edit, who and when');
INSERT INTO gpkg_extensions VALUES
    ('shapan_meta', NULL, 'shapan_district', 'urn:shapan:district:1', 'read-write'),
    ('shapan_change', NULL, 'shapan_district', 'urn:shapan:district:1', 'read-write'),
    ('shapan_writer', NULL, 'shapan_district', 'urn:shapan:district:1', 'read-write');
