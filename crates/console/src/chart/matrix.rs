//! Skill against will, with the programme that each quadrant asks for.

use super::plot::{Axis, Drawing, DrawingWords, Plot};
use super::svg::{Size, Svg, escape, put};

/// One person in a quadrant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spot {
    /// Skill, log odds against «as expected»; above 0 is more.
    pub(crate) skill: f64,
    /// Will, likewise.
    pub(crate) will: f64,
    /// Work number, if the person is named on either axis.
    pub(crate) name: Option<String>,
}

/// Skill and will of people, in four fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SkillWillMatrix {
    /// Only people whose quadrant is known.
    pub(crate) spots: Vec<Spot>,
    /// Programmes: more skill and will, more skill, more will, less of both.
    pub(crate) programmes: [String; 4],
}

/// Log odds at the edge of the drawing.
const EDGE: f64 = 1.5;

impl SkillWillMatrix {
    /// Draws it.
    #[must_use]
    pub(crate) fn draw(&self, words: DrawingWords<'_>) -> Drawing {
        Drawing::of(|size, suffix| self.one(size, words, suffix))
    }

    fn one(&self, size: Size, words: DrawingWords<'_>, suffix: &str) -> Svg {
        let height = if size == Size::Wide { 230.0 } else { 200.0 };
        let plot = Plot {
            left: 14.0,
            ..Plot::new(size, height, Axis { from: -EDGE, to: EDGE }, Axis { from: -EDGE, to: EDGE })
        };
        let mut svg = String::with_capacity(2 * 1024);
        plot.open(&mut svg, words, suffix);
        let (across, down) = (plot.right() - plot.left, plot.bottom - plot.top);
        put(
            &mut svg,
            format_args!(
                "<rect class=\"frame\" x=\"{:.1}\" y=\"{:.1}\" width=\"{across:.1}\" height=\"{down:.1}\" rx=\"8\"/>\
                 <path class=\"zero\" d=\"M{:.1} {:.1}V{:.1}M{:.1} {:.1}H{:.1}\"/>",
                plot.left,
                plot.top,
                plot.at_x(0.0),
                plot.top,
                plot.bottom,
                plot.left,
                plot.at_y(0.0),
                plot.right(),
            ),
        );
        let places = [(0.75, 0.75), (0.75, -0.75), (-0.75, 0.75), (-0.75, -0.75)];
        // The horizontal axis is skill, so the second programme, more skill and less will, stands
        // bottom right.
        for ((skill, will), programme) in places.iter().zip(&self.programmes) {
            let y = if *will > 0.0 { plot.top + 24.0 } else { plot.bottom - 14.0 };
            put(
                &mut svg,
                format_args!(
                    "<text class=\"programme\" x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
                    plot.at_x(*skill),
                    escape(programme),
                ),
            );
        }
        for spot in &self.spots {
            let (x, y) = (plot.at_x(spot.skill), plot.at_y(spot.will));
            put(&mut svg, format_args!("<circle class=\"person\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"));
            if let Some(name) = &spot.name {
                put(
                    &mut svg,
                    format_args!(
                        "<text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                        y - 9.0,
                        escape(name),
                    ),
                );
            }
        }
        svg.push_str("</svg>");
        Svg(svg)
    }
}
