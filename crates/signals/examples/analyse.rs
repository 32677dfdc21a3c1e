//! Sends one contact through all stages and prints what was measured and which flags were raised.
//!
//! ```text
//! cargo run -p tingxin-signals --example analyse
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use std::error::Error;
use std::sync::Arc;

use tingxin_score::{DEFAULT_MODEL, ScoreCache, Scorer, load};
use tingxin_signals::events::Deaf;
use tingxin_signals::pipeline::Analyzer;
use tingxin_text::ingest;
use tingxin_text::redact::{PseudonymKey, Redactor};
use tingxin_text::segment::Segmenter;

const CONTACT: &str = r#"{
    "source": "hotline-10086", "contact_id": "EXAMPLE-3", "channel": "hotline",
    "utterances": [
        {"speaker": "customer", "text": "你好，我想问一下宽带什么时候能装好。"},
        {"speaker": "agent", "text": "系统里还没有排到您这一单。"},
        {"speaker": "customer", "text": "上周就说三天之内，怎么还没排上呢？"},
        {"speaker": "agent", "text": "这个我也没办法，您只能等。"},
        {"speaker": "customer", "text": "什么叫只能等？我请了两天假在家守着！"},
        {"speaker": "agent", "text": "那您自己去营业厅问吧，我们这边不管安装。"},
        {"speaker": "customer", "text": "你们互相推来推去，太不负责任了！"},
        {"speaker": "customer", "text": "行，我这就去工信部投诉，你们等着。"}
    ]
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let contact = redactor.redact(ingest::parse_contact(CONTACT.as_bytes())?).contact;
    let scorer = Scorer::new(load(DEFAULT_MODEL)?, ScoreCache::default());
    let mut analyzer = Analyzer::new(Segmenter::new()?, scorer, Arc::new(Deaf));

    for analysed in analyzer.analyse(vec![contact])? {
        let analysis = analysed.analysis;
        for signal in &analysis.signals {
            println!("信号 {:+.2} {}", signal.value, signal.name.zh());
        }
        for skipped in &analysis.skipped {
            println!("未算 {}: {}", skipped.feature, skipped.reason);
        }
        for flag in &analysis.flags {
            println!("标记 {}（{}）{}", flag.rule.zh(), flag.severity.zh(), flag.reason());
        }
    }
    Ok(())
}
