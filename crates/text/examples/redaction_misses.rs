//! Prints, for lines with marked personal data on stdin, what redaction misses and what it takes wrongly.
use std::collections::BTreeMap;
use std::io::BufRead as _;
use tingxin_text::domain::RawText;
use tingxin_text::redact::{PseudonymKey, Redactor};
fn main() {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let mut n: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut masks, mut good) = (0, 0);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let v: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = v["text"].as_str().unwrap();
        let chars: Vec<char> = text.chars().collect();
        let show = |a: usize, b: usize| -> String {
            let s = |r: std::ops::Range<usize>| -> String { chars[r].iter().collect() };
            format!("{}【{}】{}", s(a.saturating_sub(16)..a), s(a..b), s(b..(b + 10).min(chars.len())))
        };
        let found = redactor.places(&RawText::new(text.to_owned()));
        let mut masked = vec![false; chars.len()];
        for f in &found {
            for i in f.span.start..f.span.end {
                masked[i] = true;
            }
        }
        let mut personal = vec![false; chars.len()];
        for s in v["spans"].as_array().unwrap() {
            let (a, b) = (s["start"].as_u64().unwrap() as usize, s["end"].as_u64().unwrap() as usize);
            personal[a..b].fill(true);
            let k = s["kind"].as_str().unwrap().to_owned();
            let e = n.entry(k.clone()).or_default();
            e.1 += 1;
            if masked[a..b].iter().all(|m| *m) {
                e.0 += 1;
            } else {
                let got: String = (a..b).map(|i| if masked[i] { '_' } else { chars[i] }).collect();
                println!("MISS {k} {} {} [{}]", v["group"].as_str().unwrap_or(""), show(a, b), got);
            }
        }
        for f in &found {
            masks += 1;
            if (f.span.start..f.span.end).any(|i| personal[i]) {
                good += 1;
            } else {
                println!(
                    "FALSE {:?} {} {}",
                    f.kind,
                    v["group"].as_str().unwrap_or(""),
                    show(f.span.start, f.span.end)
                );
            }
        }
    }
    for (k, (h, t)) in &n {
        println!("= {k} {h}/{t} {:.3}", *h as f64 / *t as f64);
    }
    let (h, t) = n.values().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    println!(
        "= all {h}/{t} {:.3} precision {good}/{masks} {:.3}",
        h as f64 / t as f64,
        good as f64 / masks as f64
    );
}
