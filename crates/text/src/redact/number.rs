//! What a string of digits is: telephone, identity card, bank card, date, service number.

use crate::domain::{RedactionKind, is_day, is_id_card, is_region, mobile, value};

use super::digits::Gap;

/// What to do with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberTreatment {
    /// Take it out.
    Take(RedactionKind),
    /// It is known to be harmless: a date, an amount, a public service number.
    Keep,
}

/// What the words before a number say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    /// «电话», «手机号».
    Phone,
    /// «身份证».
    IdCard,
    /// «卡号», «账号» of a bank.
    BankCard,
    /// «账号», «号码»: some number is announced.
    Number,
    /// «单号», «工单»: the number of a thing that is done, and nobody's.
    Order,
}

/// Digits that may be one number, and how they are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// `0`–`9`, `x`, `*`.
    pub(super) digits: &'a [u8],
    /// Digits in each group.
    pub(super) sizes: &'a [usize],
    /// How many digits are Chinese numerals.
    pub(super) spoken: usize,
    /// How many digits stand in multiples such as «三个零».
    pub(super) multiplied: usize,
    /// Whether a group may be a quantity instead.
    pub(super) measured: bool,
    /// The loosest gap inside.
    pub(super) gap: Gap,
    /// What was announced.
    pub(super) hint: Option<Hint>,
    /// Whether a unit follows or a currency sign precedes.
    pub(super) amount: bool,
}

/// Shorter numbers give nobody away.
pub(super) const MIN_DIGITS: usize = 7;
/// An unannounced number in several groups counts from this length; below it are prices and years.
const MIN_GROUPED: usize = 13;
/// A spoken number interrupted by fillers or by the other side counts from this length.
const MIN_INTERRUPTED: usize = 8;

/// What `piece` is, and how much each of its digits speaks for that; `None` if it is nothing.
///
/// The weights only order the readings of an ambiguous run: a mobile number next to an order number
/// must win over one long account number that happens to pass Luhn's check, which one in ten does.
pub(super) fn judge(piece: &Piece<'_>) -> Option<(NumberTreatment, u32)> {
    use RedactionKind::{BankCard, IdCard, Number, Phone};
    let digits = piece.digits;
    let take = |kind, weight| Some((NumberTreatment::Take(kind), weight));
    if digits.contains(&b'*') {
        return masked(digits).and_then(|kind| take(kind, 10));
    }
    if is_id_card(digits) {
        return take(IdCard, 10);
    }
    if mobile(digits).is_some() && grouped_like_a_phone(piece) {
        return take(Phone, 10);
    }
    // Read out or typed with a slip, the check digit is wrong: region and day of birth tell it all the same.
    if is_mistyped_id_card(digits) && (piece.gap <= Gap::Blank || piece.hint == Some(Hint::IdCard)) {
        return take(IdCard, 8);
    }
    if is_old_id_card(digits) && (piece.whole() || piece.hint == Some(Hint::IdCard)) {
        return take(IdCard, 8);
    }
    if is_service(digits) && piece.gap <= Gap::Blank {
        return Some((NumberTreatment::Keep, 6));
    }
    if digits.len() < MIN_DIGITS {
        return None;
    }
    if piece.hint == Some(Hint::Order) && piece.gap <= Gap::Blank {
        return Some((NumberTreatment::Keep, 5));
    }
    if piece.harmless() {
        return Some((NumberTreatment::Keep, 5));
    }
    if is_bank_card(digits) && grouped_like_a_card(piece) {
        return take(BankCard, 7);
    }
    if is_landline(digits) && area_stands_apart(piece) && piece.gap != Gap::Mark {
        return take(Phone, 6);
    }
    if is_mistyped_bank_card(digits) && !piece.amount && piece.gap <= Gap::Mark {
        return take(BankCard, 4);
    }
    if !piece.is_some_number() {
        return None;
    }
    match piece.hint {
        Some(Hint::IdCard) if matches!(digits.len(), 15 | 18) => take(IdCard, 3),
        Some(Hint::BankCard) if (15..=19).contains(&digits.len()) => take(BankCard, 4),
        Some(Hint::Phone) if digits.len() <= 12 => take(Phone, 3),
        _ => take(Number, 3),
    }
}

