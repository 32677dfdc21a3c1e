//! Inspection forms in versions, and sheets that were filled in.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, execute, reading, sql_forms as sql, writing};
use tingxin_text::domain::{ContactRef, FormGroup, ItemMark, Points, StaffId, TeamId, UtcMillis};

/// A version of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionForm {
    /// Key, the same for all versions.
    pub id: Uuid,
    /// From 1.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// What is looked at.
    pub groups: Vec<FormGroup>,
    /// Who wrote it.
    pub made_by: String,
    /// When it was last written.
    pub made_at: UtcMillis,
    /// Filled in since; `None` for a draft.
    pub published_at: Option<UtcMillis>,
    /// Not filled in any more since.
    pub retired_at: Option<UtcMillis>,
}

/// A sheet that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionSheet {
    /// Key.
    pub id: Uuid,
    /// Which contact.
    pub contact: ContactRef,
    /// Revision that was listened to.
    pub revision: u32,
    /// Which form.
    pub form: Uuid,
    /// In which version.
    pub version: u32,
    /// What the form is called.
    pub title: String,
    /// What was looked at.
    pub groups: Vec<FormGroup>,
    /// What was given.
    pub marks: Vec<ItemMark>,
    /// Points of a hundred.
    pub score: Points,
    /// Team that served.
    pub team: Option<TeamId>,
    /// Who served.
    pub staff: Option<StaffId>,
    /// Who filled it in.
    pub filled_by: String,
    /// When.
    pub filled_at: UtcMillis,
}

/// A sheet to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSheet {
    /// Key.
    pub id: Uuid,
    /// Which contact.
    pub contact: ContactRef,
    /// Revision that was listened to.
    pub revision: u32,
    /// Which form.
    pub form: Uuid,
    /// In which version.
    pub version: u32,
    /// What was given.
    pub marks: Vec<ItemMark>,
    /// Points of a hundred.
    pub score: Points,
    /// The entry of the audit log; its actor fills the sheet in.
    pub entry: NewAudit,
}

#[derive(FromRow)]
struct FormRow {
    id: Uuid,
    version: i64,
    title: String,
    plan: String,
    made_by: String,
    made_at: i64,
    published_at: Option<i64>,
    retired_at: Option<i64>,
}

#[derive(FromRow)]
struct SheetRow {
    id: Uuid,
    contact: Uuid,
    revision: i64,
    form: Uuid,
    version: i64,
    marks: String,
    score: i64,
    filled_by: String,
    filled_at: i64,
    title: String,
    plan: String,
    team: Option<String>,
    staff_id: Option<String>,
}

impl TryFrom<FormRow> for InspectionForm {
    type Error = StoreError;

    fn try_from(row: FormRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            version: decode::number("inspection_forms.version", row.version)?,
            title: row.title,
            groups: decode::json("inspection_forms.plan", &row.plan)?,
            made_by: row.made_by,
            made_at: UtcMillis::from_millis(row.made_at),
            published_at: row.published_at.map(UtcMillis::from_millis),
            retired_at: row.retired_at.map(UtcMillis::from_millis),
        })
    }
}

impl TryFrom<SheetRow> for InspectionSheet {
    type Error = StoreError;

    fn try_from(row: SheetRow) -> Result<Self, StoreError> {
        let score = decode::number("inspection_sheets.score", row.score)?;
        Ok(Self {
            id: row.id,
            contact: ContactRef(row.contact),
            revision: decode::number("inspection_sheets.revision", row.revision)?,
            form: row.form,
            version: decode::number("inspection_sheets.version", row.version)?,
            title: row.title,
            groups: decode::json("inspection_forms.plan", &row.plan)?,
            marks: decode::json("inspection_sheets.marks", &row.marks)?,
            score: Points::of_tenths(score).unwrap_or_default(),
            team: decode::optional("contacts.team", row.team.as_deref())?,
            staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?,
            filled_by: row.filled_by,
            filled_at: UtcMillis::from_millis(row.filled_at),
        })
    }
}

