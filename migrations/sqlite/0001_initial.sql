-- Contacts, jobs, analyses, flags, accounts and the audit log.
-- Times are milliseconds since 1970-01-01T00:00:00Z. Keys are UUIDs of 16 bytes; a contact's key is of
-- version 7, so new rows append to their index. Every text is redacted before it comes here.

-- One row per contact, without its text: lists read nothing else.
CREATE TABLE contacts (
    id BLOB NOT NULL PRIMARY KEY,       -- our key, stable over revisions
    source TEXT NOT NULL,               -- system it came from
    contact_id TEXT NOT NULL,           -- its id there
    revision INTEGER NOT NULL,          -- latest revision, from 1
    digest TEXT NOT NULL,               -- HMAC-SHA-256 of the content as it came in, hexadecimal
    kind TEXT NOT NULL,                 -- transcript or note
    channel TEXT NOT NULL,              -- touchpoint
    business_process TEXT,              -- what it was about
    staff_id TEXT,                      -- work number
    team TEXT,                          -- team at the time of the contact
    customer TEXT,                      -- pseudonym, never an id
    started_at INTEGER,                 -- when it began, if the source says
    happened_at INTEGER NOT NULL,       -- started_at, else received_at: the order of every list
    received_at INTEGER NOT NULL,       -- when its first revision came in
    state TEXT NOT NULL,                -- queued, analysed or quarantined
    utterances INTEGER NOT NULL,        -- number of turns or sentences
    flags INTEGER NOT NULL,             -- number of flags of the current analysis
    UNIQUE (contact_id, source)         -- in this order, it also finds an id whose source is not known
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_by_time ON contacts (happened_at, id);
CREATE INDEX contacts_by_channel ON contacts (channel, happened_at, id);
CREATE INDEX contacts_by_team ON contacts (team, happened_at, id);
CREATE INDEX contacts_by_staff ON contacts (staff_id, happened_at, id);
CREATE INDEX contacts_by_state ON contacts (state, happened_at, id);
CREATE INDEX contacts_by_source ON contacts (source, happened_at, id);
CREATE INDEX contacts_by_customer ON contacts (customer) WHERE customer IS NOT NULL;

-- The text of a contact, apart from its row so that lists stay small.
CREATE TABLE contact_bodies (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- whose text
    body TEXT NOT NULL                  -- the redacted contact of the latest revision as JSON
) STRICT;

-- Work that waits, at most one job per contact. A finished job is deleted.
CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never used twice: it is part of a ticket
    contact BLOB NOT NULL UNIQUE REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision INTEGER NOT NULL,          -- the revision to be analysed
    rescoring INTEGER NOT NULL DEFAULT 0, -- 1 when an analysis of that revision is there already
    queued_at INTEGER NOT NULL,         -- since when it waits
    due_at INTEGER NOT NULL,            -- may be claimed from then on; while leased, the end of the lease
    leased INTEGER NOT NULL DEFAULT 0,  -- 1 while a worker holds it
    attempts INTEGER NOT NULL DEFAULT 0, -- number of claims: the fence against overtaken workers
    strikes INTEGER NOT NULL DEFAULT 0, -- claims that did not end well; five lead to quarantine
    quarantined_at INTEGER,             -- when it was set aside
    reason TEXT                         -- code of the last failure, never a text of the contact
) STRICT;
CREATE INDEX jobs_fresh ON jobs (rescoring, due_at, id) WHERE quarantined_at IS NULL AND strikes = 0;
CREATE INDEX jobs_struck ON jobs (due_at, id) WHERE quarantined_at IS NULL AND strikes > 0;
CREATE INDEX jobs_oldest ON jobs (rescoring, queued_at) WHERE quarantined_at IS NULL;
CREATE INDEX jobs_quarantined ON jobs (quarantined_at) WHERE quarantined_at IS NOT NULL;

-- Answers. Those of earlier engines and revisions stay, marked as superseded.
CREATE TABLE analyses (
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision INTEGER NOT NULL,          -- the revision that was analysed
    engine TEXT NOT NULL,               -- fingerprint of what produced it
    created_at INTEGER NOT NULL,        -- when it was stored
    superseded_at INTEGER,              -- null for the current analysis of the contact
    curve TEXT NOT NULL,                -- valence of the scored customer turns as a JSON array
    body TEXT NOT NULL,                 -- tingxin.analysis.v1
    PRIMARY KEY (contact, revision, engine)
) STRICT;
CREATE UNIQUE INDEX analyses_current ON analyses (contact) WHERE superseded_at IS NULL;

