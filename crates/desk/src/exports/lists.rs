//! Copies of the lists that pages show.

use tingxin_text::domain::{ExportForm, ExportReason, Purpose};

use super::asked::ExportMark;
use crate::{Caller, Desk, DeskError};

/// A list that somebody copies from a page.
#[derive(Debug, Clone, Copy)]
pub struct ListCopy<'a> {
    /// The page, as its address has it.
    pub page: &'a str,
    /// Which of its lists, from 0.
    pub list: usize,
    /// How it is written.
    pub form: ExportForm,
    /// What for.
    pub reason: ExportReason,
}

impl Desk {
    /// Writes down that somebody copies a list from a page; the mark of the copy. Whether they may see the page was
    /// decided before.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn copy_list(&self, caller: &Caller, taken: ListCopy<'_>) -> Result<ExportMark, DeskError> {
        let ListCopy { page, list, form, reason } = taken;
        let caller = Caller { purpose: Some(Purpose::Export), ..caller.clone() };
        let mark = ExportMark::new(&caller, reason);
        let object = format!("list {list} of {page} as {form} for {reason}, mark {}", mark.id);
        self.write_down(&caller, "export.list", object, true).await?;
        Ok(mark)
    }
}
