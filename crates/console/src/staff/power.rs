//! What coaching on a behaviour could show, before it is agreed.

use crate::label::Label;
use crate::lists::{ListTable, cell};
use crate::text::Lang;
use tingxin_desk::ExportCell;
use tingxin_staff::{Indicator, Power};

use super::words::{SpokenOfStaff, StaffWords};

/// What coaching shows at the least.
#[derive(Debug)]
pub(super) struct PowerFigures {
    /// Events in a hundred contacts.
    pub(super) rate: String,
    /// The smallest decrease that would show.
    pub(super) detectable: String,
    /// The rate after it.
    pub(super) lowest: String,
    pub(super) peers: usize,
}

/// What coaching on one behaviour could show.
#[derive(Debug)]
pub(super) struct PowerRow {
    pub(super) name: &'static str,
    pub(super) found: Result<PowerFigures, &'static str>,
}

impl PowerRow {
    pub(super) fn of(indicator: Indicator, power: Option<Power>, lang: Lang) -> Self {
        let found = power.map(|power| PowerFigures {
            rate: of_hundred(power.rate),
            detectable: of_hundred(power.detectable),
            lowest: of_hundred(power.rate - power.detectable),
            peers: power.peers,
        });
        Self { name: indicator.label(lang), found: found.ok_or(lang.staff().power_none) }
    }
}

/// Of a hundred contacts.
pub(super) fn of_hundred(rate: f64) -> String {
    format!("{:.1}", rate * 100.0)
}

/// What coaching could show, as a list.
pub(super) fn list_powers(powers: &[PowerRow], w: &StaffWords) -> ListTable {
    let rows = powers.iter().map(|row| match &row.found {
        Ok(found) => {
            let falls = format!("−{} → {}", found.detectable, found.lowest);
            [cell(row.name), cell(&found.rate), cell(falls), cell(found.peers)]
        }
        Err(missing) => [cell(row.name), cell(missing), ExportCell::Empty, ExportCell::Empty],
    });
    ListTable::new(w.power_title, [w.col_indicator, w.power_rate, w.power_detectable, w.power_peers], rows)
}
