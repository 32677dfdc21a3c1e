//! Case-mix models against closed forms and brute force.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

type Designs = Vec<Vec<f64>>;
type Agents = Vec<Vec<AgentCell>>;

const fn own(design: usize, trials: f64, events: f64) -> AgentCell {
    AgentCell { design, trials, events }
}

/// `agents` agents over `cells` cells of `columns` columns (intercept, indicators, one mood), each
/// with contacts in all cells.
fn centre(agents: usize, cells: usize, columns: usize) -> (Designs, Agents) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let designs: Vec<Vec<f64>> = (0..cells)
        .map(|cell| {
            let indicators =
                (2..columns).map(|column| f64::from(u8::from(cell % (columns - 1) == column - 2)));
            [1.0, rng.random_range(-1.0..1.0)].into_iter().chain(indicators).collect()
        })
        .collect();
    let agents = (0..agents)
        .map(|_| {
            let cell = |index: usize| {
                let trials = rng.random_range(0..4_u32);
                let p = logistic(
                    -1.5 + 0.8 * designs[index][1] + if index.is_multiple_of(3) { 0.7 } else { 0.0 },
                );
                let events = (0..trials).filter(|_| rng.random::<f64>() < p).count();
                own(index, f64::from(trials), crate::count(events))
            };
            (0..cells).map(cell).collect()
        })
        .collect();
    (designs, agents)
}

fn brute_force(designs: &[Vec<f64>], agents: &[Vec<AgentCell>], left_out: usize) -> Expected {
    let cells: Vec<Cell> = (agents.iter().enumerate())
        .filter(|(agent, _)| *agent != left_out)
        .flat_map(|(_, cells)| cells)
        .map(|own| Cell { design: designs[own.design].clone(), trials: own.trials, events: own.events })
        .collect();
    let model = CaseMixModel::fit(&cells).unwrap();
    let mut sum = Expected { observed: 0.0, expected: 0.0, variance: 0.0, trials: 0.0 };
    for &AgentCell { design, trials, events } in &agents[left_out] {
        let p = model.probability(&designs[design]);
        sum.observed += events;
        sum.expected += trials * p;
        sum.variance += trials * p * (1.0 - p);
        sum.trials += trials;
    }
    sum
}

#[track_caller]
fn same(got: &Expected, want: &Expected) {
    let pairs = [
        (got.observed, want.observed),
        (got.expected, want.expected),
        (got.variance, want.variance),
        (got.trials, want.trials),
    ];
    assert!(pairs.iter().all(|(g, w)| (g - w).abs() < 1e-7), "{got:?} instead of {want:?}");
}

#[test]
fn two_cells_have_their_own_log_odds() {
    let cell = |queue: f64, events: f64| Cell { design: vec![1.0, queue], trials: 1000.0, events };
    let model = CaseMixModel::fit(&[cell(0.0, 200.0), cell(1.0, 500.0)]).unwrap();
    assert!((model.probability(&[1.0, 0.0]) - 0.2).abs() < 1e-4, "{model:?}");
    assert!((model.coefficients[1] - 4.0_f64.ln()).abs() < 1e-3, "{model:?}");
    assert!((model.trials - 2000.0).abs() < 1e-9 && model.iterations < 12);
}

#[test]
fn splitting_a_cell_changes_nothing() {
    let cell = |trials: f64, events: f64, x: f64| Cell { design: vec![1.0, x], trials, events };
    let whole = CaseMixModel::fit(&[cell(40.0, 9.0, 0.3), cell(60.0, 30.0, -0.4)]).unwrap();
    let split =
        CaseMixModel::fit(&[cell(10.0, 9.0, 0.3), cell(60.0, 30.0, -0.4), cell(30.0, 0.0, 0.3)]).unwrap();
    assert!((whole.coefficients - split.coefficients).amax() < 1e-8);
}

#[test]
fn leaving_an_agent_out_equals_a_refit_without_them() {
    let (designs, agents) = centre(12, 40, 6);
    let all = expected(&designs, &agents).unwrap();
    for (agent, got) in all.iter().enumerate() {
        same(got, &brute_force(&designs, &agents, agent));
    }
}

#[test]
fn an_agent_who_is_half_the_centre_is_left_out_just_as_exactly() {
    let (designs, mut agents) = centre(4, 20, 4);
    for AgentCell { trials, events, .. } in &mut agents[0] {
        *trials = 400.0;
        *events = 390.0;
    }
    let all = expected(&designs, &agents).unwrap();
    for (agent, got) in all.iter().enumerate() {
        same(got, &brute_force(&designs, &agents, agent));
    }
}

#[test]
fn an_awful_record_does_not_move_ones_own_expectation() {
    let (designs, mut agents) = centre(10, 30, 5);
    let before = expected(&designs, &agents).unwrap();
    for AgentCell { trials, events, .. } in &mut agents[3] {
        *events = *trials;
    }
    let after = expected(&designs, &agents).unwrap();
    assert!(
        (after[3].expected - before[3].expected).abs() < 1e-8
            && after[3].observed > before[3].observed + 20.0
    );
    assert!(after[0].expected > before[0].expected + 1.0, "the others are now compared with a worse centre");
}

#[test]
fn the_only_agent_of_a_queue_is_measured_against_the_other_queues() {
    let designs = vec![vec![1.0, 0.0], vec![1.0, 1.0]];
    let agents = vec![vec![own(0, 100.0, 20.0)], vec![own(0, 100.0, 30.0)], vec![own(1, 100.0, 90.0)]];
    let all = expected(&designs, &agents).unwrap();
    assert!((all[2].expected - 25.0).abs() < 0.1, "{:?}", all[2]);
}

#[test]
fn a_centre_without_any_event_expects_none_and_converges() {
    let agents = vec![vec![own(0, 500.0, 0.0)], vec![own(0, 300.0, 0.0)], vec![]];
    let all = expected(&[vec![1.0]], &agents).unwrap();
    assert!(all[0].expected < 0.01 && all[0].expected > 0.0);
    assert_eq!(all[2], Expected { observed: 0.0, expected: 0.0, variance: 0.0, trials: 0.0 });
    assert_eq!(all[2].log_odds(), None);
}

#[test]
fn a_column_that_repeats_another_does_no_harm() {
    let designs = vec![vec![1.0, 1.0], vec![1.0, 1.0]];
    let all = expected(&designs, &[vec![own(0, 100.0, 20.0)], vec![own(1, 100.0, 30.0)]]).unwrap();
    assert!((all[0].expected - 30.0).abs() < 0.01 && (all[1].expected - 20.0).abs() < 0.01);
}

#[test]
fn impossible_input_is_refused_with_its_reason() {
    let design = [vec![1.0], vec![1.0]];
    let refused = |agents: &[Vec<AgentCell>]| expected(&design, agents).unwrap_err();
    assert!(matches!(refused(&[vec![own(2, 1.0, 0.0)]]), FitError::Malformed(_)));
    assert!(matches!(refused(&[vec![own(0, 1.0, 2.0)]]), FitError::Malformed(_)));
    assert!(matches!(refused(&[vec![own(0, f64::NAN, 0.0)]]), FitError::Malformed(_)));
    assert_eq!(refused(&[vec![own(0, 9.0, 2.0)], vec![]]), FitError::TooFew { needed: 2, got: 1 });
    assert!(matches!(expected(&[vec![1.0], vec![]], &[]), Err(FitError::Malformed(_))));
    assert_eq!(CaseMixModel::fit(&[]), Err(FitError::TooFew { needed: 1, got: 0 }));
}
