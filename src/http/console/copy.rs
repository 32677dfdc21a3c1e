//! Copies of the lists that a page shows: its address, with a form and a purpose.
//!
//! One page has one handler: whoever may not see a list cannot copy it, what narrows the page narrows the copy, and the
//! read is written down as that of the page. The copy is written down beside it, with its mark.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use super::page::{asked_of, language, page};
use crate::console::{ListTable, Listing, SpokenOfCopies as _, fill};
use crate::desk::{Caller, ListCopy};
use crate::domain::{ExportForm, ExportReason};
use crate::export::{ExportFile, watermark};
use crate::http::error::{ApiError, Problem};
use crate::http::sending::Outgoing;
use crate::http::state::ServiceState;

/// Rows of a list that a copy holds at most. **Source**: set by the project; what is larger is taken at 导出, which
/// writes while it reads.
const MOST: u32 = 5_000;

fn given(request: &HttpRequest, name: &str) -> Option<String> {
    asked_of(request).into_iter().find(|(given, _)| given == name).map(|(_, value)| value)
}

/// How much of a list is read: a part for the page, all that a copy holds for a copy.
pub(super) fn part(request: &HttpRequest, shown: u32) -> u32 {
    if given(request, "copy").is_some() { MOST } else { shown }
}

/// A page with lists, or a copy of one of them.
pub(super) async fn listing(
    caller: &Caller,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    shown: &impl Listing,
) -> Result<HttpResponse, ApiError> {
    match given(request, "copy").filter(|_| request.method().is_safe()) {
        None => page(request, status, shown),
        Some(form) => copy(caller, (request, &form), state, shown).await,
    }
}

async fn copy(
    caller: &Caller,
    (request, form): (&HttpRequest, &str),
    state: &ServiceState,
    shown: &impl Listing,
) -> Result<HttpResponse, ApiError> {
    let wrong = || {
        let why =
            "`copy` is csv or xlsx, `reason` says what it is for, and `list` is a list of the page, from 0";
        ApiError::new(Problem::InvalidQuery, why)
    };
    let form = ExportForm::from_name(form).ok_or_else(wrong)?;
    let form =
        Some(form).filter(|form| matches!(form, ExportForm::Csv | ExportForm::Xlsx)).ok_or_else(wrong)?;
    let reason = given(request, "reason").as_deref().and_then(ExportReason::from_name).ok_or_else(wrong)?;
    let at: usize = given(request, "list").map_or(Ok(0), |list| list.parse()).map_err(|_| wrong())?;
    let table = shown.tables().into_iter().nth(at).ok_or_else(wrong)?;
    let taken = ListCopy { page: request.path(), list: at, form, reason };
    let mark = state.desk.copy_list(caller, taken).await?;
    let lang = language(request);
    let mut note = watermark(&mark, lang);
    if shown.goes_on() {
        note = format!("{note}　{}", fill(lang.copies().cut, table.rows.len()));
    }
    send((form, &mark.id), &note, table)
}

fn send((form, mark): (ExportForm, &str), note: &str, table: ListTable) -> Result<HttpResponse, ApiError> {
    let headings: Vec<&str> = table.headings.iter().map(String::as_str).collect();
    let (file, begun) = ExportFile::begin(form, &headings, Some(note))?;
    let outgoing = Outgoing::begin(file, begun);
    let parts = stream::try_unfold((outgoing, Some(table.rows)), |(mut outgoing, rows)| async move {
        if let Some(begun) = outgoing.begun() {
            return Ok(Some((begun, (outgoing, rows))));
        }
        let bytes = match rows {
            Some(rows) => Some(outgoing.rows(&rows)?),
            None => outgoing.rest().await?,
        };
        Ok::<_, ApiError>(bytes.map(|bytes| (bytes, (outgoing, None))))
    });
    let name = format!("attachment; filename=\"tingxin-list-{mark}.{}\"", form.ending());
    Ok(HttpResponse::Ok()
        .content_type(form.media_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(Box::pin(parts)))
}
