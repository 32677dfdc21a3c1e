-- Calibration sessions: several reviewers and an expert read the same contacts, none knowing what the others say. Thresholds of
-- rules that people change.

-- Sessions.
CREATE TABLE calibrations (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    title TEXT NOT NULL,                -- what it is called, redacted
    expert TEXT NOT NULL,               -- account whose reading the others are compared with
    team TEXT,                          -- whose contacts are read; null for those of all teams
    made_by TEXT NOT NULL,              -- account
    made_at INTEGER NOT NULL,           -- when
    closed_at INTEGER                   -- nothing more is read since; null while it is open
) STRICT;

-- Who is invited, the expert among them.
CREATE TABLE calibration_readers (
    calibration BLOB NOT NULL REFERENCES calibrations (id) ON DELETE CASCADE, -- to which session
    reader TEXT NOT NULL,               -- account
    PRIMARY KEY (calibration, reader)
) STRICT;

-- Contacts of a session.
CREATE TABLE calibration_items (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    calibration BLOB NOT NULL REFERENCES calibrations (id) ON DELETE CASCADE, -- of which session
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    place INTEGER NOT NULL,             -- order in which they are read, from 0
    UNIQUE (calibration, contact)
) STRICT;
CREATE INDEX calibration_items_by_contact ON calibration_items (contact);

-- What somebody says; stays out of every rate and mean.
CREATE TABLE calibration_readings (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    item BLOB NOT NULL REFERENCES calibration_items (id) ON DELETE CASCADE, -- about which contact
    revision INTEGER NOT NULL,          -- revision of the contact that was read
    read_by TEXT NOT NULL,              -- account
    read_at INTEGER NOT NULL,           -- when
    answer TEXT NOT NULL,               -- rules that apply or are unclear, before any flag was shown, as JSON
    UNIQUE (item, read_by)
) STRICT;

-- From which score the rule raises a flag, where a change is about that and not about its state.
ALTER TABLE rule_changes ADD COLUMN threshold REAL;
-- What the change made of the archive when it was decided, as JSON.
ALTER TABLE rule_changes ADD COLUMN replay TEXT;
