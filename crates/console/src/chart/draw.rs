//! Drawing the curve of a contact.

use std::collections::BTreeSet;

use crate::text::{Lang, Spoken};
use tingxin_text::domain::Speaker;

use super::curve::{Curve, FlagMarkers, Point};
use super::scale::{LaneName, PIN, Scale, Tick};
use super::svg::{Size, Svg, escape, put, signed};
use crate::label::{Label, tone};
use crate::text::fill;

impl Curve {
    /// Draws it. `id` keeps the names inside two drawings on one page apart.
    #[must_use]
    pub fn draw(&self, size: Size, id: &str) -> Svg {
        let scale = Scale::new(self, size);
        let mut svg = String::with_capacity(8 * 1024);
        self.open(&mut svg, &scale, id);
        svg.push_str("<g aria-hidden=\"true\">");
        self.grid(&mut svg, &scale);
        let lanes = if size == Size::Strip { &self.joined() } else { &self.lanes };
        self.guides(&mut svg, &scale, lanes);
        self.band(&mut svg, &scale);
        for speaker in [Speaker::Agent, Speaker::Customer] {
            self.line(&mut svg, &scale, speaker);
        }
        for point in &self.points {
            self.mark(&mut svg, &scale, point);
        }
        svg.push_str("</g>");
        for (row, lane) in lanes.iter().enumerate() {
            if size != Size::Strip {
                Self::lane_name(&mut svg, &scale, row, (lane, self.lang));
            }
            self.lane(&mut svg, &scale, row, lane);
        }
        svg.push_str("</svg>");
        Svg(svg)
    }

    /// All flags in one row, in the colour of the worst.
    fn joined(&self) -> Vec<FlagMarkers> {
        let worst = self.lanes.first();
        let turns: BTreeSet<usize> = self.lanes.iter().flat_map(|lane| &lane.turns).copied().collect();
        let turns: Vec<usize> = turns.into_iter().collect();
        worst.map(|lane| FlagMarkers { turns, ..lane.clone() }).into_iter().collect()
    }

    fn open(&self, svg: &mut String, scale: &Scale, id: &str) {
        let texts = self.lang.texts();
        put(
            svg,
            format_args!(
                "<svg class=\"curve\" viewBox=\"0 0 {:.0} {:.0}\" role=\"group\" \
                 aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\">\
                 <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
                scale.width,
                scale.height,
                escape(texts.curve_title),
                escape(texts.curve_desc),
            ),
        );
    }

    fn grid(&self, svg: &mut String, scale: &Scale) {
        let (left, right) = (scale.left, scale.right());
        put(
            svg,
            format_args!(
                "<rect class=\"below\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                scale.y(0.0),
                right - left,
                scale.y(-1.0) - scale.y(0.0),
            ),
        );
        for (value, text) in [(1.0, "+1.0"), (0.5, "+0.5"), (0.0, "0"), (-0.5, "−0.5"), (-1.0, "−1.0")] {
            let y = scale.y(value);
            let class = if value == 0.0 { "zero" } else { "rule" };
            put(
                svg,
                format_args!(
                    "<path class=\"{class}\" d=\"M{left:.1} {y:.1}H{right:.1}\"/>\
                     <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
                    left - 7.0,
                    y + 4.0,
                ),
            );
        }
        for Tick { x, turn, time } in scale.ticks(self) {
            let y = scale.y(-1.0);
            put(
                svg,
                format_args!(
                    "<path class=\"rule\" d=\"M{x:.1} {y:.1}v4\"/>\
                     <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{turn}</text>\
                     <text class=\"tick time\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{time}</text>",
                    y + 18.0,
                    y + 33.0,
                ),
            );
        }
    }

    /// Thin lines from the markers down to their turns.
    fn guides(&self, svg: &mut String, scale: &Scale, lanes: &[FlagMarkers]) {
        for (row, lane) in lanes.iter().enumerate() {
            let colour = tone(lane.rule, lane.severity);
            for (pin, point) in self.pins(scale, lane).0 {
                let (x, y) = (scale.x(point), point.value.map_or(0.0, |(v, _)| f64::from(v)));
                put(
                    svg,
                    format_args!(
                        "<path class=\"guide tone-{colour}\" d=\"M{pin:.1} {:.1}L{x:.1} {:.1}V{:.1}\"/>",
                        scale.lane_y(row) + PIN,
                        scale.top - 2.0,
                        scale.y(y),
                    ),
                );
            }
        }
    }

    fn band(&self, svg: &mut String, scale: &Scale) {
        for run in self.runs(Speaker::Customer) {
            let edge = |point: &&Point, side: f64| {
                let (value, sd) = point.value.unwrap_or_default();
                let y = scale.y((f64::from(value) + side * f64::from(sd)).clamp(-1.0, 1.0));
                format!("{:.1} {y:.1}", scale.x(point))
            };
            let upper = run.iter().map(|p| edge(p, 1.0));
            let lower = run.iter().rev().map(|p| edge(p, -1.0));
            let corners = upper.chain(lower).collect::<Vec<_>>().join("L");
            put(svg, format_args!("<path class=\"band\" d=\"M{corners}Z\"/>"));
        }
    }

    fn line(&self, svg: &mut String, scale: &Scale, speaker: Speaker) {
        for run in self.runs(speaker).filter(|run| run.len() > 1) {
            let corners: Vec<String> = run
                .iter()
                .map(|p| {
                    format!("{:.1} {:.1}", scale.x(p), scale.y(f64::from(p.value.unwrap_or_default().0)))
                })
                .collect();
            put(svg, format_args!("<path class=\"line {speaker}\" d=\"M{}\"/>", corners.join("L")));
        }
    }

