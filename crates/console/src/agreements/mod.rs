//! Pages about agreed coaching: agreeing, one agreement, the catalogue of trainings.

mod catalogue;
mod form;
mod one;
mod row;
mod words;

pub use catalogue::{TrainingTyped, TrainingsPage};
pub use form::{AgreeInput, AgreePage, AgreeTyped};
pub use one::AgreementPage;
pub(super) use row::AgreedRow;
pub use words::{AgreementWords, SpokenOfAgreements};
