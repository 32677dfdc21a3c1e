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
    r"(?:[a-z0-9_@#.\-]|下划线|中划线|横杠|横线|减号|井号|星号|大写|小写|[零〇幺一二三四五六七八九])+";
/// What may stand between the announcement and the account.
const LINK: &str = r"(?:同号|同步|号码?|[就不]?是|为|叫|改成|换成|重置|设[的成]?|输的?|我的|绑定的?|提示错误|搜一?下?|嗯|呃|[:=,\s]){0,5}";

/// Accounts of people with others and with us.
static HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!(
        r"(?:微信|[薇威vw微]信|(?:^|[^a-z0-9品备务程件])(?:vx|wx|wei\s?xin|we\s?chat|q\s?q|id)|扣扣|企鹅|加[我个]?[qvx薇微]|(?:^|[^a-z0-9])v[:\s]|球球号|[账帐][号户]名?|会员号|会员名|会员卡号|户号|宽带号?|[云盘网]用户|合同号|登[录陆]名|用户名|昵称|支付宝|京东|拼多多|闲鱼|抖音|快手|微博|淘宝|钉钉|小红书)(?P<link>{LINK})(?P<id>{TOKEN})"
    ))
});

/// Passwords and codes.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!(
        r"(?:密码|口令|验证码|校验码|动态码|取件码|取货码|提货码|自提码|兑换码|激活码|授权码|核销码|邀请码|识别码|安全码|确认码|pin码|puk码)(?P<link>{LINK})(?P<id>{TOKEN})"
    ))
});

/// «短信里556677这个验证码», «Q7ZT4M是提货码», «五六二零九八，短信上的验证码»: the code before its name.
static CODE_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:^|[^0-9a-z零一二三四五六七八九幺])(?P<id>[0-9]{6}|[0-9]{4}|[零〇幺一二三四五六七八九]{4,6}|[a-z0-9]*[0-9][a-z0-9]*)(?:[,\s]{0,2}(?:就是|是|这个|短信[里上]的|手机上的|收到的)(?:验证码|校验码|动态码|取件码|取货码|提货码|兑换码|激活码|授权码|密码|口令)|这个码[^\p{Han}]?)",
    )
});

/// «收到个码 0574», «码发来了，2917», «六位数170846», «不是302715就是302751»: four to six digits behind a word for
/// a code that is no part of its name.
static SHORT_CODE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:收到[个了的]?码|发[来给]?[了的我]{0,2}码|[^\p{Han}]码发[来过]?了?|^码发?[来过]?了?|六位数字?|短信[里上]?[说写发]的?是?|码不是[0-9]{4,6}就?是)(?:是|[:,\s]){0,3}(?P<id>[0-9]{6}|[0-9]{4}|[0-9]{3}\s[0-9]{3})(?:$|[^0-9年月日元块点分gm.\-/])",
    )
});

/// A password in groups: «充值卡密码1847 2096 3350 71628 4».
static IN_GROUPS: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:密码|激活码|兑换码|授权码)[是:\s]{0,3}(?P<id>[0-9]{1,6}(?:[\s\-][0-9]{1,6}){1,7})(?:$|[^0-9])",
    )
});

/// An account in letters and digits that are spelled one by one: «q z l t 0 0 3 8 2 6».
static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:[账帐][号户]|微信|密码|用户名|登录名|扣扣|宽带)[号是:\s]{0,4}(?P<id>[a-z0-9](?:\s[a-z0-9]){4,19})(?:$|[^a-z0-9])",
    )
});

/// A name that somebody made up in characters and digits: «会员名阿呆家的猫2010».
static NICKNAME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:会员名|用户名|昵称|网名|微信名|账户名|账号名|登录名)[是叫为:\s“]{0,3}(?P<id>\p{Han}{1,8}[_\-]?[a-z0-9_\-]{2,12})(?:$|[^a-z0-9])",
    )
});

/// «668899还是889966»: a second guess behind a code that was taken out.
static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"码.{0,24}\](?:还是|或者是?|或是|要么)(?P<id>[0-9]{4,8})(?:$|[^0-9年月日元块])")
});

