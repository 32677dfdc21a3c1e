//! Checks on real dialogues whose turns carry human sentiment labels: V9 satisfaction, V10 sign
//! pattern, V11 positive control.
//!
//! The file is UTF-8, tab-separated, one row per utterance, with this header (the last column may
//! be missing):
//!
//! ```text
//! dialogue_id  turn  role  valence_class  satisfaction
//! ```
//!
//! `turn` is a whole number that rises within a dialogue, `role` is `agent` or `customer`,
//! `valence_class` is `negative`, `neutral` or `positive`, `satisfaction` is empty or 1 to 3 and
//! the same in all rows of a dialogue. Lines that are empty are passed over. A bad row is refused
//! with its line number and takes its dialogue with it: a dialogue with a hole pairs the wrong
//! turns. Corpora stay with whoever has the right to them; none comes with the product.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::branches::{Branched, NEGATIVE, POSITIVE, panel_of};
use super::finding::{Finding, Options, Target, finding};
use super::satisfaction::{COLUMNS, SatisfactionModel, features, macro_f1};
use super::world::{SimulatedContact, estimates, pooled_r};
use crate::count;
use crate::resample::{PseudoPartners, Surrogates, generator, stretched};

/// Columns of the header in order; the last may be missing.
pub const HEADER: [&str; 5] = ["dialogue_id", "turn", "role", "valence_class", "satisfaction"];
/// Surrogates of the positive control. The reference used 60; 200 is the product's own minimum for
/// a z value.
const SURROGATES: usize = 200;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialogueRole {
    /// Staff.
    Agent,
    /// Whoever staff serve.
    Customer,
}

/// One dialogue of a corpus, with its turns in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dialogue {
    /// As in the file.
    pub id: String,
    /// Speaker and valence class (−1, 0, 1) of each utterance.
    pub utterances: Vec<(DialogueRole, f64)>,
    /// 1 to 3 when the file has it.
    pub satisfaction: Option<usize>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("line {line}: {reason}")]
pub struct Refused {
    /// Line in the file, the header is line 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Corpus {
    /// Dialogues without a refused row, in order of appearance.
    pub dialogues: Vec<Dialogue>,
    /// Refused rows in order of line.
    pub refused: Vec<Refused>,
}

struct DialogueRow<'a> {
    id: &'a str,
    turn: u64,
    role: DialogueRole,
    valence: f64,
    satisfaction: Option<usize>,
}

fn row(line: &str) -> Result<DialogueRow<'_>, String> {
    let cells: Vec<&str> = line.split('\t').collect();
    let (id, turn, role, class, satisfaction) = match cells.as_slice() {
        [id, turn, role, class] => (*id, *turn, *role, *class, ""),
        [id, turn, role, class, satisfaction] => (*id, *turn, *role, *class, *satisfaction),
        _ => return Err(format!("{} columns, 4 or 5 are expected", cells.len())),
    };
    if id.is_empty() {
        return Err("dialogue_id is empty".to_owned());
    }
    Ok(DialogueRow {
        id,
        turn: turn.parse().map_err(|_| format!("turn {turn:?} is not a whole number"))?,
        role: match role {
            "agent" => DialogueRole::Agent,
            "customer" => DialogueRole::Customer,
            _ => return Err(format!("role {role:?} is neither agent nor customer")),
        },
        valence: match class {
            "negative" => -1.0,
            "neutral" => 0.0,
            "positive" => 1.0,
            _ => return Err(format!("valence_class {class:?} is none of negative, neutral, positive")),
        },
        satisfaction: match satisfaction {
            "" => None,
            "1" => Some(1),
            "2" => Some(2),
            "3" => Some(3),
            _ => return Err(format!("satisfaction {satisfaction:?} is none of 1, 2, 3")),
        },
    })
}

