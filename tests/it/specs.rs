//! Runs the trainers' examples of `tests/specs` through everything from the door to the flags.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tingxin::domain::{Analysis, Channel, Rule, SignalName, Speaker};
use tingxin::events::Deaf;
use tingxin::ingest;
use tingxin::pipeline::Analyzer;
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::score::{self, ScoreCache, Scorer};
use tingxin::segment::Segmenter;

/// One example: a contact and what must hold for its analysis.
#[derive(Debug, Default)]
struct Example {
    title: String,
    channel: Option<Channel>,
    rows: Vec<Row>,
    expectations: Vec<Expectation>,
}

#[derive(Debug)]
enum Row {
    Said(Speaker, String),
    Note(String),
}

#[derive(Debug)]
enum Expectation {
    Flagged(Rule),
    NotFlagged(Rule),
    NothingFlagged,
    AtLeast(SignalName, f64),
    AtMost(SignalName, f64),
    Skipped(SignalName),
    /// The first expected flag points at this turn, from 1.
    PointsAt(Rule, usize),
}

fn by_chinese_name<T: Copy>(all: &[T], zh: fn(T) -> &'static str, name: &str) -> Result<T, String> {
    all.iter().copied().find(|item| zh(*item) == name).ok_or_else(|| format!("no «{name}» is known"))
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split('、').map(str::trim).filter(|name| !name.is_empty())
}

impl Example {
    fn read_line(&mut self, line: &str) -> Result<(), String> {
        if let Some(channel) = line.strip_prefix("渠道：") {
            self.channel = Some(by_chinese_name(Channel::ALL, Channel::zh, channel.trim())?);
        } else if let Some(row) = line.strip_prefix('|') {
            self.read_row(row)?;
        } else if let Some(expectation) = line.strip_prefix("- ") {
            let (what, list) = expectation.split_once('：').ok_or("an expectation needs a «：»")?;
            self.read_expectation(what, list.trim())?;
        } else if !line.is_empty() {
            return Err("neither a table row nor an expectation".to_owned());
        }
        Ok(())
    }

    fn read_row(&mut self, row: &str) -> Result<(), String> {
        let (who, text) = row.trim_end_matches('|').split_once('|').ok_or("a row needs two cells")?;
        let (who, text) = (who.trim(), text.trim());
        match who {
            "说话人" => {}
            "记录" => self.rows.push(Row::Note(text.to_owned())),
            _ if who.starts_with('-') => {}
            _ => {
                let speaker = by_chinese_name(Speaker::ALL, Speaker::zh, who)?;
                self.rows.push(Row::Said(speaker, text.to_owned()));
            }
        }
        Ok(())
    }

    fn read_expectation(&mut self, what: &str, list: &str) -> Result<(), String> {
        let rule = |name| by_chinese_name(Rule::ALL, Rule::zh, name);
        let signal = |name| by_chinese_name(SignalName::ALL, SignalName::zh, name);
        let found = &mut self.expectations;
        match what {
            "应标记" => {
                for name in names(list) {
                    found.push(Expectation::Flagged(rule(name)?));
                }
            }
            "不应标记" if list == "全部" => found.push(Expectation::NothingFlagged),
            "不应标记" => {
                for name in names(list) {
                    found.push(Expectation::NotFlagged(rule(name)?));
                }
            }
            "信号" => {
                let number = |text: &str| text.trim().parse::<f64>().map_err(|e| e.to_string());
                let expectation = if let Some((name, bound)) = list.split_once('≥') {
                    Expectation::AtLeast(signal(name.trim())?, number(bound)?)
                } else {
                    let (name, bound) = list.split_once('≤').ok_or("a signal needs ≥ or ≤")?;
                    Expectation::AtMost(signal(name.trim())?, number(bound)?)
                };
                found.push(expectation);
            }
            "未计算" => found.push(Expectation::Skipped(signal(list)?)),
            "关注" => {
                let first = found.iter().find_map(|e| match e {
                    Expectation::Flagged(rule) => Some(*rule),
                    _ => None,
                });
                let rule = first.ok_or("«关注» comes after «应标记»")?;
                for turn in names(list) {
                    found.push(Expectation::PointsAt(rule, turn.parse().map_err(|e| format!("{e}"))?));
                }
            }
            _ => return Err(format!("no expectation «{what}» is known")),
        }
        Ok(())
    }

    /// The example in the form in which sources send contacts.
    fn contact_json(&self) -> serde_json::Value {
        let mut contact = serde_json::json!({
            "schema": "tingxin.contact.v1", "source": "specs", "contact_id": self.title,
            "channel": self.channel.unwrap_or(Channel::Hotline),
        });
        if let [Row::Note(text)] = &self.rows[..] {
            contact["kind"] = "note".into();
            contact["note"] = serde_json::json!({ "text": text });
        } else {
            let utterances: Vec<_> = self
                .rows
                .iter()
                .map(|row| match row {
                    Row::Said(speaker, text) => serde_json::json!({ "speaker": speaker, "text": text }),
                    Row::Note(_) => panic!("{}: a note is one row", self.title),
                })
                .collect();
            contact["kind"] = "transcript".into();
            contact["utterances"] = utterances.into();
        }
        contact
    }
}

