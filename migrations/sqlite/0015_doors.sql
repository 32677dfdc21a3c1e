-- What happened that others want to hear of, to whom it is sent, and copies that need a second person.

-- What happened, without anybody's words. Written in the transaction that lets it happen, without a number; whoever
-- reads next numbers what is committed, one at a time, so that no reader is past a number that appears later.
CREATE TABLE news (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    seq INTEGER UNIQUE,                 -- place in the feed, from 1; null until somebody has numbered it
    kind TEXT NOT NULL,                 -- what happened
    contact BLOB REFERENCES contacts (id) ON DELETE CASCADE, -- about which contact; null where it is about none
    object TEXT NOT NULL,               -- key of the flag, the appeal or the case; name of an alert
    detail TEXT NOT NULL,               -- what there is to say of it, as JSON without words and names
    at INTEGER NOT NULL                 -- when it happened
) STRICT;
CREATE INDEX news_unnumbered ON news (at, id) WHERE seq IS NULL;
CREATE INDEX news_by_contact ON news (contact);
CREATE INDEX news_by_object ON news (object);

-- The last number that was given.
CREATE TABLE news_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one row
    seq INTEGER NOT NULL                -- last number of the feed
) STRICT;
INSERT INTO news_head (id, seq) VALUES (1, 0);

-- To whom news is sent.
CREATE TABLE hooks (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    name TEXT NOT NULL UNIQUE,          -- what people call it
    form TEXT NOT NULL,                 -- generic, dingtalk, wecom or feishu
    scope TEXT NOT NULL,                -- events or alerts
    url TEXT NOT NULL,                  -- where to
    secret TEXT NOT NULL,               -- what it is signed with; empty where the receiver knows none
    team TEXT,                          -- only contacts of this team; null for all
    seq INTEGER NOT NULL,               -- number of the last event that was delivered or passed over
    failures INTEGER NOT NULL DEFAULT 0, -- deliveries that failed since the last one that did not
    due_at INTEGER NOT NULL,            -- not before then is the next delivery tried
    last_error TEXT,                    -- code of the last failure, null after a delivery
    muted_until INTEGER,                -- alerts are passed over until then; null for never
    made_by TEXT NOT NULL,              -- account, or system
    made_at INTEGER NOT NULL            -- when
) STRICT;

-- How far an account has read the bell.
CREATE TABLE bells (
    account TEXT NOT NULL PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE, -- whose
    seq INTEGER NOT NULL                -- number of the last event that was seen
) STRICT;

-- Copies with words of contacts that somebody asked for, and what a second person said.
CREATE TABLE export_requests (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    kind TEXT NOT NULL,                 -- contacts or analyses
    form TEXT NOT NULL,                 -- csv, xlsx, parquet or vcon
    reason TEXT NOT NULL,               -- what for
    filter TEXT NOT NULL,               -- which contacts, as JSON
    asked_by TEXT NOT NULL,             -- account
    asked_at INTEGER NOT NULL,          -- when
    approved INTEGER,                   -- 1 approved, 0 refused, null waiting
    decided_by TEXT,                    -- the second account
    decided_at INTEGER,                 -- when
    taken_at INTEGER                    -- when it was taken, once
) STRICT;
CREATE INDEX export_requests_by_time ON export_requests (asked_at, id);