-- Flags of current analyses, with what the queue and the lists filter by.
CREATE TABLE flags (
    id BLOB NOT NULL PRIMARY KEY,       -- derived from contact, rule and place: stable over re-scoring
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    rule TEXT NOT NULL,                 -- what raised it
    severity TEXT NOT NULL,             -- how urgent
    status TEXT NOT NULL,               -- what people said
    probability REAL NOT NULL,          -- in [0, 1]
    utterances TEXT NOT NULL,           -- turns to look at, as a JSON array
    reason TEXT NOT NULL,               -- one Chinese sentence
    channel TEXT NOT NULL,              -- of the contact
    team TEXT,                          -- of the contact
    happened_at INTEGER NOT NULL,       -- of the contact
    priority INTEGER NOT NULL           -- of the contact: highest severity and probability of its flags
) STRICT, WITHOUT ROWID;
CREATE INDEX flags_by_contact ON flags (contact);
CREATE INDEX flags_by_time ON flags (happened_at, id);
CREATE INDEX flags_by_rule_time ON flags (rule, happened_at, id);
CREATE INDEX flags_by_team_time ON flags (team, happened_at, id);
CREATE INDEX flags_by_priority ON flags (priority, contact);
CREATE INDEX flags_by_rule_priority ON flags (rule, priority, contact);
CREATE INDEX flags_by_team_priority ON flags (team, priority, contact);

-- People.
CREATE TABLE users (
    name TEXT NOT NULL PRIMARY KEY,     -- login name
    role TEXT NOT NULL,                 -- what the person may do
    team TEXT,                          -- limits what the person sees; null sees all
    disabled INTEGER NOT NULL,          -- 1 when the person may not log in
    password_hash TEXT NOT NULL,        -- PHC string
    created_at INTEGER NOT NULL         -- since when
) STRICT;

-- Console sessions.
CREATE TABLE sessions (
    token_sha256 TEXT NOT NULL PRIMARY KEY, -- of the token in the cookie, hexadecimal
    csrf TEXT NOT NULL,                 -- secret that forms repeat
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- whose
    created_at INTEGER NOT NULL,        -- since when
    expires_at INTEGER NOT NULL         -- until when
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_name);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Keys of programs.
CREATE TABLE api_keys (
    name TEXT NOT NULL PRIMARY KEY,     -- what it is for
    secret_sha256 TEXT NOT NULL UNIQUE, -- of the secret, hexadecimal
    prefix TEXT NOT NULL,               -- first characters of the secret
    role TEXT NOT NULL,                 -- what the program may do
    team TEXT,                          -- limits what it sees
    created_at INTEGER NOT NULL,        -- since when
    expires_at INTEGER,                 -- until when
    revoked_at INTEGER                  -- no longer accepted since
) STRICT;

-- Answers to requests that carried an idempotency key.
CREATE TABLE idempotency_keys (
    caller TEXT NOT NULL,               -- whose key it is
    idempotency_key TEXT NOT NULL,      -- as sent
    body_sha256 TEXT NOT NULL,          -- of the first request's body, hexadecimal
    reserved_at INTEGER NOT NULL,       -- when the first request came
    expires_at INTEGER NOT NULL,        -- free again from then on
    status INTEGER,                     -- HTTP status of the answer; null while in flight
    answer TEXT,                        -- its body
    PRIMARY KEY (caller, idempotency_key)
) STRICT;
CREATE INDEX idempotency_keys_by_end ON idempotency_keys (expires_at);

-- Who did what to what. Only ever appended to.
CREATE TABLE audit_log (
    seq INTEGER NOT NULL PRIMARY KEY,   -- position, from 1 without gaps
    at INTEGER NOT NULL,                -- when
    actor TEXT NOT NULL,                -- who
    role TEXT,                          -- in which role
    action TEXT NOT NULL,               -- what was done
    object TEXT NOT NULL,               -- to what
    result TEXT NOT NULL,               -- ok or refused
    chain TEXT NOT NULL                 -- SHA-256 over this entry and the chain before it, hexadecimal
) STRICT;

-- The end of the audit log: one row whose lock makes writers take turns.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY,    -- always 1
    seq INTEGER NOT NULL,               -- position of the last entry
    chain TEXT NOT NULL                 -- its chain value
) STRICT;
INSERT INTO audit_head (id, seq, chain) VALUES (1, 0, '');

-- Single values: fingerprint of the pseudonym key, hash of the set-up token.
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,     -- which value
    value TEXT NOT NULL                 -- the value
) STRICT;

-- One row that the readiness check writes.
CREATE TABLE probe (
    id INTEGER NOT NULL PRIMARY KEY,    -- always 1
    at INTEGER NOT NULL                 -- when it was last written
) STRICT;
