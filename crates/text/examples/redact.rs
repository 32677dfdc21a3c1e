//! Reads a contact, takes the personal data out of it and cuts what is left into words.
//!
//! ```text
//! cargo run -p tingxin-text --example redact
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use std::error::Error;

use tingxin_text::ingest;
use tingxin_text::redact::{PseudonymKey, Redactor};
use tingxin_text::segment::Segmenter;

/// Name and number are invented.
const CONTACT: &str = r#"{
    "source": "hotline-10086", "contact_id": "EXAMPLE-1", "channel": "hotline",
    "customer": {"id": "199-0000-1234"},
    "utterances": [
        {"speaker": "customer", "text": "我叫欧阳小雨，号码是幺九九零零零零幺二三四。"},
        {"speaker": "customer", "text": "话费多扣了两个月，再不退我就去工信部投诉！"},
        {"speaker": "agent", "text": "非常抱歉，我给您登记，24小时之内给您回复。"}
    ]
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let raw = ingest::parse_contact(CONTACT.as_bytes())?;
    // A real key is random and secret: whoever has it can tell which customer a pseudonym stands
    // for.
    let intake = Redactor::new(PseudonymKey::new([7; 32])).redact(raw);
    let customer = intake.contact.customer.as_ref().map_or("-", |pseudonym| pseudonym.as_str());
    println!("客户假名 {customer}");
    println!("内容摘要 {}", intake.digest.to_hex());

    let contact = Segmenter::new()?.segment(intake.contact);
    for (speaker, text) in contact.body.texts() {
        let written = text.line.text.as_str();
        println!("\n{} {written}", speaker.map_or("记录", |speaker| speaker.zh()));
        println!("  词　 {}", text.words().collect::<Vec<_>>().join(" | "));
        for redaction in &text.line.redactions {
            println!("  隐去 {}", redaction.kind.zh());
        }
        for cue in &text.cues {
            println!("  线索 {:?}: {}", cue.kind, cue.span.slice(written));
        }
    }
    Ok(())
}
