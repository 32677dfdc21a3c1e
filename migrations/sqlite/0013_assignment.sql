-- Who looks at which contact, whose work it is, by which rules work is distributed, and sentences that no rule heard.

-- Contacts that somebody has open for review. It ends by itself.
CREATE TABLE review_claims (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    account TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- who looks at it
    claimed_at INTEGER NOT NULL,        -- since when
    until_at INTEGER NOT NULL           -- until when the others are told
) STRICT;
CREATE INDEX review_claims_by_account ON review_claims (account);

-- Contacts that are a reviewer's work.
CREATE TABLE review_assignments (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    account TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- whose work
    assigned_by TEXT NOT NULL,          -- account, key or system
    assigned_at INTEGER NOT NULL        -- when
) STRICT;
CREATE INDEX review_assignments_by_account ON review_assignments (account);

-- By what flagged contacts are given to reviewers. The first rule that fits a contact gives it.
CREATE TABLE distribution_rules (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    team TEXT,                          -- contacts of this team; null for all
    rule TEXT,                          -- contacts with an unjudged flag of this rule; null for any
    channel TEXT,                       -- contacts of this channel; null for all
    reviewers TEXT NOT NULL,            -- accounts that get them, as a JSON array; empty for every reviewer
    method TEXT NOT NULL,               -- load or turn
    last_given TEXT,                    -- who got the latest, for those that go in turn
    made_by TEXT NOT NULL,              -- account or key
    made_at INTEGER NOT NULL            -- when; earlier rules come first
) STRICT;

-- Reviewers who are given nothing for now.
CREATE TABLE paused_reviewers (
    account TEXT NOT NULL PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE, -- who
    paused_by TEXT NOT NULL,            -- account or key
    paused_at INTEGER NOT NULL          -- when
) STRICT;

-- Sentences of which a person says that a rule should have heard them.
CREATE TABLE sentence_marks (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision INTEGER NOT NULL,          -- revision that was listened to
    utterance INTEGER NOT NULL,         -- turn or sentence, from 0
    emotion TEXT NOT NULL,              -- what it expresses
    rule TEXT NOT NULL,                 -- what should have heard it
    draw BLOB,                          -- draw of the random sample that was being read; null outside of it
    marked_by TEXT NOT NULL,            -- account
    marked_at INTEGER NOT NULL,         -- when
    UNIQUE (contact, revision, utterance, rule, marked_by)
) STRICT;

-- One verdict for many: flags of one rule whose sentences are worded alike.
ALTER TABLE flags ADD COLUMN wording TEXT;   -- digest of the sentences pointed at, alike for near-identical ones; null without words
CREATE INDEX flags_by_wording ON flags (rule, wording, status) WHERE wording IS NOT NULL;

-- Samples of such groups. The rest of a group is judged at once only where its sample bounds the error.
CREATE TABLE acceptance_samples (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    rule TEXT NOT NULL,                 -- whose flags
    wording TEXT NOT NULL,              -- how their sentences are worded
    example TEXT NOT NULL,              -- why one of them was raised, one Chinese sentence
    team TEXT,                          -- contacts of this team; null for all
    seed INTEGER NOT NULL,              -- names the lot
    members INTEGER NOT NULL,           -- flags of the group when it was drawn
    drawn INTEGER NOT NULL,             -- flags of the sample
    drawn_by TEXT NOT NULL,             -- account
    drawn_at INTEGER NOT NULL,          -- when
    verdict TEXT,                       -- what was said of the rest; null before it was
    wrong INTEGER,                      -- flags of the sample of which something else was said
    bound REAL,                       -- upper end of the share of the rest that is wrong, at 95 %
    judged INTEGER,                     -- flags of the rest that got the verdict
    given_by TEXT,                      -- account
    given_at INTEGER                    -- when
) STRICT;

-- The flags of such a group.
CREATE TABLE acceptance_members (
    sample BLOB NOT NULL REFERENCES acceptance_samples (id) ON DELETE CASCADE, -- which group
    flag BLOB NOT NULL,                 -- which flag
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- its contact
    revision INTEGER NOT NULL,          -- revision of the contact
    utterances TEXT NOT NULL,           -- turns it pointed at, as in flags
    drawn INTEGER NOT NULL,             -- 1 for those of the sample
    PRIMARY KEY (sample, flag)
) STRICT;
CREATE INDEX acceptance_members_by_contact ON acceptance_members (contact);
ALTER TABLE verdicts ADD COLUMN bulk BLOB;    -- acceptance sample it rests on; null where a person listened
