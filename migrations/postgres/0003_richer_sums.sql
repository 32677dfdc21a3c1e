-- Weekly sums hold more than they did (beginnings and endings, pairs who never met). They are a digest of contact_measures:
-- all of them are computed anew, in the background.

INSERT INTO stale_sums (kind, name, week) SELECT kind, name, week FROM weekly_sums;
DELETE FROM weekly_sums;
