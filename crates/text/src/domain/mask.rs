//! What stands in a text where something was taken out after it was stored.

/// What stands where words were.
pub const FORGOTTEN: &str = "[原文已删除]";

/// Shortest work number that is looked for in texts. A shorter one would hide amounts and house
/// numbers.
const SHORTEST: usize = 3;

/// `text` with asterisks for `number` wherever it stands by itself; `None` where it does not. The
/// length stays: places in the text are kept by character.
pub(super) fn masked(text: &str, number: &str) -> Option<String> {
    let length = number.chars().count();
    if length < SHORTEST {
        return None;
    }
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (mut out, mut rest, mut found) = (String::with_capacity(text.len()), text, false);
    while let Some((before, after)) = rest.split_once(number) {
        let alone = !joins(before.chars().next_back().or_else(|| out.chars().next_back()))
            && !joins(after.chars().next());
        out.push_str(before);
        if alone {
            out.extend(std::iter::repeat_n('*', length));
        } else {
            out.push_str(number);
        }
        found |= alone;
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_number_is_hidden_where_it_stands_by_itself() {
        for (text, hidden) in [
            ("工号A1001为您服务", Some("工号*****为您服务")),
            ("A1001，A1001", Some("*****，*****")),
            ("A10012不是A1001", Some("A10012不是*****")),
            ("XA1001", None),
            ("您好", None),
        ] {
            assert_eq!(masked(text, "A1001").as_deref(), hidden, "{text}");
        }
        assert_eq!(masked("12元", "12"), None, "a short number is an amount as well");
    }
}
