-- Inspection forms in versions, and sheets that were filled in.

CREATE TABLE inspection_forms (
    id BLOB NOT NULL,                   -- our key, the same for all versions
    version INTEGER NOT NULL,           -- from 1
    title TEXT NOT NULL,                -- what it is called
    plan TEXT NOT NULL,                 -- groups and items, as JSON; never changed once published
    made_by TEXT NOT NULL,              -- account
    made_at INTEGER NOT NULL,           -- when it was last written
    published_at INTEGER,               -- filled in since; null for a draft
    retired_at INTEGER,                 -- not filled in any more since
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE inspection_sheets (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision INTEGER NOT NULL,          -- revision that was listened to
    form BLOB NOT NULL,                 -- which form
    version INTEGER NOT NULL,           -- in which version
    marks TEXT NOT NULL,                -- what was given for each item, as JSON; notes are redacted
    score INTEGER NOT NULL,             -- tenths of a point of a hundred
    filled_by TEXT NOT NULL,            -- account
    filled_at INTEGER NOT NULL,         -- when
    FOREIGN KEY (form, version) REFERENCES inspection_forms (id, version)
) STRICT;
CREATE INDEX inspection_sheets_by_contact ON inspection_sheets (contact, form, filled_at);
CREATE INDEX inspection_sheets_by_form ON inspection_sheets (form, filled_at);
