//! One type for every page. The templates stand in `templates/`, escaped by default; only
//! [`super::Svg`], which escapes its own texts, is printed as it is.

use askama::Template;

use tingxin_desk::accounts::{ROLES_OF_PEOPLE, ROLES_OF_PROGRAMS};
use tingxin_store::{ApiKey, User};
use tingxin_text::domain::{Role, Rule, Severity, StaffId, UtcMillis};

use super::contact::ContactView;
use super::frame::Frame;
use super::label::{Label, icon, meaning, tone};
use super::query::encode;
use super::queue::QueueView;
use super::text::{Lang, fill};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};

/// A sentence at the top of a page about what has just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is good news.
    pub good: bool,
    /// What the notice says.
    pub text: String,
}

/// The log-in form.
#[derive(Debug, Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Why the last attempt failed.
    pub notice: Option<Notice>,
    /// The account that was tried.
    pub name: String,
    /// The page that was asked for before; `None` for the start.
    pub next: Option<String>,
}

/// The form that creates the first administrator.
#[derive(Debug, Template)]
#[template(path = "setup.html")]
pub struct SetupPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Why the last attempt failed.
    pub notice: Option<Notice>,
    /// The one-time token of the link.
    pub token: String,
    /// Fewest characters of a password.
    pub least: usize,
}

impl SetupPage {
    fn password_rule(&self) -> String {
        fill(self.frame.t.password_rule, self.least)
    }
}

/// The queue, with or without an open contact.
#[derive(Debug, Template)]
#[template(path = "review.html")]
pub struct ReviewPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The list of flagged contacts.
    pub queue: QueueView,
    /// The contact that is open, if any.
    pub contact: Option<ContactView>,
}

impl ReviewPage {
    fn title(&self) -> String {
        self.contact.as_ref().map_or_else(|| self.frame.t.queue_title.to_owned(), ContactView::heading)
    }
}

/// What the rules and the numbers mean.
#[derive(Debug, Template)]
#[template(path = "help.html")]
pub struct HelpPage {
    /// What surrounds it.
    pub frame: Frame,
}

/// One rule on the help page.
struct RuleExplanation {
    name: &'static str,
    icon: &'static str,
    tone: &'static str,
    meaning: &'static str,
}

impl HelpPage {
    fn rules(&self) -> Vec<RuleExplanation> {
        let lang = self.frame.lang;
        Rule::ALL
            .iter()
            .map(|rule| RuleExplanation {
                name: rule.label(lang),
                icon: icon(*rule),
                // The help page has no flag at hand, so the plain colour of a middling one.
                tone: tone(*rule, Severity::Medium),
                meaning: meaning(*rule, lang),
            })
            .collect()
    }
}

/// Why a page cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The form was not acceptable (400, 422).
    Refused,
    /// The role may not (403).
    Forbidden,
    /// Not there, or not for this viewer (404).
    NotFound,
    /// Our fault (5xx).
    Failed,
}

impl ErrorKind {
    /// The kind for an HTTP status.
    #[must_use]
    pub const fn from_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Forbidden,
            404 | 405 => Self::NotFound,
            500.. => Self::Failed,
            _ => Self::Refused,
        }
    }
}

/// A page in place of the one asked for.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Why.
    pub kind: ErrorKind,
    /// Number under which the log knows the request.
    pub request_id: Option<String>,
}

impl ErrorPage {
    fn words(&self) -> (&'static str, &'static str) {
        let t = self.frame.t;
        match self.kind {
            ErrorKind::Refused => (t.refused_title, t.refused),
            ErrorKind::Forbidden => (t.forbidden_title, t.forbidden),
            ErrorKind::NotFound => (t.not_found_title, t.not_found),
            ErrorKind::Failed => (t.failed_title, t.failed),
        }
    }

    fn number(&self) -> Option<String> {
        self.request_id.as_ref().map(|id| fill(self.frame.t.request_id, id))
    }
}

/// Accounts.
#[derive(Debug, Template)]
#[template(path = "users.html")]
pub struct UsersPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// All accounts.
    pub users: Vec<User>,
    /// Fewest characters of a password.
    pub least: usize,
}

impl UsersPage {
    /// Roles of people; programs get keys instead.
    fn roles(&self) -> Vec<(&'static str, &'static str)> {
        roles(self.frame.lang, |role| ROLES_OF_PEOPLE.contains(&role))
    }

    fn is_viewer(&self, user: &User) -> bool {
        self.frame.viewer.as_ref().is_some_and(|viewer| viewer.name == user.name)
    }

    fn address(user: &User) -> String {
        format!("/admin/user?name={}", encode(&user.name))
    }

