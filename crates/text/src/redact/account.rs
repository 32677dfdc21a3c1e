//! Finds accounts, handles and codes that hold letters: «微信号`wxid_a1b2`», «取件码`A3-1024`».
//!
//! Such a string has no shape of its own, so the words before it decide, and it must look like something that
//! nobody says for its meaning: letters with digits, or letters behind «号» or «是». Codes of nothing but
//! digits are found by `chain`.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::RedactionKind;

use super::line::{Hit, SearchedLine};
use super::numerals::numeral;
use super::pattern::compiled;
use super::words::is_before_unit;

/// What an account may consist of, written or read out.
const TOKEN: &str =
    r"(?:[a-z0-9_@.\-]|下划线|中划线|横杠|横线|减号|井号|星号|大写|小写|[零〇幺一二三四五六七八九])+";
/// What may stand between the announcement and the account.
const LINK: &str = r"(?:同号|号码?|就?是|为|叫|改成|换成|我的|绑定的?|[:=,\s]){0,5}";

/// Accounts of people with others and with us.
static HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!(
        r"(?:微信|[薇威vw微]信|(?:^|[^a-z0-9])(?:vx|wx|wei\s?xin|we\s?chat|q\s?q|id)|扣扣|企鹅|加我?q|球球号|账号|帐号|账户名|会员号|会员卡号|户号|宽带号|合同号|登录名|登陆名|用户名|支付宝|抖音|快手|微博|淘宝|钉钉|小红书)(?P<link>{LINK})(?P<id>{TOKEN})"
    ))
});

/// Passwords and codes.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!(
        r"(?:密码|口令|验证码|校验码|动态码|取件码|取货码|提货码|自提码|兑换码|激活码|授权码|核销码|邀请码|识别码|pin码|puk码)(?P<link>{LINK})(?P<id>{TOKEN})"
    ))
});

/// «短信里556677这个验证码»: the code before its name.
static CODE_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?:^|[^0-9a-z])(?P<id>[0-9]{6}|[0-9]{4})(?:就是|是|这个)(?:验证码|校验码|取件码|取货码|密码)")
});

/// Words in Latin letters that follow such an announcement and name nobody.
const WORDS: &[&str] = &[
    "app", "wifi", "vip", "svip", "pay", "error", "iphone", "ios", "android", "login", "null", "web",
    "email", "wechat", "windows", "email",
];

/// Fewer characters are a grade or a generation: «会员v6».
const MIN_CHARS: usize = 4;
/// A number of nothing but digits counts from this length, as with the oldest accounts of QQ.
const MIN_DIGITS: usize = 5;

/// Finds all of them in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    // Every announcement ends in one of these or is written in letters.
    let announced = [
        "信", "号", "码", "名", "令", "q", "x", "扣", "宝", "音", "手", "博", "宝", "钉", "书", "鹅", "id",
        "we",
    ];
    if !announced.iter().any(|word| text.contains(word)) {
        return;
    }
    let mut hits: Vec<Hit> = Vec::new();
    for (pattern, code) in [(&HANDLE, false), (&CODE, true)] {
        for found in pattern.captures_iter(text) {
            let (Some(between), Some(id)) = (found.name("link"), found.name("id")) else { continue };
            let id_text = id.as_str().trim_end_matches(['.', '-', '@']);
            let to = id.start() + id_text.len();
            let firm = ["号", "是", ":", "为", "叫"].iter().any(|sign| between.as_str().contains(sign))
                || text.get(..between.start()).is_some_and(|head| head.ends_with(['号', '名', 'x']));
            if is_account(id_text, firm, code) && !is_before_unit(text, to) {
                hits.push(hit(id.start(), to));
            }
        }
    }
    let first = CODE_FIRST.captures_iter(text).filter_map(|found| found.name("id"));
    hits.extend(first.map(|id| hit(id.start(), id.end())));
    for hit in hits {
        line.mark(hit);
    }
}

const fn hit(from: usize, to: usize) -> Hit {
    Hit { from, to, kind: RedactionKind::Number }
}

fn is_account(id: &str, firm: bool, code: bool) -> bool {
    if id.chars().count() < MIN_CHARS
        || WORDS.iter().any(|word| id.trim_end_matches(|c| numeral(c).is_some()) == *word)
    {
        return false;
    }
    let count = |of: fn(char) -> bool| id.chars().filter(|c| of(*c)).count();
    let letters = count(|c| c.is_ascii_lowercase());
    let digits = count(|c| c.is_ascii_digit());
    let spoken = count(|c| numeral(c).is_some_and(|(_, spoken)| spoken));
    let joined = id.contains(['_', '-', '@'])
        || ["下划线", "杠", "减号", "井号", "星号"].iter().any(|sign| id.contains(sign));
    if letters > 0 {
        return digits + spoken > 0 || joined || (firm && letters > MIN_CHARS) || (firm && code);
    }
    if code {
        return digits >= MIN_CHARS && joined;
    }
    (digits >= MIN_DIGITS && !id.contains(['.', '-'])) || (spoken >= MIN_DIGITS && digits == 0)
}
