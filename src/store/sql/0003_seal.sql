-- The journal once more, each row with its hash over itself and the row before (see
-- `journal/chain.rs`), and with events, which change no record. Filled by `journal::chain::upgrade`,
-- after which it takes the place of the one before.
CREATE TABLE shapan_journal_sealed (
    revision INTEGER PRIMARY KEY,
    at       DATETIME NOT NULL,             -- UTC
    actor    TEXT     NOT NULL,
    cause    TEXT     NOT NULL CHECK (cause IN ('do', 'undo', 'redo', 'outside', 'event')),
    kind     TEXT     NOT NULL,             -- what the person meant: create, update, import, export, …
    target   INTEGER,                       -- the revision that an undo or a redo is about
    created  INTEGER  NOT NULL,
    updated  INTEGER  NOT NULL,
    deleted  INTEGER  NOT NULL,
    note     TEXT     NOT NULL,
    hash     BLOB     NOT NULL              -- SHA-256
);
