//! What surrounds every page: language, navigation, who is logged in.

use tingxin_text::domain::{Permission, Role, Speaker};

use super::agreements::SpokenOfAgreements as _;
use super::appeals::SpokenOfAppeals as _;
use super::assets;
use super::assignments::SpokenOfWork as _;
use super::care::SpokenOfCare as _;
use super::cases::{CaseWords, SpokenOfCases as _};
use super::exports::SpokenOfExports as _;
use super::forms::{FormWords, SpokenOfForms as _};
use super::hooks::SpokenOfHooks as _;
use super::label::Label;
use super::text::{Lang, Spoken, Texts};
use super::today::SpokenOfToday as _;
use super::try_file::SpokenOfTrying as _;

/// Where in the console a page belongs, to mark it in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The page of a role without a queue.
    Home,
    /// Today and the last seven days.
    Today,
    /// The review queue and its contacts.
    Review,
    /// All contacts, listed and searched.
    Contacts,
    /// Coaching and the people it is about.
    Coaching,
    /// A staff account's own results.
    Own,
    /// Appeals against confirmed flags.
    Appeals,
    /// Care after abuse.
    Care,
    /// Good examples.
    Learning,
    /// Cases: who owes which customer an answer.
    Cases,
    /// Teams and incidents.
    Teams,
    /// How moods move together, over many contacts.
    Signals,
    /// Where every number comes from.
    Numbers,
    /// Distributing work.
    Assignments,
    /// The random sample.
    Samples,
    /// How well rules do.
    Rules,
    /// Inspection forms.
    Forms,
    /// Accounts.
    Users,
    /// API keys.
    Keys,
    /// Contacts that were set aside.
    SetAside,
    /// To whom events and alerts are sent.
    Hooks,
    /// What is new.
    Bell,
    /// Copies.
    Exports,
    /// Who read and changed what.
    Audit,
    /// An own file, analysed and not stored.
    Try,
    /// Help.
    Help,
    /// The own password.
    Password,
    /// None of them.
    Outside,
}

/// Who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Login name.
    pub name: String,
    /// Role, which decides what the navigation offers.
    pub role: Role,
    /// Secret that forms must repeat.
    pub csrf: String,
}

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub text: &'static str,
    /// Whether the page belongs there.
    pub current: bool,
}

/// The page whose lists are copied, as an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedFrom {
    /// Its path.
    pub path: String,
    /// What it was asked for, name and value, without what tells of something that has just been done.
    pub asked: Vec<(String, String)>,
}

/// The frame of one page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Language of the page.
    pub lang: Lang,
    /// The words of that language.
    pub t: &'static Texts,
    /// Who looks; `None` before logging in.
    pub viewer: Option<Viewer>,
    /// Where the page belongs.
    pub section: Section,
    /// This page in the other language.
    pub switch_url: String,
    /// Where copies of its lists come from; `None` for the answer to a form.
    pub copied_from: Option<CopiedFrom>,
}

