-- Inspection forms in versions, and sheets that were filled in.

CREATE TABLE inspection_forms (
    id UUID NOT NULL,                   -- our key, the same for all versions
    version BIGINT NOT NULL,           -- from 1
    title TEXT NOT NULL,                -- what it is called
    plan TEXT NOT NULL,                 -- groups and items, as JSON; never changed once published
    made_by TEXT NOT NULL,              -- account
    made_at BIGINT NOT NULL,           -- when it was last written
    published_at BIGINT,               -- filled in since; null for a draft
    retired_at BIGINT,                 -- not filled in any more since
    PRIMARY KEY (id, version)
);

CREATE TABLE inspection_sheets (
    id UUID NOT NULL PRIMARY KEY,       -- our key
    contact UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision BIGINT NOT NULL,          -- revision that was listened to
    form UUID NOT NULL,                 -- which form
    version BIGINT NOT NULL,           -- in which version
    marks TEXT NOT NULL,                -- what was given for each item, as JSON; notes are redacted
    score BIGINT NOT NULL,             -- tenths of a point of a hundred
    filled_by TEXT NOT NULL,            -- account
    filled_at BIGINT NOT NULL,         -- when
    FOREIGN KEY (form, version) REFERENCES inspection_forms (id, version)
);
CREATE INDEX inspection_sheets_by_contact ON inspection_sheets (contact, form, filled_at);
CREATE INDEX inspection_sheets_by_form ON inspection_sheets (form, filled_at);
