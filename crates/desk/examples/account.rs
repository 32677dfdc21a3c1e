//! Creates an account and a key, is refused a bad one, and shows what the audit log says about it.
//!
//! ```text
//! cargo run -p tingxin-desk --example account
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use std::error::Error;

use tingxin_desk::{Caller, accounts, secrets};
use tingxin_store::Store;
use tingxin_text::domain::Role;
use tingxin_text::redact::PseudonymKey;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&format!("sqlite://{}", folder.path().join("example.db").display())).await?;
    store.migrate().await?;
    store.bind_key(&PseudonymKey::new([7; 32]).fingerprint()).await?;
    let caller = Caller::system();

    let hash = secrets::hash_password("五月的风一直很大")?;
    accounts::create_user(
        &store,
        &caller,
        accounts::NewAccount { name: "li.na", role: Role::Reviewer, team: None },
        &hash,
    )
    .await?;
    let key = accounts::create_key(
        &store,
        &caller,
        accounts::NewAccount { name: "crm", role: Role::Integrator, team: None },
        Some(365),
    )
    .await?;
    println!("密钥 {}…", secrets::api_key_label(&key));
    if let Err(refused) = accounts::create_key(
        &store,
        &caller,
        accounts::NewAccount { name: "x", role: Role::Admin, team: None },
        None,
    )
    .await
    {
        println!("被拒绝：{refused}");
    }
    for entry in store.audit_log(None, 10).await?.items {
        println!("{} {} {}", entry.actor, entry.action, entry.object);
    }
    store.close().await;
    Ok(())
}
