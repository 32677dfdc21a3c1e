//! What came after coaching, in words.

use crate::label::Label;
use crate::lists::{ListTable, cell};
use crate::text::Lang;
use tingxin_desk::ExportCell;
use tingxin_staff::CoachingOutcome;

use super::form::{signed, signed_between};
use super::words::{SpokenOfStaff, StaffWords};

/// What came after coaching on one behaviour.
#[derive(Debug)]
pub(super) struct EffectRow {
    pub(super) indicator: &'static str,
    pub(super) found: Result<EffectFigures, &'static str>,
}

/// A comparison of the weeks before and after coaching, ready to be shown.
#[derive(Debug)]
pub(super) struct EffectFigures {
    pub(super) reading: &'static str,
    pub(super) difference: String,
    pub(super) interval: String,
    pub(super) crude: String,
    pub(super) regression: String,
    pub(super) peers: String,
    pub(super) matched: String,
}

/// A comparison in words.
pub(super) fn effect(outcome: &CoachingOutcome, lang: Lang) -> EffectRow {
    let w = lang.staff();
    EffectRow {
        indicator: outcome.indicator.label(lang),
        found: outcome
            .effect
            .as_ref()
            .map(|effect| {
                let (low, high) = (effect.interval.low * 100.0, effect.interval.high * 100.0);
                let reading = if high < 0.0 {
                    w.effect_fewer
                } else if low > 0.0 {
                    w.effect_more
                } else {
                    w.effect_open
                };
                EffectFigures {
                    reading,
                    difference: of_hundred(effect.difference),
                    interval: signed_between(low, high, 1, lang),
                    crude: of_hundred(effect.crude),
                    regression: of_hundred(effect.regression_to_mean),
                    peers: of_hundred(effect.peers),
                    matched: effect.matched.to_string(),
                }
            })
            .map_err(|_| w.effect_not),
    }
}

fn of_hundred(value: f64) -> String {
    signed(value * 100.0, 1)
}

/// Comparisons as a list.
pub(super) fn list_effects(effects: &[EffectRow], w: &StaffWords) -> ListTable {
    let rows = effects.iter().map(|row| {
        let name = cell(row.indicator);
        match &row.found {
            Ok(found) => [
                name,
                cell(found.reading),
                cell(&found.difference),
                cell(&found.interval),
                cell(&found.crude),
                cell(&found.regression),
                cell(&found.peers),
                cell(&found.matched),
            ],
            Err(missing) => {
                let [a, b, c, d, e, f] = [const { ExportCell::Empty }; 6];
                [name, cell(missing), a, b, c, d, e, f]
            }
        }
    });
    let heads = [
        w.col_indicator,
        w.col_standing,
        w.effect_difference,
        w.col_interval,
        w.effect_crude,
        w.effect_regression,
        w.effect_peers,
        w.effect_matched,
    ];
    ListTable::new(w.effect_title, heads, rows)
}
