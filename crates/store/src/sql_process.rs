//! Statements about the work that people have before them; see `sql.rs`. They count: no row is about one contact or one person.

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
}
