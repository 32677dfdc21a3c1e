//! Foreign JSON whose fields somebody named with `--map PATH=field`: research sets, exports of systems of one's own.

use serde_json::Value;

use super::answers::ColumnMap;
use super::code;
use super::columns::{self, Column};
use super::told::{ToldContact, ToldContacts, ToldTurn, When};
use super::values::{field, items, word};
use crate::domain::Refusal;

/// The contact in `value`, by the paths that were named: `dialog.utterance` also leads through lists.
///
/// # Errors
/// When no words stand where they were said to.
pub(super) fn contacts(value: &Value, map: &ColumnMap) -> ToldContacts {
    let Some(path) = map.path(Column::Text) else {
        let message = "say where the words stand: --map PATH=text, for example --map dialog.utterance=text";
        return Err(Refusal::new(code::MISSING_FIELD, message).at("text"));
    };
    let texts = all(value, path);
    if texts.is_empty() {
        let message = format!("nothing stands at `{path}`, where --map looks for `text`");
        return Err(Refusal::new(code::MISSING_FIELD, message).at("text"));
    }
    let beside = |column: Column| map.path(column).map(|path| all(value, path)).unwrap_or_default();
    let (voices, starts, ends) = (beside(Column::Speaker), beside(Column::StartMs), beside(Column::EndMs));
    let moments = beside(Column::StartedAt);
    let at = |values: &[Option<&Value>], index: usize| values.get(index).copied().flatten().cloned();
    let one_each = texts.len() > 1 && moments.len() == texts.len();
    let turns = texts.iter().enumerate().map(|(index, text)| ToldTurn {
        label: at(&voices, index).as_ref().and_then(word),
        speaker: None,
        text: text.and_then(word).unwrap_or_default(),
        start: at(&starts, index)
            .as_ref()
            .and_then(When::unitless)
            .or_else(|| at(&moments, index).filter(|_| one_each).as_ref().and_then(When::unitless)),
        end: at(&ends, index).as_ref().and_then(When::unitless),
    });
    let turns: Vec<ToldTurn> = turns.collect();
    let fact = |column: Column| beside(column).into_iter().flatten().find_map(word);
    let channel = fact(Column::Channel).as_deref().and_then(columns::channel);
    Ok(vec![ToldContact {
        id: fact(Column::ContactId),
        channel,
        started_at: fact(Column::StartedAt).as_deref().and_then(columns::moment),
        staff: fact(Column::StaffId),
        team: fact(Column::Team),
        customer: fact(Column::CustomerId),
        in_pieces: turns.len() == 1 && map.path(Column::ContactId).is_some(),
        turns,
        ..ToldContact::default()
    }])
}

/// Every value at a path. Where a list stands, the path goes on in each of its items.
fn all<'a>(value: &'a Value, path: &str) -> Vec<Option<&'a Value>> {
    let mut found = vec![Some(value)];
    for name in path.split('.').filter(|name| !name.is_empty()) {
        found = found
            .into_iter()
            .flatten()
            .flat_map(|value| match value {
                Value::Array(_) => items(value).iter().map(|item| field(item, name)).collect(),
                _ => field(value, name).map(Some).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    let open = |value: Option<&'a Value>| match value {
        Some(Value::Array(list)) => list.iter().map(Some).collect(),
        other => vec![other],
    };
    found.into_iter().flat_map(open).collect()
}
