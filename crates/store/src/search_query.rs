//! The statements of a search, put together from pieces that are written here or in `sql_search.rs`; values are only ever bound.

use super::Cursor;
use super::index::place_of;
use super::list::Value;
use super::search_asked::{COUNT_TO, ContactSearch, ContactSort, SurveyAsked};
use super::search_words::{Dialect, IndexMark, index_query};
use super::sql_search as sql;
use tingxin_text::domain::{
    BusinessProcess, Channel, ContactId, ContactState, FlagStatus, Rule, Severity, SourceId, StaffId, TeamId,
    UtcMillis,
};

/// A statement in pieces: its text, and the values that are bound between them.
#[derive(Debug, Clone)]
pub(super) enum SqlPiece {
    Sql(&'static str),
    Bind(Value),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Statement {
    pub(super) pieces: Vec<SqlPiece>,
    narrowed: bool,
}

impl Statement {
    fn of(start: &'static str) -> Self {
        Self { pieces: vec![SqlPiece::Sql(start)], narrowed: false }
    }

    fn push(&mut self, sql: &'static str) -> &mut Self {
        self.pieces.push(SqlPiece::Sql(sql));
        self
    }

    fn text(&mut self, value: impl Into<String>) -> &mut Self {
        self.pieces.push(SqlPiece::Bind(Value::Text(value.into())));
        self
    }

    fn number(&mut self, value: i64) -> &mut Self {
        self.pieces.push(SqlPiece::Bind(Value::Number(value)));
        self
    }

    /// One more condition.
    fn and(&mut self, sql: &'static str) -> &mut Self {
        let joint = if self.narrowed { " AND " } else { " WHERE " };
        self.narrowed = true;
        self.push(joint).push(sql)
    }

    fn and_text(&mut self, sql: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.and(sql).text(value);
        }
    }

    fn and_number(&mut self, sql: &'static str, value: Option<i64>) {
        if let Some(value) = value {
            self.and(sql).number(value);
        }
    }
}

impl ContactSearch {
    fn sort(&self) -> ContactSort {
        self.sort.unwrap_or(ContactSort::Newest)
    }

    fn marks(&self) -> impl Iterator<Item = (IndexMark, &str)> {
        let own = &self.contact;
        [
            own.channel.map(|channel| (IndexMark::Channel, channel.as_str())),
            own.team.as_ref().map(|team| (IndexMark::Team, team.as_str())),
            own.staff.as_ref().map(|staff| (IndexMark::Staff, staff.as_str())),
            self.process.as_ref().map(|process| (IndexMark::Process, process.as_str())),
            self.rule.map(|rule| (IndexMark::Rule, rule.as_str())),
        ]
        .into_iter()
        .flatten()
    }

    /// The query of the index. It is asked for words and for rules; other filters have indexes of their own.
    fn index(&self, dialect: Dialect) -> Option<String> {
        (self.words.is_some() || self.rule.is_some())
            .then(|| index_query(dialect, self.words.as_ref(), self.marks()))
            .flatten()
    }

    /// Whether the index alone tells which contacts are found.
    fn is_found_by_index(&self) -> bool {
        let own = &self.contact;
        let whole = |at: Option<UtcMillis>| at.is_none_or(|at| at.as_millis().rem_euclid(1000) == 0);
        own.source.is_none()
            && own.contact_id.is_none()
            && own.state.is_none()
            && whole(own.since)
            && whole(own.until)
            && self.severity.is_none()
            && self.status.is_none()
            && self.judged_by.is_none()
            && self.survey.is_none()
            && self.dissatisfied.is_none()
    }

    /// What the index is asked, and in which part of time.
    fn narrow_by_index(&self, statement: &mut Statement, dialect: Dialect, asked: String) {
        match dialect {
            Dialect::Fts5 => statement.and("w.contact_words MATCH ").text(asked),
            Dialect::Vector => statement.and("s.words @@ CAST(").text(asked).push(" AS tsquery)"),
        };
        let (from, to) = match dialect {
            Dialect::Fts5 => ("w.rowid >= ", "w.rowid < "),
            Dialect::Vector => ("s.place >= ", "s.place < "),
        };
        statement.and_number(from, self.contact.since.map(place_of));
        // The second in which it ends belongs to it: the exact time is compared with the contact.
        let end = self.contact.until.map(|until| place_of(until.plus_millis(999)));
        statement.and_number(to, end);
    }

