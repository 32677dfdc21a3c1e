//! From what is stored and computed to cells.

use tingxin_staff::{Figure, StaffLine, TeamDays};
use tingxin_statistics::naming::{Direction, Standing, appears};
use tingxin_store::{ContactSummary, FlagRow};
use tingxin_text::domain::{
    Analysis, BusinessProcess, DAY_MILLIS, Emotion, InContext, Staff, StaffId, TeamId, UtcMillis, Valence,
};

use super::asked::WholeContact;
use super::cell::ExportCell;
use crate::Figures;

fn staff_of(staff: Option<&Staff>) -> [ExportCell; 2] {
    let team = staff.and_then(|staff| staff.team.as_ref());
    [ExportCell::maybe(staff.map(|staff| &staff.id)), ExportCell::maybe(team)]
}

/// A contact of a list.
pub(super) fn of_contact(contact: &ContactSummary) -> Vec<ExportCell> {
    let [staff, team] = staff_of(contact.staff.as_ref());
    vec![
        ExportCell::text(contact.id),
        ExportCell::text(&contact.source),
        ExportCell::text(&contact.contact_id),
        ExportCell::whole(contact.revision),
        ExportCell::text(contact.kind),
        ExportCell::text(contact.channel),
        ExportCell::maybe(contact.business_process.as_ref().map(BusinessProcess::as_str)),
        staff,
        team,
        ExportCell::moment(contact.started_at),
        ExportCell::Moment(contact.received_at),
        ExportCell::text(contact.state),
        ExportCell::whole(contact.utterances),
        ExportCell::whole(contact.flags),
    ]
}

/// A flag.
pub(super) fn of_flag(row: &FlagRow) -> Vec<ExportCell> {
    let turns: Vec<String> = row.flag.utterances.iter().map(ToString::to_string).collect();
    vec![
        ExportCell::text(row.id.0),
        ExportCell::text(row.contact),
        ExportCell::text(&row.source),
        ExportCell::text(&row.contact_id),
        ExportCell::text(row.channel),
        ExportCell::maybe(row.team.as_ref()),
        ExportCell::moment(row.started_at),
        ExportCell::text(row.flag.rule),
        ExportCell::text(row.flag.severity),
        ExportCell::Number(row.flag.probability),
        ExportCell::text(row.flag.status),
        ExportCell::Text(turns.join(" ")),
        ExportCell::Text(row.flag.reason()),
    ]
}

/// One turn or sentence as it was read.
struct ReadLine<'a> {
    index: usize,
    speaker: &'static str,
    text: &'a str,
    emotion: Option<Emotion>,
    valence: Option<Valence>,
    spread: Option<f32>,
    in_context: Option<&'a InContext>,
    scorable: bool,
}

fn lines(analysis: &Analysis) -> impl Iterator<Item = ReadLine<'_>> {
    let turns = analysis.utterances.iter().map(|turn| ReadLine {
        index: turn.index,
        speaker: turn.speaker.as_str(),
        text: turn.text.as_str(),
        emotion: turn.emotion,
        valence: turn.valence,
        spread: turn.valence_sd,
        in_context: turn.in_context.as_ref(),
        scorable: turn.scorable,
    });
    let sentences = analysis.reported.iter().map(|sentence| ReadLine {
        index: sentence.index,
        speaker: "note",
        text: sentence.text.as_str(),
        emotion: sentence.emotion,
        valence: sentence.valence,
        spread: sentence.valence_sd,
        in_context: None,
        scorable: sentence.emotion.is_some(),
    });
    turns.chain(sentences)
}

