//! What people see: pages made on the server, readable without a script.
//!
//! Here are the words, the drawings, the view models and the templates; nothing here knows HTTP.
//! `http/console` asks the store, builds a page with these types and sends it.

mod acts;
mod agreements;
mod appeals;
mod assets;
mod assignments;
mod audit;
mod care;
mod cases;
mod chart;
mod contact;
mod contacts;
mod exports;
mod forms;
mod frame;
mod home;
mod hooks;
mod label;
mod lists;
mod pages;
mod planted;
mod quality;
mod query;
mod queue;
mod set_aside;
mod staff;
mod sure;
mod text;
mod today;
mod try_file;

pub use acts::{act, acts};
pub use agreements::{
    AgreeInput, AgreePage, AgreeTyped, AgreementPage, AgreementWords, SpokenOfAgreements, TrainingTyped,
    TrainingsPage,
};
pub use appeals::{
    AppealChoice, AppealNotice, AppealsInput, AppealsPage, OwnContactInput, OwnContactPage, OwnLine,
    SpokenOfAppeals,
};
pub use askama::Template as Page;
pub use assets::{Asset, asset, asset_url};
pub use assignments::{AssignmentsPage, ReviewGroupsPage, WorkNotice};
pub use audit::{AuditAsked, AuditPage};
pub use care::{CarePage, CareWords, LearningPage, SpokenOfCare};
pub use cases::{
    CaseNotice, CasePage, CasePageInput, CaseReportPage, CaseTab, CasesInput, CasesPage, SpokenOfCases,
    report_markdown,
};
pub use chart::{Curve, FlagMarkers, Point, Size, Svg, escape, signed, spark};
pub use contact::{ContactView, Neighbours, RefusedVerdict, Review};
pub use contacts::{ContactsAsked, ContactsInput, ContactsPage, Misread};
pub use exports::{ExportWords, ExportsPage, SpokenOfExports};
pub use forms::{FormPage, FormTyped, FormsPage, OwnSheetsPage, SheetInput, SheetPage, SpokenOfForms};
pub use frame::{CopiedFrom, Frame, NavItem, Section, Viewer};
pub use home::HomePage;
pub use hooks::{BellPage, HookWords, HooksPage, SpokenOfHooks};
pub use label::{Label, icon, meaning, process, process_names, process_of, tone};
pub use lists::{ListTable, Listing, SpokenOfCopies};
pub use pages::{
    ErrorKind, ErrorPage, HelpPage, KeysPage, LoginPage, Notice, PasswordPage, ReviewPage, SetupPage,
    UserPage, UsersPage,
};
pub use planted::PlantedPage;
pub use quality::{
    CalibrationNotice, CalibrationPage, CalibrationsPage, LedSessions, RateTable, ReadTask, RulesPage,
    SampleInput, SamplePage, SamplesPage, ThresholdNotice, ThresholdPage,
};
pub use query::{ReviewQuery, encode};
pub use queue::{Choice, QueueInput, QueueView, SharedWork};
pub use set_aside::SetAsidePage;
pub use staff::{
    CoachingInput, CoachingPage, IncidentTyped, NumbersPage, PersonInput, PersonOfPage, PersonPage,
    SignalsInput, SignalsPage, TeamsInput, TeamsPage, asked_notice,
};
pub use sure::{SpokenOfSure, SurePage, SureQuestion};
pub use text::{Lang, Spoken, Texts, fill};
pub use today::{SpokenOfToday, TodayPage};
pub use try_file::{TriedFile, TryPage, TryTrouble};
