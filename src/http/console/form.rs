//! What every form has in common: its fields, its refusals, and the sentence about what was done.

use serde::Deserialize;

use crate::console::{Notice, Texts, encode, fill};
use crate::domain::{DAY_MILLIS, TeamId, UtcMillis};
use crate::http::error::{ApiError, Problem};

/// What has just been done, and to which account or key.
#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
    name: Option<String>,
}

impl Done {
    /// Whether that was done.
    pub(super) fn is(&self, what: &str) -> bool {
        self.done.as_deref() == Some(what)
    }

    /// The sentence about it, if `known` is a name that exists: an address that somebody made up must
    /// not put words on the page.
    pub(super) fn notice(&self, texts: &Texts, known: impl Fn(&str) -> bool) -> Option<Notice> {
        let text = match self.done.as_deref()? {
            "created" => texts.done_created,
            "enabled" => texts.done_enabled,
            "disabled" => texts.done_disabled,
            "changed" => texts.done_changed,
            "password_reset" => texts.done_password_reset,
            "revoked" => texts.done_revoked,
            plain => return Self::plain_notice(plain, texts),
        };
        let name = self.name.as_deref().filter(|name| known(name))?;
        Some(Notice { good: true, text: fill(text, name) })
    }

    /// The sentence about something without a name.
    fn plain_notice(done: &str, texts: &Texts) -> Option<Notice> {
        let text = match done {
            "deleted" => texts.done_deleted,
            "password" => texts.done_password,
            "coaching_ended" => texts.done_coaching_ended,
            "incident" => texts.done_incident,
            "incident_revoked" => texts.done_incident_revoked,
            "retried" => texts.done_retried,
            "retried_all" => texts.done_retried_all,
            "given_up" => texts.done_given_up,
            "view_saved" => texts.done_view_saved,
            "view_deleted" => texts.done_view_deleted,
            _ => return None,
        };
        Some(Notice { good: true, text: text.to_owned() })
    }

    /// The address that says something without a name.
    pub(super) fn plain(path: &str, done: &str) -> String {
        format!("{path}?done={done}")
    }

    /// The address that says it.
    pub(super) fn address(path: &str, done: &str, name: &str) -> String {
        format!("{path}?done={done}&name={}", encode(name))
    }
}

/// The team of a form; an empty field means all teams.
pub(super) fn team(text: &str) -> Result<Option<TeamId>, ApiError> {
    let team = Some(text.trim()).filter(|text| !text.is_empty()).map(TeamId::new).transpose();
    team.map_err(|refused| invalid("/team", &format!("the team {refused}")))
}

/// The beginning of a day in Beijing, as a form sends it; an empty field means none.
pub(super) fn day(text: &str) -> Result<Option<UtcMillis>, ApiError> {
    let text = Some(text.trim()).filter(|text| !text.is_empty());
    let day = text.map(|text| UtcMillis::parse_rfc3339(&format!("{text}T00:00:00+08:00"))).transpose();
    day.map_err(|_| invalid("/since", "a date such as 2026-11-26"))
}

/// The last moment of a day in Beijing, until which something is to be done.
pub(super) fn end_of_day(text: &str) -> Result<Option<UtcMillis>, ApiError> {
    Ok(day(text)?.map(|day| day.plus_millis(DAY_MILLIS - 1)))
}

/// A field that is not accepted.
pub(super) fn invalid(pointer: &str, detail: &str) -> ApiError {
    ApiError::new(Problem::InvalidField, detail).at(pointer)
}

/// The sentence for a refusal that the person can do something about.
pub(super) fn refused(refusal: &ApiError, name: &str, texts: &Texts) -> Result<Notice, ApiError> {
    let pointer = refusal.body().pointer;
    let text = match (refusal.problem(), pointer.as_deref()) {
        (Problem::NameTaken, _) => fill(texts.bad_taken, name),
        (Problem::WeakPassword, _) => texts.bad_password.to_owned(),
        (Problem::InvalidField, Some("/name")) => texts.bad_name.to_owned(),
        (Problem::InvalidField, Some("/team")) | (Problem::Forbidden, _) => texts.bad_team.to_owned(),
        (Problem::InvalidField, Some("/staff")) => texts.bad_number.to_owned(),
        (Problem::InvalidField, Some("/sure")) => texts.bad_sure.to_owned(),
        (Problem::InvalidField, Some("/days")) => texts.bad_days.to_owned(),
        (Problem::InvalidField, Some("/note")) => texts.bad_note.to_owned(),
        (Problem::InvalidField, Some("/begins_at" | "/ends_at")) => texts.bad_times.to_owned(),
        (Problem::InvalidField, Some("/indicator")) => texts.bad_indicator.to_owned(),
        (Problem::InvalidField, Some("/business_process")) => texts.bad_process.to_owned(),
        (Problem::InvalidField, Some("/view")) => texts.bad_view.to_owned(),
        (Problem::InvalidField, Some("/words")) => texts.bad_view_words.to_owned(),
        (Problem::InvalidField, Some("/views")) => texts.bad_views.to_owned(),
        (Problem::InvalidField, _) => texts.refused.to_owned(),
        _ => return Err(refusal.clone()),
    };
    Ok(Notice { good: false, text })
}
