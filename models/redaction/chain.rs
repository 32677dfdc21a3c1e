//! Learns the weights of a linear chain by stochastic gradient: `rustc -O chain.rs`, called by `train.py`.
//!
//! chain IN OUT EPOCHS RATE DROPOUT SEED. IN, in 32-bit little-endian numbers: labels, traits, lines, 1 or 0 for each
//! pair of labels (with the beginning and the end) that may follow one another; for each line its length; for each
//! character its label, how many traits, these. OUT: weights by trait, then by pair, as 32-bit floats.

use std::{env, fs};

const WIDE: usize = 32;
type Row = [f32; WIDE];

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let number = |at: usize| -> f32 { args[at].parse().unwrap() };
    let (epochs, rate, dropout) = (number(3) as usize, number(4), number(5));
    let mut chance = Chance(args[6].parse::<u64>().unwrap() * 2 + 0x9e37_79b9_7f4a_7c15);
    let bytes = fs::read(&args[1]).unwrap();
    let data: Vec<u32> = bytes.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
    drop(bytes);
    let (n, features, lines) = (data[0] as usize, data[1] as usize, data[2] as usize);
    let m = n + 1;
    let allowed: Vec<bool> = data[3..3 + m * m].iter().map(|a| *a == 1).collect();
    let mut starts = Vec::with_capacity(lines);
    let mut at = 3 + m * m;
    for _ in 0..lines {
        starts.push(at);
        let length = data[at] as usize;
        at += 1;
        for _ in 0..length {
            at += 2 + data[at + 1] as usize;
        }
    }
    // The last cell of a row is the sum of the squares of its gradients.
    let mut weights: Vec<Row> = vec![[0.0; WIDE]; features];
    let mut step = vec![0.0_f32; m * m];
    let mut squares = vec![1.0_f32; m * m];
    let keep = ((1.0 - f64::from(dropout)) * 4_294_967_296.0) as u64;
    let scale = 1.0 / (1.0 - dropout);
    for epoch in 0..epochs {
        let rate = rate * (1.0 - 0.9 * epoch as f32 / epochs as f32);
        for i in (1..lines).rev() {
            starts.swap(i, chance.next() as usize % (i + 1));
        }
        let mut loss = 0.0_f64;
        for start in &starts {
            let length = data[*start] as usize;
            let mut at = start + 1;
            let (mut chosen, mut ends, mut gold) = (Vec::with_capacity(length * 64), Vec::new(), Vec::new());
            let mut scores: Vec<Row> = vec![[0.0; WIDE]; length];
            for score in &mut scores {
                gold.push(data[at] as usize);
                let many = data[at + 1] as usize;
                for feature in &data[at + 2..at + 2 + many] {
                    if u64::from(chance.next()) < keep {
                        chosen.push(*feature as usize);
                        let row = &weights[*feature as usize];
                        for l in 0..WIDE - 1 {
                            score[l] += row[l];
                        }
                    }
                }
                for s in score.iter_mut() {
                    *s *= scale;
                }
                ends.push(chosen.len());
                at += 2 + many;
            }
            loss += learn(n, &allowed, &scores, &gold, &mut step, &mut squares, rate, |t, gradient| {
                let from = if t == 0 { 0 } else { ends[t - 1] };
                let square: f32 = gradient.iter().map(|g| g * g).sum();
                if square < 1e-8 {
                    return;
                }
                for feature in &chosen[from..ends[t]] {
                    let row = &mut weights[*feature];
                    row[WIDE - 1] += square;
                    let by = rate / (row[WIDE - 1] + 0.1).sqrt();
                    for l in 0..WIDE - 1 {
                        row[l] += by * gradient[l];
                    }
                }
            });
        }
        println!("epoch {}: {:.4}", epoch + 1, loss / lines as f64);
    }
    let mut out = Vec::with_capacity((features * n + m * m) * 4);
    for row in &weights {
        out.extend(row[..n].iter().flat_map(|w| w.to_le_bytes()));
    }
    out.extend(step.iter().flat_map(|w| w.to_le_bytes()));
    fs::write(&args[2], out).unwrap();
}