impl Piece<'_> {
    /// Written or said in one go.
    fn whole(&self) -> bool {
        self.sizes.len() == 1
    }

    fn spoken(&self) -> bool {
        self.spoken > 0
    }

    fn harmless(&self) -> bool {
        let announced = self.hint.is_some();
        (self.amount && !self.spoken() && self.whole())
            || (!announced && self.whole() && (is_date(self.digits) || is_dated(self.digits)))
            || (matches!(self.sizes, [4, 2, 2]) && self.gap == Gap::Blank && is_date(self.digits))
            || (!announced && self.whole() && is_outcry(self.digits))
            || (self.spoken() && !announced && counts_up(self.digits, self.sizes))
    }

    /// Whether this many digits, written like this, are a number of somebody's.
    fn is_some_number(&self) -> bool {
        let (count, shortest) = (self.digits.len(), self.sizes.iter().min().copied().unwrap_or(0));
        // «8个二级» multiplies and is no number; a number has other digits besides.
        let counted = self.hint.is_none() && self.multiplied + 3 > count && self.multiplied > 0;
        if self.measured || counted {
            return false;
        }
        if self.whole() {
            return true;
        }
        let mostly_spoken = self.spoken * 2 >= count;
        if self.gap >= Gap::Mark {
            return mostly_spoken
                && shortest >= 2
                && (count >= MIN_INTERRUPTED || (self.hint.is_some() && count >= MIN_DIGITS));
        }
        if mostly_spoken || self.hint.is_some() {
            return mostly_spoken || !self.amount;
        }
        count >= MIN_GROUPED && shortest >= 3 && !years(self.digits, self.sizes)
    }
}

/// The digits under which a subscriber is known: mobile number or landline with area code.
pub(super) fn subscriber(digits: &[u8]) -> Option<&[u8]> {
    mobile(digits).or_else(|| is_landline(digits).then_some(digits))
}

/// `138 168 198 99` are prices: nobody groups a mobile number like that.
fn grouped_like_a_phone(piece: &Piece<'_>) -> bool {
    if piece.spoken() || piece.hint.is_some() || piece.whole() {
        return true;
    }
    let written_so = |sizes: &[usize]| {
        sizes.iter().all(|size| *size == 1)
            || matches!(sizes, [3, 4, 4] | [4, 4, 3] | [4, 3, 4] | [3, 8] | [7, 4] | [11])
    };
    match piece.gap {
        Gap::None | Gap::Blank => piece.sizes != [3, 3, 3, 2] && !piece.amount,
        Gap::Mark | Gap::Filler | Gap::Turn => written_so(piece.sizes),
    }
}

fn grouped_like_a_card(piece: &Piece<'_>) -> bool {
    let fours = || match piece.sizes {
        [groups @ .., last] => groups.iter().all(|size| *size == 4) && *last <= 4,
        [] => false,
    };
    // Two numbers in an enumeration are not one card.
    if piece.gap == Gap::Filler && !piece.spoken() {
        return false;
    }
    piece.whole()
        || piece.spoken()
        || piece.hint == Some(Hint::BankCard)
        || fours()
        || matches!(piece.sizes, [6, 10 | 13])
}

/// Masked ids: `138****0001`, `110101********0014`, `6222 **** **** 0426`.
fn masked(digits: &[u8]) -> Option<RedactionKind> {
    let known = digits.iter().filter(|digit| **digit != b'*').count();
    let (head, tail) = (
        digits.iter().take_while(|digit| **digit != b'*').count(),
        digits.iter().rev().take_while(|digit| **digit != b'*').count(),
    );
    match (digits.len(), digits) {
        // Some systems write three masks for four digits.
        (10..=12, [b'1', b'3'..=b'9', ..]) if head >= 2 && tail >= 2 => Some(RedactionKind::Phone),
        (11, [b'1', ..]) => Some(RedactionKind::Phone),
        (15 | 18, [b'1'..=b'9', ..]) => Some(RedactionKind::IdCard),
        (15..=20, [b'2'..=b'9', ..]) => Some(RedactionKind::BankCard),
        _ if known >= MIN_DIGITS => Some(RedactionKind::Number),
        _ => None,
    }
}

/// The fifteen digits used until 1999: two-digit year, no check character.
fn is_old_id_card(digits: &[u8]) -> bool {
    digits.len() == 15
        && is_region(digits)
        && digits.iter().all(u8::is_ascii_digit)
        && digits.get(6..12).is_some_and(|day| is_day(&[b"19", day].concat()))
}

