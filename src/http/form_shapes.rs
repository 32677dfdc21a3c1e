//! Inspection forms, sheets and their results as they go over the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::forms::{FormResults, ItemResult, SheetMean, TeamResult};
use crate::domain::{FormGroup, FormItem, ItemMark, Points, Rule, StaffId, TeamId, UtcMillis};
use crate::store::{InspectionForm, InspectionSheet};

/// An item to be looked at.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormItemBody {
    /// What is looked at, at most 60 characters.
    pub(super) title: String,
    /// What it counts: above 0, with one decimal at most. All items of a form add up to 100.
    #[schema(value_type = f64, minimum = 0, maximum = 100)]
    pub(super) full: Points,
    /// Whether losing it loses everything.
    #[serde(default)]
    pub(super) knock_out: bool,
    /// The rule whose flag proposes that it is lost.
    #[serde(default)]
    pub(super) rule: Option<Rule>,
}

/// Items that belong together.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormGroupBody {
    /// What they are about, at most 60 characters.
    pub(super) title: String,
    /// The items.
    pub(super) items: Vec<FormItemBody>,
}

impl From<FormGroupBody> for FormGroup {
    fn from(FormGroupBody { title, items }: FormGroupBody) -> Self {
        // The desk gives the keys.
        let item = |FormItemBody { title, full, knock_out, rule }| FormItem {
            key: String::new(),
            title,
            full,
            knock_out,
            rule,
        };
        Self { title, items: items.into_iter().map(item).collect() }
    }
}

/// A form to be kept as a draft.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormBody {
    /// The form that it is the next version of; absent for a new one.
    #[serde(default)]
    pub(super) of: Option<Uuid>,
    /// What it is called, at most 60 characters.
    pub(super) title: String,
    /// What is looked at, at most 60 items in all.
    pub(super) groups: Vec<FormGroupBody>,
}

/// Which version was kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FormKept {
    /// The key of the form.
    pub(super) id: Uuid,
    /// From 1. A draft is written anew in its place, a published version gets a successor.
    pub(super) version: u32,
}

/// An item of a form.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedItem {
    /// Where it stands: `2.1` is the first item of the second group.
    pub(super) key: String,
    /// What is looked at.
    pub(super) title: String,
    /// What it counts, in points of a hundred.
    #[schema(value_type = f64)]
    pub(super) full: Points,
    /// Whether losing it loses everything.
    pub(super) knock_out: bool,
    /// The rule whose flag proposes that it is lost.
    pub(super) rule: Option<Rule>,
}

impl From<FormItem> for ListedItem {
    fn from(FormItem { key, title, full, knock_out, rule }: FormItem) -> Self {
        Self { key, title, full, knock_out, rule }
    }
}

/// Items that belong together.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedGroup {
    /// What they are about.
    pub(super) title: String,
    /// The items.
    pub(super) items: Vec<ListedItem>,
}

fn groups(groups: Vec<FormGroup>) -> Vec<ListedGroup> {
    let view = |FormGroup { title, items }: FormGroup| ListedGroup {
        title,
        items: items.into_iter().map(ListedItem::from).collect(),
    };
    groups.into_iter().map(view).collect()
}

/// A version of a form.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedForm {
    /// The key, the same for all versions.
    pub(super) id: Uuid,
    /// From 1.
    pub(super) version: u32,
    /// What it is called.
    pub(super) title: String,
    /// What is looked at.
    pub(super) groups: Vec<ListedGroup>,
    /// Who wrote it.
    pub(super) made_by: String,
    /// When it was last written.
    #[schema(value_type = String, format = DateTime)]
    pub(super) made_at: UtcMillis,
    /// Filled in since; null for a draft.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) published_at: Option<UtcMillis>,
    /// Not filled in any more since.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) retired_at: Option<UtcMillis>,
}

impl From<InspectionForm> for ListedForm {
    fn from(form: InspectionForm) -> Self {
        let InspectionForm { id, version, title, made_by, made_at, published_at, retired_at, .. } = form;
        let groups = groups(form.groups);
        Self { id, version, title, groups, made_by, made_at, published_at, retired_at }
    }
}

/// All forms.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FormList {
    /// Every version, the latest of each form first.
    pub(super) items: Vec<ListedForm>,
}

/// What is given for an item.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetMarkBody {
    /// Which item.
    pub(super) item: String,
    /// The points; null where the contact gave no occasion: the item leaves the total.
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 100)]
    pub(super) got: Option<Points>,
    /// Why, at most 500 characters; no customer's data.
    #[serde(default)]
    pub(super) note: Option<String>,
}

