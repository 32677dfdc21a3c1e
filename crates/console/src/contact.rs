//! One contact as a page shows it: why it was flagged, the curve, the words.

mod flags;
mod matter;
mod measures;
mod missed;
mod turns;
mod words;

use tingxin_desk::AppealTurn;
use tingxin_store::{Appeal, ContactRecord, FlagRow, Incident, ReviewClaim, SentenceMark, Verdict};
use tingxin_text::domain::{
    Analysis, Body, ContactState, Flag, FlagId, FlagStatus, Kind, RedactedContact, Rule, RuleStates,
    Satisfaction, Staff, UtcMillis,
};

use super::appeals::{AppealView, AppealWords, SpokenOfAppeals as _};
use super::assignments::{SpokenOfWork as _, WorkWords, looking};
use super::chart::{Curve, FlagMarkers, Point, Size, Svg, offset};
use super::label::{Label, actor, process};
use super::lists::{ListTable, cell};
use super::text::{Lang, Spoken, Texts, fill};

pub(super) use flags::{FlagView, Former};
pub(super) use measures::{EngineView, Measure, SkippedView};
pub(super) use missed::Missed;
pub(super) use turns::{NoteSentence, TurnRow, TurnView, sentences, turns as turn_views};

/// What is known of the contact beside its analysis, and of whoever looks at it.
#[derive(Debug, Clone, Default)]
pub struct Review<'a> {
    /// Where to go from here.
    pub around: Neighbours,
    /// The flags as they are stored, with what they show.
    pub flags: &'a [FlagRow],
    /// What people said about them, oldest first.
    pub verdicts: &'a [Verdict],
    /// Whether the viewer may confirm and reject them.
    pub may_judge: bool,
    /// The rule whose flags alone are the work.
    pub focus: Option<Rule>,
    /// What the flags of each rule are good for at present.
    pub states: RuleStates,
    /// When the page was asked for, in milliseconds: a verdict says how long it took.
    pub opened: i64,
    /// Appeals about it, oldest first; none for whoever may not see them.
    pub appeals: &'a [Appeal],
    /// Declared incidents that it fell into.
    pub incidents: &'a [Incident],
    /// Contacts that others look at.
    pub claims: &'a [ReviewClaim],
    /// Sentences that somebody marked.
    pub marks: &'a [SentenceMark],
    /// Whose mark may be taken back.
    pub actor: &'a str,
    /// A verdict that was not kept, because somebody was quicker.
    pub refused: Option<RefusedVerdict<'a>>,
}

/// A verdict that was not kept.
#[derive(Debug, Clone, Copy)]
pub struct RefusedVerdict<'a> {
    /// On which flag.
    pub flag: FlagId,
    /// What was written with it.
    pub note: Option<&'a str>,
}

/// Why it was not kept, and what was written with it.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    pub(super) text: String,
    pub(super) note: Option<String>,
}

/// Where a reviewer goes from here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Address of the list that the contact was opened from.
    pub list: String,
    /// The list's filters, as they stand in an address.
    pub query: String,
    /// Address of the contact before this one in the list.
    pub previous: Option<String>,
    /// Address of the contact after this one in the list.
    pub next: Option<String>,
    /// Address of the search whose result it was; `None` when it was opened from the list.
    pub results: Option<String>,
    /// `3 / 20` in this part of the list.
    pub position: Option<String>,
}

/// The curve in both sizes, and its values as a table.
#[derive(Debug, Clone)]
pub(super) struct CurveView {
    pub(super) wide: Svg,
    pub(super) strip: Svg,
    pub(super) narrow: Svg,
    pub(super) rows: Vec<TurnRow>,
}

/// Everything that the page of one contact shows.
#[derive(Debug, Clone)]
pub struct ContactView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) contact_id: String,
    pub(super) facts: Vec<(&'static str, String)>,
    /// Why there is no analysis yet.
    pub(super) waiting: Option<&'static str>,
    pub(super) flags: Vec<FlagView>,
    pub(super) curve: Option<CurveView>,
    pub(super) turns: Vec<TurnView>,
    pub(super) sentences: Vec<NoteSentence>,
    pub(super) trajectory: Vec<Measure>,
    pub(super) events: Vec<Measure>,
    pub(super) skipped: Vec<SkippedView>,
    pub(super) engine: Option<EngineView>,
    pub(super) around: Neighbours,
    pub(super) may_judge: bool,
    pub(super) opened: i64,
    /// Verdicts on what is no longer flagged.
    pub(super) former: Vec<Former>,
    /// Appeals about it.
    pub(super) appeals: Vec<AppealView>,
    pub(super) appeal_words: &'static AppealWords,
    /// The declared incidents that it fell into, a sentence each.
    pub(super) incidents: Vec<String>,
    /// Who else looks at it, in a sentence.
    pub(super) looking: Option<String>,
    /// A verdict that was not kept.
    pub(super) conflict: Option<Conflict>,
    pub(super) w: &'static WorkWords,
    /// Sentences that no rule heard.
    pub(super) missed: Missed,
}