    fn role(&self, user: &User) -> &'static str {
        user.role.label(self.frame.lang)
    }

    fn password_rule(&self) -> String {
        fill(self.frame.t.password_rule, self.least)
    }
}

/// One account.
#[derive(Debug, Template)]
#[template(path = "user.html")]
pub struct UserPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// The account.
    pub user: User,
    /// The work number whose results it may see.
    pub staff: Option<StaffId>,
    /// Fewest characters of a password.
    pub least: usize,
}

impl UserPage {
    fn title(&self) -> String {
        fill(self.frame.t.user_title, &self.user.name)
    }

    fn roles(&self) -> Vec<(&'static str, &'static str)> {
        roles(self.frame.lang, |role| ROLES_OF_PEOPLE.contains(&role))
    }

    fn is_own(&self) -> bool {
        self.frame.viewer.as_ref().is_some_and(|viewer| viewer.name == self.user.name)
    }

    fn has(&self, role: &str) -> bool {
        self.user.role.as_str() == role
    }

    fn password_rule(&self) -> String {
        fill(self.frame.t.password_rule, self.least)
    }

    fn sure(&self) -> String {
        fill(self.frame.t.user_delete_sure, &self.user.name)
    }
}

/// The own password.
#[derive(Debug, Template)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// Fewest characters of a password.
    pub least: usize,
}

impl PasswordPage {
    fn password_rule(&self) -> String {
        fill(self.frame.t.password_rule, self.least)
    }
}

/// API keys.
#[derive(Debug, Template)]
#[template(path = "keys.html")]
pub struct KeysPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// The secret of a new key, shown this once.
    pub secret: Option<String>,
    /// All keys.
    pub keys: Vec<ApiKey>,
    /// The present moment, which decides what has expired.
    pub now: UtcMillis,
}

impl KeysPage {
    fn roles(&self) -> Vec<(&'static str, &'static str)> {
        roles(self.frame.lang, |role| ROLES_OF_PROGRAMS.contains(&role))
    }

    fn role(&self, key: &ApiKey) -> &'static str {
        key.role.label(self.frame.lang)
    }

    fn expires(&self, key: &ApiKey) -> String {
        key.expires_at.map_or_else(|| self.frame.t.key_never.to_owned(), UtcMillis::to_beijing)
    }

    fn state(&self, key: &ApiKey) -> &'static str {
        let t = self.frame.t;
        match (key.revoked_at, key.expires_at) {
            (Some(_), _) => t.key_revoked,
            (None, Some(end)) if end <= self.now => t.key_expired,
            _ => t.key_active,
        }
    }
}

fn roles(lang: Lang, keep: impl Fn(Role) -> bool) -> Vec<(&'static str, &'static str)> {
    Role::ALL.iter().filter(|role| keep(**role)).map(|role| (role.as_str(), role.label(lang))).collect()
}

impl Listing for UsersPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let t = self.frame.t;
        let rows = self.users.iter().map(|user| {
            let state = if user.disabled { t.user_disabled } else { t.user_active };
            [
                cell_named(&user.name),
                cell(self.role(user)),
                user.team.as_ref().map_or_else(|| cell(t.all), cell_named),
                cell(state),
                cell(user.created_at.to_beijing()),
            ]
        });
        let heads = [t.user_name, t.user_role, t.user_team_short, t.user_state, t.user_created];
        vec![ListTable::new(t.users_list, heads, rows)]
    }
}

impl Listing for KeysPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let t = self.frame.t;
        let rows = self.keys.iter().map(|key| {
            [
                cell_named(&key.name),
                cell(self.role(key)),
                cell_named(&key.prefix),
                cell(self.state(key)),
                cell(self.expires(key)),
            ]
        });
        let heads = [t.key_name, t.user_role, t.key_prefix, t.user_state, t.key_expires];
        vec![ListTable::new(t.keys_list, heads, rows)]
    }
}

impl Listing for ReviewPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let curve = self.contact.as_ref().and_then(|contact| contact.curve_list(self.frame.t));
        std::iter::once(self.queue.list(self.frame.lang)).chain(curve).collect()
    }

    fn goes_on(&self) -> bool {
        self.queue.next.is_some()
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod failures {
    use super::ErrorKind;

    #[test]
    fn every_kind_of_failure_has_its_own_words() {
        let kinds = [400, 403, 404, 503].map(ErrorKind::from_status);

        assert_eq!(kinds, [ErrorKind::Refused, ErrorKind::Forbidden, ErrorKind::NotFound, ErrorKind::Failed]);
    }
}
