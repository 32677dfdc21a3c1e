//! The behavioural tests that the program carries, and the rates that the default model keeps.

use super::checks::{Capability, CheckResult};

macro_rules! files {
    ($($name:literal,)+) => {
        /// Name and text of every file of `models/checks`.
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../models/checks/", $name, ".tsv")))),+];
    };
}

files! {
    "bare_assent",
    "calm_turns",
    "cantonese",
    "concession",
    "emoji",
    "filler",
    "final_mark",
    "formula",
    "homophones",
    "lead_in",
    "missing_marks",
    "negation",
    "neutral_with_mark",
    "northeast",
    "plain_accusation",
    "praise_after_failure",
    "question_or_complaint",
    "recognised_numbers",
    "repetition",
    "reported_feeling",
    "resolution",
    "resolved_in_context",
    "sarcasm",
    "self_correction",
    "short_lines",
    "sichuan",
    "staff_apology",
    "staff_explanation",
    "staff_quotation",
    "strength",
    "thanks_as_demand",
    "traditional",
    "turn_of_a_clause",
    "whom_it_is_about",
}

/// Capability and share, tab-separated.
const HELD: &str = include_str!("../../../../models/checks/held.tsv");

/// Every capability, in the order of their names.
///
/// # Errors
/// A sentence with the file and line that cannot be read.
pub fn suite() -> Result<Vec<Capability>, String> {
    FILES.iter().map(|(name, text)| Capability::parse(name, text)).collect()
}

/// The results that miss the rate which the default model must keep, each with that rate.
///
/// # Errors
/// A sentence when the rates cannot be read, or one names a capability that there is not.
pub fn missed(results: &[CheckResult]) -> Result<Vec<(&CheckResult, f64)>, String> {
    let mut missed = Vec::new();
    for (number, line) in
        (1..).zip(HELD.lines()).filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
    {
        let (name, share) = line.split_once('\t').ok_or_else(|| no_share(number))?;
        let share: f64 = share.parse().map_err(|_| no_share(number))?;
        let result = results.iter().find(|result| result.name == name).ok_or_else(|| no_share(number))?;
        if result.share() < share {
            missed.push((result, share));
        }
    }
    Ok(missed)
}

fn no_share(number: usize) -> String {
    format!("models/checks/held.tsv, line {number}: name and share of a capability, with a tab between")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::checks::CheckKind;

    #[test]
    fn every_file_can_be_read_and_holds_enough_to_say_something() {
        let suite = suite().unwrap();
        let on_disk = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/checks")).unwrap();
        let files = on_disk.filter(|file| {
            let name = file.as_ref().unwrap().file_name();
            let path = std::path::Path::new(&name);
            path.extension().is_some_and(|ending| ending == "tsv") && name != "held.tsv"
        });

        assert_eq!(suite.len(), files.count(), "a file of models/checks is not in the list above");
        assert!(suite.iter().all(|one| one.cases.len() >= 50 && !one.says.is_empty()));
        assert!(suite.iter().map(|one| one.cases.len()).sum::<usize>() >= 1_200);
        assert!(suite.iter().any(|one| one.kind == CheckKind::Direction));
    }

    #[test]
    fn no_line_is_tested_twice() {
        let mut seen = std::collections::HashSet::new();
        for capability in suite().unwrap() {
            for (line, case) in &capability.cases {
                let texts = case.texts();
                assert!(
                    seen.insert(texts[0].clone()),
                    "{}, line {line}: {texts:?} stands there twice",
                    capability.name
                );
            }
        }
    }

    #[test]
    fn the_held_rates_name_capabilities_that_there_are() {
        let none: Vec<CheckResult> =
            suite().unwrap().iter().map(|one| CheckResult::of(one, &vec![true; one.cases.len()])).collect();

        assert_eq!(missed(&none).unwrap(), Vec::new());
    }
}