/// Reads a file's text.
///
/// # Errors
/// [`Refused`] for line 1 when the header is not [`HEADER`]; bad rows are no error, see
/// [`Corpus::refused`].
pub fn read(text: &str) -> Result<Corpus, Refused> {
    let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().zip(1_usize..);
    let header: Vec<&str> = lines.next().map_or(Vec::new(), |(header, _)| header.split('\t').collect());
    if header != HEADER && HEADER.strip_suffix(&["satisfaction"]).is_none_or(|short| header != short) {
        let reason = format!("the header must be {}, tab-separated", HEADER.join(" "));
        return Err(Refused { line: 1, reason });
    }
    let mut corpus = Corpus::default();
    let mut places: HashMap<&str, (usize, u64)> = HashMap::new();
    let mut broken: HashSet<&str> = HashSet::new();
    for (text, line) in lines.filter(|(text, _)| !text.is_empty()) {
        let taken = row(text).and_then(|row| take(&mut corpus.dialogues, &mut places, &row));
        if let Err(reason) = taken {
            corpus.refused.push(Refused { line, reason });
            broken.extend(text.split('\t').next());
        }
    }
    corpus.dialogues.retain(|dialogue| !broken.contains(dialogue.id.as_str()));
    Ok(corpus)
}

fn take<'a>(
    dialogues: &mut Vec<Dialogue>,
    places: &mut HashMap<&'a str, (usize, u64)>,
    row: &DialogueRow<'a>,
) -> Result<(), String> {
    let utterance = (row.role, row.valence);
    let Some((place, last)) = places.get_mut(row.id) else {
        places.insert(row.id, (dialogues.len(), row.turn));
        let id = row.id.to_owned();
        dialogues.push(Dialogue { id, utterances: vec![utterance], satisfaction: row.satisfaction });
        return Ok(());
    };
    if row.turn <= *last {
        return Err(format!("turn {} after turn {last} of the same dialogue", row.turn));
    }
    *last = row.turn;
    let Some(dialogue) = dialogues.get_mut(*place) else { return Ok(()) };
    if dialogue.satisfaction != row.satisfaction {
        return Err("satisfaction differs within the dialogue".to_owned());
    }
    dialogue.utterances.push(utterance);
    Ok(())
}

/// A turn: consecutive utterances of one side merged, as shares of their classes.
struct DialogueTurn {
    role: DialogueRole,
    positive: f64,
    negative: f64,
}

impl Dialogue {
    fn turns(&self) -> Vec<DialogueTurn> {
        let runs = self.utterances.chunk_by(|a, b| a.0 == b.0);
        runs.filter_map(|run| {
            let share = |class: fn(f64) -> bool| {
                count(run.iter().filter(|(_, v)| class(*v)).count()) / count(run.len())
            };
            let role = run.first()?.0;
            Some(DialogueTurn { role, positive: share(|v| v > 0.5), negative: share(|v| v < -0.5) })
        })
        .collect()
    }

    /// Customer turns with the agent turn that answers each; a turn nobody answers gives no pair.
    fn answered(&self) -> (SimulatedContact, Branched) {
        let mut pair = SimulatedContact { customer: Vec::new(), agent: Vec::new() };
        let mut branched = Branched::default();
        for window in self.turns().windows(2) {
            if let [asked, answer] = window
                && asked.role == DialogueRole::Customer
            {
                let tone = answer.positive - answer.negative;
                pair.customer.push(asked.positive - asked.negative);
                pair.agent.push(tone);
                branched.agent.push(tone);
                branched.positive.push(asked.positive);
                branched.negative.push(asked.negative);
            }
        }
        (pair, branched)
    }
}

/// Runs the checks a corpus allows: V9 and V10 on dialogues with satisfaction (service chats), V11
/// on any. `options.only` selects, `options.seed` names the surrogates.
#[must_use]
pub fn check(corpus: &Corpus, options: &Options) -> Vec<Finding> {
    let service = corpus.dialogues.iter().any(|dialogue| dialogue.satisfaction.is_some());
    let (pairs, branched): (Vec<SimulatedContact>, Vec<Branched>) =
        corpus.dialogues.iter().map(Dialogue::answered).unzip();
    let mut findings = Vec::new();
    if service && options.wants("V9") {
        findings.extend(satisfaction(&corpus.dialogues));
    }
    if service && options.wants("V10") {
        findings.extend(sign_pattern(&pairs, &branched));
    }
    if options.wants("V11") {
        findings.extend(positive_control(&pairs, options.seed));
    }
    findings
}