/// Eighteen digits with a region and a day of birth, whatever the last one.
fn is_mistyped_id_card(digits: &[u8]) -> bool {
    digits.len() == 18
        && is_region(digits)
        && matches!(digits.get(6..8), Some(b"19" | b"20"))
        && digits.get(6..14).is_some_and(is_day)
}

/// A card of `UnionPay`, whose numbers begin with 62, whatever its check digit.
fn is_mistyped_bank_card(digits: &[u8]) -> bool {
    matches!(digits.len(), 16 | 19) && digits.starts_with(b"62") && digits.iter().all(u8::is_ascii_digit)
}

/// Fifteen to nineteen digits that pass Luhn's check (ISO/IEC 7812-1).
///
/// Leading 0, 1, 7 and 8 belong to no bank; that leaves out the chip numbers of SIM cards (8986…)
/// and most device numbers (86…), which pass the check as well and count as ordinary numbers.
fn is_bank_card(digits: &[u8]) -> bool {
    if !(15..=19).contains(&digits.len()) || !matches!(digits, [b'2'..=b'6' | b'9', ..]) {
        return false;
    }
    let mut sum = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        if !digit.is_ascii_digit() {
            return false;
        }
        let value = u32::from(digit - b'0') << (place % 2);
        sum += value / 10 + value % 10;
    }
    sum % 10 == 0
}

/// Length of the area code that `digits` begin with, 0 if there is none.
fn area_code(digits: &[u8]) -> usize {
    match digits {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', _, _, ..] => 4,
        _ => 0,
    }
}

/// Area code and seven or eight digits that do not begin with 0 or 1.
fn is_landline(digits: &[u8]) -> bool {
    let area = area_code(digits);
    let Some((_, local)) = digits.split_at_checked(area) else { return false };
    area > 0 && matches!(local, [b'2'..=b'9', ..]) && matches!(local.len(), 7 | 8)
}

fn area_stands_apart(piece: &Piece<'_>) -> bool {
    piece.whole() || piece.spoken() || piece.sizes.first() == Some(&area_code(piece.digits))
}

/// Public numbers: they name an office, not a person, and carry meaning («再不修我打12300»).
pub(super) fn is_service(digits: &[u8]) -> bool {
    match digits {
        b"110"
        | b"112"
        | b"114"
        | b"119"
        | b"120"
        | b"122"
        | b"1008611"
        | [b'1', b'0', b'0', _, _]
        | [b'1', b'2', b'3', _, _]
        | [b'9', b'5' | b'6', _, _, _]
        | [b'9', b'6', _, _, _, _] => true,
        [b'4' | b'8', b'0', b'0', rest @ ..] => rest.len() == 7,
        _ => false,
    }
}

/// A day, a minute or a second written without separators: `20261101`, `202611010830`.
fn is_date(digits: &[u8]) -> bool {
    let below =
        |at: usize, limit: u32| digits.get(at..at + 2).and_then(value).is_some_and(|value| value < limit);
    let day = digits.get(..8).is_some_and(is_day);
    match digits.len() {
        8 => day,
        12 => day && below(8, 24) && below(10, 60),
        14 => day && below(8, 24) && below(10, 60) && below(12, 60),
        _ => false,
    }
}

/// The number of an order begins with its day and goes on with a counter: `2026113000123`.
fn is_dated(digits: &[u8]) -> bool {
    digits.len() > 9 && digits.starts_with(b"20") && digits.get(..8).is_some_and(is_day)
}

/// «5555555» weeps, «6666666» applauds and «2333333» laughs: emotion, and nobody's number.
fn is_outcry(digits: &[u8]) -> bool {
    let rest = digits.strip_prefix(b"2").filter(|rest| rest.starts_with(b"3")).unwrap_or(digits);
    rest.iter().all(|digit| Some(digit) == rest.first())
}

/// «喂 一二三 一二三四»: every group counts up from one.
fn counts_up(digits: &[u8], sizes: &[usize]) -> bool {
    let mut rest = digits;
    sizes.iter().all(|size| {
        let (group, after) = rest.split_at_checked(*size).unwrap_or((rest, &[]));
        rest = after;
        group.len() >= 3 && group.iter().zip(b'1'..).all(|(digit, expected)| *digit == expected)
    })
}

/// `2024 2025 2026`.
fn years(digits: &[u8], sizes: &[usize]) -> bool {
    sizes.iter().all(|size| *size == 4)
        && digits.chunks(4).all(|year| matches!(year, [b'1', b'9', ..] | [b'2', b'0', ..]))
}
