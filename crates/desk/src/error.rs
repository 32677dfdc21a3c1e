//! Why something is not done.

use tingxin_store::StoreError;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is nothing of that key, or nothing that the caller may see: nobody learns which.
    #[error("nothing is here, or nothing that this account may see")]
    NotFound,
    /// The caller is limited to another team than the one that is asked for.
    #[error("this account or key is limited to another team")]
    OtherTeam,
    /// The caller sees what a reviewer confirmed, and asked for more.
    #[error("flags that nobody has confirmed are seen by reviewers alone; ask with status=confirmed")]
    Unconfirmed,
    /// The flag is not what was looked at any more.
    #[error("it was analysed or judged anew; read it again")]
    FlagChanged,
    /// The flag is under appeal, or a second reviewer has decided one.
    #[error("the flag is under appeal or its appeal was decided; the second reviewer's word is final")]
    Appealed,
    /// The appeal is not where the step begins.
    #[error("the appeal has gone on since it was read, or it is not this account's turn; read it again")]
    AppealChanged,
    /// There is an appeal already, or its window is over.
    #[error("{0}")]
    AppealClosed(&'static str),
    /// Whoever decides has judged the same before.
    #[error("another person than whoever judged the flag before decides an appeal")]
    OwnVerdict,
    /// The case is not where the step begins.
    #[error("the case has gone on since it was read; read it again")]
    CaseChanged,
    /// A person asks for words of contacts in bulk, and nobody else has approved it.
    #[error("words of contacts leave in bulk only when a second person has approved it: ask for it first")]
    ApprovalNeeded,
    /// A field is not accepted.
    #[error("{reason}")]
    Field {
        /// JSON pointer of the field.
        pointer: &'static str,
        /// What would be accepted.
        reason: String,
    },
    /// The store does not play along.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A computation broke off, or the operating system gave no random numbers.
    #[error("the service failed")]
    Broken,
}

impl DeskError {
    /// A field that is not accepted.
    pub fn field(pointer: &'static str, reason: impl Into<String>) -> Self {
        Self::Field { pointer, reason: reason.into() }
    }
}

/// Arithmetic that takes long does not belong on a thread that answers requests.
pub(crate) async fn off_the_event_loop<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| DeskError::Broken)
}
