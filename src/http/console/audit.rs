//! The audit log.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;

use super::form::day;
use super::page::{frame, language, page};
use crate::console::{AuditAsked, AuditPage, Section, act, encode};
use crate::desk::{ExportCell, ExportMark};
use crate::domain::{DAY_MILLIS, ExportForm, ExportReason, Lang, Purpose, Role};
use crate::export::{ExportFile, watermark};
use crate::http::access::{Allowed, ReadAudit};
use crate::http::error::{ApiError, Problem};
use crate::http::query;
use crate::http::sending::Outgoing;
use crate::http::state::ServiceState;
use crate::store::{AuditEntry, AuditFilter, Cursor};

/// Entries on one page, and of one portion of a file.
const PART: u32 = 100;
const PORTION: u32 = 500;

/// What the list is narrowed to, and where to go on.
#[derive(Deserialize)]
pub(super) struct AuditTyped {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    cursor: Option<String>,
    form: Option<String>,
    reason: Option<String>,
}

impl AuditTyped {
    fn filter(&self) -> Result<AuditFilter, ApiError> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(AuditFilter {
            actor: given(&self.actor),
            action: given(&self.action),
            since: day(&self.from)?,
            until: day(&self.to)?.map(|day| day.plus_millis(DAY_MILLIS)),
        })
    }

    fn address(&self, cursor: &Cursor) -> String {
        let parts =
            [("actor", &self.actor), ("action", &self.action), ("from", &self.from), ("to", &self.to)];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let mut kept: Vec<String> = parts.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        kept.push(format!("cursor={}", query::encode(cursor)));
        format!("/audit?{}", kept.join("&"))
    }
}

pub(super) async fn list(
    who: Allowed<ReadAudit>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    typed: web::Query<AuditTyped>,
) -> Result<HttpResponse, ApiError> {
    let after = typed.cursor.as_deref().and_then(query::decode);
    // A day that cannot be read narrows nothing: the form shows it as it was typed.
    let filter = typed.filter().unwrap_or_default();
    let found = state.store.audit_entries(&filter, after.as_ref(), PART).await?;
    state.desk.write_down(&who, "audit.list", "audit", true).await?;
    let standing = state.desk.audit_standing();
    let next = found.next.as_ref().map(|cursor| typed.address(cursor));
    let AuditTyped { actor, action, from, to, .. } = typed.into_inner();
    let asked = AuditAsked { actor, action, from, to };
    let frame = frame(&request, Some(who.console()?), Section::Audit);
    page(&request, StatusCode::OK, &AuditPage { frame, entries: found.items, next, asked, standing })
}

const HEADINGS: [&str; 9] = ["序号", "时间", "操作者", "角色", "动作", "对象", "用途", "来源地址", "结果"];

fn cells(entry: &AuditEntry, lang: Lang) -> Vec<ExportCell> {
    let text = |text: &str| ExportCell::Text(text.to_owned());
    let maybe = |found: Option<&str>| found.map_or(ExportCell::Empty, text);
    vec![
        ExportCell::Whole(entry.seq),
        ExportCell::Moment(entry.at),
        text(&entry.actor),
        maybe(entry.role.map(Role::zh)),
        text(act(&entry.action, lang)),
        text(&entry.object),
        maybe(entry.purpose.map(Purpose::zh)),
        maybe(entry.address.as_deref()),
        text(&entry.result),
    ]
}

/// The log as a file, with a mark.
pub(super) async fn file(
    who: Allowed<ReadAudit>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    typed: web::Query<AuditTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let wrong =
        || ApiError::new(Problem::InvalidQuery, "`form` is csv or xlsx, and `reason` says what it is for");
    let form = typed.form.as_deref().and_then(ExportForm::from_name);
    let form = form.filter(|form| matches!(form, ExportForm::Csv | ExportForm::Xlsx)).ok_or_else(wrong)?;
    let reason = typed.reason.as_deref().and_then(ExportReason::from_name).ok_or_else(wrong)?;
    let (filter, lang, store) = (typed.filter()?, language(&request), state.store.clone());
    let mark = ExportMark::new(&who, reason);
    let object = format!("audit as {form} for {reason}, mark {}", mark.id);
    state.desk.write_down(&who, "audit.export", object, true).await?;
    let (file, begun) = ExportFile::begin(form, &HEADINGS, Some(&watermark(&mark, lang)))?;
    let outgoing = Outgoing::begin(file, begun);
    let parts =
        stream::try_unfold((outgoing, filter, None, false), move |(mut outgoing, filter, after, ended)| {
            let store = store.clone();
            async move {
                if let Some(begun) = outgoing.begun() {
                    return Ok(Some((begun, (outgoing, filter, after, ended))));
                }
                if ended {
                    return Ok(outgoing.rest().await?.map(|bytes| (bytes, (outgoing, filter, None, true))));
                }
                let page = store.audit_entries(&filter, after.as_ref(), PORTION).await?;
                let rows: Vec<_> = page.items.iter().map(|entry| cells(entry, lang)).collect();
                let (bytes, ended) = (outgoing.rows(&rows)?, page.next.is_none());
                Ok::<_, ApiError>(Some((bytes, (outgoing, filter, page.next, ended))))
            }
        });
    let name = format!("attachment; filename=\"tingxin-audit-{}.{}\"", mark.id, form.ending());
    Ok(HttpResponse::Ok()
        .content_type(form.media_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(Box::pin(parts)))
}
