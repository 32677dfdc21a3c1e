-- Facts instead of sentences: what a rule found, so that the sentence can be told in any language. `reason` is still written,
-- because the release before reads it; rows without facts keep their sentence.
ALTER TABLE flags ADD COLUMN facts TEXT; -- what the rule found, as JSON; null in rows of the release before