impl ContactView {
    /// The table under the curve as data: readings without words.
    pub(super) fn curve_list(&self, t: &Texts) -> Option<ListTable> {
        let rows = self.curve.as_ref()?.rows.iter().map(|row| {
            let [time, emotion, valence, sd] = [&row.time, &row.emotion, &row.valence, &row.sd].map(cell);
            [cell(row.number), time, cell(row.speaker), emotion, valence, sd]
        });
        let heads = [t.col_turn, t.col_time, t.col_speaker, t.col_emotion, t.col_valence, t.col_sd];
        Some(ListTable::new(t.curve_table, heads, rows))
    }

    /// Puts a contact and its analysis, if there is one, into words and drawings.
    #[must_use]
    pub fn new(record: &ContactRecord, analysis: Option<&Analysis>, review: Review<'_>, lang: Lang) -> Self {
        let contact = &record.contact;
        let header = &contact.header;
        // The store keeps the analysis of an older revision until the new one is there; its places
        // do not fit the new words.
        let analysis = analysis.filter(|analysis| analysis.revision == header.revision);
        let kind = contact.body.kind();
        let shown = shown(analysis, &review);
        let view = |(flag, row): &(&Flag, Option<&FlagRow>)| {
            let hint = !review.states.counts(flag.rule);
            let seen = FlagView { hint, ..FlagView::new(flag, kind, lang) };
            match row {
                Some(row) => seen.stored(row, review.verdicts, header.revision, lang),
                None => seen,
            }
        };
        let mut flags: Vec<FlagView> = shown.iter().map(view).collect();
        flags.sort_by_key(|flag| flag.hint);
        let focus = review.focus.map(Rule::as_str);
        let wanted =
            |flag: &FlagView| flag.open && !flag.hint && focus.is_none_or(|focus| flag.rule == focus);
        let first = flags.iter().position(wanted).or_else(|| flags.iter().position(|flag| flag.open));
        if let Some(first) = first.and_then(|at| flags.get_mut(at)) {
            first.first = true;
        }
        let flags = matter::join(flags, review.may_judge && review.focus.is_none(), lang);
        let missed = Missed::new(record, review.marks, review.actor, lang);
        let (trajectory, events) = analysis.map(|a| measures::measures(a, lang)).unwrap_or_default();
        let process = header.business_process.as_ref().map(|known| process(known, lang));
        Self {
            id: record.id.to_string(),
            title: process.unwrap_or_else(|| header.channel.label(lang).to_owned()),
            contact_id: header.contact_id.to_string(),
            facts: facts(record, analysis, lang),
            waiting: waiting(record.state, analysis.is_some(), lang),
            curve: analysis.and_then(|analysis| curve(contact, analysis, &shown, lang)),
            turns: turns::turns(contact, analysis, &flags, lang),
            sentences: turns::sentences(contact, analysis, &flags, lang),
            skipped: analysis.map(|a| measures::skipped(a, lang)).unwrap_or_default(),
            engine: analysis.map(|a| EngineView::new(&a.engine, lang)),
            flags,
            trajectory,
            events,
            around: review.around,
            may_judge: review.may_judge,
            opened: review.opened,
            former: flags::former(review.verdicts, review.flags, header.revision, lang),
            appeals: review.appeals.iter().map(|appeal| appealed(appeal, review.opened, lang)).collect(),
            appeal_words: lang.appeals(),
            incidents: review.incidents.iter().map(|incident| excused(incident, lang)).collect(),
            w: lang.work(),
            missed,
            conflict: review.refused.map(|refused| conflict(refused, review.verdicts, lang)),
            looking: looking(review.claims, record.id).map(|who| fill(lang.work().looking_note, who)),
        }
    }

    /// The words for the browser's title.
    #[must_use]
    pub fn heading(&self) -> String {
        format!("{} {}", self.title, self.contact_id)
    }
}

/// The flags that the viewer may see, each with its row in the store: whoever does not judge sees
/// what a reviewer has confirmed, and nothing else.
fn shown<'a>(analysis: Option<&'a Analysis>, review: &Review<'a>) -> Vec<(&'a Flag, Option<&'a FlagRow>)> {
    let found = analysis.map(|analysis| analysis.flags.iter()).into_iter().flatten();
    found
        .filter(|flag| review.states.shows(flag.rule))
        .map(|flag| (flag, review.flags.iter().find(|row| flags::same(&row.flag, flag))))
        .filter(|(_, row)| {
            review.may_judge || row.is_some_and(|row| row.flag.status == FlagStatus::SHOWN_TO_OTHERS)
        })
        .collect()
}

fn appealed(appeal: &Appeal, now: i64, lang: Lang) -> AppealView {
    AppealView::of(appeal, AppealTurn::default(), "/review", UtcMillis::from_millis(now), lang)
}

/// `登记的故障时段（2026-11-26 08:00 – 10:00，光缆中断）…`
fn excused(incident: &Incident, lang: Lang) -> String {
    let Incident { begins_at, ends_at, note, .. } = incident;
    let what = format!("{} – {} · {note}", begins_at.to_beijing(), ends_at.to_beijing());
    fill(lang.texts().talk_incident, what)
}

