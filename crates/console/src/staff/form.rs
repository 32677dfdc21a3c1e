//! How numbers are written.

use super::words::SpokenOfStaff;
use std::fmt::Display;

use crate::text::Lang;
use tingxin_desk::AsOf;
use tingxin_text::domain::UtcMillis;

/// Puts values in the places of `{n}`, in order. A value that itself holds `{n}` stays as it is.
pub(super) fn say(text: &str, values: &[&dyn Display]) -> String {
    let mut parts = text.split("{n}");
    let mut said = parts.next().unwrap_or_default().to_owned();
    let mut values = values.iter();
    for part in parts {
        match values.next() {
            Some(value) => said.push_str(&value.to_string()),
            None => said.push_str("{n}"),
        }
        said.push_str(part);
    }
    said
}

/// `−0.05`, with a real minus sign and always with a sign.
pub(super) fn signed(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        text
    } else if value < 0.0 {
        format!("−{text}")
    } else {
        format!("+{text}")
    }
}

/// A standard deviation: one more digit where two would say that there is none.
pub(super) fn deviation(sd: f64) -> String {
    if sd < 0.01 { format!("{sd:.3}") } else { format!("{sd:.2}") }
}

/// A count that may be an expectation: whole numbers without decimals.
pub(super) fn amount(value: f64) -> String {
    if (value - value.round()).abs() < 1e-6 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// `0.80 至 2.41`.
pub(super) fn between(low: &str, high: &str, lang: Lang) -> String {
    say(lang.staff().between, &[&low, &high])
}

/// `−0.09 至 +0.01`.
pub(super) fn signed_between(low: f64, high: f64, digits: usize, lang: Lang) -> String {
    between(&signed(low, digits), &signed(high, digits), lang)
}

/// The date of a day since 1970-01-01, as the product counts days in Beijing.
pub(super) fn date(day: i64) -> String {
    // Midnight of that day in UTC is eight in the morning in Beijing: the same date.
    UtcMillis::from_millis(day.saturating_mul(86_400_000)).to_beijing().chars().take(10).collect()
}

/// `11-26` of `2026-11-26`.
pub(super) fn short_date(day: i64) -> String {
    date(day).chars().skip(5).collect()
}

/// When the figures were computed, and what they are about, in words.
pub(super) fn say_as_of(as_of: AsOf, lang: Lang) -> String {
    let w = lang.staff();
    let mut said = say(w.as_of, &[&as_of.at.to_beijing(), &as_of.weeks]);
    if as_of.waiting > 0 {
        said.push(' ');
        said.push_str(&say(w.as_of_waiting, &[&as_of.waiting]));
    }
    if as_of.by_other_engines > 0 {
        said.push(' ');
        said.push_str(&say(w.as_of_engines, &[&as_of.by_other_engines]));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_places_and_bring_no_places_of_their_own() {
        assert_eq!(say("{n} of {n}", &[&"{n}", &2]), "{n} of 2");
        assert_eq!(say("{n} and {n}", &[&1]), "1 and {n}");
    }

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!(signed(-0.054, 2), "−0.05");
        assert_eq!(signed(-0.001, 2), "0.00");
        assert_eq!(signed(0.25, 1), "+0.2");
        assert_eq!((amount(12.0), amount(12.34)), ("12".to_owned(), "12.3".to_owned()));
        assert_eq!((deviation(0.004), deviation(0.03)), ("0.004".to_owned(), "0.03".to_owned()));
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(short_date(20_783), "11-26");
    }
}
