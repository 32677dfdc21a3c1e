//! What people answer where a file leaves a question open: whose label is whose, and which column means what.

use super::columns::{self, Column};
use super::wild;
use crate::domain::Speaker;

/// Who is meant by which label, as `--speakers SPEAKER_00=agent,SPEAKER_01=customer` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpeakerMap(Vec<(String, Speaker)>);

/// Stands for every turn without a label.
const UNLABELLED: &str = "*";

impl SpeakerMap {
    /// Adds one answer, `LABEL=agent`, `LABEL=customer` or `LABEL=system`; several may be joined by commas.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn add(&mut self, answers: &str) -> Result<(), String> {
        for answer in answers.split(',').filter(|answer| !answer.trim().is_empty()) {
            let expected = || "expected LABEL=agent, LABEL=customer or LABEL=system".to_owned();
            let (label, who) = answer.rsplit_once('=').ok_or_else(expected)?;
            let who = columns::speaker(who).ok_or_else(expected)?;
            self.0.push((label.trim().to_lowercase(), who));
        }
        Ok(())
    }

    /// Who is meant by `label`, which may be given as it stands in the file or as a refusal shows it.
    pub(super) fn get(&self, label: &str) -> Option<Speaker> {
        let (label, shown) = (label.trim().to_lowercase(), shown_label(label).to_lowercase());
        self.0.iter().find(|(known, _)| *known == label || *known == shown).map(|(_, who)| *who)
    }

    /// Who is meant by turns without a label: `*=customer`.
    pub(super) fn unlabelled(&self) -> Option<Speaker> {
        self.get(UNLABELLED)
    }
}

impl FromIterator<Self> for SpeakerMap {
    fn from_iter<I: IntoIterator<Item = Self>>(maps: I) -> Self {
        Self(maps.into_iter().flat_map(|map| map.0).collect())
    }
}

/// Longest label that a refusal repeats, in characters.
const LABEL_CHARS: usize = 24;

/// A label as a refusal shows it: it has to be shown, or nobody could answer; a number in it need not be.
pub(super) fn shown_label(label: &str) -> String {
    let label: String = label.trim().chars().filter(|c| !c.is_control()).take(LABEL_CHARS).collect();
    let digits = label.chars().filter(char::is_ascii_digit).count();
    label.chars().map(|c| if digits >= 7 && c.is_ascii_digit() { '#' } else { c }).collect()
}

/// Which column of a table, or which field of foreign JSON, means what, as `--map COLUMN=field` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap(Vec<(String, Option<Column>)>);

impl ColumnMap {
    /// Adds one answer, `COLUMN=field`; an empty field leaves the column out.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn add(&mut self, answer: &str) -> Result<(), String> {
        let (column, field) = answer.rsplit_once('=').ok_or_else(|| "expected COLUMN=field".to_owned())?;
        let field = match field.trim() {
            "" => None,
            name => Some(
                wild::named(name)
                    .ok_or_else(|| format!("expected COLUMN=field, with field one of {}", Column::names()))?,
            ),
        };
        self.0.push((column.trim().to_owned(), field));
        Ok(())
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the column of that name was said to mean, else what `usual` says.
    pub(super) fn or_else(&self, name: &str, usual: impl Fn(&str) -> Option<Column>) -> Option<Column> {
        let name = name.trim().trim_start_matches('\u{feff}');
        let told = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        told.map_or_else(|| usual(name), |(_, field)| *field)
    }

    /// Whether something was said about the column of that name.
    pub(super) fn names(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
    }

    /// Where a field was said to stand.
    pub(super) fn path(&self, field: Column) -> Option<&str> {
        self.0.iter().find(|(_, known)| *known == Some(field)).map(|(path, _)| path.as_str())
    }
}

impl FromIterator<Self> for ColumnMap {
    fn from_iter<I: IntoIterator<Item = Self>>(maps: I) -> Self {
        Self(maps.into_iter().flat_map(|map| map.0).collect())
    }
}
