//! Finds dates of birth: a date that «生日», «出生», «属牛» or «我85年的» makes somebody's.
//!
//! Every other date stays: contacts are about bills, contracts and the days on which something broke.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::RedactionKind;

use super::line::{Hit, SearchedLine};
use super::pattern::compiled;

const DIGIT: &str = "[零〇一二三四五六七八九0-9]";
const MONTH: &str = "闰?(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九正冬腊])\\s?月份?";
const DAY: &str = "\\s?(?:初[一二三四五六七八九十]|[廿卅][一二三四五六七八九]?|[0-9]{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:日|号)?";
/// Days that have a name instead of a number.
const FEAST: &str = "元旦|除夕|大年三十|大年初一|端午节?|中秋节?|重阳节?|元宵节?|国庆节?";
/// Years in which customers and those they call for were born, in two digits or four, or counted from 1912; the
/// cycle of sixty years may follow: «1950年庚寅».
const YEAR: &str = "(?:19[0-9]{2}|20[0-2][0-9]|[0-9]{2}|一九[零〇一二三四五六七八九]{2}|二[零〇]{1}[零〇一二][零〇一二三四五六七八九]|[零〇一二三四五六七八九]{2}|民国[零〇一二三四五六七八九十0-9]{1,3})\\s?年(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?)?(?:农历|阴历|阳历|的|\\s)?";
/// What may stand between «生日» and the date.
const LINK: &str = r"(?:日期|时间|年月日?|栏|写的?|填的?|登记的?|应该|改成|改为|[就也都]?是在?|为|[:,\s(]|在|于|我?的|我|农历|阴历|阳历|公历|旧历|身份证上?)*";

static PATTERNS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    let joined = r"(?:19|20)[0-9]{2}(?:[\-./ ]\s?[0-9]{1,2}){1,2}[日号]?|(?:19|20)[0-9]{6}";
    let english = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s?[0-9]{1,2}(?:st|nd|rd|th)?,?\s?(?:19|20)[0-9]{2}";
    let spoken = format!("{YEAR}(?:{MONTH}(?:{DAY})?|{FEAST})?|{MONTH}(?:{DAY})");
    let date = format!("(?P<date>{english}|{joined}|{spoken})");
    // A year alone is somebody's if it could not be that of a contract: until 2012, and nothing follows it.
    let past = format!(
        "(?P<date>(?:19[3-9][0-9]|200[0-9]|[3-9][0-9]|0[0-9]|一九{DIGIT}{{2}}|[三四五六七八九零]{DIGIT}|民国[一二三四五六七八九十0-9]{{1,3}})\\s?年(?:{MONTH}(?:{DAY})?)?)"
    );
    [
        compiled(&format!(r"(?:生日|出生|出世|生于|生辰|诞辰|寿辰|八字|birthday|dob){LINK}{date}")),
        // Month and day as four digits, and a year with its animal.
        compiled(&format!(
            r"(?:生日|出生){LINK}(?P<date>(?:0[1-9]|1[0-2]|[零〇][一幺二三四五六七八九]|[一幺][零〇一幺二]){DIGIT}{{2}})(?:$|[^0-9零〇一幺二三四五六七八九年])"
        )),
        compiled(&format!(
            r"属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?[,\s]{{0,2}}(?P<date>{YEAR}(?:{MONTH}(?:{DAY})?)?)"
        )),
        compiled(&format!(
            r"{date}(?:\s|那天|左右|下午|上午|凌晨|晚上)*(?:出生|出世|落地|生的?(?:$|[,。!?;\s]|人)|生的|我?的?生日|过生日|的寿)"
        )),
        compiled(&format!(
            r"(?:我|她|他|本人|老人家?|老太太|老爷子|孩子|妈|爸|母亲|父亲|奶奶|爷爷|外婆|外公|儿子|女儿|老公|老婆)(?:就?是|都是)?{past}的(?:$|[,。!?;\s人]|属|啊|呀|了|都|老)"
        )),
    ]
});

/// A whole day, which «生日» somewhere near makes somebody's: «生日错了，系统里1990年1月1日，其实是1990年11月1日».
static WHOLE_DAY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!(
        r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s?[0-9]{{1,2}},?\s?(?:19|20)[0-9]{{2}}|(?:19|20)[0-9]{{2}}[\-./][0-9]{{1,2}}[\-./][0-9]{{1,2}}|(?:19[0-9]{{2}}|20[0-2][0-9]|一九{DIGIT}{{2}}|二[零〇]{DIGIT}{{2}})年{MONTH}{DAY}"
    ))
});
/// What makes a whole day near it a date of birth.
const NEAR: &[&str] = &["生日", "出生", "出世", "周岁", "岁数", "年龄", "身份证上", "学生套餐", "属相"];
/// How far from the date it may stand, in characters.
const REACH: usize = 24;
/// What is done on a day that is nobody's birthday.
const DONE: &[&str] = &[
    "办", "开", "到期", "入网", "激活", "生效", "受理", "装", "停", "扣", "之前", "以前", "起", "至", "到",
    "前", "后", "签", "交", "充", "买", "投诉", "来",
];

/// Finds them in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    if !(text.contains(['生', '诞', '寿', '年', '世', '月', '岁', '属'])
        || text.contains("birth")
        || text.contains("dob"))
    {
        return;
    }
    let mut found: Vec<Hit> = PATTERNS
        .iter()
        .flat_map(|pattern| pattern.captures_iter(text))
        .filter_map(|found| found.name("date"))
        .filter(|date| is_somebodys(text.get(date.end()..).unwrap_or_default()))
        .map(|date| hit(date.start(), date.end()))
        .collect();
    if NEAR.iter().any(|word| text.contains(word)) {
        let days = WHOLE_DAY.find_iter(text).filter(|day| is_near_birth(text, day.start(), day.end()));
        found.extend(days.map(|day| hit(day.start(), day.end())));
    }
    for hit in found {
        line.mark(hit);
    }
}

const fn hit(from: usize, to: usize) -> Hit {
    Hit { from, to, kind: RedactionKind::BirthDate }
}

fn is_near_birth(text: &str, from: usize, to: usize) -> bool {
    let (head, tail) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
    let start = head.char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
    let end = tail.char_indices().nth(REACH).map_or(tail.len(), |(at, _)| at);
    let before = head.get(start..).unwrap_or_default();
    let behind = tail.get(..end).unwrap_or_default();
    let before = before.rsplit(['。', '!', '?']).next().unwrap_or(before);
    let behind = behind.split(['。', '!', '?']).next().unwrap_or(behind);
    NEAR.iter().any(|word| before.contains(word) || behind.contains(word))
        && !DONE.iter().any(|word| tail.trim_start_matches('的').starts_with(word))
}

/// «我85年的老用户» says since when somebody is a customer.
fn is_somebodys(rest: &str) -> bool {
    !["的老用户", "的老客户", "的套餐", "的合同", "的卡"].iter().any(|word| rest.starts_with(word))
}
