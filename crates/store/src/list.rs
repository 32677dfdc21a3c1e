//! Lists: a fixed start, the conditions that a filter holds, a place to continue from.
//!
//! The text is put together from pieces that are written here; values are only ever bound. One text
//! with `$1 IS NULL OR channel = $1` for every column would be simpler, but a plan made for all
//! values cannot use the index of one column.

use uuid::Uuid;

use super::{AppealFilter, CaseFilter, ContactFilter, Cursor, FlagFilter, Page};
use tingxin_text::domain::{
    AppealState, CaseKind, CaseState, Channel, ContactId, ContactState, FlagStatus, Rule, Severity, SourceId,
    StaffId, TeamId, UtcMillis,
};

/// A value to be bound.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    Key(Uuid),
}

/// A condition: everything up to the value, and the value.
pub(super) type Condition = (&'static str, Value);

/// The order of a list: newest or most urgent first, ties broken by a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// The two columns, as a row value.
    pub(super) columns: &'static str,
    /// The same, to sort by.
    pub(super) by: &'static str,
}

pub(super) const CONTACT_ORDER: Order =
    Order { columns: "(c.happened_at, c.id)", by: "c.happened_at DESC, c.id DESC" };
pub(super) const FLAG_ORDER: Order =
    Order { columns: "(f.happened_at, f.id)", by: "f.happened_at DESC, f.id DESC" };
pub(super) const APPEAL_ORDER: Order =
    Order { columns: "(p.filed_at, p.id)", by: "p.filed_at DESC, p.id DESC" };
pub(super) const CASE_ORDER: Order =
    Order { columns: "(k.opened_at, k.id)", by: "k.opened_at DESC, k.id DESC" };
/// Most urgent first: the time until which an answer is due, backwards.
pub(super) const CASE_DUE_ORDER: Order =
    Order { columns: "(-k.due_at, k.id)", by: "-k.due_at DESC, k.id DESC" };
pub(super) const AUDIT_ORDER: Order = Order { columns: "(a.seq)", by: "a.seq DESC" };
pub(super) const REVIEW_ORDER: Order =
    Order { columns: "(f.priority, f.contact)", by: "f.priority DESC, f.contact DESC" };

fn text(condition: &'static str, value: Option<&str>) -> Option<Condition> {
    value.map(|value| (condition, Value::Text(value.to_owned())))
}

fn time(condition: &'static str, value: Option<UtcMillis>) -> Option<Condition> {
    value.map(|value| (condition, Value::Number(value.as_millis())))
}

