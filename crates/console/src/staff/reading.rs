//! A coupling in words: what follows after what, how sure, or how much is missing.

use crate::chart::ForestSides;
use crate::text::Lang;
use tingxin_staff::{Beside, Branch, CarriedOver, Checks, Coupling, RareEvents, Shown, Soothed};
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::minimum::{INFECTION_NEGATIVE_TURNS, TooFew};
use tingxin_statistics::resample::Surrogates;
use tingxin_statistics::scriptedness::Scriptedness;

use super::form::{amount, between, deviation, say, signed, signed_between};
use super::words::{SpokenOfStaff, StaffWords};

/// Who moves whom, and how it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CouplingEffect {
    /// S6, β⁻.
    Infection,
    /// S6, β⁺.
    Compensation,
    /// S8.
    WearDown,
    /// S7.
    Reciprocity,
    /// Cross-check of S6.
    Linear,
}

impl CouplingEffect {
    /// Those about a person.
    pub(super) const PERSON: [Self; 4] =
        [Self::Infection, Self::Compensation, Self::WearDown, Self::Reciprocity];
    /// Those about a queue or the centre.
    pub(super) const ALL: [Self; 5] =
        [Self::Infection, Self::Compensation, Self::WearDown, Self::Reciprocity, Self::Linear];

    /// The figure of this direction.
    pub(super) fn of(self, coupling: &Coupling) -> Shown {
        match self {
            Self::Infection => coupling.infection,
            Self::Compensation => coupling.compensation,
            Self::WearDown => coupling.wear_down,
            Self::Reciprocity => coupling.reciprocity,
            Self::Linear => coupling.linear,
        }
    }

    /// The same for pairs at random.
    pub(super) const fn check(self, checks: &Checks) -> Option<Surrogates> {
        match self {
            Self::Infection => checks.infection,
            Self::Compensation => checks.compensation,
            Self::WearDown => checks.wear_down,
            Self::Reciprocity => checks.reciprocity,
            Self::Linear => checks.linear,
        }
    }

    /// The same for the strangers of a queue.
    pub(super) const fn strangers(self, beside: &Beside) -> Option<Branch> {
        match self {
            Self::Infection => beside.infection,
            Self::Compensation => beside.compensation,
            Self::WearDown => beside.wear_down,
            Self::Reciprocity => beside.reciprocity,
            Self::Linear => beside.linear,
        }
    }

    /// Its place on the page that explains numbers.
    pub(super) const fn anchor(self) -> &'static str {
        match self {
            Self::Infection => "infection",
            Self::Compensation => "compensation",
            Self::WearDown => "wear-down",
            Self::Reciprocity => "reciprocity",
            Self::Linear => "linear",
        }
    }

    /// Symbol of the specification, which integrators know.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Infection => "S6 β⁻",
            Self::Compensation => "S6 β⁺",
            Self::WearDown => "S8 δ",
            Self::Reciprocity => "S7 γ",
            Self::Linear => "S6 lin",
        }
    }

    /// What is asked.
    pub(super) const fn question(self, w: &'static StaffWords) -> &'static str {
        match self {
            Self::Infection => w.q_infection,
            Self::Compensation => w.q_compensation,
            Self::WearDown => w.q_wear_down,
            Self::Reciprocity => w.q_reciprocity,
            Self::Linear => w.q_linear,
        }
    }

    /// What the ends of the axis mean; β⁻ has its sign reversed.
    pub(super) const fn sides(self, w: &'static StaffWords) -> ForestSides<'static> {
        let (below, above) = match self {
            Self::Infection => (w.below_warmer, w.above_cooler),
            Self::Compensation | Self::WearDown => (w.below_lower, w.above_warmer),
            Self::Reciprocity => (w.below_lower, w.above_pleased),
            Self::Linear => (w.below_against, w.above_together),
        };
        ForestSides { below, above }
    }

    /// The sentences for below zero, across it, and above.
    const fn answers(self, w: &'static StaffWords) -> [&'static str; 3] {
        match self {
            Self::Infection => [w.infection_low, w.infection_open, w.infection_high],
            Self::Compensation => [w.compensation_low, w.compensation_open, w.compensation_high],
            Self::WearDown => [w.wear_low, w.wear_open, w.wear_high],
            Self::Reciprocity => [w.reciprocity_low, w.reciprocity_open, w.reciprocity_high],
            Self::Linear => [w.linear_low, w.linear_open, w.linear_high],
        }
    }
}

/// A direction as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CouplingReading {
    /// What is asked.
    pub(super) question: &'static str,
    /// Place of the explanation.
    pub(super) anchor: &'static str,
    /// What is seen, or what is missing.
    pub(super) sentence: String,
    /// Value, interval and contacts; none below the minimum.
    pub(super) value: Option<String>,
    /// Whether it says something.
    pub(super) known: bool,
}

impl CouplingReading {
    /// Puts one into words, with what pairs at random give beside it.
    pub(super) fn of(direction: CouplingEffect, coupling: &Coupling, checks: &Checks, lang: Lang) -> Self {
        let w = lang.staff();
        let mut reading = Self::said(
            (direction.question(w), direction.anchor()),
            direction.of(coupling),
            direction.answers(w),
            lang,
        );
        reading.beside(
            direction
                .check(checks)
                .map(|check| say(w.beside_chance, &[&signed(check.mean, 2), &deviation(check.sd)])),
            w,
        );
        reading
    }