    fn narrow_by_contact(&self, statement: &mut Statement) {
        let own = &self.contact;
        statement.and_text("c.channel = ", own.channel.map(Channel::as_str));
        statement.and_text("c.source = ", own.source.as_ref().map(SourceId::as_str));
        statement.and_text("c.contact_id = ", own.contact_id.as_ref().map(ContactId::as_str));
        statement.and_text("c.team = ", own.team.as_ref().map(TeamId::as_str));
        statement.and_text("c.staff_id = ", own.staff.as_ref().map(StaffId::as_str));
        statement.and_text("c.business_process = ", self.process.as_ref().map(BusinessProcess::as_str));
        statement.and_text("c.state = ", own.state.map(ContactState::as_str));
        statement.and_number("c.happened_at >= ", own.since.map(UtcMillis::as_millis));
        statement.and_number("c.happened_at < ", own.until.map(UtcMillis::as_millis));
        match self.survey {
            None => {}
            Some(SurveyAsked::Answered) => {
                statement.and("c.survey IS NOT NULL");
            }
            Some(SurveyAsked::AtMost(of_five)) => {
                statement.and("c.survey <= ").number(i64::from(of_five) * 200);
            }
        }
        if self.sort() == ContactSort::Dissatisfied {
            statement.and("c.dissatisfied IS NOT NULL");
        }
        statement.and_number("c.dissatisfied >= ", self.dissatisfied.map(i64::from));
        if let Some(name) = &self.judged_by {
            statement
                .and("c.id IN (SELECT v.contact FROM verdicts v WHERE v.judged_by = ")
                .text(name.as_str())
                .push(" AND v.verdict <> 'candidate')");
        }
        self.narrow_by_flag(statement);
    }

    fn narrow_by_flag(&self, statement: &mut Statement) {
        if self.severity.is_none() && self.status.is_none() && self.rule.is_none() {
            return;
        }
        // Few flags have been judged: their contacts are found first. Most are candidates: they are looked for at each contact.
        let judged = self.status.is_some_and(|status| status != FlagStatus::Candidate);
        statement.and(if judged {
            "c.id IN (SELECT f.contact FROM flags f WHERE "
        } else {
            "EXISTS (SELECT 1 FROM flags f WHERE f.contact = c.id AND "
        });
        // Looked for at a contact, a flag must be found by its contact: SQLite would rather walk all flags of a rule, so the
        // columns are hidden from its indexes.
        let [rule, severity, status] = if judged {
            ["f.rule = ", "f.severity = ", "f.status = "]
        } else {
            ["COALESCE(f.rule, '') = ", "COALESCE(f.severity, '') = ", "COALESCE(f.status, '') = "]
        };
        let parts = [
            (rule, self.rule.map(Rule::as_str)),
            (severity, self.severity.map(Severity::as_str)),
            (status, self.status.map(FlagStatus::as_str)),
        ];
        let mut joint = "";
        for (sql, value) in parts {
            if let Some(value) = value {
                statement.push(joint).push(sql).text(value);
                joint = " AND ";
            }
        }
        statement.push(")");
    }

    /// The least satisfied of those that the index finds.
    fn ranked(&self, dialect: Dialect, asked: String, after: Option<&Cursor>, limit: u32) -> Statement {
        let mut statement = Statement::of(sql::RANKED);
        statement.push(match dialect {
            Dialect::Fts5 => sql::RANKED_SQLITE,
            Dialect::Vector => sql::RANKED_POSTGRES,
        });
        self.narrow_by_index(&mut statement, dialect, asked);
        statement.and("s.dissatisfied IS NOT NULL");
        if let Some(Cursor { sort, id }) = after {
            statement.and("(s.dissatisfied, s.contact) < (").number(*sort).push(", ");
            statement.pieces.push(SqlPiece::Bind(Value::Key(*id)));
            statement.push(")");
        }
        statement.push(" ORDER BY s.dissatisfied DESC, s.contact DESC LIMIT ").number(i64::from(limit) + 1);
        statement.push(sql::RANKED_END);
        statement
    }

