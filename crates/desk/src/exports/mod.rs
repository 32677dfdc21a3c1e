//! Copies that leave the product: who may take which, what is written down, and the rows.
//!
//! An export is read portion by portion, newest contact first, and holds what its caller sees on
//! the pages: nobody gets more by taking it all at once.

mod approvals;
mod asked;
mod cell;
mod columns;
mod exporting;
mod lists;
mod rows;

pub use asked::{ExportAsked, ExportFilter, ExportMark, ExportPortion, WholeContact};
pub use cell::ExportCell;
pub use columns::ExportColumn;
pub use exporting::Exporting;
pub use lists::ListCopy;