fn sheets(rows: Vec<SheetRow>) -> Result<Vec<InspectionSheet>, StoreError> {
    rows.into_iter().map(InspectionSheet::try_from).collect()
}

impl Store {
    /// Every version of every form, version by version.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forms(&self) -> Result<Vec<InspectionForm>, StoreError> {
        let rows: Vec<FormRow> = reading!(self, |db| sqlx::query_as(sql::FORMS).fetch_all(db).await?);
        rows.into_iter().map(InspectionForm::try_from).collect()
    }

    /// One version of a form.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn form(&self, id: Uuid, version: u32) -> Result<Option<InspectionForm>, StoreError> {
        let row: Option<FormRow> = reading!(self, |db| {
            sqlx::query_as(sql::ONE_FORM).bind(id).bind(i64::from(version)).fetch_optional(db).await?
        });
        row.map(InspectionForm::try_from).transpose()
    }

    /// Writes a draft; `false` when that version is published or retired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_form(&self, form: &InspectionForm) -> Result<bool, StoreError> {
        let plan = decode::to_json("inspection_forms.plan", &form.groups)?;
        let (version, at) = (i64::from(form.version), form.made_at.as_millis());
        Ok(execute!(self, sql::PUT_FORM, form.id, version, &form.title, plan, &form.made_by, at) > 0)
    }

    /// Publishes a draft and retires the versions before it; `false` when it is no draft.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn publish_form(&self, id: Uuid, version: u32, now: UtcMillis) -> Result<bool, StoreError> {
        let (version, now) = (i64::from(version), now.as_millis());
        Ok(writing!(self, |tx| {
            let done = sqlx::query(sql::PUBLISH_FORM).bind(id).bind(version).bind(now);
            let done = done.execute(&mut *tx).await?.rows_affected() > 0;
            if done {
                sqlx::query(sql::RETIRE_BEFORE).bind(id).bind(version).bind(now).execute(&mut *tx).await?;
            }
            done
        }))
    }

    /// Retires every version of a form; `false` when there is none in use. Its sheets stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn retire_form(&self, id: Uuid, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::RETIRE_FORM, id, now.as_millis()) > 0)
    }

    /// Keeps a sheet and writes it to the audit log; `false` when the form is not filled in any more, or the contact has another
    /// revision or is another team's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_sheet(&self, sheet: &NewSheet, team: Option<&TeamId>) -> Result<bool, StoreError> {
        let NewSheet { id, contact, revision, form, version, marks, score, entry } = sheet;
        let marks = decode::to_json("inspection_sheets.marks", marks)?;
        Ok(writing!(self, |tx| {
            let added = sqlx::query(sql::ADD_SHEET)
                .bind(id)
                .bind(contact.0)
                .bind(i64::from(*revision))
                .bind(form)
                .bind(i64::from(*version))
                .bind(&marks)
                .bind(i64::from(score.tenths()))
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .bind(team.map(TeamId::as_str))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if added > 0 {
                append!(tx, entry);
            }
            added > 0
        }))
    }

    /// Sheets of a contact, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sheets_of(&self, contact: ContactRef) -> Result<Vec<InspectionSheet>, StoreError> {
        sheets(reading!(self, |db| {
            sqlx::query_as::<_, SheetRow>(sql::SHEETS_OF_CONTACT).bind(contact.0).fetch_all(db).await?
        }))
    }

    /// The latest sheet of each contact on a form since a moment, at most `limit`, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sheets_on(
        &self,
        form: Uuid,
        since: UtcMillis,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<InspectionSheet>, StoreError> {
        sheets(reading!(self, |db| {
            sqlx::query_as::<_, SheetRow>(sql::SHEETS_OF_FORM)
                .bind(form)
                .bind(since.as_millis())
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        }))
    }

    /// The latest sheet of each contact of a person and form, at most `limit`, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sheets_of_staff(
        &self,
        staff: &StaffId,
        limit: u32,
    ) -> Result<Vec<InspectionSheet>, StoreError> {
        sheets(reading!(self, |db| {
            sqlx::query_as::<_, SheetRow>(sql::SHEETS_OF_STAFF)
                .bind(staff.as_str())
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        }))
    }
}