impl ContactFilter {
    pub(super) fn conditions(&self) -> Vec<Condition> {
        [
            text("c.channel = ", self.channel.map(Channel::as_str)),
            text("c.source = ", self.source.as_ref().map(SourceId::as_str)),
            text("c.contact_id = ", self.contact_id.as_ref().map(ContactId::as_str)),
            text("c.team = ", self.team.as_ref().map(TeamId::as_str)),
            text("c.staff_id = ", self.staff.as_ref().map(StaffId::as_str)),
            text("c.state = ", self.state.map(ContactState::as_str)),
            time("c.happened_at >= ", self.since),
            time("c.happened_at < ", self.until),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl FlagFilter {
    pub(super) fn conditions(&self) -> Vec<Condition> {
        [
            text("f.rule = ", self.rule.map(Rule::as_str)),
            text("f.severity = ", self.severity.map(Severity::as_str)),
            text("f.status = ", self.status.map(FlagStatus::as_str)),
            text("f.channel = ", self.channel.map(Channel::as_str)),
            text("f.team = ", self.team.as_ref().map(TeamId::as_str)),
            time("f.happened_at >= ", self.since),
            time("f.happened_at < ", self.until),
        ]
        .into_iter()
        .flatten()
        .chain(self.without.iter().filter_map(|rule| text("f.rule <> ", Some(rule.as_str()))))
        .collect()
    }
}

impl FlagFilter {
    /// The same for the queue, which also knows whose work a contact is.
    pub(super) fn queue_conditions(&self) -> Vec<Condition> {
        let own = text("a.account = ", self.assigned_to.as_deref());
        self.conditions().into_iter().chain(own).collect()
    }
}

impl AppealFilter {
    pub(super) fn conditions(&self) -> Vec<Condition> {
        [
            text("p.state = ", self.state.map(AppealState::as_str)),
            text("p.staff_id = ", self.staff.as_ref().map(StaffId::as_str)),
            text("p.team = ", self.team.as_ref().map(TeamId::as_str)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl CaseFilter {
    pub(super) fn conditions(&self) -> Vec<Condition> {
        let open = self.open || self.due_before.is_some();
        [
            text("k.kind = ", self.kind.map(CaseKind::as_str)),
            text("k.state = ", self.state.map(CaseState::as_str)),
            text("k.state <> ", open.then_some(CaseState::Closed.as_str())),
            time("k.due_at < ", self.due_before),
            text("k.owner = ", self.owner.as_deref()),
            text("k.department = ", self.department.as_deref()),
            text("k.customer = ", self.customer.as_deref()),
            self.contact.map(|contact| ("k.contact = ", Value::Key(contact.0))),
            text("k.team = ", self.team.as_ref().map(TeamId::as_str)),
            self.came_back.then_some(("k.came_back_at > ", Value::Number(0))),
            time(
                "(k.satisfaction <= 2 OR k.outcome = 'not_settled' OR k.came_back_at IS NOT NULL) AND k.closed_at >= ",
                self.win_back_since,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Adds the conditions that a filter holds; what joins one more to them.
macro_rules! narrow {
    ($query:ident, $conditions:expr) => {{
        let mut joint = " WHERE ";
        for (condition, value) in $conditions {
            $query.push(joint).push(condition);
            match value {
                $crate::list::Value::Number(number) => $query.push_bind(number),
                $crate::list::Value::Text(text) => $query.push_bind(text),
                $crate::list::Value::Key(key) => $query.push_bind(key),
            };
            joint = " AND ";
        }
        joint
    }};
}

/// Reads one part of a list: `$start` with its conditions, from `$after` on, one row more than asked
/// for so that the end is known.
macro_rules! list {
    ($store:expr, $row:ty, $start:expr, $conditions:expr, $order:expr, $after:expr, $limit:expr) => {
        $crate::reading!($store, |db: Db| {
            let mut query = sqlx::QueryBuilder::<Db>::new($start);
            let joint = $crate::list::narrow!(query, $conditions);
            if let Some(Cursor { sort, id }) = $after {
                query.push(joint).push($order.columns).push(" < (").push_bind(*sort);
                query.push(", ").push_bind(*id).push(")");
            }
            query.push(" ORDER BY ").push($order.by).push(" LIMIT ").push_bind(i64::from($limit) + 1);
            query.build_query_as::<$row>().fetch_all(db).await?
        })
    };
}

/// Counts what a list holds: `$start`, which opens a bracket, with its conditions, up to `$most` rows.
macro_rules! count {
    ($store:expr, $start:expr, $conditions:expr, $most:expr) => {
        $crate::reading!($store, |db: Db| {
            let mut query = sqlx::QueryBuilder::<Db>::new($start);
            $crate::list::narrow!(query, $conditions);
            query.push(" LIMIT ").push_bind($most).push(") AS counted");
            let (count,): (i64,) = query.build_query_as().fetch_one(db).await?;
            count
        })
    };
}

/// Reads the rows whose `$column` is one of `$keys`.
macro_rules! among {
    ($store:expr, $row:ty, $start:expr, $column:literal, $keys:expr, $rest:literal) => {
        $crate::reading!($store, |db: Db| {
            let mut query = sqlx::QueryBuilder::<Db>::new($start);
            query.push(concat!(" WHERE ", $column, " IN ("));
            let mut separated = query.separated(", ");
            for key in $keys {
                separated.push_bind(*key);
            }
            query.push(concat!(")", $rest));
            query.build_query_as::<$row>().fetch_all(db).await?
        })
    };
}

pub(super) use {among, count, list, narrow};

/// Cuts the extra row off and says where the next part begins.
pub(super) fn page<R, T, E>(
    mut rows: Vec<R>,
    limit: u32,
    place: impl Fn(&R) -> (i64, Uuid),
    item: impl Fn(R) -> Result<T, E>,
) -> Result<Page<T>, E> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| {
        let (sort, id) = place(row);
        Cursor { sort, id }
    });
    Ok(Page { items: rows.into_iter().map(item).collect::<Result<_, _>>()?, next })
}
