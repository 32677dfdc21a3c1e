//! The sample contacts: complete, readable, and described by a table that tells the truth.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use tingxin::domain::{Channel, Kind, Rule};
use tingxin::ingest::{ReadOptions, read};

use crate::support::docs::assert_current;

/// What a sample may show, in the words of `index.tab`, each with its meaning.
const ARCS: [(&str, &str); 30] = [
    ("nothing", "an ordinary contact in which nothing happens"),
    ("recovery", "the customer is upset at first and calm or content in the end"),
    ("escalation_angry_end", "the customer gets angrier and leaves angry"),
    ("negative_end_no_complaint_word", "the customer leaves disappointed without one word of complaint"),
    ("agent_lapse", "staff blame, mock, brush off or lose patience"),
    ("agent_warm", "staff stay warm although the customer is not"),
    ("abuse", "staff are insulted or threatened"),
    ("regulator_threat", "the customer names a regulator or a complaint line"),
    ("media_threat", "the customer threatens to go public"),
    ("churn_threat", "the customer means to leave for another operator"),
    ("deadline_told", "a complaint is taken and a time limit is told"),
    ("deadline_not_told", "a complaint is taken and no time limit is told"),
    ("satisfaction_asked", "staff ask whether the customer is satisfied"),
    ("satisfaction_not_asked", "a problem is handled and nobody asks"),
    ("anger", "anger, reported by staff"),
    ("annoyance", "annoyance"),
    ("fear", "worry or fear"),
    ("sadness", "disappointment, grievance or grief"),
    ("sarcasm", "pleasant words that mean the opposite"),
    ("polite_anger", "anger in polite or negated words"),
    ("delight", "joy or a pleasant surprise"),
    ("gratitude", "thanks that are meant"),
    ("personal_data", "invented numbers and names that redaction must take out"),
    ("resolved", "a note says the matter is settled"),
    ("unresolved", "a note says the matter is open"),
    ("staff_feelings", "a note tells the writer's own feelings, which are not the customer's"),
    ("quoted_words", "a note quotes the customer"),
    ("hang_up", "the customer breaks off"),
    ("broken_promise", "an earlier promise was not kept"),
    ("fraud_hint", "advice against fraud"),
];

struct Sample {
    file: String,
    arcs: Vec<String>,
    shows_zh: String,
    shows_en: String,
    expected: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn index() -> Vec<Sample> {
    let text = std::fs::read_to_string(root().join("index.tab")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("file\tarc\tshows_zh\tshows_en\texpect"));
    let list = |cell: &str| cell.split(',').map(str::to_owned).collect();
    lines
        .map(|line| {
            let cells: [&str; 5] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let [file, arcs, zh, en, expected] = cells;
            Sample {
                file: file.to_owned(),
                arcs: list(arcs),
                shows_zh: zh.to_owned(),
                shows_en: en.to_owned(),
                expected: list(expected),
            }
        })
        .collect()
}

fn contacts(file: &str) -> Vec<tingxin::domain::RawContact> {
    let path = root().join(file);
    read(Box::new(File::open(&path).unwrap()), file, &ReadOptions::default())
        .map(|found| found.unwrap_or_else(|refused| panic!("{file}: {refused}")).contact)
        .collect()
}

fn files_on_disk(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_on_disk(&path, into);
        } else {
            into.insert(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
        }
    }
}

#[test]
fn every_sample_file_is_in_the_index_and_every_entry_is_there() {
    let mut found = BTreeSet::new();
    files_on_disk(&root(), &mut found);
    found.remove("index.tab");
    found.remove("README.md");

    let listed: BTreeSet<_> = index().into_iter().map(|sample| sample.file).collect();

    assert_eq!(found, listed);
}

#[test]
fn every_word_of_the_index_is_known_and_every_arc_has_a_sample() {
    let known: BTreeSet<_> = ARCS.iter().map(|(word, _)| (*word).to_owned()).collect();
    let used: BTreeSet<_> = index().into_iter().flat_map(|sample| sample.arcs).collect();

    assert_eq!(used, known);
    for sample in index() {
        for expected in sample.expected {
            assert!(
                expected == "none" || Rule::from_name(&expected).is_some(),
                "{}: {expected}",
                sample.file
            );
        }
    }
}

#[test]
fn every_sample_can_be_read_and_they_cover_channels_kinds_and_ids() {
    let mut channels = BTreeSet::new();
    let mut identities = BTreeSet::new();
    let mut notes = 0;

    for sample in index() {
        let contacts = contacts(&sample.file);
        assert!(!contacts.is_empty(), "{} holds no contact", sample.file);
        for contact in contacts {
            channels.insert(contact.header.channel);
            let identity = (contact.header.source.to_string(), contact.header.contact_id.to_string());
            assert!(identities.insert(identity), "{}: the contact is there twice", sample.file);
            let is_note = contact.body.kind() == Kind::Note;
            assert!(!is_note || sample.file.starts_with("notes/"), "{}", sample.file);
            notes += u32::from(is_note);
        }
    }

    assert_eq!(channels.len(), Channel::ALL.len(), "{channels:?}");
    assert!(identities.len() >= 60, "{}", identities.len());
    assert!(notes >= 12, "{notes}");
}

#[test]
fn the_readme_says_what_the_index_says() {
    assert_current(Path::new("samples/README.md"), &readme(&index()));
}

fn readme(samples: &[Sample]) -> String {
    let mut text = README_HEAD.to_owned();
    for (word, meaning) in ARCS {
        let _ = writeln!(text, "| `{word}` | {meaning} |");
    }
    let mut folder = "";
    for sample in samples {
        let (here, name) = sample.file.split_once('/').unwrap();
        if here != folder {
            folder = here;
            let _ = writeln!(
                text,
                "\n## {here}\n\n| file | shows | 内容 | arc | flags a listener would raise |\n|---|---|---|---|---|"
            );
        }
        let Sample { arcs, shows_zh, shows_en, expected, .. } = sample;
        let _ = writeln!(
            text,
            "| [{name}]({}) | {shows_en} | {shows_zh} | {} | {} |",
            sample.file,
            arcs.join(", "),
            expected.join(", ")
        );
    }
    text
}

const README_HEAD: &str = "\
# Sample contacts

Contacts between customers and staff of a telecom operator, written for this project in the Chinese that
people speak and type. All persons, numbers, addresses and events are invented. The demo (`tingxin demo --small`)
is filled with them, and

```
tingxin analyze samples/hotline --output table
```

shows them on the command line.

Licence: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/) (the program itself: Apache-2.0).

Each file is one `tingxin.contact.v1` object, except in `formats/`, where the other formats are shown. This
page is generated from `index.tab`; the column «flags a listener would raise» is what a person would expect,
not what the program says.

| arc | meaning |
|---|---|
";
