//! Statements of the page of today; see `sql.rs`. They count: no row is about one contact or one person.

/// Contacts of a time, of one team or of all.
macro_rules! within {
    ($table:literal) => {
        concat!(
            $table,
            ".happened_at >= $1 AND ",
            $table,
            ".happened_at < $2 AND (CAST($3 AS TEXT) IS NULL OR ",
            $table,
            ".team = $3)"
        )
    };
}

super::sql::statements! {
    /// How customers sounded, hour by hour as Beijing counts them since 1970.
    MOOD_BY_HOUR = concat!("SELECT (c.happened_at + 28800000) / 3600000 AS hour_at, COUNT(*) AS contacts, \
        CAST(SUM(c.mood) AS BIGINT) AS total, CAST(SUM(c.mood * c.mood) AS BIGINT) AS squares FROM contacts c WHERE ",
        within!("c"), " AND c.mood IS NOT NULL GROUP BY hour_at ORDER BY hour_at");

    /// Analysed contacts by channel and team, those since a moment apart.
    DAY_GROUPS = concat!("SELECT c.channel, c.team, \
        CAST(CASE WHEN c.happened_at >= $4 THEN 1 ELSE 0 END AS BIGINT) AS since, COUNT(*) AS contacts, \
        COUNT(c.mood) AS heard, CAST(COALESCE(SUM(c.mood), 0) AS BIGINT) AS total, \
        CAST(COALESCE(SUM(c.mood * c.mood), 0) AS BIGINT) AS squares FROM contacts c WHERE ", within!("c"),
        " AND c.state = 'analysed' GROUP BY c.channel, c.team, since");

    /// Contacts with a flag that nobody rejected, by rule, channel and team, those since a moment apart.
    DAY_FLAGS = concat!("SELECT f.rule, f.channel, f.team, \
        CAST(CASE WHEN f.happened_at >= $4 THEN 1 ELSE 0 END AS BIGINT) AS since, \
        COUNT(DISTINCT f.contact) AS contacts FROM flags f WHERE ", within!("f"),
        " AND f.status <> 'rejected' GROUP BY f.rule, f.channel, f.team, since");
}
