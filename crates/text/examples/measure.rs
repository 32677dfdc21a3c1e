use std::collections::BTreeMap;
use tingxin_text::domain::RawText;
use tingxin_text::redact::{PseudonymKey, Redactor};
fn main() {
    let r = Redactor::new(PseudonymKey::new([7; 32]));
    let mut tot: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut masks, mut bad) = (0, 0);
    let file = std::env::args().nth(1).unwrap();
    if file.ends_with(".tsv") {
        for l in
            std::fs::read_to_string(&file).unwrap().lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            let mut c = l.split('\t');
            let input = c.next().unwrap();
            let want = c.next().unwrap_or(input);
            let got = r.remark(&RawText::new(input.to_owned()));
            if got.as_str() != want {
                println!("{input}\n   got {}\n  want {want}", got.as_str());
            }
        }
        return;
    }
    for l in std::fs::read_to_string(file).unwrap().lines() {
        let v: serde_json::Value = serde_json::from_str(l).unwrap();
        let text = v["text"].as_str().unwrap();
        let chars: Vec<char> = text.chars().collect();
        let got = r.places(&RawText::new(text.to_owned()));
        let mut owned = vec![false; chars.len()];
        let mut missed = vec![];
        for s in v["spans"].as_array().unwrap() {
            let (a, b) = (s["start"].as_u64().unwrap() as usize, s["end"].as_u64().unwrap() as usize);
            owned[a..b].iter_mut().for_each(|x| *x = true);
            let kind = if v["group"] == "nocue" {
                "name_nocue".to_owned()
            } else {
                s["kind"].as_str().unwrap().to_owned()
            };
            let ok = (a..b).all(|i| got.iter().any(|g| g.span.start <= i && i < g.span.end));
            let e = tot.entry(kind.clone()).or_default();
            e.1 += 1;
            if ok { e.0 += 1 } else { missed.push(kind) }
        }
        let mut wrong = vec![];
        for g in &got {
            masks += 1;
            if !(g.span.start..g.span.end).any(|i| owned[i]) {
                bad += 1;
                wrong.push(chars[g.span.start..g.span.end].iter().collect::<String>());
            }
        }
        let shown = || {
            let mut o = String::new();
            let mut i = 0;
            for g in &got {
                o.extend(&chars[i..g.span.start]);
                o.push_str(&format!("⟦{}⟧", chars[g.span.start..g.span.end].iter().collect::<String>()));
                i = g.span.end;
            }
            o.extend(&chars[i..]);
            o
        };
        if !missed.is_empty() {
            println!("MISS {missed:?} {}", shown());
        }
        if !wrong.is_empty() {
            println!("WRONG {wrong:?} {}", shown());
        } else if std::env::var("ALL").is_ok() && !got.is_empty() {
            println!("OK {}", shown());
        }
    }
    for (k, (a, b)) in &tot {
        println!("{k}: {a}/{b}");
    }
    println!("precision {}/{masks}", masks - bad);
}
