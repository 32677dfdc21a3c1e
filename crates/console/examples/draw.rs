//! Draws the mood of one invented contact as a page that a browser can open.
//!
//! ```text
//! cargo run -p tingxin-console --example draw > curve.html
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use std::error::Error;

use tingxin_console::{Curve, FlagMarkers, Lang, Point, Size, asset, escape};
use tingxin_text::domain::{Emotion, Rule, Severity, Speaker};

/// Turn, speaker, valence with its standard deviation, emotion.
const TURNS: [(Speaker, f32, f32, Emotion); 6] = [
    (Speaker::Agent, 0.1, 0.1, Emotion::Neutral),
    (Speaker::Customer, -0.2, 0.3, Emotion::Fear),
    (Speaker::Agent, 0.0, 0.1, Emotion::Neutral),
    (Speaker::Customer, -0.7, 0.2, Emotion::Anger),
    (Speaker::Agent, 0.2, 0.2, Emotion::Neutral),
    (Speaker::Customer, 0.6, 0.3, Emotion::Gratitude),
];

fn main() -> Result<(), Box<dyn Error>> {
    let points = TURNS.iter().zip((0_u64..).step_by(6_000)).enumerate();
    let curve = Curve {
        points: points
            .map(|(turn, ((speaker, valence, spread, emotion), at_ms))| Point {
                turn,
                at_ms: Some(at_ms),
                speaker: *speaker,
                value: Some((*valence, *spread)),
                emotion: Some(*emotion),
            })
            .collect(),
        lanes: vec![FlagMarkers { rule: Rule::Recovery, severity: Severity::Info, turns: vec![3, 5] }],
        lang: Lang::Zh,
    };
    let style = asset("console.css").ok_or("the style sheet is missing")?;
    println!("<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\">", curve.lang.tag());
    println!("<title>{}</title>", escape("示例：宽带报修，客户先急后谢"));
    println!("<style>{}</style>", std::str::from_utf8(&style.body)?);
    println!("<main>{}</main></html>", curve.draw(Size::Wide, "example"));
    Ok(())
}