    fn mark(&self, svg: &mut String, scale: &Scale, point: &Point) {
        let texts = self.lang.texts();
        let (x, speaker) = (scale.x(point), point.speaker);
        let turn = fill(texts.turn_n, point.turn + 1);
        let who = speaker.label(self.lang);
        let Some((value, sd)) = point.value else {
            let y = scale.y(0.0);
            put(
                svg,
                format_args!(
                    "<path class=\"gap {speaker}\" data-turn=\"{}\" d=\"M{:.1} {:.1}l7 7m0 -7l-7 7\">\
                     <title>{turn} {who} {}</title></path>",
                    point.turn,
                    x - 3.5,
                    y - 3.5,
                    escape(texts.gap),
                ),
            );
            return;
        };
        let y = scale.y(f64::from(value));
        let flagged = self.lanes.iter().any(|lane| lane.turns.contains(&point.turn));
        if flagged {
            put(
                svg,
                format_args!("<circle class=\"ring {speaker}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8.5\"/>"),
            );
        }
        let shape = if speaker == Speaker::Customer {
            format!(
                "<circle class=\"dot {speaker}\" data-turn=\"{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\">",
                point.turn
            )
        } else {
            format!(
                "<rect class=\"dot {speaker}\" data-turn=\"{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\">",
                point.turn,
                x - 4.0,
                y - 4.0,
            )
        };
        let emotion = point.emotion.map_or("", |e| e.label(self.lang));
        let end = if speaker == Speaker::Customer { "circle" } else { "rect" };
        let value = signed(value);
        put(svg, format_args!("{shape}<title>{turn} {who} {emotion} {value} ±{sd:.2}</title></{end}>"));
    }

    fn lane_name(svg: &mut String, scale: &Scale, row: usize, (lane, language): (&FlagMarkers, Lang)) {
        let colour = tone(lane.rule, lane.severity);
        let rule = escape(lane.rule.label(language));
        let LaneName { x, y, anchor } = scale.lane_label(row);
        put(
            svg,
            format_args!(
                "<text class=\"lane tone-{colour}\" x=\"{x:.1}\" y=\"{y:.1}\" \
                 text-anchor=\"{anchor}\" aria-hidden=\"true\">{rule}</text>"
            ),
        );
    }

    /// What marks a turn: the rule of its lane, and in a strip every rule.
    fn marked_by(&self, scale: &Scale, lane: &FlagMarkers, turn: usize) -> String {
        let all = self.lanes.iter().filter(|other| scale.is_strip() && other.turns.contains(&turn));
        let names: Vec<&str> = all.map(|other| other.rule.label(self.lang)).collect();
        if names.is_empty() { lane.rule.label(self.lang).to_owned() } else { names.join(" ") }
    }

    fn lane(&self, svg: &mut String, scale: &Scale, row: usize, lane: &FlagMarkers) {
        let (y, colour) = (scale.lane_y(row), tone(lane.rule, lane.severity));
        let (pins, hidden) = self.pins(scale, lane);
        for (x, point) in &pins {
            let turn = escape(&fill(self.lang.texts().turn_n, point.turn + 1));
            let rule = escape(&self.marked_by(scale, lane, point.turn));
            put(
                svg,
                format_args!(
                    "<a class=\"pin tone-{colour}\" href=\"#turn-{}\" aria-label=\"{turn} {rule}\">\
                     <rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{PIN}\" height=\"{PIN}\" rx=\"7\"/>\
                     <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text></a>",
                    point.turn + 1,
                    x - PIN / 2.0,
                    y + PIN / 2.0 + 4.5,
                    point.turn + 1,
                ),
            );
        }
        if let (true, Some((x, _))) = (hidden > 0, pins.last()) {
            put(
                svg,
                format_args!(
                    "<text class=\"lane\" x=\"{:.1}\" y=\"{:.1}\" aria-hidden=\"true\">+{hidden}</text>",
                    x + PIN / 2.0 + 5.0,
                    y + PIN / 2.0 + 4.5,
                ),
            );
        }
    }

    /// Where the markers of a lane stand: at their turns, pushed apart so that none covers another.
    /// As many as fit, and the number of the others, which the flag's list of turns names.
    pub(super) fn pins(&self, scale: &Scale, lane: &FlagMarkers) -> (Vec<(f64, &Point)>, usize) {
        let step = PIN + 3.0;
        let mut end = scale.left - step;
        let mut pins: Vec<(f64, &Point)> = Vec::new();
        let mut turns: Vec<&Point> =
            self.points.iter().filter(|point| lane.turns.contains(&point.turn)).collect();
        let fit = scale.pins_that_fit(step);
        let hidden = turns.len().saturating_sub(fit);
        turns.truncate(fit);
        for point in turns {
            end = (end + step).max(scale.x(point));
            pins.push((end, point));
        }
        // Room for «+n» after the last one.
        let mut limit = if hidden > 0 { scale.right() - step } else { scale.right() };
        for (x, _) in pins.iter_mut().rev() {
            *x = x.min(limit);
            limit = *x - step;
        }
        (pins, hidden)
    }

    /// Unbroken stretches of one speaker's scored turns.
    fn runs(&self, speaker: Speaker) -> impl Iterator<Item = Vec<&Point>> {
        let turns: Vec<&Point> = self.points.iter().filter(|point| point.speaker == speaker).collect();
        let mut runs = vec![Vec::new()];
        for point in turns {
            match (point.value, runs.last_mut()) {
                (Some(_), Some(run)) => run.push(point),
                _ => runs.push(Vec::new()),
            }
        }
        runs.into_iter().filter(|run| !run.is_empty())
    }
}
