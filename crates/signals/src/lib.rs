//! From words to reasons to listen: signals of one contact, flags, the pipeline of all stages, and
//! figures of their quality.
//!
//! ```text
//! segment → score → contagion → flag
//!           ScoredContact │ Analysis
//! ```

pub mod contagion;
pub mod evaluate;
pub mod events;
pub mod flag;
pub mod pipeline;
