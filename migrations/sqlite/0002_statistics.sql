-- Numbers of single contacts, their weekly sums, incidents and coaching.

-- Numbers of one transcript that go into statistics; no words.
CREATE TABLE contact_measures (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- whose numbers
    body TEXT NOT NULL                  -- as JSON
) STRICT;

-- Weekly sums that are out of date. Rows are only added, so that two writers never wait for each other.
CREATE TABLE stale_sums (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- order of the marks
    kind TEXT NOT NULL,                 -- staff or queue
    name TEXT NOT NULL,                 -- work number, or channel/process
    week INTEGER NOT NULL               -- weeks from Monday in Beijing; week 0 holds 1970-01-01
) STRICT;
CREATE INDEX stale_sums_by_key ON stale_sums (kind, name, week);

-- Sums over the contacts of a person or a queue in a week.
CREATE TABLE weekly_sums (
    kind TEXT NOT NULL,                 -- staff or queue
    name TEXT NOT NULL,                 -- work number, or channel/process
    week INTEGER NOT NULL,              -- as in stale_sums
    contacts INTEGER NOT NULL,          -- contacts that were summed
    body TEXT NOT NULL,                 -- sums over contacts as JSON
    series TEXT NOT NULL,               -- sums over turns as JSON
    PRIMARY KEY (kind, name, week)
) STRICT;
CREATE INDEX weekly_sums_by_week ON weekly_sums (kind, week);

-- Times in which something was wrong that staff cannot help.
CREATE TABLE incidents (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    begins_at INTEGER NOT NULL,         -- first moment
    ends_at INTEGER NOT NULL,           -- first moment after it
    channel TEXT,                       -- only this touchpoint; null for all
    business_process TEXT,              -- only this process; null for all
    team TEXT,                          -- only this team; null for all
    note TEXT NOT NULL,                 -- what was wrong
    declared_by TEXT NOT NULL,          -- who says so
    declared_at INTEGER NOT NULL,       -- since when it is known here
    revoked_at INTEGER                  -- no longer counted since
) STRICT;
CREATE INDEX incidents_by_time ON incidents (begins_at);
CREATE INDEX contacts_by_customer_time ON contacts (customer, happened_at) WHERE customer IS NOT NULL;

-- Agreed coaching: whom, on what, from when.
CREATE TABLE coaching (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    staff_id TEXT NOT NULL,             -- work number
    team TEXT,                          -- of the staff member at that time
    indicator TEXT NOT NULL,            -- behaviour it is about
    note TEXT NOT NULL,                 -- agreed action
    agreed_by TEXT NOT NULL,            -- trainer
    agreed_at INTEGER NOT NULL,         -- when; contacts of the weeks after that one count as after
    ended_at INTEGER                    -- taken back since
) STRICT;
CREATE INDEX coaching_by_staff ON coaching (staff_id, agreed_at);

-- Whose results a staff account may see.
ALTER TABLE users ADD COLUMN staff_id TEXT; -- work number of a staff account
