//! Rows of the sign-branch model (S6): the agent's turn on their own last turn and on the
//! probabilities that the customer turn just answered was positive or negative.

use crate::panel::baseline::Baseline;
use crate::panel::{Moments, Panel};

/// One contact as the branch model sees it; all series have the same length and `agent[t]` answers
/// turn `t`.
#[derive(Debug, Clone, Default)]
pub(super) struct Branched {
    pub(super) agent: Vec<f64>,
    pub(super) positive: Vec<f64>,
    pub(super) negative: Vec<f64>,
}

/// Position of β⁺ in the fit of [`panel_of`]; β⁻ is minus the coefficient at [`NEGATIVE`].
pub(super) const POSITIVE: usize = 1;
/// Position of the coefficient of P(negative).
pub(super) const NEGATIVE: usize = 2;

/// The panel of contacts with regressors [own lag, P(positive), P(negative)], position baselines
/// subtracted from all three series: the script decides where customers are positive as well as how
/// the agent sounds there.
pub(super) fn panel_of(contacts: &[Branched]) -> Panel<3> {
    let agents = Baseline::fit(contacts.iter().map(|contact| contact.agent.as_slice()));
    let positives = Baseline::fit(contacts.iter().map(|contact| contact.positive.as_slice()));
    let negatives = Baseline::fit(contacts.iter().map(|contact| contact.negative.as_slice()));
    let mut panel = Panel::new();
    for contact in contacts {
        let agent = agents.residual(&contact.agent);
        let positive = positives.residual(&contact.positive);
        let negative = negatives.residual(&contact.negative);
        let answered = agent.iter().zip(positive.iter().zip(&negative)).skip(1);
        let rows: Vec<([f64; 3], f64)> =
            agent.iter().zip(answered).map(|(lag, (outcome, (p, n)))| ([*lag, *p, *n], *outcome)).collect();
        if let Some(moments) = Moments::of(&rows) {
            panel.add(&moments);
        }
    }
    panel
}
