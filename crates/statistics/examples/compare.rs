//! Compares five invented agents with what their colleagues would have reached with the same
//! contacts.
//!
//! ```text
//! cargo run -p tingxin-statistics --example compare
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use tingxin_statistics::FitError;
use tingxin_statistics::case_mix::{AgentCell, expected};
use tingxin_statistics::distribution::Z_95;
use tingxin_statistics::funnel::{funnel, limits};
use tingxin_statistics::shrinkage::empirical_bayes;

/// Contacts that began calm and contacts that began negative, each with those that ended negative.
const AGENTS: [(&str, [(f64, f64); 2]); 5] = [
    ("A1001", [(180.0, 14.0), (60.0, 25.0)]),
    ("A1002", [(90.0, 9.0), (160.0, 64.0)]),
    ("A1003", [(200.0, 17.0), (40.0, 15.0)]),
    ("A1004", [(150.0, 31.0), (80.0, 53.0)]),
    ("A1005", [(16.0, 0.0), (8.0, 2.0)]),
];

fn main() -> Result<(), FitError> {
    // An intercept and a column for a negative beginning.
    let designs = [vec![1.0, 0.0], vec![1.0, 1.0]];
    let contacts = AGENTS.map(|(_, cells)| {
        let cells = cells.into_iter().enumerate();
        cells.map(|(design, (trials, events))| AgentCell { design, trials, events }).collect::<Vec<_>>()
    });
    let records = expected(&designs, &contacts)?;

    let column = |of: fn(&_) -> f64| records.iter().map(of).collect::<Vec<f64>>();
    let plot = funnel(&column(|one| one.observed), &column(|one| one.expected), &column(|one| one.variance));
    let (estimates, errors): (Vec<f64>, Vec<f64>) =
        records.iter().map(|one| one.log_odds().unwrap_or((f64::NAN, f64::NAN))).unzip();
    let shrunk = empirical_bayes(&estimates, &errors);

    println!("离散度 φ = {:.2}，组间方差 τ² = {:.3}", plot.phi, shrunk.tau2);
    for (((agent, _), record), unit) in AGENTS.iter().zip(&records).zip(&shrunk.units) {
        let watch = limits(record.expected, record.variance, plot.tau2).watch;
        println!(
            "{agent} 负面收尾 {:.0}，预期 {:.1}（95 % 界限 {:.1}–{:.1}）；对数比值 {:+.2} ± {:.2}，信度 {:.2}",
            record.observed,
            record.expected,
            watch.low,
            watch.high,
            unit.value,
            Z_95 * unit.error,
            unit.reliability,
        );
    }
    Ok(())
}