/// A sheet to be kept.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetBody {
    /// Revision of the contact that was listened to.
    #[schema(minimum = 1)]
    pub(super) revision: u32,
    /// Which form.
    pub(super) form: Uuid,
    /// In which version; it must be in use.
    #[schema(minimum = 1)]
    pub(super) version: u32,
    /// One mark for each item.
    pub(super) marks: Vec<SheetMarkBody>,
}

/// What was given for an item.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedMark {
    /// Which item.
    pub(super) item: String,
    /// The points; null where it did not apply.
    #[schema(value_type = Option<f64>)]
    pub(super) got: Option<Points>,
    /// What the program had proposed; null for an item that it knows nothing about.
    #[schema(value_type = Option<f64>)]
    pub(super) proposed: Option<Points>,
    /// The turns behind that proposal, from 0.
    pub(super) turns: Vec<usize>,
    /// Why; redacted.
    pub(super) note: Option<String>,
}

impl From<ItemMark> for ListedMark {
    fn from(ItemMark { item, got, proposed, turns, note }: ItemMark) -> Self {
        Self { item, got, proposed, turns, note }
    }
}

/// A sheet that was filled in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedSheet {
    /// The key.
    pub(super) id: Uuid,
    /// Revision of the contact that was listened to.
    pub(super) revision: u32,
    /// Which form.
    pub(super) form: Uuid,
    /// In which version.
    pub(super) version: u32,
    /// What the form is called.
    pub(super) title: String,
    /// What was given, item by item.
    pub(super) marks: Vec<ListedMark>,
    /// Points of a hundred over the items that applied; 0 when an item took everything.
    #[schema(value_type = f64)]
    pub(super) score: Points,
    /// Team that served.
    pub(super) team: Option<TeamId>,
    /// Who served.
    pub(super) staff: Option<StaffId>,
    /// Who filled it in.
    pub(super) filled_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(super) filled_at: UtcMillis,
}

impl From<InspectionSheet> for ListedSheet {
    fn from(sheet: InspectionSheet) -> Self {
        let InspectionSheet {
            id,
            revision,
            form,
            version,
            title,
            score,
            team,
            staff,
            filled_by,
            filled_at,
            ..
        } = sheet;
        let marks = sheet.marks.into_iter().map(ListedMark::from).collect();
        Self { id, revision, form, version, title, marks, score, team, staff, filled_by, filled_at }
    }
}

/// The sheets of a contact.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SheetList {
    /// Latest first.
    pub(super) items: Vec<ListedSheet>,
}

/// A mean with its 95 % interval.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MeasuredMean {
    /// The mean.
    pub(super) value: f64,
    /// Lower bound.
    pub(super) low: f64,
    /// Upper bound.
    pub(super) high: f64,
}

fn mean(measured: &SheetMean) -> Option<MeasuredMean> {
    let (value, interval) = measured.as_ref().ok()?;
    Some(MeasuredMean { value: *value, low: interval.low, high: interval.high })
}

/// One item over all sheets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ItemResultView {
    /// Which item.
    pub(super) item: String,
    /// Sheets in which it applied.
    pub(super) applied: usize,
    /// Share of its points that was lost, in [0, 1]; null below the minimum of sheets.
    pub(super) lost: Option<MeasuredMean>,
    /// Of the sheets for which the program had proposed points, the share in which a person gave the same.
    pub(super) agreed: Option<f64>,
}

/// The sheets of one team.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TeamResultView {
    /// Which team.
    pub(super) team: TeamId,
    /// Its sheets.
    pub(super) sheets: usize,
    /// Mean score; null below the minimum of sheets.
    pub(super) score: Option<MeasuredMean>,
}

/// What the sheets of a version say together. Somebody chose the contacts: a mean is one of these sheets, not of all work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FormResultsView {
    /// Sheets that were added up: the latest of each contact, of 13 weeks.
    pub(super) sheets: usize,
    /// Mean score of a hundred; null below the minimum of sheets.
    pub(super) score: Option<MeasuredMean>,
    /// Sheets in which an item took everything.
    pub(super) knocked_out: usize,
    /// Item by item.
    pub(super) items: Vec<ItemResultView>,
    /// Team by team.
    pub(super) teams: Vec<TeamResultView>,
}

impl From<FormResults> for FormResultsView {
    fn from(found: FormResults) -> Self {
        let FormResults { sheets, score, knocked_out, items, teams, .. } = found;
        let item = |one: ItemResult| ItemResultView {
            lost: mean(&one.lost),
            item: one.key,
            applied: one.applied,
            agreed: one.agreed,
        };
        let team =
            |one: TeamResult| TeamResultView { score: mean(&one.score), team: one.team, sheets: one.sheets };
        Self {
            sheets,
            score: mean(&score),
            knocked_out,
            items: items.into_iter().map(item).collect(),
            teams: teams.into_iter().map(team).collect(),
        }
    }
}
