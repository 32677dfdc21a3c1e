//! From runs of digits to numbers, also where one number is dictated over several utterances.
//!
//! «一九九» / «嗯» / «零零零零» / «幺二三四»: no single line holds a telephone number. The runs of one side
//! that may belong together form a chain, and the best division of a chain into numbers is found by
//! dynamic programming; a lone run is a chain of one.

use crate::domain::{RedactionKind, Speaker};

use super::digits::{self, Block, Gap, Run};
use super::line::{Hit, SearchedLine};
use super::number::{Hint, NumberTreatment, Piece, is_service, judge};
use super::numerals::numeral;
use super::words;

/// More groups than an identity card has digits make no number.
const MAX_BLOCKS: usize = 20;
/// More digits make no number that people dictate.
const MAX_DIGITS: usize = 40;
/// What the other side puts in while a number is dictated is at most this long, in characters:
/// «嗯好的您继续说，后四位呢».
const LIGHT_CHARS: usize = 14;
/// At most this many utterances stand between two parts of one number.
const MAX_BETWEEN: usize = 3;
/// A repeated part of a number gives it away from this length.
const MIN_ECHO: usize = 2;

/// A password is taken out from this length.
const MIN_SECRET: usize = 4;
/// In several groups only up to this one, for another number may follow.
const MAX_SECRET: usize = 8;

/// An extension behind a telephone number is at most this long.
const MAX_EXTENSION: usize = 6;

/// One block and the line it stands in.
struct Link<'a> {
    line: usize,
    block: &'a Block,
    gap: Gap,
    /// What the words before it announce.
    hint: Option<words::Before>,
}

/// Finds the numbers in all lines of a contact.
pub(super) fn find(lines: &mut [SearchedLine]) {
    let runs: Vec<Vec<Run>> = lines.iter().map(|line| digits::runs(line.text())).collect();
    if runs.iter().all(Vec::is_empty) {
        return;
    }
    let mut hits = Vec::new();
    for speaker in [None, Some(Speaker::Agent), Some(Speaker::Customer), Some(Speaker::System)] {
        for chain in chains(lines, &runs, speaker) {
            for number in divide(lines, &chain) {
                take(lines, &chain, &number, &mut hits);
                echoes(&chain, &number, &runs, &mut hits);
            }
        }
    }
    for (line, hit) in hits {
        if let Some(line) = lines.get_mut(line) {
            line.mark(hit);
        }
    }
}

/// The chains of one side: every run of its lines stands in exactly one.
fn chains<'a>(lines: &[SearchedLine], runs: &'a [Vec<Run>], speaker: Option<Speaker>) -> Vec<Vec<Link<'a>>> {
    let mut done = Vec::new();
    let mut open: Vec<Link<'a>> = Vec::new();
    let mut between = 0;
    for (at, (line, runs)) in lines.iter().zip(runs).enumerate() {
        if line.speaker != speaker || runs.is_empty() {
            let read_back = runs.iter().all(|run| run.opens && run.closes) && !runs.is_empty();
            between += 1;
            if !(is_light(line.text()) || read_back) || between > MAX_BETWEEN {
                done.push(std::mem::take(&mut open));
            }
            continue;
        }
        between = 0;
        for run in runs {
            if !run.opens {
                done.push(std::mem::take(&mut open));
            }
            open.extend(run.blocks.iter().enumerate().map(|(place, block)| Link {
                line: at,
                block,
                gap: if place == 0 { Gap::Turn } else { block.gap },
                hint: words::hint_before(line.text(), block.from),
            }));
            if !run.closes {
                done.push(std::mem::take(&mut open));
            }
        }
    }
    done.push(open);
    done.retain(|chain| !chain.is_empty());
    done
}

/// A number found in a chain.
struct Found {
    blocks: std::ops::Range<usize>,
    digits: Vec<u8>,
    kind: RedactionKind,
}