/// Minus the logarithm of the probability of the marked labels; hands on the gradient of each character's scores.
fn learn(
    n: usize,
    allowed: &[bool],
    scores: &[Row],
    gold: &[usize],
    step: &mut [f32],
    squares: &mut [f32],
    rate: f32,
    mut update: impl FnMut(usize, &Row),
) -> f64 {
    let (m, length) = (n + 1, scores.len());
    let mut moves = vec![[0.0_f32; WIDE]; n];
    let (mut first, mut last) = ([0.0_f32; WIDE], [0.0_f32; WIDE]);
    for a in 0..n {
        for b in 0..n {
            if allowed[a * m + b] {
                moves[a][b] = step[a * m + b].exp();
            }
        }
        first[a] = if allowed[n * m + a] { step[n * m + a].exp() } else { 0.0 };
        last[a] = if allowed[a * m + n] { step[a * m + n].exp() } else { 0.0 };
    }
    let mut chances: Vec<Row> = Vec::with_capacity(length);
    let mut forward: Vec<Row> = Vec::with_capacity(length);
    let mut loss = 0.0_f64;
    for (t, score) in scores.iter().enumerate() {
        let top = score[..n].iter().copied().fold(f32::MIN, f32::max);
        let mut chance = [0.0; WIDE];
        for l in 0..n {
            chance[l] = (score[l] - top).max(-60.0).exp();
        }
        loss += f64::from(top) - f64::from(score[gold[t]]);
        let mut alpha = first;
        if t > 0 {
            alpha = [0.0; WIDE];
            for a in 0..n {
                let from = forward[t - 1][a];
                for l in 0..WIDE {
                    alpha[l] += from * moves[a][l];
                }
            }
        }
        let mut sum = 0.0;
        for l in 0..n {
            alpha[l] *= chance[l];
            sum += alpha[l];
        }
        let sum = sum.max(1e-30);
        loss += f64::from(sum.ln());
        for l in 0..n {
            alpha[l] /= sum;
        }
        forward.push(alpha);
        chances.push(chance);
        loss -= f64::from(if t == 0 { step[n * m + gold[0]] } else { step[gold[t - 1] * m + gold[t]] });
    }
    let whole: f32 = (0..n).map(|l| forward[length - 1][l] * last[l]).sum::<f32>().max(1e-30);
    loss += f64::from(whole.ln()) - f64::from(step[gold[length - 1] * m + n]);
    let mut change = vec![0.0_f32; m * m];
    let mut beta = last;
    for t in (0..length).rev() {
        let mut share = [0.0; WIDE];
        let mut sum = 0.0;
        for l in 0..n {
            share[l] = forward[t][l] * beta[l];
            sum += share[l];
        }
        let by = 1.0 / sum.max(1e-30);
        let mut gradient = [0.0; WIDE];
        for l in 0..n {
            share[l] *= by;
            gradient[l] = -share[l];
        }
        gradient[gold[t]] += 1.0;
        update(t, &gradient);
        if t + 1 == length {
            for l in 0..n {
                change[l * m + n] -= share[l];
            }
            change[gold[t] * m + n] += 1.0;
        }
        let mut ahead = [0.0; WIDE];
        for l in 0..n {
            ahead[l] = chances[t][l] * beta[l];
        }
        if t == 0 {
            for l in 0..n {
                change[n * m + l] -= share[l];
            }
            change[n * m + gold[0]] += 1.0;
            break;
        }
        let mut earlier = [0.0; WIDE];
        let mut both = 0.0;
        for a in 0..n {
            let sum: f32 = (0..WIDE).map(|l| moves[a][l] * ahead[l]).sum();
            earlier[a] = sum;
            both += forward[t - 1][a] * sum;
        }
        let by = 1.0 / both.max(1e-30);
        for a in 0..n {
            let left = forward[t - 1][a] * by;
            if left > 1e-7 {
                for b in 0..n {
                    change[a * m + b] -= left * moves[a][b] * ahead[b];
                }
            }
        }
        change[gold[t - 1] * m + gold[t]] += 1.0;
        let sum = earlier.iter().sum::<f32>().max(1e-30);
        for l in 0..n {
            beta[l] = earlier[l] / sum;
        }
    }
    for ((step, square), change) in step.iter_mut().zip(squares).zip(change) {
        *square += change * change;
        *step += rate * change / square.sqrt();
    }
    loss
}