/// The turns of an analysis; nothing for a contact that has none yet.
pub(super) fn of_analysis(whole: &WholeContact) -> Vec<Vec<ExportCell>> {
    let Some(analysis) = &whole.analysis else { return Vec::new() };
    let header = &whole.record.contact.header;
    let row = |line: ReadLine<'_>| {
        let [staff, team] = staff_of(header.staff.as_ref());
        vec![
            ExportCell::text(whole.record.id),
            ExportCell::text(&header.source),
            ExportCell::text(&header.contact_id),
            ExportCell::whole(analysis.revision),
            ExportCell::text(header.channel),
            staff,
            team,
            ExportCell::moment(header.started_at),
            ExportCell::whole(line.index),
            ExportCell::text(line.speaker),
            ExportCell::text(line.text),
            ExportCell::maybe(line.emotion),
            ExportCell::number(line.valence.map(Valence::get)),
            ExportCell::number(line.spread),
            ExportCell::maybe(line.in_context.map(|heard| heard.emotion)),
            ExportCell::number(line.in_context.map(|heard| heard.valence.get())),
            ExportCell::Truth(line.scorable),
            ExportCell::text(&analysis.engine.model),
        ]
    };
    lines(analysis).map(row).collect()
}

fn of_figure(line: &StaffLine, figure: &Figure) -> Vec<ExportCell> {
    let ratio = figure.verdict.ratio;
    let named = match (figure.verdict.standing, figure.verdict.direction) {
        (Standing::Named, Direction::Worse) => ExportCell::text("worse"),
        (Standing::Named, Direction::Better) => ExportCell::text("better"),
        _ => ExportCell::Empty,
    };
    vec![
        ExportCell::text(&line.staff),
        ExportCell::maybe(line.team.as_ref()),
        ExportCell::whole(line.contacts),
        ExportCell::text(figure.indicator),
        ExportCell::Number(figure.expected.trials),
        ExportCell::Number(figure.expected.observed),
        ExportCell::Number(figure.expected.expected),
        ExportCell::number(ratio.map(|ratio| ratio.value)),
        ExportCell::number(ratio.map(|ratio| ratio.interval.low)),
        ExportCell::number(ratio.map(|ratio| ratio.interval.high)),
        ExportCell::Number(figure.verdict.effect),
        ExportCell::Number(figure.verdict.interval.low),
        ExportCell::Number(figure.verdict.interval.high),
        ExportCell::Number(figure.verdict.reliability),
        named,
    ]
}

/// People and behaviours that are above their minimum, by work number: no order of results.
pub(super) fn of_staff(
    figures: &Figures,
    (team, staff): (Option<&TeamId>, Option<&StaffId>),
) -> Vec<Vec<ExportCell>> {
    let own = figures.lines.iter().filter(|line| team.is_none() || line.team.as_ref() == team);
    let own = own.filter(|line| staff.is_none_or(|staff| line.staff == *staff));
    own.filter(|line| appears(f64::from(line.contacts)))
        .flat_map(|line| line.figures.iter().map(move |figure| (line, figure)))
        .filter(|(_, figure)| appears(figure.expected.trials))
        .map(|(line, figure)| of_figure(line, figure))
        .collect()
}

/// Teams day by day; a team without a day that may be shown has one row.
pub(super) fn of_teams(figures: &Figures, team: Option<&TeamId>) -> Vec<Vec<ExportCell>> {
    let own = figures.teams.teams.iter().filter(|one| team.is_none_or(|team| one.team == *team));
    own.flat_map(days).collect()
}

fn days(team: &TeamDays) -> Vec<Vec<ExportCell>> {
    let start = || {
        vec![
            ExportCell::text(&team.team),
            ExportCell::whole(team.contacts),
            ExportCell::Number(team.load),
            ExportCell::Number(team.abusive_turns),
        ]
    };
    if team.days.is_empty() {
        let mut row = start();
        row.extend([const { ExportCell::Empty }; 4]);
        return vec![row];
    }
    let day = |day: &tingxin_staff::ToneDay| {
        let mut row = start();
        // Midnight of the day in UTC is eight in the morning of the same day in Beijing.
        let date = UtcMillis::from_millis(day.day * DAY_MILLIS).to_beijing();
        row.push(ExportCell::Text(date.get(..10).unwrap_or_default().to_owned()));
        row.push(ExportCell::Number(day.tone));
        row.push(ExportCell::whole(day.members));
        row.push(ExportCell::whole(day.contacts));
        row
    };
    team.days.iter().map(day).collect()
}
