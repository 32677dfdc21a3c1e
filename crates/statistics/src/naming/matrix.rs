//! Skill × will: which kind of programme helps a person.

use serde::{Deserialize, Serialize};

use crate::distribution::Interval;

/// A quadrant of the skill × will matrix. Both axes are deviations from the expectation, positive
/// is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quadrant {
    /// High skill, high will.
    Empower,
    /// High skill, low will.
    Motivate,
    /// Low skill, high will.
    Train,
    /// Low skill, low will.
    Support,
}

impl Quadrant {
    /// The quadrant in Chinese.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Empower => "高能力高意愿",
            Self::Motivate => "高能力低意愿",
            Self::Train => "低能力高意愿",
            Self::Support => "低能力低意愿",
        }
    }

    /// The programme for this quadrant in Chinese.
    #[must_use]
    pub fn programme(self) -> &'static str {
        match self {
            Self::Empower => "授权",
            Self::Motivate => "激励",
            Self::Train => "培训",
            Self::Support => "支持",
        }
    }
}

/// Quadrant of a person whose deviations have the given intervals; `None` when either contains 0 or
/// is not a number, because most people of any centre are neither and must not be sorted by a coin.
#[must_use]
pub fn quadrant(skill: Interval, will: Interval) -> Option<Quadrant> {
    Some(match (is_high(skill)?, is_high(will)?) {
        (true, true) => Quadrant::Empower,
        (true, false) => Quadrant::Motivate,
        (false, true) => Quadrant::Train,
        (false, false) => Quadrant::Support,
    })
}

/// On which side of the line an axis lies; `None` where it may be either.
fn is_high(axis: Interval) -> Option<bool> {
    match axis {
        Interval { low, high } if low > 0.0 && high > 0.0 => Some(true),
        Interval { low, high } if low < 0.0 && high < 0.0 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Interval = Interval { low: 0.1, high: 0.5 };
    const BAD: Interval = Interval { low: -0.5, high: -0.1 };
    const UNKNOWN: Interval = Interval { low: -0.1, high: 0.4 };

    #[test]
    fn each_quadrant_has_its_programme() {
        let seen = [(GOOD, GOOD), (GOOD, BAD), (BAD, GOOD), (BAD, BAD)]
            .map(|(skill, will)| quadrant(skill, will).map(|q| (q.label(), q.programme())));
        let want = [
            ("高能力高意愿", "授权"),
            ("高能力低意愿", "激励"),
            ("低能力高意愿", "培训"),
            ("低能力低意愿", "支持"),
        ];
        assert_eq!(seen, want.map(Some));
    }

    #[test]
    fn who_is_not_clearly_on_one_side_is_in_no_quadrant() {
        assert_eq!(quadrant(UNKNOWN, GOOD), None);
        assert_eq!(quadrant(BAD, UNKNOWN), None);
        assert_eq!(quadrant(Interval { low: 0.0, high: 1.0 }, GOOD), None);
        assert_eq!(quadrant(Interval { low: f64::NAN, high: f64::NAN }, GOOD), None);
    }
}
