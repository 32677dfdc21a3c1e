//! Cuts a note into sentences.

/// Cuts after sentence marks and line ends; the pieces joined give the text again.
///
/// Marks in a row, closing quotation marks and blanks stay with the sentence they end, so that no
/// piece is blank unless the whole text is.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let (mut start, mut ended, mut worded) = (0, false, false);
    for (at, c) in text.char_indices() {
        let is_mark = matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n' | '\r');
        let clings = c.is_whitespace() || matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '"' | '…');
        if ended && !is_mark && !clings {
            sentences.extend(text.get(start..at));
            (start, ended, worded) = (at, false, false);
        }
        worded |= !is_mark && !clings;
        ended |= is_mark && worded;
    }
    let rest = text.get(start..).unwrap_or_default();
    if !rest.is_empty() {
        sentences.push(rest);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::split;

    #[test]
    fn marks_quotes_and_line_ends_stay_with_their_sentence() {
        let note = "客户问“凭什么扣钱？”情绪激动！！\n已退费；客户认可。";

        assert_eq!(split(note), ["客户问“凭什么扣钱？”", "情绪激动！！\n", "已退费；", "客户认可。"]);
    }

    #[test]
    fn a_note_without_marks_is_one_sentence() {
        assert_eq!(split("客户要求退费"), ["客户要求退费"]);
        assert!(split("").is_empty());
    }

    proptest! {
        #[test]
        fn joined_sentences_give_the_note_again(note in "[客户。！？；!?;” \n\ra1…]{0,40}") {
            prop_assert_eq!(split(&note).concat(), note.clone());
            prop_assert!(note.trim().is_empty() || split(&note).iter().all(|s| !s.is_empty()));
        }
    }
}
