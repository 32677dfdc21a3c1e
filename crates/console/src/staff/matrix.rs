//! Skill and will of each person, and which programme that suggests.

use crate::chart::{Drawing, DrawingWords, SkillWillMatrix, Spot};
use crate::text::Lang;
use tingxin_staff::{Indicator, StaffLine};
use tingxin_statistics::naming::{Quadrant, Standing};

use super::form::say;
use super::words::SpokenOfStaff as _;

/// The matrix of skill and will.
pub(super) struct Matrix {
    pub(super) drawing: Drawing,
    /// How many people are in each quadrant.
    pub(super) quadrants: Vec<(&'static str, usize)>,
    /// How many have no dot.
    pub(super) without: String,
}

/// Draws it over the people of `own`.
pub(super) fn matrix(own: &[&StaffLine], lang: Lang) -> Matrix {
    let w = lang.staff();
    let known: Vec<(&StaffLine, Quadrant)> =
        own.iter().filter_map(|line| Some((*line, line.quadrant()?))).collect();
    let order = [
        (Quadrant::Empower, w.empower),
        (Quadrant::Motivate, w.motivate),
        (Quadrant::Train, w.train),
        (Quadrant::Support, w.support),
    ];
    let table =
        order.map(|(quadrant, text)| (text, known.iter().filter(|(_, own)| *own == quadrant).count()));
    let words = DrawingWords {
        id: "matrix",
        title: w.matrix_title,
        desc: w.matrix_desc,
        x: w.matrix_x,
        y: w.matrix_y,
    };
    let programmes = order.map(|(_, text)| text.to_owned());
    let spots: Vec<Spot> = known.iter().filter_map(|(line, _)| spot(line)).collect();
    let drawing = SkillWillMatrix { spots, programmes }.draw(words);
    let without = say(w.matrix_none, &[&(own.len() - known.len())]);
    Matrix { drawing, quadrants: table.to_vec(), without }
}

fn spot(line: &StaffLine) -> Option<Spot> {
    let (skill, will) = (line.on(Indicator::Unsoothed)?, line.on(Indicator::NotAsked)?);
    let named = [skill, will].iter().any(|figure| figure.verdict.standing == Standing::Named);
    Some(Spot {
        skill: -skill.verdict.effect,
        will: -will.verdict.effect,
        name: named.then(|| line.staff.to_string()),
    })
}