/// «口令是芝麻开花», «暗号“小葵花”».
static WATCHWORD: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:(?:口令|密保答案)(?:是|叫|:|设的)|暗号(?:是|叫|:|[“\x22]))[“\x22'\s]?(?P<id>\p{Han}{2,8})(?:$|[^\p{Han}])",
    )
});

/// «`搜a_ling0906加我微信好友`»: the account before its name.
static HANDLE_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:^|[^a-z0-9_\-])(?P<id>[a-z][a-z0-9_\-]{4,19})[,\s]?(?:加我?|就?是|这个)(?:的|我|你|个)?(?:微信|[薇威vw]信|vx|wx|qq|扣扣|账号|用户名)",
    )
});

/// Words in Latin letters that follow such an announcement and name nobody.
const WORDS: &[&str] = &[
    "app", "wifi", "vip", "svip", "pay", "error", "iphone", "ios", "android", "login", "null", "web",
    "email", "wechat", "windows", "email",
];

/// What is said of a watchword and is none: «口令是多少».
const QUESTIONS: &[&str] =
    &["多少", "什么", "几", "怎", "不", "没", "啥", "初始", "错", "对", "哪", "你们", "我"];

/// Fewer characters are a grade or a generation: «会员v6».
const MIN_CHARS: usize = 4;
/// A number of nothing but digits counts from this length, as with the oldest accounts of QQ.
const MIN_DIGITS: usize = 5;

/// Finds all of them in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    // Every announcement ends in one of these or is written in letters.
    let announced = [
        "信", "号", "码", "名", "令", "q", "x", "扣", "户", "带", "短信", "数", "东", "暗", "v", "微", "薇",
        "多", "鱼", "称", "宝", "音", "手", "博", "宝", "钉", "书", "鹅", "id", "we",
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
            let firm =
                ["号", "是", ":", "为", "叫", "设", "输"].iter().any(|sign| between.as_str().contains(sign))
                    || text.get(..between.start()).is_some_and(|head| head.ends_with(['号', '名', 'x']));
            if is_account(id_text, firm, code) && (letters(id_text) || !is_before_unit(text, to)) {
                hits.push(hit(id.start(), to));
            }
        }
    }
    for pattern in [&CODE_FIRST, &SHORT_CODE, &IN_GROUPS, &SPELLED, &NICKNAME, &OTHERWISE, &WATCHWORD] {
        let ids = pattern.captures_iter(text).filter_map(|found| found.name("id"));
        let ids = ids.filter(|id| !QUESTIONS.iter().any(|word| id.as_str().starts_with(word)));
        hits.extend(ids.filter(|id| id.len() >= MIN_CHARS).map(|id| hit(id.start(), id.end())));
    }
    let handles = HANDLE_FIRST.captures_iter(text).filter_map(|found| found.name("id"));
    hits.extend(
        handles.filter(|id| is_account(id.as_str(), false, false)).map(|id| hit(id.start(), id.end())),
    );
    for hit in hits {
        line.mark(hit);
    }
}

/// Letters are no amount: «帐号fam#88213家里人».
fn letters(id: &str) -> bool {
    id.contains(|c: char| c.is_ascii_lowercase())
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
    // «宽带500m» is a speed.
    if id.trim_start_matches(|c: char| c.is_ascii_digit()).len() == 1 && id.ends_with(['g', 'm', 'k', 't']) {
        return false;
    }
    let count = |of: fn(char) -> bool| id.chars().filter(|c| of(*c)).count();
    let letters = count(|c| c.is_ascii_lowercase());
    let digits = count(|c| c.is_ascii_digit());
    let spoken = count(|c| numeral(c).is_some_and(|(_, spoken)| spoken));
    let joined = id.contains(['_', '-', '@', '#'])
        || ["下划线", "杠", "减号", "井号", "星号"].iter().any(|sign| id.contains(sign));
    if letters > 0 {
        return digits + spoken > 0 || joined || (firm && letters > MIN_CHARS) || (firm && code);
    }
    if code {
        return digits >= MIN_CHARS && joined;
    }
    (digits >= MIN_DIGITS && !id.contains(['.', '-'])) || (spoken >= MIN_DIGITS && digits == 0)
}
