//! The figures for people: one table of all models, then the details of the first.

use std::fmt::Write as _;

use comfy_table::{Cell, Table};

use super::super::tables::{empty, right};
use super::super::terminal::said;
use super::found::{ModelComparison, ModelRow, Timed};
use crate::evaluate::{
    CALIBRATION_BINS, ClassificationReport, ConfidenceInterval, Correlation, GATE, PairShare, RESAMPLES,
    SatisfactionReport, Sensitivity,
};

/// Stands where there is nothing to measure.
const NONE: &str = "–";

/// A column of the table of models.
struct ModelColumn {
    zh: &'static str,
    en: &'static str,
    /// What a row says in it.
    cell: fn(&Timed) -> Option<String>,
}

const COLUMNS: [ModelColumn; 7] = [
    ModelColumn {
        zh: "八类情绪 宏平均 F1",
        en: "8 emotions, macro F1",
        cell: |timed| timed.row.emotion.as_ref().map(macro_f1),
    },
    ModelColumn {
        zh: "三类极性 宏平均 F1",
        en: "3 valences, macro F1",
        cell: |timed| timed.row.valence.as_ref().map(macro_f1),
    },
    ModelColumn {
        zh: "准确率",
        en: "accuracy",
        cell: |timed| best_known(&timed.row).map(|r| figure(r.accuracy, r.accuracy_interval)),
    },
    ModelColumn {
        zh: "校准误差",
        en: "calibration error",
        cell: |timed| best_known(&timed.row).map(|r| format!("{:.3}", r.calibration_error)),
    },
    ModelColumn {
        zh: "辱骂 F1",
        en: "abuse, F1",
        cell: |timed| timed.row.abuse.as_ref().map(|a| figure(a.f1, a.f1_interval)),
    },
    ModelColumn {
        zh: "换词后类别变化", en: "flips: class", cell: |timed| flips(timed, |line| line.class)
    },
    ModelColumn {
        zh: "换词后标记变化", en: "flips: flags", cell: |timed| flips(timed, |line| line.flags)
    },
];

/// Everything, in the order in which people ask.
pub(super) fn all(found: &ModelComparison) -> String {
    let mut text = comparison(found);
    text.push_str(&satisfaction(found));
    text.push_str(&fairness(found));
    let Some(Timed { row, .. }) = found.rows.first() else { return text };
    if let Some(details) = details(row) {
        let _ = write!(text, "\n{} {}\n{details}", said("明细：", "Details of"), row.engine.model);
    }
    text
}

fn comparison(found: &ModelComparison) -> String {
    // A column nobody has anything in would only take room.
    let columns: Vec<&ModelColumn> = COLUMNS
        .iter()
        .filter(|column| found.rows.iter().any(|timed| (column.cell)(timed).is_some()))
        .collect();
    let titles = columns.iter().map(|column| said(column.zh, column.en));
    let mut table = empty(
        std::iter::once(said("模型", "model")).chain(titles).chain([said("句/秒", "utterances/s")]).collect(),
    );
    for timed in &found.rows {
        let cells = columns.iter().map(|column| (column.cell)(timed).unwrap_or_else(|| NONE.to_owned()));
        let rate = format!("{:.0}", timed.utterances_per_second);
        let cells = cells.chain([rate]).map(right);
        table.add_row(std::iter::once(Cell::new(&timed.row.engine.model)).chain(cells));
    }
    let mut text = format!(
        "{table}\n{}\n",
        said(
            "区间：95%，自助法重抽样 {n} 次。句/秒：单线程、无缓存，含脱敏和分词",
            "intervals: 95 %, bootstrap, {n} resamples. utterances/s: one thread, no cache, redaction and segmentation \
             included",
        )
        .replace("{n}", &RESAMPLES.to_string()),
    );
    let swapped = found.rows.iter().any(|timed| timed.row.fairness.is_some());
    if swapped {
        text.push_str(said(
            "换词后变化：只差一个替换词的成对文本中，读数不同的比例，各属性合计\n",
            "flips: pairs of texts that differ in a swapped word and in what is read, all attributes together\n",
        ));
    }
    if found.rows.iter().any(|timed| timed.row.emotion.is_some() && timed.row.valence.is_some()) {
        text.push_str(said(
            "准确率和校准误差：按八类情绪计算\n",
            "accuracy and calibration error: of the eight emotions\n",
        ));
    }
    if found.refused > 0 {
        let words = said(" 行未采用，原因见标准错误", " lines were refused; standard error names them");
        let _ = writeln!(text, "{}{words}", found.refused);
    }
    if found.unanswered > 0 {
        let words = said(
            " 条服务记录没有满意度或没有对话，未计入",
            " contacts without a survey or without dialogue were left out",
        );
        let _ = writeln!(text, "{}{words}", found.unanswered);
    }
    text
}

