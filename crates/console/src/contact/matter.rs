//! Flags of a contact that are judged as one matter.

use serde::Serialize;

use tingxin_desk::{FlagPlace, matters};
use tingxin_text::domain::Rule;

use super::flags::{FlagView, MatterView, TurnLink};
use crate::assignments::SpokenOfWork as _;
use crate::text::{Lang, fill};

/// Another flag of the matter, as the form repeats it.
#[derive(Serialize)]
struct AlsoLine<'a> {
    flag: &'a str,
    utterances: serde_json::Value,
    seen: usize,
}

/// Brings flags together that are one matter, where the viewer judges and no rule alone is the work, and numbers what the keys
/// choose.
pub(super) fn join(flags: Vec<FlagView>, may_join: bool, lang: Lang) -> Vec<FlagView> {
    let mut flags = if may_join { joined(flags, lang) } else { flags };
    let mut key = 0;
    for flag in &mut flags {
        if let Some(matter) = &mut flag.matter {
            key += 1;
            matter.key = key;
        }
        key += 1;
        flag.key = key;
    }
    flags
}

fn joined(flags: Vec<FlagView>, lang: Lang) -> Vec<FlagView> {
    let waits = |flag: &FlagView| flag.open && !flag.hint && flag.judged.is_some();
    let turns: Vec<Vec<usize>> =
        flags.iter().map(|flag| flag.places.iter().map(|place| place.index).collect()).collect();
    let waiting: Vec<(usize, FlagPlace<'_>)> = flags
        .iter()
        .zip(&turns)
        .enumerate()
        .filter(|(_, (flag, _))| waits(flag))
        .filter_map(|(at, (flag, turns))| {
            Some((at, FlagPlace { rule: Rule::from_name(flag.rule)?, utterances: turns }))
        })
        .collect();
    let places: Vec<FlagPlace<'_>> = waiting.iter().map(|(_, place)| *place).collect();
    let mut matter_of: Vec<Option<usize>> = vec![None; flags.len()];
    let found = matters(&places);
    for (number, matter) in found.iter().enumerate() {
        for at in matter.iter().filter_map(|place| waiting.get(*place)).map(|(at, _)| *at) {
            if let Some(slot) = matter_of.get_mut(at) {
                *slot = Some(number);
            }
        }
    }
    // The flags of a matter stand together, where its most urgent stood.
    let mut rest: Vec<(Option<usize>, FlagView)> = matter_of.into_iter().zip(flags).collect();
    let mut ordered = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let (number, first) = rest.remove(0);
        let Some(number) = number else {
            ordered.push(first);
            continue;
        };
        let (members, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(of, _)| *of == Some(number));
        rest = others;
        let members = std::iter::once(first).chain(members.into_iter().map(|(_, flag)| flag)).collect();
        ordered.extend(together(members, lang));
    }
    ordered
}

/// The flags of one matter; the first of them carries it.
fn together(mut members: Vec<FlagView>, lang: Lang) -> Vec<FlagView> {
    let matter = view(&members, lang);
    for member in &mut members {
        (member.joined, member.first) = (true, false);
    }
    if let Some(first) = members.first_mut() {
        first.matter = matter;
    }
    members
}

fn view(members: &[FlagView], lang: Lang) -> Option<MatterView> {
    let about = members.first()?.judged.clone()?;
    let also: Vec<AlsoLine<'_>> = members
        .iter()
        .skip(1)
        .filter_map(|flag| flag.judged.as_ref())
        .map(|about| AlsoLine {
            flag: &about.flag,
            utterances: serde_json::from_str(&about.utterances).unwrap_or_default(),
            seen: about.seen,
        })
        .collect();
    let mut places: Vec<TurnLink> = members.iter().flat_map(|flag| flag.places.iter().cloned()).collect();
    places.sort_by_key(|place| place.index);
    places.dedup();
    let names: Vec<&str> = members.iter().map(|flag| flag.name).collect();
    Some(MatterView {
        title: fill(lang.work().matter, members.len()),
        name: names.join(lang.work().and),
        places,
        about,
        also: serde_json::to_string(&also).unwrap_or_default(),
        objections: members.first()?.objections.clone(),
        key: 0,
        first: members.iter().any(|flag| flag.first),
    })
}
