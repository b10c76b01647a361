-- Photos and papers, kept in the file itself. A row is never changed or deleted: a record names it
-- in its field `attachments`, and an undo may name it again.
CREATE TABLE shapan_attachment (
    id       INTEGER PRIMARY KEY,
    name     TEXT     NOT NULL UNIQUE,      -- with its ending, which says what it is
    added_at DATETIME NOT NULL,             -- UTC
    added_by TEXT     NOT NULL,
    content  BLOB     NOT NULL
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
    ('shapan_attachment', 'attributes', 'shapan_attachment', '附件 Attachments: photos and papers of records');