/// `li.na 刚刚判了这条标记（已确认，22:41）…`
fn conflict(refused: RefusedVerdict<'_>, verdicts: &[Verdict], lang: Lang) -> Conflict {
    let last = verdicts.iter().rev().find(|verdict| verdict.flag == refused.flag);
    let text = last.map_or_else(
        || lang.work().changed.to_owned(),
        |Verdict { judged_by, judged_at, status, .. }| {
            let what = match status {
                FlagStatus::Candidate => lang.texts().judge_back,
                known => known.label(lang),
            };
            fill(
                lang.work().quicker,
                format!("{} · {what} · {}", actor(judged_by, lang), judged_at.to_beijing()),
            )
        },
    );
    let note = refused.note.filter(|note| !note.trim().is_empty()).map(str::to_owned);
    Conflict { text, note }
}

fn waiting(state: ContactState, analysed: bool, lang: Lang) -> Option<&'static str> {
    let texts = lang.texts();
    match (analysed, state) {
        (true, _) => None,
        (false, ContactState::Quarantined) => Some(texts.talk_quarantined),
        (false, ContactState::Queued | ContactState::Analysed) => Some(texts.talk_waiting),
    }
}

fn facts(record: &ContactRecord, analysis: Option<&Analysis>, lang: Lang) -> Vec<(&'static str, String)> {
    let (texts, header) = (lang.texts(), &record.contact.header);
    let began = header.started_at.unwrap_or(record.received_at).to_beijing();
    let staff = header.staff.as_ref();
    let length = match record.contact.body.kind() {
        Kind::Transcript => fill(texts.unit_turns, record.contact.body.len()),
        Kind::Note => fill(texts.unit_sentences, record.contact.body.len()),
    };
    let lasted =
        duration(&record.contact).map_or_else(|| length.clone(), |time| format!("{time} · {length}"));
    [
        (texts.fact_channel, Some(header.channel.label(lang).to_owned())),
        (texts.fact_staff, staff.map(|staff| staff.id.to_string())),
        (texts.fact_team, staff.and_then(|Staff { team, .. }| team.as_ref()).map(ToString::to_string)),
        (texts.fact_time, Some(began)),
        (texts.fact_length, Some(lasted)),
        (texts.fact_survey, header.survey.map(|s| format!("{} / {}", s.satisfaction, s.scale))),
        (
            texts.fact_expected,
            analysis.and_then(|one| one.satisfaction.as_ref()).map(|one| expected(one, lang)),
        ),
        (texts.fact_source, Some(header.source.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

/// `3.2（满分5分，80% 区间 2.1–4.0），不满意的可能性 42%`.
fn expected(satisfaction: &Satisfaction, lang: Lang) -> String {
    let Satisfaction { value, low, high, dissatisfied, .. } = satisfaction;
    let texts = lang.texts();
    let range = fill(texts.expected_range, format_args!("{low:.1}–{high:.1}"));
    let low = fill(texts.expected_low, flags::percent(*dissatisfied, lang));
    match lang {
        Lang::Zh => format!("{value:.1}（{range}），{low}"),
        Lang::En => format!("{value:.1} ({range}), {low}"),
    }
}

fn duration(contact: &RedactedContact) -> Option<String> {
    let Body::Transcript(turns) = &contact.body else { return None };
    let end = turns.iter().filter_map(|turn| turn.end_ms.or(turn.start_ms)).max()?;
    Some(offset(end))
}

fn curve(
    contact: &RedactedContact,
    analysis: &Analysis,
    shown: &[(&Flag, Option<&FlagRow>)],
    lang: Lang,
) -> Option<CurveView> {
    let points = read_points(contact, analysis);
    if points.iter().all(|point| point.value.is_none()) {
        return None;
    }
    let lanes = shown
        .iter()
        .map(|(flag, _)| flag)
        .filter(|flag| flag.utterances.iter().any(|turn| points.iter().any(|point| point.turn == *turn)))
        .map(|flag| FlagMarkers { rule: flag.rule, severity: flag.severity, turns: flag.utterances.clone() })
        .collect();
    let curve = Curve { points, lanes, lang };
    Some(CurveView {
        wide: curve.draw(Size::Wide, "curve-wide"),
        strip: curve.draw(Size::Strip, "curve-strip"),
        narrow: curve.draw(Size::Narrow, "curve-narrow"),
        rows: turns::rows(contact, analysis, lang),
    })
}

fn read_points(contact: &RedactedContact, analysis: &Analysis) -> Vec<Point> {
    let Body::Transcript(turns) = &contact.body else { return Vec::new() };
    analysis
        .utterances
        .iter()
        .filter(|turn| turn.emotions.is_some())
        .map(|turn| Point {
            turn: turn.index,
            at_ms: turns.get(turn.index).and_then(|turn| turn.start_ms),
            speaker: turn.speaker,
            value: turn.mood().map(|mood| (mood.valence, mood.spread)),
            emotion: turn.mood().map(|mood| mood.emotion),
        })
        .collect()
}
