//! Reads the emotion of two utterances with the default model, each alone and in its context.
//!
//! ```text
//! cargo run -p tingxin-score --example score
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use std::error::Error;

use tingxin_score::{DEFAULT_MODEL, ScoreCache, Scorer, load};
use tingxin_text::domain::Span;
use tingxin_text::ingest;
use tingxin_text::redact::{PseudonymKey, Redactor};
use tingxin_text::segment::Segmenter;

const CONTACT: &str = r#"{
    "source": "chat", "contact_id": "EXAMPLE-2", "channel": "chat",
    "utterances": [
        {"speaker": "customer", "text": "网速慢得要命，报了三次修都没人来，太气人了！"},
        {"speaker": "customer", "text": "现在好了，这么晚了师傅还跑一趟，真的谢谢你们。"}
    ]
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let redacted = redactor.redact(ingest::parse_contact(CONTACT.as_bytes())?).contact;
    let segmented = Segmenter::new()?.segment(redacted);

    let mut scorer = Scorer::new(load(DEFAULT_MODEL)?, ScoreCache::default());
    println!("模型 {}", scorer.identity().name);
    for contact in scorer.score(vec![segmented])? {
        for (_, text) in contact.body.texts() {
            let Some(score) = &text.score else { continue };
            let written = text.segmented.line.text.as_str();
            let emotion = score.emotions.top();
            println!("\n{written}");
            println!("  单独 {} {:.0} %", emotion.zh(), 100.0 * score.emotions.get(emotion));
            println!("  情绪值 {:+.2} ± {:.2}", score.valence.get(), score.valence_sd);
            for place in &score.evidence {
                let words = Span::new(place.start, place.end).slice(written);
                println!("  依据 {words} {:+.2}", place.weight);
            }
            if let Some(heard) = &text.heard {
                let satisfaction = heard.satisfaction.expected();
                println!("  上下文 {}，预计满意度 {satisfaction:.1} / 5", heard.emotions.top().zh());
            }
        }
    }
    Ok(())
}
