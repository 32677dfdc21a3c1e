-- What reviewers can say beside yes and no, and how long it took them.
ALTER TABLE verdicts ADD COLUMN objection TEXT;      -- why it was rejected, of a fixed list; null where nobody said
ALTER TABLE verdicts ADD COLUMN took_ms BIGINT;    -- from opening the contact to the verdict; null where nobody measured
CREATE INDEX verdicts_by_person ON verdicts (judged_by, judged_at);
