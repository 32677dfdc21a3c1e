//! What the words around a number say about it.

use super::number::Hint;
use super::numerals::is_measure;

/// What the words before a number announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// A number of some kind.
    Says(Hint),
    /// A password or a one-time code: taken out from four digits on.
    Secret,
}

/// Announcements further away than this, in characters, belong to something else.
const REACH: usize = 12;

const ANNOUNCED: &[(&str, Before)] = &[
    ("身份证", Before::Says(Hint::IdCard)),
    ("证件号", Before::Says(Hint::IdCard)),
    ("银行卡", Before::Says(Hint::BankCard)),
    ("信用卡", Before::Says(Hint::BankCard)),
    ("储蓄卡", Before::Says(Hint::BankCard)),
    ("卡号", Before::Says(Hint::BankCard)),
    ("电话", Before::Says(Hint::Phone)),
    ("手机", Before::Says(Hint::Phone)),
    ("座机", Before::Says(Hint::Phone)),
    ("固话", Before::Says(Hint::Phone)),
    ("联系方式", Before::Says(Hint::Phone)),
    ("号码", Before::Says(Hint::Number)),
    ("账号", Before::Says(Hint::Number)),
    ("帐号", Before::Says(Hint::Number)),
    ("账户", Before::Says(Hint::BankCard)),
    ("单号", Before::Says(Hint::Order)),
    ("单子", Before::Says(Hint::Order)),
    ("工单", Before::Says(Hint::Order)),
    ("订单", Before::Says(Hint::Order)),
    ("受理单", Before::Says(Hint::Order)),
    ("受理号", Before::Says(Hint::Order)),
    ("稽核单", Before::Says(Hint::Order)),
    ("派单", Before::Says(Hint::Order)),
    ("运单", Before::Says(Hint::Order)),
    ("投诉单", Before::Says(Hint::Order)),
    ("报修单", Before::Says(Hint::Order)),
    ("报障单", Before::Says(Hint::Order)),
    ("装机单", Before::Says(Hint::Order)),
    ("移机单", Before::Says(Hint::Order)),
    ("保修单", Before::Says(Hint::Order)),
    ("回执", Before::Says(Hint::Order)),
    ("协议号", Before::Says(Hint::Order)),
    ("设备号", Before::Says(Hint::Order)),
    ("设备码", Before::Says(Hint::Order)),
    ("串号", Before::Says(Hint::Order)),
    ("串码", Before::Says(Hint::Order)),
    ("票号", Before::Says(Hint::Order)),
    ("物流", Before::Says(Hint::Order)),
    ("包裹", Before::Says(Hint::Order)),
    ("发票", Before::Says(Hint::Order)),
    ("发票号码", Before::Says(Hint::Order)),
    ("发票代码", Before::Says(Hint::Order)),
    ("凭证", Before::Says(Hint::Order)),
    ("条码", Before::Says(Hint::Order)),
    ("条形码", Before::Says(Hint::Order)),
    ("端口", Before::Says(Hint::Order)),
    ("端口号", Before::Says(Hint::Order)),
    ("产品id", Before::Says(Hint::Order)),
    ("批次", Before::Says(Hint::Order)),
    ("税号", Before::Says(Hint::Order)),
    ("流水", Before::Says(Hint::Order)),
    ("快递", Before::Says(Hint::Order)),
    ("编号", Before::Says(Hint::Order)),
    ("编码", Before::Says(Hint::Order)),
    ("代码", Before::Says(Hint::Order)),
    ("错误码", Before::Says(Hint::Order)),
    ("型号", Before::Says(Hint::Order)),
    ("版本", Before::Says(Hint::Order)),
    ("序列号", Before::Says(Hint::Order)),
    ("户编号", Before::Says(Hint::Number)),
    ("户号", Before::Says(Hint::Number)),
    ("会员号", Before::Says(Hint::Number)),
    ("微信", Before::Says(Hint::Number)),
    ("qq", Before::Says(Hint::Number)),
    ("扣扣", Before::Says(Hint::Number)),
    ("验证码", Before::Secret),
    ("校验码", Before::Secret),
    ("动态码", Before::Secret),
    ("取件码", Before::Secret),
    ("取货码", Before::Secret),
    ("提货码", Before::Secret),
    ("自提码", Before::Secret),
    ("激活码", Before::Secret),
    ("授权码", Before::Secret),
    ("兑换码", Before::Secret),
    ("核销码", Before::Secret),
    ("pin码", Before::Secret),
    ("puk码", Before::Secret),
    ("密码", Before::Secret),
    ("口令", Before::Secret),
    ("安全码", Before::Secret),
    // Of an identity card: the usual first password.
    ("后六位", Before::Secret),
];

/// What is announced just before the byte `at`; the nearest announcement counts.
///
/// A replacement such as `[电话]` announces nothing: what stands behind it must be read the same way
/// before and after redaction.
pub(super) fn hint_before(text: &str, at: usize) -> Option<Before> {
    let head = text.get(..at)?;
    if head.ends_with('+') {
        return Some(Before::Says(Hint::Phone));
    }
    let from = head.char_indices().rev().nth(REACH - 1).map_or(0, |(byte, _)| byte);
    let near = head.get(from..)?;
    // Between digits there are no words, and no need to look for two dozen of them.
    if near.is_ascii() && !near.contains('q') {
        return None;
    }
    let near = near.rsplit([']', '。', '!', '?', ';']).next().unwrap_or(near);
    ANNOUNCED
        .iter()
        .filter_map(|(word, before)| near.rfind(word).map(|place| (place + word.len(), *before)))
        .max_by_key(|(end, _)| *end)
        .map(|(_, before)| before)
}

/// Whether digits that begin at the byte `from` are an amount by what stands before them:
/// `￥1234567`.
pub(super) fn is_behind_currency(text: &str, from: usize) -> bool {
    text.get(..from).is_some_and(|head| head.trim_end().ends_with(['¥', '$', '€']))
}

/// Whether digits that end before the byte `to` are an amount by what follows them: `1234567.50元`.
pub(super) fn is_before_unit(text: &str, to: usize) -> bool {
    let tail = text.get(to..).unwrap_or_default();
    let tail = tail
        .strip_prefix('.')
        .map_or(tail, |decimals| decimals.trim_start_matches(|c: char| c.is_ascii_digit()))
        .trim_start();
    let unit = tail.starts_with(is_measure) && !begins_a_word(tail);
    unit || tail.starts_with("b/s") || tail.starts_with("字节") || tail.starts_with("积分")
}

/// `19900001234 tel` is no amount: a Latin letter is a unit only where the word ends with it or a
/// `b`.
fn begins_a_word(tail: &str) -> bool {
    let mut letters = tail.chars();
    let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
    first && letters.next().is_some_and(|c| c.is_ascii_alphabetic() && c != 'b')
}

/// Where a number begins whose first group is `from..to`: `+86…` with its sign, `(010)…` with its
/// bracket.
pub(super) fn opening(text: &str, from: usize, to: usize) -> usize {
    let head = text.get(..from).unwrap_or_default();
    let bracket = head.ends_with('(') && text.get(to..).is_some_and(|tail| tail.starts_with(')'));
    if head.ends_with('+') || bracket { from - 1 } else { from }
}
