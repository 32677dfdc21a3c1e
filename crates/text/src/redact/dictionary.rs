//! The dictionary that cuts text into words, as finders ask it whether something is a word.

use std::sync::{Arc, LazyLock};

use crate::segment::Dictionary;

pub(super) static DICTIONARY: LazyLock<Arc<Dictionary>> = LazyLock::new(load);

#[expect(
    clippy::expect_used,
    reason = "the lists are constants, and every test of this layer runs through here"
)]
fn load() -> Arc<Dictionary> {
    Dictionary::shared().expect("the lists that are compiled in can be read")
}