/// V9. Every fifth dialogue, by a hash of its id, is kept for testing: the split is the same on
/// every machine.
fn satisfaction(dialogues: &[Dialogue]) -> Vec<Finding> {
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for dialogue in dialogues {
        let customer = dialogue.turns().into_iter().filter(|turn| turn.role == DialogueRole::Customer);
        let turns: Vec<f64> = customer.map(|turn| turn.positive - turn.negative).collect();
        if let (Some(row), Some(class)) = (features(&turns), dialogue.satisfaction) {
            let side = if held_out(&dialogue.id) { &mut test } else { &mut train };
            side.push((row, class.saturating_sub(1)));
        }
    }
    let score = |columns: usize| {
        // Columns left out are set to zero; the ridge then keeps their coefficients at zero.
        let cut = |row: &[f64; COLUMNS]| {
            let mut cut = *row;
            cut.iter_mut().skip(columns).for_each(|value| *value = 0.0);
            cut
        };
        let rows: Vec<_> = train.iter().map(|(row, class)| (cut(row), *class)).collect();
        let model = SatisfactionModel::fit(&rows).ok();
        let said = |model: SatisfactionModel| {
            test.iter().map(|(row, class)| (*class, model.class(&cut(row)))).collect::<Vec<_>>()
        };
        model.map_or(f64::NAN, |model| macro_f1(&said(model)))
    };
    vec![
        finding(
            "V9 satisfaction from customer sentiment, mean + peak + end: macro-F1",
            score(COLUMNS),
            Target::Between(0.73, 0.77),
        ),
        finding(
            "V9 satisfaction from customer sentiment, mean only: macro-F1",
            score(2),
            Target::Shown(0.705),
        ),
    ]
}

fn held_out(id: &str) -> bool {
    // FNV-1a: defined for ever, so the split is.
    let hash =
        id.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    (hash >> 32) % 5 == 0
}

/// V10: professional agents answer positives in kind, do not catch negatives, and the pooled
/// correlation hides both.
fn sign_pattern(pairs: &[SimulatedContact], branched: &[Branched]) -> Vec<Finding> {
    let fit = panel_of(branched).fit(&[0, POSITIVE, NEGATIVE], &[0.0; 3]).ok();
    let at =
        |place: usize| fit.as_ref().and_then(|fit| fit.coefficients.get(place).copied()).unwrap_or(f64::NAN);
    vec![
        finding("V10 sign pattern: β⁺", at(POSITIVE), Target::Between(0.05, 0.09)),
        finding("V10 sign pattern: β⁻", -at(NEGATIVE), Target::Between(-0.03, 0.03)),
        finding("V10 sign pattern: pooled r", pooled_r(pairs), Target::AtMost(0.0)),
    ]
}

/// V11: the partner effect of the real pairs against pairs with a stranger's series of similar
/// length.
fn positive_control(pairs: &[SimulatedContact], seed: u64) -> Vec<Finding> {
    let partner = |pairs: Vec<SimulatedContact>| {
        estimates(&[pairs], 1.0).into_iter().flatten().next().map_or(f64::NAN, |estimate| estimate.value)
    };
    let observed = partner(pairs.to_vec());
    let partners = PseudoPartners::of(&pairs.iter().map(|pair| (0, pair.agent.len())).collect::<Vec<_>>());
    let mut rng = generator(seed, &[130]);
    let drawn: Vec<f64> = (0..SURROGATES)
        .map(|_| {
            let strangers = pairs.iter().enumerate().filter_map(|(index, own)| {
                let other = pairs.get(partners.draw(index, &mut rng)?)?;
                Some(SimulatedContact {
                    customer: stretched(&other.customer, own.agent.len()),
                    agent: own.agent.clone(),
                })
            });
            partner(strangers.collect())
        })
        .collect();
    let z = Surrogates::of(observed, &drawn).map_or(f64::NAN, |surrogates| surrogates.z());
    vec![
        finding("V11 positive control: partner effect", observed, Target::Above(0.0)),
        finding("V11 positive control: z against 200 pseudo-dyads", z, Target::AtLeast(3.0)),
    ]
}
