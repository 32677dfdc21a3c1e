//! What computes a trained model.

use serde::{Deserialize, Serialize};

/// What `rust-bert` is answered with by a program that lacks it.
pub(super) const NOT_BUILT: &str = "this program was built without the engine `rust-bert`; build one that has it, in the \
     source folder: eval \"$(scripts/setup-libtorch.sh)\" && cargo build --release --features rust-bert";

/// What computes a trained model. The same weights give the same probabilities within 1e-3 on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineKind {
    /// The forward pass of this program.
    #[default]
    Embedded,
    /// libtorch by way of the crate `rust-bert`; only in programs built with the feature of that
    /// name.
    RustBert,
}

impl EngineKind {
    /// Every engine, whether this program was built with it or not.
    pub const ALL: &[Self] = &[Self::Embedded, Self::RustBert];

    /// Its name on the command line and in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::RustBert => "rust-bert",
        }
    }

    /// The engine of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|engine| engine.as_str() == name)
    }

    /// Why this program cannot use it, if so.
    pub(super) fn missing(self) -> Option<&'static str> {
        (self == Self::RustBert && !cfg!(feature = "rust-bert")).then_some(NOT_BUILT)
    }

    /// A model's name as `engine.model` of an analysis shows it: same name, same bytes.
    pub(super) fn name_of(self, model: &str) -> String {
        match self {
            Self::Embedded => model.to_owned(),
            Self::RustBert => format!("{model}+{}", self.as_str()),
        }
    }
}