    /// How contacts that began negative ended, with what chance gives for the person's weeks beside
    /// it.
    pub(super) fn soothing(Soothed { shown, check }: Soothed, lang: Lang) -> Self {
        let w = lang.staff();
        let answers = [w.soothing_low, w.soothing_open, w.soothing_high];
        let mut reading = Self::said((w.q_soothing, "soothing"), shown, answers, lang);
        reading.beside(
            check.map(|check| say(w.beside_signs, &[&signed(check.observed, 2), &deviation(check.sd)])),
            w,
        );
        reading
    }

    /// The opening after the contact before.
    pub(super) fn carried_over(found: CarriedOver, lang: Lang) -> Self {
        let w = lang.staff();
        let answers = [w.carry_lower, w.carry_none, w.carry_higher];
        let mut reading = Self::said((w.carry_title, "carry-over"), found.shown, answers, lang);
        if found.shown == Shown::NotEstimable {
            w.carry_apart.clone_into(&mut reading.sentence);
        }
        reading
    }

    /// Sets a check beside the value, if there are both.
    fn beside(&mut self, check: Option<String>, w: &'static StaffWords) {
        if let (Some(value), Some(check)) = (&mut self.value, check) {
            value.push_str(w.comma);
            value.push_str(&check);
        }
    }

    fn said(
        (question, anchor): (&'static str, &'static str),
        shown: Shown,
        answers: [&'static str; 3],
        lang: Lang,
    ) -> Self {
        let w = lang.staff();
        let sentence = match shown {
            Shown::Estimate(branch) => sentence(answers, &branch).to_owned(),
            Shown::Uncertain(_) => w.uncertain.to_owned(),
            absent => why_absent(absent, lang),
        };
        let value = shown.branch().map(|branch| value(&branch, lang));
        Self { question, anchor, sentence, value, known: matches!(shown, Shown::Estimate(_)) }
    }
}

/// What a figure with an interval says: below zero, across it, above.
fn sentence([low, open, high]: [&'static str; 3], branch: &Branch) -> &'static str {
    if branch.high < 0.0 {
        low
    } else if branch.low > 0.0 {
        high
    } else {
        open
    }
}

/// `−0.05，95% 区间 −0.09 至 −0.01，依据 130 条服务记录`.
fn value(branch: &Branch, lang: Lang) -> String {
    let w = lang.staff();
    let from = say(w.from_contacts, &[&branch.contacts]);
    let interval = say(w.interval, &[&signed_between(branch.low, branch.high, 2, lang)]);
    let mut parts = vec![signed(branch.value, 2), interval, from];
    parts.extend(branch.attenuated.then(|| w.attenuated.to_owned()));
    parts.join(w.comma)
}

/// Why there is no figure; nothing to say where there is one.
pub(super) fn why_absent(shown: Shown, lang: Lang) -> String {
    let w = lang.staff();
    match shown {
        Shown::Estimate(_) | Shown::Uncertain(_) => String::new(),
        Shown::TooFew { needed, have } => too_few(needed, have, lang),
        Shown::TooFewStaff { needed, have } => say(w.few_staff, &[&have, &needed]),
        Shown::Placebo => w.carry_placebo.to_owned(),
        Shown::NotEstimable => w.not_estimable.to_owned(),
        Shown::Uncalibrated => w.uncalibrated.to_owned(),
    }
}

/// How much is missing. The second condition of β⁻ counts turns, all others count contacts.
pub(super) fn too_few(needed: usize, have: usize, lang: Lang) -> String {
    let w = lang.staff();
    let text = if needed == INFECTION_NEGATIVE_TURNS { w.few_turns } else { w.few_contacts };
    say(text, &[&needed.saturating_sub(have), &have, &needed])
}

/// Wording in words, or how much is missing.
pub(super) fn wording(found: &Result<Option<Scriptedness>, TooFew>, lang: Lang) -> String {
    let w = lang.staff();
    match found {
        Err(few) => say(w.few_contacts, &[&few.needed.saturating_sub(few.have), &few.have, &few.needed]),
        Ok(None) => w.wording_none.to_owned(),
        Ok(Some(found)) => {
            let shared = [found.contacts.to_string(), percent(found.shared), range(found.interval, lang)];
            let [contacts, share, interval] = &shared;
            let mut said = say(w.wording_shared, &[contacts, share, interval]);
            if let Some((own, interval)) = found.responsiveness {
                said.push(' ');
                said.push_str(&say(w.wording_replies, &[&percent(own), &range(interval, lang)]));
            }
            said
        }
    }
}

fn range(one: Interval, lang: Lang) -> String {
    between(&percent(one.low), &percent(one.high), lang)
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Lapses beside their expectation, in words.
pub(super) fn lapses(found: &RareEvents, lang: Lang) -> String {
    let (expected, chance) = (amount(found.expected), format!("{:.2}", found.p_as_many));
    say(lang.staff().rare_said, &[&found.contacts, &found.events, &expected, &chance, &found.since])
}
