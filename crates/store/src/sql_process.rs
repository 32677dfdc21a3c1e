//! Statements about the work that people have before them; see `sql.rs`. They count: no row is about one contact or one person.

/// Contacts of a source and channel that came in within the hour that ended so many milliseconds before `$1`.
macro_rules! in_hour_before {
    ($millis:literal) => {
        concat!(
            "(SELECT COUNT(*) FROM contacts c WHERE c.source = p.source AND c.channel = p.channel \
             AND c.received_at >= CAST($1 AS BIGINT) - ",
            $millis,
            " - 3600000 AND c.received_at < CAST($1 AS BIGINT) - ",
            $millis,
            ")"
        )
    };
}

super::sql::statements! {
    /// Flags that nobody has judged.
    FLAGS_WAITING = "SELECT COUNT(*), MIN(happened_at) FROM flags WHERE status = 'candidate'";

    /// Contacts of the sample that wait for a reader.
    SAMPLE_WAITING = "SELECT COUNT(*), MIN(c.happened_at) FROM sample_draws d JOIN contacts c ON c.id = d.contact \
        WHERE d.readings < d.readers AND c.words_gone_at IS NULL";

    /// Agreements that are not done, and those of them whose date is over.
    COACHING_WAITING = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) FROM coaching \
        WHERE done_at IS NULL AND ended_at IS NULL";

    /// Verdicts since a moment.
    VERDICTS_SINCE = "SELECT rule, verdict, COUNT(*) FROM verdicts WHERE judged_at >= $1 GROUP BY rule, verdict";

    /// Pairs of source and channel with their first and last receipt, and how many contacts came in within the last hour and
    /// within the same hour of one to four weeks ago. The pairs are found by leaps through the index: reading all contacts
    /// to know which sources there are would take seconds.
    SENDERS = concat!("WITH RECURSIVE senders (source) AS (SELECT MIN(source) FROM contacts \
        UNION ALL SELECT (SELECT MIN(c.source) FROM contacts c WHERE c.source > s.source) FROM senders s \
        WHERE s.source IS NOT NULL), pairs (source, channel) AS (SELECT s.source, \
        (SELECT MIN(c.channel) FROM contacts c WHERE c.source = s.source) FROM senders s WHERE s.source IS NOT NULL \
        UNION ALL SELECT p.source, (SELECT MIN(c.channel) FROM contacts c WHERE c.source = p.source \
        AND c.channel > p.channel) FROM pairs p WHERE p.channel IS NOT NULL) SELECT p.source, p.channel, \
        (SELECT MIN(c.received_at) FROM contacts c WHERE c.source = p.source AND c.channel = p.channel) AS first_at, \
        (SELECT MAX(c.received_at) FROM contacts c WHERE c.source = p.source AND c.channel = p.channel) AS last_at, ",
        in_hour_before!("0"), " AS hour, ", in_hour_before!("604800000"), " AS week1, ",
        in_hour_before!("1209600000"), " AS week2, ", in_hour_before!("1814400000"), " AS week3, ",
        in_hour_before!("2419200000"), " AS week4 FROM pairs p WHERE p.channel IS NOT NULL LIMIT $2");

    /// What was read of the customers in the latest transcripts of a channel, and by which engine.
    CURVES_OF_LATE = "SELECT a.engine, a.curve FROM (SELECT id FROM contacts WHERE channel = $1 AND happened_at >= $2 \
        AND happened_at <= $3 AND state = 'analysed' AND kind = 'transcript' ORDER BY happened_at DESC, id DESC LIMIT $4) c \
        JOIN analyses a ON a.contact = c.id AND a.superseded_at IS NULL";
}
