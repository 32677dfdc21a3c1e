//! Inspection forms: making them, filling them in, and what their sheets say together.

mod list;
mod one;
mod sheet;
mod words;

pub use list::{FormTyped, FormsPage};
pub use one::FormPage;
pub use sheet::{OwnSheetsPage, SheetInput, SheetPage};
pub(crate) use words::FormWords;
pub use words::SpokenOfForms;