/// What [`judge`] asks of every part of a chain, laid out once: a part is then a slice and no copy.
/// Dictated digit by digit, a long text has a million parts.
struct Laid {
    digits: Vec<u8>,
    /// Where the digits of every block begin, and where the last one's end.
    starts: Vec<usize>,
    sizes: Vec<usize>,
    /// Digits that are spoken, and that stand in multiples, before every block.
    spoken: Vec<usize>,
    multiplied: Vec<usize>,
}

impl Laid {
    fn of(chain: &[Link<'_>]) -> Self {
        let places = chain.len() + 1;
        let mut laid = Self {
            digits: Vec::new(),
            starts: Vec::with_capacity(places),
            sizes: Vec::with_capacity(chain.len()),
            spoken: Vec::with_capacity(places),
            multiplied: Vec::with_capacity(places),
        };
        let (mut spoken, mut multiplied) = (0, 0);
        for Link { block, .. } in chain {
            laid.starts.push(laid.digits.len());
            laid.spoken.push(spoken);
            laid.multiplied.push(multiplied);
            laid.digits.extend_from_slice(&block.digits);
            laid.sizes.push(block.digits.len());
            spoken += block.spoken;
            multiplied += block.multiplied;
        }
        laid.starts.push(laid.digits.len());
        laid.spoken.push(spoken);
        laid.multiplied.push(multiplied);
        laid
    }

    fn digits(&self, blocks: &std::ops::Range<usize>) -> &[u8] {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(self.digits.len());
        self.digits.get(at(blocks.start)..at(blocks.end)).unwrap_or_default()
    }
}

/// How much of `counts` lies between two places.
fn between(counts: &[usize], blocks: &std::ops::Range<usize>) -> usize {
    let at = |place: usize| counts.get(place).copied().unwrap_or(0);
    at(blocks.end).saturating_sub(at(blocks.start))
}

/// The best that is known of the first blocks of a chain.
struct Best {
    score: u32,
    /// Where their last part begins.
    start: usize,
    /// What that part is, if it is to be taken out.
    kind: Option<RedactionKind>,
}

/// The division of `chain` into numbers for which most digits speak.
fn divide(lines: &[SearchedLine], chain: &[Link<'_>]) -> Vec<Found> {
    let laid = Laid::of(chain);
    if laid.digits.len() < MIN_SECRET {
        return Vec::new();
    }
    let mut best: Vec<Best> = Vec::with_capacity(chain.len() + 1);
    best.push(Best { score: 0, start: 0, kind: None });
    for end in 1..=chain.len() {
        let score = best.get(end - 1).map_or(0, |best| best.score);
        let mut top = Best { score, start: end - 1, kind: None };
        let unit =
            chain.get(end - 1).is_some_and(|last| words::is_before_unit(text(lines, last), last.block.to));
        let (mut gap, mut measured) = (Gap::None, false);
        for start in (end.saturating_sub(MAX_BLOCKS)..end).rev() {
            let blocks = start..end;
            let Some(first) = chain.get(start) else { break };
            let digits = laid.digits(&blocks);
            if digits.len() > MAX_DIGITS && blocks.len() > 1 {
                break;
            }
            measured |= first.block.measured;
            let amount = unit || words::is_behind_currency(text(lines, first), first.block.from);
            let piece = Piece {
                digits,
                sizes: laid.sizes.get(blocks.clone()).unwrap_or_default(),
                spoken: between(&laid.spoken, &blocks),
                multiplied: between(&laid.multiplied, &blocks),
                measured,
                gap,
                hint: None,
                amount,
            };
            gap = gap.max(first.gap);
            let Some((verdict, weight)) = read(first.hint, piece) else { continue };
            let length = u32::try_from(digits.len()).unwrap_or(u32::MAX);
            let before = best.get(start).map_or(0, |best| best.score);
            let score = before.saturating_add(weight.saturating_mul(length));
            if score > top.score {
                let kind = match verdict {
                    NumberTreatment::Take(kind) => Some(kind),
                    NumberTreatment::Keep => None,
                };
                top = Best { score, start, kind };
            }
        }
        best.push(top);
    }
    let mut found = Vec::new();
    let mut end = chain.len();
    while end > 0 {
        let Some(Best { start, kind, .. }) = best.get(end) else { break };
        let blocks = *start..end;
        found.extend(kind.map(|kind| Found { digits: laid.digits(&blocks).to_vec(), blocks, kind }));
        end = *start;
    }
    found.reverse();
    found
}

fn text<'a>(lines: &'a [SearchedLine], link: &Link<'_>) -> &'a str {
    lines.get(link.line).map_or("", |line| line.text())
}

fn read(announced: Option<words::Before>, piece: Piece<'_>) -> Option<(NumberTreatment, u32)> {
    // `668823`, `6 6 8 8 2 3` read out one by one, and the shelf and parcel of `8-2-3015`.
    let in_one_go = || piece.gap <= Gap::Blank && piece.digits.len() <= MAX_SECRET;
    let secret = announced == Some(words::Before::Secret)
        && piece.digits.len() >= MIN_SECRET
        && !piece.amount
        && !is_service(piece.digits)
        && (piece.sizes.len() == 1 || in_one_go());
    if secret {
        return Some((NumberTreatment::Take(RedactionKind::Number), 3));
    }
    let hint = match announced {
        Some(words::Before::Says(hint)) => Some(hint),
        Some(words::Before::Secret) => Some(Hint::Number),
        None => None,
    };
    judge(&Piece { hint, ..piece })
}

/// Marks the places of `number`, one for each line it stands in.
fn take(lines: &[SearchedLine], chain: &[Link<'_>], number: &Found, hits: &mut Vec<(usize, Hit)>) {
    let Some(part) = chain.get(number.blocks.clone()) else { return };
    for links in part.chunk_by(|a, b| a.line == b.line) {
        if let (Some(first), Some(last)) = (links.first(), links.last()) {
            let text = lines.get(first.line).map_or("", |line| line.text());
            let from = words::opening(text, first.block.from, first.block.to);
            let to = extension(text, last.block.to, number.kind);
            hits.push((first.line, Hit { from, to, kind: number.kind }));
        }
    }
}

/// Where a telephone number ends behind which an extension stands: «…零三幺转五五幺二».
fn extension(text: &str, to: usize, kind: RedactionKind) -> usize {
    let rest = text.get(to..).unwrap_or_default();
    let bare =
        ["转分机", "分机号", "分机", "转"].iter().find_map(|word| rest.trim_start().strip_prefix(word));
    let Some(bare) = bare.filter(|_| kind == RedactionKind::Phone) else { return to };
    let digits: usize =
        bare.chars().take_while(|c| numeral(*c).is_some()).take(MAX_EXTENSION).map(char::len_utf8).sum();
    if digits == 0 { to } else { text.len() - bare.len() + digits }
}

/// Marks what the two sides repeat of a number while it is dictated, and in the next utterance.
fn echoes(chain: &[Link<'_>], number: &Found, runs: &[Vec<Run>], hits: &mut Vec<(usize, Hit)>) {
    let Some(part) = chain.get(number.blocks.clone()) else { return };
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return };
    if first.line == last.line {
        return;
    }
    for (at, runs) in runs.iter().enumerate().take(last.line + 2).skip(first.line) {
        for run in runs {
            let said: Vec<u8> = run.blocks.iter().flat_map(|block| block.digits.iter().copied()).collect();
            let repeated = said.len() >= MIN_ECHO && number.digits.windows(said.len()).any(|w| w == said);
            if let (true, Some(from), Some(to)) = (repeated, run.blocks.first(), run.blocks.last()) {
                hits.push((at, Hit { from: from.from, to: to.to, kind: number.kind }));
            }
        }
    }
}

/// Whether an utterance of this text may stand between the parts of a number.
fn is_light(text: &str) -> bool {
    text.chars().count() <= LIGHT_CHARS && !text.contains(['[', ']'])
}
