//! Inspection forms: what is looked at in a contact, what it counts, and what somebody gave for it.

use serde::{Deserialize, Serialize};

use super::Rule;

/// Points of a form or an item, in tenths: 17.5 is exact. At most [`Points::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Points(u32);

impl Points {
    /// What all items of a form add up to: 100 points.
    pub const WHOLE: Self = Self(1000);

    /// The largest number of points of anything.
    pub const MOST: u32 = 1000;

    /// So many tenths of a point; `None` above [`Self::MOST`].
    #[must_use]
    pub const fn of_tenths(tenths: u32) -> Option<Self> {
        if tenths <= Self::MOST { Some(Self(tenths)) } else { None }
    }

    /// In tenths of a point.
    #[must_use]
    pub const fn tenths(self) -> u32 {
        self.0
    }

    /// As people write it: `10`, `17.5`. `None` for what has more than one decimal or is out of range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.trim().split_once(['.', '．']).unwrap_or((text.trim(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 1 {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        Self::of_tenths(whole.checked_mul(10)?.checked_add(part.parse().ok()?)?)
    }
}

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}", self.0 / 10),
            part => write!(f, "{}.{part}", self.0 / 10),
        }
    }
}

impl Serialize for Points {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 10.0)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = f64::deserialize(deserializer)?;
        Self::parse(&given.to_string())
            .ok_or_else(|| serde::de::Error::custom("points are 0 to 100, with one decimal at most"))
    }
}

/// Something that is looked at in a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormItem {
    /// Where it stands: `2.1` is the first item of the second group.
    pub key: String,
    /// What is looked at.
    pub title: String,
    /// What it counts.
    pub full: Points,
    /// Whether losing it loses everything.
    #[serde(default)]
    pub knock_out: bool,
    /// The rule whose flag proposes that it is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
}

/// Items that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormGroup {
    /// What they are about.
    pub title: String,
    /// The items.
    pub items: Vec<FormItem>,
}

/// What is given for an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemMark {
    /// Which item.
    pub item: String,
    /// The points; `None` where the contact gave no occasion: the item leaves the total.
    pub got: Option<Points>,
    /// What the machine had proposed; `None` for an item that it knows nothing about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Points>,
    /// The turns behind that proposal, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<usize>,
    /// Why; redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a sheet comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetTotal {
    /// Points that were given.
    pub got: Points,
    /// Points of the items that applied.
    pub full: Points,
    /// Whether an item was lost that loses everything.
    pub knocked_out: bool,
}

impl SheetTotal {
    /// The total of these marks on these items.
    #[must_use]
    pub fn of(groups: &[FormGroup], marks: &[ItemMark]) -> Self {
        let items = groups.iter().flat_map(|group| &group.items);
        let mut total = Self { got: Points(0), full: Points(0), knocked_out: false };
        for item in items {
            let got = marks.iter().find(|mark| mark.item == item.key).and_then(|mark| mark.got);
            if let Some(got) = got {
                total.got.0 += got.0.min(item.full.0);
                total.full.0 += item.full.0;
                total.knocked_out |= item.knock_out && got.0 == 0;
            }
        }
        total
    }

    /// Points of a hundred, over what applied; 0 when it is knocked out, `None` when nothing applied.
    #[must_use]
    pub fn score(&self) -> Option<Points> {
        if self.full.0 == 0 {
            return None;
        }
        // Rounded half up; at most 1,000 × 1,000.
        let share = (2 * self.got.0 * Points::WHOLE.0 + self.full.0) / (2 * self.full.0);
        Some(if self.knocked_out { Points(0) } else { Points(share) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str, full: u32, knock_out: bool) -> FormItem {
        FormItem { key: key.to_owned(), title: key.to_owned(), full: Points(full), knock_out, rule: None }
    }

    fn mark(item: &str, got: Option<u32>) -> ItemMark {
        let (item, got) = (item.to_owned(), got.map(Points));
        ItemMark { item, got, proposed: None, turns: Vec::new(), note: None }
    }

    #[test]
    fn points_have_one_decimal_and_stay_exact() {
        assert_eq!(Points::parse("17.5").map(Points::tenths), Some(175));
        assert_eq!(Points::parse(" 100 "), Some(Points::WHOLE));
        for wrong in ["", "1.25", "-1", "100.1", "x", "1e2", "."] {
            assert_eq!(Points::parse(wrong), None, "{wrong}");
        }
        assert_eq!([Points(175), Points(1000)].map(|points| points.to_string()), ["17.5", "100"]);
        assert_eq!(serde_json::from_str::<Points>("17.5").unwrap(), Points(175));
        assert!(serde_json::from_str::<Points>("17.55").is_err());
    }

    #[test]
    fn what_does_not_apply_leaves_the_total_and_a_knock_out_takes_all() {
        let groups =
            [FormGroup { title: "g".into(), items: vec![item("1.1", 600, false), item("1.2", 400, true)] }];
        let of = |marks: &[ItemMark]| SheetTotal::of(&groups, marks);

        let part = of(&[mark("1.1", Some(500)), mark("1.2", None)]);
        assert_eq!((part.got, part.full, part.score()), (Points(500), Points(600), Some(Points(833))));
        let out = of(&[mark("1.1", Some(600)), mark("1.2", Some(0))]);
        assert_eq!((out.knocked_out, out.score()), (true, Some(Points(0))));
        assert_eq!(of(&[]).score(), None, "nothing was looked at");
    }
}