impl Expectation {
    fn holds(&self, analysis: &Analysis) -> bool {
        let flag = |rule: &Rule| analysis.flags.iter().find(|flag| flag.rule == *rule);
        let value = |name: &SignalName| analysis.signals.iter().find(|s| s.name == *name).map(|s| s.value);
        match self {
            Self::Flagged(rule) => flag(rule).is_some(),
            Self::NotFlagged(rule) => flag(rule).is_none(),
            Self::NothingFlagged => analysis.flags.is_empty(),
            Self::AtLeast(name, bound) => value(name).is_some_and(|value| value >= *bound),
            Self::AtMost(name, bound) => value(name).is_some_and(|value| value <= *bound),
            Self::Skipped(name) => analysis
                .skipped
                .iter()
                .any(|skipped| skipped.feature == name.as_str() && !skipped.reason.is_empty()),
            Self::PointsAt(rule, turn) => flag(rule).is_some_and(|f| f.utterances.contains(&(turn - 1))),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flagged(rule) => write!(f, "应标记：{}", rule.zh()),
            Self::NotFlagged(rule) => write!(f, "不应标记：{}", rule.zh()),
            Self::NothingFlagged => write!(f, "不应标记：全部"),
            Self::AtLeast(name, bound) => write!(f, "信号：{} ≥ {bound}", name.zh()),
            Self::AtMost(name, bound) => write!(f, "信号：{} ≤ {bound}", name.zh()),
            Self::Skipped(name) => write!(f, "未计算：{}", name.zh()),
            Self::PointsAt(rule, turn) => write!(f, "关注：{}第{turn}轮", rule.zh()),
        }
    }
}

/// The examples of one file; an error names the line.
fn parse(file: &str, text: &str) -> Result<Vec<Example>, String> {
    let mut examples: Vec<Example> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("## ") {
            examples.push(Example { title: title.trim().to_owned(), ..Example::default() });
        } else if let Some(example) = examples.last_mut() {
            example.read_line(line.trim()).map_err(|why| format!("{file}, line {}: {why}", number + 1))?;
        }
    }
    match examples.iter().find(|example| example.rows.is_empty() || example.expectations.is_empty()) {
        Some(empty) => Err(format!("{file}: «{}» lacks a table or an expectation", empty.title)),
        None => Ok(examples),
    }
}

fn all_examples() -> Vec<(String, Example)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "md") && !file.ends_with("README.md"));
    files.sort();
    files
        .iter()
        .flat_map(|path| {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            let examples = parse(&file, &std::fs::read_to_string(path).unwrap()).unwrap();
            examples.into_iter().map(move |example| (file.clone(), example))
        })
        .collect()
}

fn analyse(examples: &[(String, Example)]) -> Vec<Analysis> {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let contacts = examples
        .iter()
        .map(|(file, example)| {
            let json = serde_json::to_vec(&example.contact_json()).unwrap();
            let raw = ingest::parse_contact(&json)
                .unwrap_or_else(|refusal| panic!("{file}, «{}»: {refusal}", example.title));
            redactor.redact(raw).contact
        })
        .collect();
    let scorer = Scorer::new(score::load("lexicon").unwrap(), ScoreCache::new(0));
    Analyzer::new(Segmenter::new().unwrap(), scorer, Arc::new(Deaf))
        .analyse(contacts)
        .unwrap()
        .into_iter()
        .map(|done| done.analysis)
        .collect()
}

#[test]
fn the_trainers_examples_hold() {
    let examples = all_examples();

    let analyses = analyse(&examples);

    assert!(examples.len() >= 25, "only {} examples", examples.len());
    let broken: Vec<String> = examples
        .iter()
        .zip(&analyses)
        .flat_map(|((file, example), analysis)| {
            example.expectations.iter().filter(|e| !e.holds(analysis)).map(move |expectation| {
                format!("{file} «{}»\n  {expectation}\n  but {}", example.title, summary(analysis))
            })
        })
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n\n"));
}

fn summary(analysis: &Analysis) -> String {
    let flags: Vec<_> =
        analysis.flags.iter().map(|flag| format!("{} {}", flag.rule.zh(), flag.reason())).collect();
    let signals: Vec<_> =
        analysis.signals.iter().map(|s| format!("{} {:.2}", s.name.zh(), s.value)).collect();
    let turns: Vec<_> = analysis
        .utterances
        .iter()
        .map(|u| match (u.emotion, u.valence) {
            (Some(emotion), Some(valence)) => format!("{}{:+.2}", emotion.zh(), valence.get()),
            _ => "-".to_owned(),
        })
        .collect();
    format!("flags {flags:?}\n  signals {signals:?}\n  turns {turns:?}")
}

#[test]
fn a_misspelt_rule_is_reported_with_its_line() {
    let error = parse("x.md", "## 例子\n\n| 客户 | 你好 |\n\n- 应标记：情绪升及\n").unwrap_err();

    assert_eq!(error, "x.md, line 5: no «情绪升及» is known");
}

#[test]
fn an_example_without_expectations_is_an_error() {
    assert!(parse("x.md", "## 例子\n\n| 客户 | 你好 |\n").is_err());
}
