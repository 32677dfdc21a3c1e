//! Personal numbers that their own shape proves: mobile numbers, identity cards, e-mail addresses.
//!
//! They stand here and not in `redact` because names of this layer refuse them too: what a source
//! puts into `staff.id` or `contact_id` is stored, shown and searched for as it came.

use super::NormalText;

/// Personal data that a name must not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalData {
    /// Eleven digits of a mobile number, also with +86.
    Mobile,
    /// Eighteen characters of an identity card.
    IdCard,
    /// An e-mail address.
    Email,
}

impl std::fmt::Display for PersonalData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mobile => "a mobile number",
            Self::IdCard => "an identity card number",
            Self::Email => "an e-mail address",
        })
    }
}

/// Characters of a written UUID, and of shorter hashes.
const UUID_CHARS: usize = 36;

/// The first personal data in `name`.
///
/// Bank cards are not among them: one long order number in ten passes Luhn's check.
pub(super) fn find(name: &str) -> Option<PersonalData> {
    let normal = NormalText::of(name);
    let text = without_uuids(normal.as_str());
    if text.split(|c: char| !is_of_email(c)).any(is_email) {
        return Some(PersonalData::Email);
    }
    // `199-0000-1234` and `199 0000 1234` are one number, `H-20261101-000123` is not eleven digits.
    let groups: Vec<&str> = text.split(|c: char| !(c.is_ascii_digit() || c == 'x')).collect();
    let spelled = [" ", "-"].iter().flat_map(|mark| {
        text.split(|c: char| !(c.is_ascii_digit() || mark.contains(c)))
            .filter(move |run| is_grouped(run, mark))
    });
    let joined: Vec<String> = spelled.map(|run| run.replace([' ', '-'], "")).collect();
    groups.into_iter().chain(joined.iter().map(String::as_str)).find_map(|group| {
        let digits = group.trim_matches('x').as_bytes();
        let written = group.trim_start_matches('x').as_bytes();
        if is_id_card(written) || is_id_card(digits) {
            Some(PersonalData::IdCard)
        } else {
            // A leading 0 is a counter's padding as often as a prefix.
            mobile(digits).filter(|_| !digits.starts_with(b"01")).map(|_| PersonalData::Mobile)
        }
    })
}

/// Three, four and four digits, as people write a mobile number.
fn is_grouped(run: &str, mark: &str) -> bool {
    run.split(mark).filter(|group| !group.is_empty()).map(str::len).eq([3, 4, 4])
}

/// `text` without the UUIDs in it: the last group of one in ten thousand ends in eleven digits that
/// might be a mobile number.
fn without_uuids(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let uuid = rest.get(..UUID_CHARS).is_some_and(|head| uuid::Uuid::parse_str(head).is_ok());
        let step = if uuid { UUID_CHARS } else { c.len_utf8() };
        kept.push_str(if uuid { "/" } else { rest.get(..step).unwrap_or_default() });
        rest = rest.get(step..).unwrap_or_default();
    }
    kept
}

fn is_of_email(c: char) -> bool {
    c.is_ascii_alphanumeric() || "@._%+-".contains(c)
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        let mut labels = domain.trim_end_matches('.').split('.');
        !local.is_empty() && domain.contains('.') && labels.all(|label| !label.is_empty())
    })
}

/// The eleven digits of a mobile number without its prefix.
///
/// Source of the shape: numbering plan of the ministry (MIIT), segments 13x to 19x.
pub(crate) fn mobile(digits: &[u8]) -> Option<&[u8]> {
    let bare = [&b"0086"[..], b"86", b"0", b""]
        .into_iter()
        .find_map(|prefix| digits.strip_prefix(prefix).filter(|bare| bare.len() == 11))?;
    matches!(bare, [b'1', b'3'..=b'9', ..]).then_some(bare)
}

/// Eighteen characters with a real date of birth and the check character of GB 11643-1999
/// (ISO 7064 MOD 11-2).
pub(crate) fn is_id_card(digits: &[u8]) -> bool {
    const CHECK: &[u8; 11] = b"10x98765432";
    if digits.len() != 18 || !is_region(digits) {
        return false;
    }
    let Some((body, check)) = digits.split_at_checked(17) else { return false };
    if !body.iter().all(u8::is_ascii_digit) || !body.get(6..14).is_some_and(is_day) {
        return false;
    }
    // The weight of a place is 2^(17 - place) mod 11: doubling from the left gives the sum.
    let sum = body.iter().fold(0, |sum, digit| (sum * 2 + usize::from(digit - b'0')) % 11) * 2 % 11;
    CHECK.get(sum) == check.first()
}

/// First two digits of GB/T 2260: part of the country and province.
pub(crate) fn is_region(digits: &[u8]) -> bool {
    let [part, province, ..] = digits else { return false };
    let provinces = match part {
        b'1' | b'6' => b'1'..=b'5',
        b'2' | b'8' => b'1'..=b'3',
        b'3' => b'1'..=b'7',
        b'4' => b'1'..=b'6',
        b'5' => b'0'..=b'4',
        b'7' | b'9' => b'1'..=b'1',
        _ => return false,
    };
    provinces.contains(province)
}

/// `yyyymmdd` of a day that exists, 1900 to 2099.
pub(crate) fn is_day(digits: &[u8]) -> bool {
    let (Some(year), Some(month), Some(day)) =
        (number_at(digits, 0..4), number_at(digits, 4..6), number_at(digits, 6..8))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    digits.len() == 8 && (1900..2100).contains(&year) && (1..=days).contains(&day)
}

/// The number at these places, if only digits stand there.
fn number_at(digits: &[u8], range: std::ops::Range<usize>) -> Option<u32> {
    digits.get(range).and_then(value)
}

/// The number that `digits` write.
pub(crate) fn value(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_found_however_they_are_written() {
        for name in [
            "王小明19900001234",
            "19900001234",
            "+86 199-0000-1234",
            "H-199 0000 1234",
            "１９９００００１２３４",
            "8619900001234",
            "tel19900001234",
        ] {
            assert_eq!(find(name), Some(PersonalData::Mobile), "{name}");
        }
        for name in ["11010119000101001X", "id-11010119000101001x", "110101190001010010"] {
            let valid = is_id_card(&name.trim_start_matches("id-").to_lowercase().into_bytes());
            assert_eq!(find(name) == Some(PersonalData::IdCard), valid, "{name}");
        }
        assert_eq!(find("wang@example.com"), Some(PersonalData::Email));
    }

    #[test]
    fn ids_of_other_systems_are_not_taken_for_personal_numbers() {
        for name in [
            "H-20261101-000123",
            "A1001",
            "hotline-10086",
            "20261101083000123456",
            "1761955200000",
            "1234567890123456789",
            "6222020000000000426",
            "019a3c5e-7b1d-7cc0-8000-a19900001234",
            "000013800000001",
            "team@night",
            "北京 01",
        ] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
