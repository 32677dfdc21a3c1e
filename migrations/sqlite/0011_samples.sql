-- Random samples that people read, and what the flags of a rule are good for.

-- Plans of the sample. A change is another version; weeks that an earlier one has drawn stay as they are.
CREATE TABLE sample_plans (
    version INTEGER NOT NULL PRIMARY KEY, -- from 1; the latest that is in force draws a week
    unit TEXT NOT NULL,                 -- what a week is drawn by: staff, team or channel
    per_week INTEGER NOT NULL,          -- contacts of each of them in a week; 0 draws none
    seed INTEGER NOT NULL,              -- names the lot
    since_week INTEGER NOT NULL,        -- first week it draws, counted as in weekly_sums
    made_by TEXT NOT NULL,              -- account or key
    made_at INTEGER NOT NULL            -- when
) STRICT;

-- Weeks that were drawn, once each.
CREATE TABLE sample_weeks (
    week INTEGER NOT NULL PRIMARY KEY,  -- counted as in weekly_sums
    version INTEGER NOT NULL REFERENCES sample_plans (version), -- the plan that drew it
    contacts INTEGER NOT NULL,          -- contacts that could be drawn
    drawn_at INTEGER NOT NULL           -- when
) STRICT;

-- Contacts that were drawn.
CREATE TABLE sample_draws (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    week INTEGER NOT NULL REFERENCES sample_weeks (week), -- of which week
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    probability REAL NOT NULL,          -- of being drawn, in (0, 1]
    place INTEGER NOT NULL,             -- order in which the week is read, from 0, by lot
    readers INTEGER NOT NULL,           -- people who are to read it: 1, or 2 who do not know of each other
    readings INTEGER NOT NULL DEFAULT 0, -- people who have
    UNIQUE (week, contact)
) STRICT;
CREATE INDEX sample_draws_by_place ON sample_draws (week, place);
CREATE INDEX sample_draws_by_contact ON sample_draws (contact);

-- What somebody says who has read a contact of the sample.
CREATE TABLE sample_readings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- order of the readings
    draw BLOB NOT NULL REFERENCES sample_draws (id) ON DELETE CASCADE, -- which draw
    place INTEGER NOT NULL,             -- 1 for the first reader, 2 for the second
    revision INTEGER NOT NULL,          -- revision of the contact that was read
    read_by TEXT NOT NULL,              -- account
    read_at INTEGER NOT NULL,           -- when the first word was said
    took_ms INTEGER,                    -- from opening the contact to it; null where nobody measured
    answer TEXT NOT NULL,               -- rules that apply or are unclear, before any flag was shown, as JSON
    raised TEXT NOT NULL,               -- rules that had raised a flag and were not named, as a JSON array
    replies TEXT NOT NULL,              -- what was said about those flags so far, as a JSON array
    done_at INTEGER,                    -- when nothing was left to be asked
    UNIQUE (draw, read_by),
    UNIQUE (draw, place)
) STRICT;

-- What the flags of a rule are good for, and since when. Rows are only added.
CREATE TABLE rule_changes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- order of the changes
    rule TEXT NOT NULL,                 -- which rule
    state TEXT NOT NULL,                -- on, hint or off
    since INTEGER NOT NULL,             -- from when; the latest that has begun counts
    note TEXT,                          -- why, redacted; null where the machine found it
    measured TEXT,                      -- what the machine found, as JSON; null where a person decided
    made_by TEXT NOT NULL,              -- account, key or system
    made_at INTEGER NOT NULL            -- when
) STRICT;