fn satisfaction(found: &ModelComparison) -> String {
    let Some(contacts) = found.rows.iter().find_map(|timed| timed.row.satisfaction).map(|s| s.contacts)
    else {
        return String::new();
    };
    let mut table = empty(vec!["model", "customer's mood", "Spearman's rho"]);
    for timed in &found.rows {
        for (name, rho) in timed.row.satisfaction.iter().flat_map(moods) {
            let rho = rho.map_or_else(|| NONE.to_owned(), |c| beside(c.rho, c.interval));
            table.add_row([Cell::new(&timed.row.engine.model), Cell::new(name), right(rho)]);
        }
    }
    let mut text = format!(
        "\nSatisfaction: predicted beside the survey's, {contacts} contacts (resampled by contact)\n{table}\n"
    );
    for timed in &found.rows {
        let Some((auc, error)) = timed.row.satisfaction.and_then(|one| one.auc.zip(one.calibration_error))
        else {
            continue;
        };
        let model = &timed.row.engine.model;
        let _ =
            writeln!(text, "{model}, dissatisfied (1 or 2 of 5): AUC {auc:.3}, calibration error {error:.3}");
    }
    text
}

fn moods(found: &SatisfactionReport) -> [(&'static str, Option<Correlation>); 4] {
    [
        ("expected satisfaction", found.expected),
        ("average of mean, worst and end", found.mean_worst_end),
        ("mean alone", found.mean),
        ("end alone", found.end),
    ]
}

fn fairness(found: &ModelComparison) -> String {
    let lines: Vec<(&str, &Sensitivity)> = found
        .rows
        .iter()
        .filter_map(|timed| Some((timed.row.engine.model.as_str(), timed.row.fairness.as_ref()?)))
        .flat_map(|(model, lines)| lines.iter().map(move |line| (model, line)))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    let gate = format!("flags ≤ {:.0} %", 100.0 * GATE);
    let header = ["model", "swapped", "pairs", "alike", "class", "P(unpleasant) crosses .5", "flags", &gate];
    let mut table = empty(header.to_vec());
    for (model, line) in lines {
        let counts = [line.pairs, line.alike_after_redaction].map(|count| right(count.to_string()));
        let shares = [line.class, line.negative, line.flags];
        let shares = shares.map(|share| right(share.map_or_else(|| NONE.to_owned(), percent)));
        let holds = Cell::new(if line.within_gate { "held" } else { "missed" });
        let names = [Cell::new(model), Cell::new(line.attribute)];
        table.add_row(names.into_iter().chain(counts).chain(shares).chain([holds]));
    }
    format!(
        "\nFairness: share of pairs whose reading differs, Wilson's 95 % interval. alike: pairs that redaction made \
         alike, not among them\n{table}\n"
    )
}

fn details(row: &ModelRow) -> Option<String> {
    let mut text = String::new();
    let parts = [
        (said("情绪（八类）", "Emotion (8 classes)"), &row.emotion),
        (said("极性（三类）", "Valence class (3 classes)"), &row.valence),
    ];
    for (title, report) in parts {
        if let Some(report) = report {
            let _ = write!(text, "\n{}", one(title, report));
        }
    }
    if let Some(found) = &row.abuse {
        let _ = writeln!(
            text,
            "\nAbuse: {} labelled utterances, {} with abuse\n  precision  {}\n  recall     {}\n  F1         {}",
            found.utterances,
            found.positives,
            beside(found.precision, found.precision_interval),
            beside(found.recall, found.recall_interval),
            beside(found.f1, found.f1_interval),
        );
    }
    (!text.is_empty()).then_some(text)
}

fn one(title: &str, report: &ClassificationReport) -> String {
    let mut text = format!(
        "{title}: {} {}\n\
         \x20 {}{}\n\
         \x20 {}{}\n\
         \x20 {}{:.3}  ({CALIBRATION_BINS} {})\n",
        report.utterances,
        said("条标注", "labelled utterances"),
        said("准确率         ", "accuracy           "),
        beside(report.accuracy, report.accuracy_interval),
        said("宏平均 F1      ", "macro F1           "),
        beside(report.macro_f1, report.macro_f1_interval),
        said("校准误差       ", "calibration error  "),
        report.calibration_error,
        said("个区间", "bins"),
    );
    if !report.absent_classes.is_empty() {
        let _ = writeln!(
            text,
            "  not among the labels, left out of macro F1: {}",
            report.absent_classes.join(", ")
        );
    }
    let _ = writeln!(
        text,
        "{}\n{}\n{}",
        classes(report),
        said("标注 ↓ · 模型 →", "label ↓ · prediction →"),
        confusion(report)
    );
    text
}

fn classes(report: &ClassificationReport) -> Table {
    let mut table = empty(vec![
        said("类别", "class"),
        said("精确率", "precision"),
        said("召回率", "recall"),
        "F1",
        said("条数", "support"),
    ]);
    for class in &report.per_class {
        let figures = [class.precision, class.recall, class.f1].map(|figure| format!("{figure:.3}"));
        let cells = figures.into_iter().chain([weight(class.support)]).map(right);
        table.add_row(std::iter::once(Cell::new(class.class)).chain(cells));
    }
    table
}

fn confusion(report: &ClassificationReport) -> Table {
    let names = &report.confusion.classes;
    let mut table = empty(std::iter::once("").chain(names.iter().copied()).collect());
    for (name, row) in names.iter().zip(&report.confusion.rows) {
        if report.absent_classes.contains(name) {
            continue;
        }
        let cells = row.iter().map(|sum| right(weight(*sum)));
        table.add_row(std::iter::once(Cell::new(*name)).chain(cells));
    }
    table
}

/// The report on emotions, or on valences where no emotion is labelled.
fn best_known(row: &ModelRow) -> Option<&ClassificationReport> {
    row.emotion.as_ref().or(row.valence.as_ref())
}

fn macro_f1(report: &ClassificationReport) -> String {
    figure(report.macro_f1, report.macro_f1_interval)
}

fn flips(timed: &Timed, which: fn(&Sensitivity) -> Option<PairShare>) -> Option<String> {
    PairShare::pooled(timed.row.fairness.as_ref()?, which).map(percent)
}

/// A figure above its interval: side by side they would need twice the width.
fn figure(value: f64, interval: ConfidenceInterval) -> String {
    format!("{value:.3}\n{}", within(interval))
}

fn beside(value: f64, interval: ConfidenceInterval) -> String {
    format!("{value:.3}  95 % {}", within(interval))
}

fn within(interval: ConfidenceInterval) -> String {
    format!("[{:.3}, {:.3}]", interval.low, interval.high)
}

fn percent(share: PairShare) -> String {
    let [share, low, high] = [share.share, share.interval.low, share.interval.high].map(|part| 100.0 * part);
    format!("{share:.1} %\n[{low:.1}, {high:.1}]")
}

/// Sums of weights are whole unless somebody gave fractions.
fn weight(sum: f64) -> String {
    if sum.fract() == 0.0 { format!("{sum:.0}") } else { format!("{sum:.1}") }
}
