//! Finds dates of birth: a date that «生日», «出生», «属牛» or «我85年的» makes somebody's.
//!
//! Every other date stays: contacts are about bills, contracts and the days on which something broke.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::RedactionKind;

use super::line::{Hit, SearchedLine};
use super::pattern::compiled;

const DIGIT: &str = "[零〇一二三四五六七八九0-9]";
const MONTH: &str = "(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九正冬腊])\\s?月份?";
const DAY: &str = "(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|[0-9]{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:日|号)?";
/// Years in which customers and those they call for were born, in two digits or four.
const YEAR: &str = "(?:19[0-9]{2}|20[0-2][0-9]|[0-9]{2}|一九[零〇一二三四五六七八九]{2}|二[零〇]{1}[零〇一二][零〇一二三四五六七八九]|[零〇一二三四五六七八九]{2})\\s?年";

static PATTERNS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let joined = r"(?:19|20)[0-9]{2}(?:[\-./ ]\s?[0-9]{1,2}){1,2}[日号]?|(?:19|20)[0-9]{6}";
    let spoken = format!("{YEAR}(?:{MONTH}(?:{DAY})?)?|{MONTH}(?:{DAY})");
    let date = format!("(?P<date>{joined}|{spoken})");
    // A year alone is somebody's if it could not be that of a contract: until 2012, and nothing follows it.
    let past = format!(
        "(?P<date>(?:19[3-9][0-9]|200[0-9]|[3-9][0-9]|0[0-9]|一九{DIGIT}{{2}}|[三四五六七八九零]{DIGIT})\\s?年(?:{MONTH}(?:{DAY})?)?)"
    );
    [
        compiled(&format!(
            r"(?:生日|出生日期|出生年月日?|出生时间|出生|生于|生辰|诞辰|生辰八字|寿辰)(?:日期|时间|年月|就?是在?|为|[:,\s]|在|于|我?的|农历|阴历|阳历|公历|身份证上)*{date}"
        )),
        compiled(&format!(
            r"{date}(?:\s|那天|左右|下午|上午|凌晨|晚上)*(?:出生|生的|生人|生日|的生日|过生日|的寿)"
        )),
        compiled(&format!(
            r"(?:我|她|他|本人|老人家?|老太太|老爷子|孩子|妈|爸|母亲|父亲|奶奶|爷爷|外婆|外公|儿子|女儿|老公|老婆)(?:就?是|都是)?{past}的(?:$|[,。!?;\s人]|属|啊|呀|了|都|老)"
        )),
    ]
});

/// Finds them in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    if !(text.contains(['生', '诞', '寿']) || text.contains("年")) {
        return;
    }
    let found: Vec<Hit> = PATTERNS
        .iter()
        .flat_map(|pattern| pattern.captures_iter(text))
        .filter_map(|found| found.name("date"))
        .filter(|date| is_somebodys(text.get(date.end()..).unwrap_or_default()))
        .map(|date| Hit { from: date.start(), to: date.end(), kind: RedactionKind::BirthDate })
        .collect();
    for hit in found {
        line.mark(hit);
    }
}

/// «我85年的老用户» says since when somebody is a customer.
fn is_somebodys(rest: &str) -> bool {
    !["的老用户", "的老客户", "的套餐", "的合同", "的卡"].iter().any(|word| rest.starts_with(word))
}