    /// The list from a place on, with one row more than asked for.
    pub(super) fn list(&self, dialect: Dialect, after: Option<&Cursor>, limit: u32) -> Statement {
        let by_dissatisfied = self.sort() == ContactSort::Dissatisfied;
        let asked = match self.index(dialect) {
            Some(asked) if by_dissatisfied && self.is_found_by_index() => {
                return self.ranked(dialect, asked, after, limit);
            }
            asked => asked,
        };
        let mut statement = Statement::of(match (&asked, dialect, by_dissatisfied) {
            (None, _, false) => sql::BY_TIME,
            (None, _, true) => sql::BY_DISSATISFIED,
            (Some(_), Dialect::Fts5, false) => sql::INDEXED_SQLITE,
            (Some(_), Dialect::Fts5, true) => sql::INDEXED_BY_DISSATISFIED_SQLITE,
            (Some(_), Dialect::Vector, false) => sql::INDEXED_POSTGRES,
            (Some(_), Dialect::Vector, true) => sql::INDEXED_BY_DISSATISFIED_POSTGRES,
        });
        let indexed = asked.is_some();
        if let Some(asked) = asked {
            self.narrow_by_index(&mut statement, dialect, asked);
        }
        self.narrow_by_contact(&mut statement);
        let order = ListOrder::of(indexed, dialect, self.sort());
        if let Some(Cursor { sort, id }) = after {
            statement.and(order.from).number(*sort);
            if let Some(tie) = order.tie {
                statement.push(tie).pieces.push(SqlPiece::Bind(Value::Key(*id)));
                statement.push(")");
            }
        }
        statement.push(order.by).push(" LIMIT ").number(i64::from(limit) + 1);
        statement
    }

    pub(super) fn count(&self, dialect: Dialect) -> Statement {
        let asked = self.index(dialect);
        let alone = self.is_found_by_index();
        let ranked = self.sort() == ContactSort::Dissatisfied;
        let mut statement = Statement::of(match (&asked, dialect, alone) {
            (None, ..) => sql::COUNT,
            (Some(_), Dialect::Fts5, true) if ranked => sql::COUNT_PLACED_SQLITE,
            (Some(_), Dialect::Fts5, true) => sql::COUNT_WORDS_SQLITE,
            (Some(_), Dialect::Fts5, false) => sql::COUNT_INDEXED_SQLITE,
            (Some(_), Dialect::Vector, true) => sql::COUNT_WORDS_POSTGRES,
            (Some(_), Dialect::Vector, false) => sql::COUNT_INDEXED_POSTGRES,
        });
        let by_index = asked.is_some() && alone;
        if by_index && ranked {
            statement.and("s.dissatisfied IS NOT NULL");
        }
        if let Some(asked) = asked {
            self.narrow_by_index(&mut statement, dialect, asked);
        }
        if !by_index {
            self.narrow_by_contact(&mut statement);
        }
        statement.push(" LIMIT ").number(COUNT_TO).push(") AS counted");
        statement
    }
}

/// How a list is sorted, and how it goes on after a row.
struct ListOrder {
    by: &'static str,
    /// What the sort value of the last row is compared with.
    from: &'static str,
    /// What comes before its key; `None` where no two rows have one sort value.
    tie: Option<&'static str>,
}

impl ListOrder {
    const fn of(indexed: bool, dialect: Dialect, sort: ContactSort) -> Self {
        let (by, from, tie) = match (sort, indexed, dialect) {
            (ContactSort::Dissatisfied, ..) => {
                (" ORDER BY c.dissatisfied DESC, c.id DESC", "(c.dissatisfied, c.id) < (", Some(", "))
            }
            (ContactSort::Newest, false, _) => {
                (" ORDER BY c.happened_at DESC, c.id DESC", "(c.happened_at, c.id) < (", Some(", "))
            }
            (ContactSort::Oldest, false, _) => {
                (" ORDER BY c.happened_at, c.id", "(c.happened_at, c.id) > (", Some(", "))
            }
            // FTS5 gives its rows in the order of their places without sorting them, if that is all that is asked.
            (ContactSort::Newest, true, Dialect::Fts5) => (" ORDER BY w.rowid DESC", "w.rowid < ", None),
            (ContactSort::Oldest, true, Dialect::Fts5) => (" ORDER BY w.rowid", "w.rowid > ", None),
            (ContactSort::Newest, true, Dialect::Vector) => {
                (" ORDER BY s.place DESC, s.contact DESC", "(s.place, s.contact) < (", Some(", "))
            }
            (ContactSort::Oldest, true, Dialect::Vector) => {
                (" ORDER BY s.place, s.contact", "(s.place, s.contact) > (", Some(", "))
            }
        };
        Self { by, from, tie }
    }
}
