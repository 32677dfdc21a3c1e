//! The only clock and the only stored time type.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};
use time::{OffsetDateTime, UtcOffset};

/// The zone in which the console shows times: every Chinese operator keeps this one clock.
const BEIJING: UtcOffset = offset!(+8);

/// Milliseconds of an hour.
pub const HOUR_MILLIS: i64 = 3_600_000;

/// Milliseconds of a day.
pub const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// Milliseconds by which [`BEIJING`] is ahead.
const BEIJING_MILLIS: i64 = 8 * HOUR_MILLIS;

/// A point in time.
///
/// * **Shape**: one `i64`. **Unit**: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
/// * **Range**: years 0000 to 9999, so that every value prints as RFC 3339.
/// * **Why not a text or a database timestamp**: `…00.5Z` sorts before `…00Z` as text, and the two
///   databases disagree on precision; an integer sorts and compares the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UtcMillis(i64);

/// Why a text or a number is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an RFC 3339 time such as 2026-11-01T08:00:00+08:00")]
pub struct InvalidTime(String);

impl UtcMillis {
    /// The present moment. Functions that decide anything take the time as a parameter instead.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    pub fn now() -> Self {
        Self::from_offset(OffsetDateTime::now_utc())
    }

    /// Wraps milliseconds since the epoch, as a database or a test holds them.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment moved by `millis`; saturates at the ends of the range.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The day in Beijing, counted from 1970-01-01.
    #[must_use]
    pub const fn day(self) -> i64 {
        (self.0 + BEIJING_MILLIS).div_euclid(DAY_MILLIS)
    }

    /// The first moment of the day in Beijing.
    #[must_use]
    pub const fn start_of_day(self) -> Self {
        Self(self.day() * DAY_MILLIS - BEIJING_MILLIS)
    }

    /// The week from Monday to Sunday in Beijing; week 0 holds 1970-01-01, a Thursday.
    #[must_use]
    pub const fn week(self) -> i64 {
        (self.day() + 3).div_euclid(7)
    }

    /// The first moment of a week, as [`Self::week`] counts them.
    #[must_use]
    pub const fn of_week(week: i64) -> Self {
        Self((week * 7 - 3) * DAY_MILLIS - BEIJING_MILLIS)
    }

    /// The hour of the day in Beijing, 0 to 23.
    #[must_use]
    pub const fn hour(self) -> i64 {
        (self.0 + BEIJING_MILLIS).rem_euclid(DAY_MILLIS) / HOUR_MILLIS
    }

    /// Seconds from `earlier` to `self`, negative when `earlier` is later.
    #[must_use]
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "ages are far below 2^52 ms")]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64 / 1000.0
    }

    /// Reads an RFC 3339 time with any offset.
    ///
    /// # Errors
    /// [`InvalidTime`] repeats the text that is no such time.
    pub fn parse_rfc3339(text: &str) -> Result<Self, InvalidTime> {
        OffsetDateTime::parse(text.trim(), &Rfc3339)
            .map(Self::from_offset)
            .map_err(|_| InvalidTime(text.chars().take(40).collect()))
    }

    /// RFC 3339 in UTC with milliseconds, for machines.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.offset()
            .format(format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
            ))
            .unwrap_or_default()
    }

    /// `2026-11-01 08:00` on Beijing's clock, for people.
    #[must_use]
    pub fn to_beijing(self) -> String {
        self.offset()
            .to_offset(BEIJING)
            .format(format_description!("[year]-[month]-[day] [hour]:[minute]"))
            .unwrap_or_default()
    }

    fn offset(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    fn from_offset(moment: OffsetDateTime) -> Self {
        // Division that rounds down, so that times before 1970 keep their order too.
        let millis = moment.unix_timestamp_nanos().div_euclid(1_000_000);
        Self(i64::try_from(millis).unwrap_or_default())
    }
}

impl Serialize for UtcMillis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for UtcMillis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_moment_in_two_zones_is_one_value() {
        let beijing = UtcMillis::parse_rfc3339("2026-11-01T08:00:00+08:00").unwrap();
        let utc = UtcMillis::parse_rfc3339("2026-11-01T00:00:00Z").unwrap();

        assert_eq!(beijing, utc);
        assert_eq!(utc.to_rfc3339(), "2026-11-01T00:00:00.000Z");
        assert_eq!(utc.to_beijing(), "2026-11-01 08:00");
    }

    #[test]
    fn a_text_that_is_no_time_is_repeated_in_the_refusal() {
        let refused = UtcMillis::parse_rfc3339("昨天").unwrap_err();

        assert!(refused.to_string().contains("昨天"), "{refused}");
    }
}
