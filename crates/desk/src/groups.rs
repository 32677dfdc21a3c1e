//! Flags of one contact that are one matter: several rules that heard the same angry customer.

use tingxin_text::domain::Rule;

/// Rules that hear the customer's displeasure, each in its own way. What staff did, or left undone, is another matter also
/// where it stands in the same turn.
const DISPLEASURE: [Rule; 5] = [
    Rule::Escalation,
    Rule::NegativeEnding,
    Rule::LikelyDissatisfied,
    Rule::RegulatorRisk,
    Rule::ReportedDistress,
];

/// A flag, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct FlagPlace<'a> {
    /// What raised it.
    pub rule: Rule,
    /// The turns it points at.
    pub utterances: &'a [usize],
}

/// Flags that are one matter, by their position, two or more of them: the stretches of the contact that they point at overlap,
/// one with the next.
#[must_use]
pub fn matters(flags: &[FlagPlace<'_>]) -> Vec<Vec<usize>> {
    let mut stretches: Vec<(usize, usize, usize)> = flags
        .iter()
        .enumerate()
        .filter(|(_, flag)| DISPLEASURE.contains(&flag.rule))
        .filter_map(|(at, flag)| Some((*flag.utterances.iter().min()?, *flag.utterances.iter().max()?, at)))
        .collect();
    stretches.sort_unstable();
    let (mut found, mut end): (Vec<Vec<usize>>, Option<usize>) = (Vec::new(), None);
    for (from, to, at) in stretches {
        match found.last_mut() {
            Some(matter) if end.is_some_and(|end| from <= end) => matter.push(at),
            _ => found.push(vec![at]),
        }
        end = if found.last().is_some_and(|matter| matter.len() == 1) { Some(to) } else { end.max(Some(to)) };
    }
    found.retain(|matter| matter.len() > 1);
    for matter in &mut found {
        matter.sort_unstable();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(flags: &[(Rule, &[usize])]) -> Vec<Vec<usize>> {
        let places: Vec<FlagPlace<'_>> =
            flags.iter().map(|(rule, utterances)| FlagPlace { rule: *rule, utterances }).collect();
        matters(&places)
    }

    #[test]
    fn one_angry_customer_is_one_matter_whatever_heard_it() {
        let found = of(&[
            (Rule::RegulatorRisk, &[9]),
            (Rule::AgentLapse, &[9]),
            (Rule::Escalation, &[5, 7, 9]),
            (Rule::NegativeEnding, &[7, 9, 11]),
        ]);

        assert_eq!(found, [vec![0, 2, 3]], "what the agent did is another matter");
    }

    #[test]
    fn two_outbursts_far_apart_are_two_matters() {
        let found = of(&[(Rule::RegulatorRisk, &[2]), (Rule::NegativeEnding, &[20, 22])]);

        assert_eq!(found, Vec::<Vec<usize>>::new());
    }

    #[test]
    fn flags_hang_together_by_those_between_them() {
        let found = of(&[
            (Rule::RegulatorRisk, &[1]),
            (Rule::NegativeEnding, &[30, 34]),
            (Rule::Escalation, &[20, 31]),
            (Rule::ReportedDistress, &[]),
        ]);

        assert_eq!(found, [vec![1, 2]]);
    }
}
