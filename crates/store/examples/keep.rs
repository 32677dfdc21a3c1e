//! Keeps one contact in an SQLite file, takes it out of the queue and reads it back.
//!
//! ```text
//! cargo run -p tingxin-store --example keep
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use std::error::Error;

use tingxin_store::{IngestReceipt, Store};
use tingxin_text::domain::UtcMillis;
use tingxin_text::ingest;
use tingxin_text::redact::{PseudonymKey, Redactor};

const CONTACT: &str = r#"{
    "source": "hall-07", "contact_id": "EXAMPLE-4", "channel": "hall",
    "utterances": [
        {"speaker": "customer", "text": "我想把流量套餐改小一点，每个月都用不完。"},
        {"speaker": "agent", "text": "可以的，下个月一号生效，您看行吗？"}
    ]
}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let now = UtcMillis::parse_rfc3339("2026-11-02T09:30:00+08:00")?;
    let key = PseudonymKey::new([7; 32]);
    let folder = tempfile::tempdir()?;
    let store = Store::open(&format!("sqlite://{}", folder.path().join("example.db").display())).await?;
    println!("迁移 {:?}", store.migrate().await?);
    store.bind_key(&key.fingerprint()).await?;

    let intake = Redactor::new(key).redact(ingest::parse_contact(CONTACT.as_bytes())?);
    // The second time the store knows the contact by its digest and changes nothing.
    for receipt in store.ingest(&[intake.clone(), intake], now).await? {
        println!("回执 {receipt:?}");
        let IngestReceipt::Queued(id) = receipt else { continue };
        if let Some(record) = store.contact(id, None).await? {
            println!("取回 {}，收到于 {}", record.state.zh(), record.received_at.to_beijing());
            for (speaker, line) in record.contact.body.texts() {
                println!("  {} {}", speaker.map_or("记录", |speaker| speaker.zh()), line.text.as_str());
            }
        }
    }
    for claim in store.claim(10, 60_000, now).await? {
        println!("领取 {}，第 {} 次尝试", claim.contact.header.contact_id, claim.ticket.attempt);
    }
    store.close().await;
    Ok(())
}