impl Frame {
    /// A frame. `path_and_query` is the address of the page, from which the link to the other
    /// language is made.
    #[must_use]
    pub fn new(lang: Lang, viewer: Option<Viewer>, section: Section, path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let kept = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("lang="));
        let query =
            kept.map(str::to_owned).chain([format!("lang={}", lang.other().code())]).collect::<Vec<_>>();
        let switch_url = format!("{path}?{}", query.join("&"));
        Self { lang, t: lang.texts(), viewer, section, switch_url, copied_from: None }
    }

    /// Whether somebody is logged in whose role may do this.
    pub(super) fn allows(&self, permission: Permission) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.role.allows(permission))
    }

    /// What the viewer's role may open.
    #[must_use]
    pub fn nav(&self) -> Vec<NavItem> {
        let Some(viewer) = &self.viewer else { return Vec::new() };
        let entries = [
            (Permission::StaffRead, "/today", self.lang.today().title, Section::Today),
            (Permission::FlagsRead, "/review", self.t.nav_review, Section::Review),
            (Permission::ContactsRead, "/contacts", self.t.nav_contacts, Section::Contacts),
            (Permission::QualityManage, "/assignments", self.lang.work().title, Section::Assignments),
            (Permission::CasesRead, "/cases", self.lang.cases().title, Section::Cases),
            (Permission::QualityRead, "/samples", self.t.nav_samples, Section::Samples),
            (Permission::QualityRead, "/rules", self.t.nav_rules, Section::Rules),
            (Permission::QualityRead, "/forms", self.lang.forms().title, Section::Forms),
            (Permission::StaffRead, "/coaching", self.t.nav_coaching, Section::Coaching),
            (Permission::CareWrite, "/care", self.lang.care().title, Section::Care),
            (Permission::StaffRead, "/teams", self.t.nav_teams, Section::Teams),
            (Permission::StaffRead, "/signals", self.t.nav_signals, Section::Signals),
            (Permission::StaffOwn, "/me", self.t.nav_me, Section::Own),
            (Permission::AppealsRead, "/appeals", self.lang.appeals().title, Section::Appeals),
            (Permission::LearningRead, "/learning", self.lang.care().learning, Section::Learning),
            // No role has both: whoever sees figures about people is offered what they mean.
            (Permission::StaffRead, "/numbers", self.t.nav_numbers, Section::Numbers),
            (Permission::StaffOwn, "/numbers", self.t.nav_numbers, Section::Numbers),
            (Permission::ContactsRead, "/exports", self.lang.exports().title, Section::Exports),
            (Permission::UsersManage, "/admin/users", self.t.nav_users, Section::Users),
            (Permission::KeysManage, "/admin/keys", self.t.nav_keys, Section::Keys),
            (Permission::QueueManage, "/admin/queue", self.t.nav_set_aside, Section::SetAside),
            (Permission::UsersManage, "/trainings", self.lang.agreements().catalogue, Section::Coaching),
            (Permission::HooksManage, "/admin/hooks", self.lang.hooks().title, Section::Hooks),
            (Permission::AuditRead, "/audit", self.t.nav_audit, Section::Audit),
            (Permission::FilesTry, "/try", self.lang.trying().nav, Section::Try),
            (Permission::ConsoleUse, "/help", self.t.nav_help, Section::Help),
        ];
        entries
            .into_iter()
            .filter(|(permission, ..)| viewer.role.allows(*permission))
            .map(|(_, href, text, section)| NavItem { href, text, current: section == self.section })
            .collect()
    }

    /// Whether the viewer may open a case about a contact.
    pub(super) fn may_open_case(&self) -> bool {
        self.allows(Permission::CasesWrite)
    }

    /// Whether the viewer may fill a form in.
    pub(super) fn may_score(&self) -> bool {
        self.allows(Permission::FlagsJudge)
    }

    /// Whether the viewer may open the list of forms.
    pub(super) fn may_see_forms(&self) -> bool {
        self.allows(Permission::QualityRead)
    }

    /// What is said about forms.
    pub(super) fn of_forms(&self) -> &'static FormWords {
        self.lang.forms()
    }

    /// What is said about cases.
    pub(super) fn of_cases(&self) -> &'static CaseWords {
        self.lang.cases()
    }

    /// What the bell is called.
    #[must_use]
    pub fn bell(&self) -> &'static str {
        self.lang.hooks().bell
    }

    /// The viewer's role in words.
    #[must_use]
    pub fn role(&self) -> &'static str {
        self.viewer.as_ref().map_or("", |viewer| viewer.role.label(self.lang))
    }

    /// The secret that forms must repeat; empty before logging in.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    /// What the customer is called, for legends.
    #[must_use]
    pub fn customer(&self) -> &'static str {
        Speaker::Customer.label(self.lang)
    }

    /// What the agent is called, for legends.
    #[must_use]
    pub fn agent(&self) -> &'static str {
        Speaker::Agent.label(self.lang)
    }

    /// URL of the style sheet.
    #[must_use]
    pub fn css(&self) -> &'static str {
        &assets::CSS
    }

    /// URL of the script.
    #[must_use]
    pub fn js(&self) -> &'static str {
        &assets::JS
    }

    /// URL of the icon.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        &assets::ICON
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(role: Role) -> Frame {
        let viewer = Viewer { name: "a".to_owned(), role, csrf: "c".to_owned() };
        Frame::new(Lang::Zh, Some(viewer), Section::Review, "/review?rule=abuse&lang=zh")
    }

    #[test]
    fn the_other_language_is_one_click_away_and_keeps_the_filters() {
        assert_eq!(frame(Role::Reviewer).switch_url, "/review?rule=abuse&lang=en");
    }

    #[test]
    fn nobody_is_offered_what_their_role_may_not_open() {
        let offered = |role| frame(role).nav().into_iter().map(|item| item.href).collect::<Vec<_>>();

        assert_eq!(
            offered(Role::Reviewer),
            [
                "/review",
                "/contacts",
                "/cases",
                "/samples",
                "/rules",
                "/forms",
                "/appeals",
                "/learning",
                "/exports",
                "/try",
                "/help"
            ]
        );
        assert_eq!(
            offered(Role::Trainer),
            [
                "/today",
                "/review",
                "/contacts",
                "/samples",
                "/rules",
                "/forms",
                "/coaching",
                "/care",
                "/teams",
                "/signals",
                "/learning",
                "/numbers",
                "/exports",
                "/help"
            ]
        );
        assert_eq!(
            offered(Role::Admin),
            [
                "/assignments",
                "/samples",
                "/rules",
                "/forms",
                "/admin/users",
                "/admin/keys",
                "/admin/queue",
                "/trainings",
                "/admin/hooks",
                "/try",
                "/help"
            ]
        );
        assert_eq!(offered(Role::Auditor), ["/audit", "/help"]);
        assert_eq!(offered(Role::Staff), ["/me", "/appeals", "/learning", "/numbers", "/help"]);
    }
}
