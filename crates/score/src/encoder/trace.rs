//! What the way back needs of the way forth.

/// What the last layer computed on its way, one row a token.
#[derive(Default)]
pub(super) struct Trace {
    /// What entered.
    pub(super) x: Vec<f32>,
    pub(super) qkv: Vec<f32>,
    /// What attention adds.
    pub(super) mixed: Vec<f32>,
    /// Between attention and feed-forward.
    pub(super) middle: Vec<f32>,
    /// Before the activation.
    pub(super) wide: Vec<f32>,
    /// What feed-forward adds.
    pub(super) narrow: Vec<f32>,
}

impl Trace {
    /// The rows of these stretches alone.
    pub(super) fn some(&self, rows: usize, stretches: &[std::ops::Range<usize>]) -> Self {
        let take = |from: &Vec<f32>| {
            let width = from.len().checked_div(rows).unwrap_or_default();
            stretches
                .iter()
                .filter_map(|rows| from.get(rows.start * width..rows.end * width))
                .flatten()
                .copied()
                .collect()
        };
        let Self { x, qkv, mixed, middle, wide, narrow } = self;
        Self {
            x: take(x),
            qkv: take(qkv),
            mixed: take(mixed),
            middle: take(middle),
            wide: take(wide),
            narrow: take(narrow),
        }
    }
}
