use tingxin_text::domain::{Emotion, Rule, Severity, Speaker};

use super::scale::{PIN, Scale};
use super::*;
use crate::text::Lang;

fn point(turn: usize, at_ms: Option<u64>, speaker: Speaker, value: Option<(f32, f32)>) -> Point {
    Point { turn, at_ms, speaker, value, emotion: value.map(|_| Emotion::Anger) }
}

fn contact() -> Curve {
    use Speaker::{Agent, Customer};
    Curve {
        points: vec![
            point(0, Some(0), Agent, Some((0.3, 0.2))),
            point(1, Some(5_000), Customer, Some((-0.6, 0.2))),
            point(2, Some(11_000), Agent, Some((0.1, 0.1))),
            point(3, Some(18_000), Customer, None),
            point(4, Some(24_000), Agent, Some((0.2, 0.3))),
            point(5, Some(31_000), Customer, Some((-0.9, 0.25))),
            point(7, Some(61_000), Customer, Some((0.4, 0.2))),
        ],
        lanes: vec![FlagMarkers { rule: Rule::Escalation, severity: Severity::High, turns: vec![1, 5] }],
        lang: Lang::Zh,
    }
}

/// One element a line, so that a difference can be read.
fn lines(svg: &Svg) -> String {
    svg.to_string().replace("><", ">\n<")
}

#[test]
fn the_curve_of_a_contact_looks_as_agreed() {
    insta::assert_snapshot!("wide", lines(&contact().draw(Size::Wide, "w")));
    insta::assert_snapshot!("narrow", lines(&Curve { lang: Lang::En, ..contact() }.draw(Size::Narrow, "n")));
    insta::assert_snapshot!("spark", lines(&spark(&[-0.2, -0.8, 0.4], "走势").unwrap()));
}

#[test]
fn the_line_breaks_where_a_turn_was_not_scored() {
    let drawing = contact().draw(Size::Wide, "w").to_string();

    // The customer's turn 2 stands alone before the gap, turns 6 and 8 are joined after it.
    assert_eq!(drawing.matches("class=\"line customer\"").count(), 1);
    assert_eq!(drawing.matches("class=\"gap customer\"").count(), 1);
}

#[test]
fn above_the_words_the_curve_is_a_low_strip_with_one_row_of_markers_for_all_flags() {
    let mut curve = contact();
    curve.lanes.push(FlagMarkers { rule: Rule::AgentLapse, severity: Severity::High, turns: vec![2, 5] });
    let strip = curve.draw(Size::Strip, "s").to_string();

    assert!(strip.contains("viewBox=\"0 0 560 169\""), "{strip}");
    assert_eq!(strip.matches("class=\"ring").count(), 3);
    assert_eq!(strip.matches("class=\"pin").count(), 3, "a turn of two flags has one marker");
    assert!(strip.contains("aria-label=\"第 6 轮 情绪升级 坐席失当\""), "{strip}");
}

#[test]
fn a_flagged_turn_is_a_link_to_its_words() {
    let drawing = contact().draw(Size::Wide, "w").to_string();

    assert!(drawing.contains("href=\"#turn-2\" aria-label=\"第 2 轮 情绪升级\""), "{drawing}");
    assert!(drawing.contains("href=\"#turn-6\""), "{drawing}");
}

#[test]
fn a_long_wait_does_not_squeeze_the_other_turns_together() {
    let mut curve = contact();
    curve.points[6].at_ms = Some(900_000);

    let scale = Scale::new(&curve, Size::Wide);
    let steps: Vec<f64> = curve.points.windows(2).map(|two| scale.x(&two[1]) - scale.x(&two[0])).collect();

    assert!(steps[..5].iter().all(|step| (step - steps[0]).abs() < 1e-9), "{steps:?}");
    assert!(curve.draw(Size::Wide, "w").to_string().contains(">15:00</text>"), "the time stands below");
}

#[test]
fn markers_of_a_crowded_flag_never_cover_each_other() {
    let points = (0..60).map(|n| point(n, None, Speaker::Customer, Some((-0.5, 0.1)))).collect();
    let lanes = vec![FlagMarkers { rule: Rule::Abuse, severity: Severity::Info, turns: (20..60).collect() }];
    let curve = Curve { points, lanes, lang: Lang::Zh };

    for size in [Size::Wide, Size::Narrow] {
        let scale = Scale::new(&curve, size);
        let (pins, hidden) = curve.pins(&scale, &curve.lanes[0]);

        assert_eq!(pins.len() + hidden, 40);
        assert!(pins.windows(2).all(|two| two[1].0 - two[0].0 >= PIN), "{pins:?}");
        assert!(pins.iter().all(|(x, _)| (scale.left..=scale.right()).contains(x)), "{pins:?}");
    }
}

#[test]
fn a_contact_without_turns_still_gives_a_drawing() {
    let empty = Curve { points: Vec::new(), lanes: Vec::new(), lang: Lang::Zh };

    assert!(empty.draw(Size::Wide, "w").to_string().ends_with("</svg>"));
    assert_eq!(spark(&[], "nothing"), None);
}
