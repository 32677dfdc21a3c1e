//! Traditional characters → the Simplified ones that models and lists know.
//!
//! The text that is stored, shown and quoted stays as it was written: every character has exactly
//! one in its place, so places in the copy are places in the text.

use std::sync::OnceLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// Some 2 MB, read once in a process. `None` where the built-in dictionary cannot be read, which
/// the test below would show.
static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();

/// The text in Simplified characters; `None` where nothing changes.
pub(crate) fn simplified(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let converter = CONVERTER.get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok()).as_ref()?;
    let copy = converter.convert(text);
    if copy == text {
        return None;
    }
    if copy.chars().count() == text.chars().count() {
        return Some(copy);
    }
    // A phrase that is shorter in the other script would move every place behind it.
    Some(text.chars().map(|c| one(converter, c)).collect())
}

fn one(converter: &OpenCC, c: char) -> char {
    let copy = converter.convert(c.encode_utf8(&mut [0; 4]));
    let mut chars = copy.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn traditional_characters_have_one_simplified_one_each() {
        assert_eq!(simplified("寬頻斷了兩天，後臺也打不通").as_deref(), Some("宽频断了两天，后台也打不通"));
        assert_eq!(simplified("宽带断了两天"), None);
        assert_eq!(simplified("139****0000"), None);
    }

    proptest! {
        #[test]
        fn no_place_moves(text in "\\PC{0,40}|[一-龥]{0,40}") {
            let copy = simplified(&text).unwrap_or_else(|| text.clone());
            prop_assert_eq!(copy.chars().count(), text.chars().count());
        }
    }
}
