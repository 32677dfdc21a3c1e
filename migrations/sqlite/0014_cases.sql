-- Who owes which customer an answer.

-- Cases. What a machine opened is a candidate for whoever calls back, and says nothing about whoever served.
CREATE TABLE cases (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- what it is about
    customer TEXT,                      -- pseudonym of the customer
    team TEXT,                          -- team that served the contact
    channel TEXT NOT NULL,              -- touchpoint of the contact
    business_process TEXT,              -- what the contact was about
    kind TEXT NOT NULL,                 -- callback or matter
    origin TEXT NOT NULL,               -- why it was opened
    state TEXT NOT NULL,                -- open, taken, forwarded or closed
    term TEXT NOT NULL,                 -- how long it may take: three_days, day_after_repair or promised
    opened_at INTEGER NOT NULL,         -- when
    opened_by TEXT NOT NULL,            -- account, or system
    due_at INTEGER NOT NULL,            -- when the customer should have the answer
    first_owner TEXT,                   -- account that took it first and stays responsible
    owner TEXT,                         -- account that has it now
    department TEXT,                    -- department that was asked last
    forwarded_at INTEGER,               -- when a department was asked first
    bounces INTEGER NOT NULL,           -- how often it went on to another department
    cause TEXT,                         -- why the customer was not helped at once, as whoever closed it sees it
    outcome TEXT,                       -- what became of it
    satisfaction INTEGER,               -- what the customer says afterwards, 1 to 5
    closed_at INTEGER,                  -- when
    closed_by TEXT,                     -- account
    reopened INTEGER NOT NULL,          -- how often it was opened again
    came_back_at INTEGER,               -- when the customer came back after it was closed and said that nothing is settled
    came_back BLOB REFERENCES contacts (id) ON DELETE SET NULL -- with which contact
) STRICT;
CREATE INDEX cases_by_time ON cases (opened_at, id);
CREATE INDEX cases_by_due ON cases (state, due_at, id);
CREATE INDEX cases_by_contact ON cases (contact);
CREATE INDEX cases_by_customer ON cases (customer, opened_at) WHERE customer IS NOT NULL;
CREATE INDEX cases_by_return ON cases (came_back) WHERE came_back IS NOT NULL;

-- What was done with a case, oldest first.
CREATE TABLE case_steps (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    case_id BLOB NOT NULL REFERENCES cases (id) ON DELETE CASCADE, -- which case
    at INTEGER NOT NULL,                -- when
    by_whom TEXT NOT NULL,              -- account, or system
    act TEXT NOT NULL,                  -- what
    to_whom TEXT,                       -- account or department
    contact BLOB REFERENCES contacts (id) ON DELETE SET NULL, -- contact with which the customer came back
    note TEXT                           -- in words, redacted; null when the words are gone
) STRICT;
CREATE INDEX case_steps_by_case ON case_steps (case_id, at, id);
CREATE INDEX case_steps_by_contact ON case_steps (contact) WHERE contact IS NOT NULL;

-- Analysed contacts that ask for a case, until somebody has looked at them.
CREATE TABLE case_leads (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    promised INTEGER NOT NULL,          -- whether staff promised to come back
    promised_hours INTEGER,             -- within how many hours
    unsettled INTEGER NOT NULL          -- whether the customer says that an earlier matter is not settled
) STRICT;

-- How customers sounded, for the page of today: read for a week of contacts at once, where the numbers of each would be
-- too many to read. Null for notes, for contacts without enough to read, and for those that an earlier release analysed.
ALTER TABLE contacts ADD COLUMN mood INTEGER; -- mean valence of the customer in thousandths, −1000 to 1000
