//! Statements of the feed of events; see `sql.rs` and `news.rs`.

super::sql::statements! {
    /// Adds what happened. It has no number yet.
    ADD_NEWS = "INSERT INTO news (id, kind, contact, object, detail, at) VALUES ($1, $2, $3, $4, $5, $6)";

    /// Adds what is said once only.
    ADD_NEWS_ONCE = "INSERT INTO news (id, kind, contact, object, detail, at) \
        SELECT $1, $2, NULL, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM news WHERE object = $3)";

    /// Whether something waits for its number.
    NEWS_WAITS = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM news WHERE seq IS NULL LIMIT 1) AS waiting";

    /// The last number, held until the end of the transaction: one numbers at a time.
    TAKE_NEWS_HEAD = "UPDATE news_head SET seq = seq WHERE id = 1 RETURNING seq";

    /// Numbers some of what waits after the last number. On PostgreSQL it sees what was committed
    /// before it began, which is after the head was taken.
    NUMBER_NEWS = "UPDATE news SET seq = numbered.place FROM (SELECT waiting.id, \
        $1 + ROW_NUMBER() OVER (ORDER BY waiting.at, waiting.id) AS place FROM (SELECT n.id, n.at FROM news n \
        WHERE n.seq IS NULL ORDER BY n.at, n.id LIMIT 1000) AS waiting) AS numbered WHERE news.id = numbered.id";

    /// Remembers the last number.
    PUT_NEWS_HEAD = "UPDATE news_head SET seq = $1 WHERE id = 1";

    /// The last number.
    NEWS_HEAD = "SELECT seq FROM news_head WHERE id = 1";

    /// The feed after a number, with the contact as it is now.
    NEWS = "SELECT n.id, n.seq, n.kind, n.contact, n.object, n.detail, n.at, c.source, c.contact_id, c.channel, \
        c.team, c.staff_id, c.started_at FROM news n LEFT JOIN contacts c ON c.id = n.contact \
        WHERE n.seq > $1 AND (CAST($2 AS TEXT) IS NULL OR c.team = $2) ORDER BY n.seq LIMIT $3";

    /// What was said last about a flag.
    LAST_VERDICT = "SELECT rule, revision, utterances, verdict, objection FROM verdicts WHERE flag = $1 \
        ORDER BY id DESC LIMIT 1";
}
