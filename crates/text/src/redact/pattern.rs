//! E-mail addresses and vehicle plates: the two kinds whose shape alone gives them away.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::RedactionKind;

use super::line::{Hit, SearchedLine};
use super::numerals::numeral;

/// Written, and as recognisers write it: `zhangsan艾特163点com`, `z s l 艾特 sina 点 com`.
///
/// Broader than RFC 5321 on purpose in what follows the sign, narrower in quoting, which nobody
/// speaks.
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let digit = "零〇一幺二三四五六七八九";
    let local = format!(
        r"(?:(?:[a-z0-9]\s){{2,}}(?:[a-z0-9]|[两三四]个[0-9{digit}]\s?)*|[a-z0-9{digit}](?:[a-z0-9._%+\-{digit}]|横杠|中划线|横线|减号|杠|下划线|点)*)"
    );
    let sign = r"(?:@|#|\s*(?:艾特|爱特|圈\s?a|花a|小老鼠|\(at\)|\[at\]|<at>)\s*|\sat\s)";
    let dot = r"\s*(?:\.|点|。|\(dot\)|\[dot\]|\sdot\s)\s*";
    compiled(&format!(r"{local}{sign}[a-z0-9\-{digit}]+(?:{dot}[a-z0-9\-]+)+"))
});

/// Province, letter of the city, then five characters, or six on the green plates of new-energy
/// vehicles (GA 36-2018, which has no `i` and no `o`). Digits may be spoken.
static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[a-hj-np-z](?:[\s·.\-]|嗯|呃|那个)?(?:[a-hj-np-z0-9零〇一幺二三四五六七八九]\s?){4,5}[a-hj-np-z0-9零〇一幺二三四五六七八九挂学警港澳]",
    )
});

/// Fewer digits make «新Abcdef» a word and not a plate.
const MIN_PLATE_DIGITS: usize = 2;

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and tests/it/redact.rs runs every one of them"
)]
pub(super) fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern compiles")
}

/// Finds both kinds in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    if !text.contains(|c: char| c.is_ascii_lowercase()) {
        return;
    }
    let mut hits: Vec<Hit> = Vec::new();
    if ["@", "#", "特", "圈", "花a", "老鼠", "at"].iter().any(|sign| text.contains(sign)) {
        hits.extend(
            EMAIL
                .find_iter(text)
                .filter(|found| is_email(found.as_str()))
                .map(|found| hit(&found, RedactionKind::Email)),
        );
    }
    hits.extend(
        PLATE
            .find_iter(text)
            .filter(|found| is_plate(text, found))
            .map(|found| hit(&found, RedactionKind::Plate)),
    );
    for hit in hits {
        line.mark(hit);
    }
}

/// «号» or a channel may stand where the sign does: behind `#` only the domain of a firm makes an address.
fn is_email(found: &str) -> bool {
    !found.contains('#') || [".com", ".cn", ".net", ".org"].iter().any(|domain| found.ends_with(domain))
}

fn is_plate(text: &str, found: &regex::Match<'_>) -> bool {
    let digits = found.as_str().chars().filter(|c| numeral(*c).is_some()).count();
    let next = text.get(found.end()..).and_then(|tail| tail.chars().next());
    digits >= MIN_PLATE_DIGITS && !next.is_some_and(|c| c.is_ascii_alphanumeric())
}

fn hit(found: &regex::Match<'_>, kind: RedactionKind) -> Hit {
    Hit { from: found.start(), to: found.end(), kind }
}
