//! The catalogue of trainings, and what staff are called.

use tingxin_staff::Indicator;
use tingxin_store::{Store, Training};
use tingxin_text::domain::{Programme, StaffId, UtcMillis};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError, write_down};

/// Longest title of a training, in characters.
const MAX_TITLE: usize = 60;

/// Longest name of a person, in characters.
const MAX_PERSON: usize = 40;

/// An entry of the catalogue as somebody writes it.
#[derive(Debug, Clone)]
pub struct TrainingAsked {
    /// What it is called.
    pub title: String,
    /// The same in English; empty where nobody needs it.
    pub title_en: String,
    /// Behaviour that it is for; none for any.
    pub indicator: Option<Indicator>,
    /// The kind of help.
    pub programme: Programme,
    /// What is done.
    pub about: String,
}

fn title(text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_TITLE || text.chars().any(char::is_control) {
        return Err(DeskError::field("/title", "the title must have 1 to 60 characters and no line breaks"));
    }
    Ok(text.to_owned())
}

impl Desk {
    /// Every training, also what is no longer offered.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn trainings(&self) -> Result<Vec<Training>, DeskError> {
        Ok(self.store.trainings().await?)
    }

    /// Adds a training. Its key.
    ///
    /// # Errors
    /// [`DeskError::Field`], [`DeskError::Store`].
    pub async fn add_training(&self, caller: &Caller, asked: TrainingAsked) -> Result<Uuid, DeskError> {
        let english = Some(asked.title_en.trim()).filter(|text| !text.is_empty());
        let entry = Training {
            id: Uuid::now_v7(),
            title: title(&asked.title)?,
            title_en: english.map(title).transpose()?,
            indicator: asked.indicator.map(|one| one.as_str().to_owned()),
            programme: asked.programme,
            about: self.note(&asked.about)?.as_str().to_owned(),
            added_by: caller.actor.name.clone(),
            added_at: UtcMillis::now(),
            retired_at: None,
        };
        self.store.add_training(&entry).await?;
        self.write_down(caller, "training.add", entry.id.to_string(), true).await?;
        Ok(entry.id)
    }

    /// No longer offers a training; agreements keep it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn retire_training(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        if !self.store.retire_training(id, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "training.retire", id.to_string(), true).await
    }
}

/// Reads `number,name` lines; a first line without a name that could be one is a head and is left out.
///
/// # Errors
/// [`DeskError::Field`] names the line, never what stands in it.
pub fn parse_names(text: &str) -> Result<Vec<(StaffId, String)>, DeskError> {
    let mut names = Vec::new();
    for (line, row) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if row.trim().is_empty() || (line == 1 && is_head(row)) {
            continue;
        }
        let refused = |reason: &str| DeskError::field("/names", format!("line {line}: {reason}"));
        let (number, name) =
            row.split_once(',').ok_or_else(|| refused("a work number, a comma and a name"))?;
        let name = name.trim().trim_matches('"');
        let staff = StaffId::new(number.trim().trim_matches('"'));
        let staff = staff.map_err(|_| refused("this is no work number"))?;
        if name.chars().count() > MAX_PERSON || name.chars().any(|c| c.is_control() || c == ',') {
            return Err(refused("a name has up to 40 characters and no comma"));
        }
        names.push((staff, name.to_owned()));
    }
    Ok(names)
}

fn is_head(row: &str) -> bool {
    let row = row.to_lowercase();
    ["工号", "姓名", "name"].iter().any(|word| row.contains(word))
}

/// Keeps what staff are called; an empty name takes one off. How many lines there were.
///
/// # Errors
/// [`DeskError::Field`], [`DeskError::Store`].
pub async fn name_staff(store: &Store, caller: &Caller, text: &str) -> Result<usize, DeskError> {
    let names = parse_names(text)?;
    store.name_staff(&names, UtcMillis::now()).await?;
    write_down(store, caller, "staff.name", names.len().to_string(), true).await?;
    Ok(names.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_names_is_read_with_or_without_a_head_and_a_bad_line_is_named_by_its_number() {
        let names = parse_names("\u{feff}工号,姓名\r\nA1001,王芳\n\n\"A1002\",\"李 雷\"\nA1003,\n").unwrap();

        let read: Vec<(&str, &str)> = names.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
        assert_eq!(read, [("A1001", "王芳"), ("A1002", "李 雷"), ("A1003", "")]);
        let refused = parse_names("A1001,王芳\nA1002 李雷").unwrap_err().to_string();
        assert!(refused.contains("line 2") && !refused.contains("李雷"), "{refused}");
    }
}
