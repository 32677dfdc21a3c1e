//! `--live`: days at a compressed clock. Contacts come in over HTTP, with the key of the demo, as those of any system do.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use super::super::context::announce;
use super::super::error::CliError;
use super::quarter::{DayHour, Quarter};
use crate::domain::Channel;

/// How often contacts are sent.
const TICK: Duration = Duration::from_millis(500);

const TICKS_A_MINUTE: u64 = 120;

/// Hours of a day.
const HOURS: u64 = 24;

/// So many refusals one after the other end it.
const PATIENT: u32 = 60;

/// Longest wait for the service.
const PATIENCE: Duration = Duration::from_secs(30);

/// Plays days until the demo ends, each in so many minutes.
pub(super) async fn play(
    quarter: &Arc<Quarter>,
    (url, key): (&str, &str),
    minutes: u32,
) -> Result<(), CliError> {
    let ticks = u64::from(minutes) * TICKS_A_MINUTE;
    let mut tick = tokio::time::interval(TICK);
    let (mut sent, mut owed) = (0, vec![0; Channel::ALL.len()]);
    let (mut told, mut lines, mut refused) = (None, String::new(), 0);
    for at in 0_u64.. {
        tick.tick().await;
        let hour = usize::try_from((at % ticks) * HOURS / ticks).unwrap_or_default();
        let now = DayHour { hour, bad: (at / ticks) % 2 == 1 };
        if told != Some(hour) {
            announce(format_args!("{hour:02}:00 {}", if now.is_outage() { "outage" } else { "as usual" }));
            told = Some(hour);
        }
        for (channel, owed) in Channel::ALL.iter().zip(&mut owed) {
            // Counted in parts of a contact, so that quiet hours send some as well.
            *owed += u64::try_from(now.contacts(*channel)).unwrap_or_default() * HOURS;
            while *owed >= ticks {
                *owed -= ticks;
                lines.push_str(&quarter.of_day(sent, *channel, now));
                lines.push('\n');
                sent += 1;
            }
        }
        let (address, key, body) =
            (url.trim_start_matches("http://").to_owned(), key.to_owned(), lines.clone());
        let sending = tokio::task::spawn_blocking(move || send(&address, &key, &body));
        match sending.await.map_err(CliError::failure)? {
            Ok(()) => (lines, refused) = (String::new(), 0),
            // A busy service turns callers away; what is sent twice is there once.
            Err(_) if refused < PATIENT => refused += 1,
            Err(failure) => return Err(CliError::failure(failure)),
        }
    }
    Ok(())
}

/// Sends lines to the service and reads its answer.
fn send(address: &str, key: &str, lines: &str) -> std::io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "POST /api/v1/contacts/bulk HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         content-type: application/x-ndjson\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{lines}",
        lines.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200") {
        return Ok(());
    }
    let status = answer.lines().next().unwrap_or_default().to_owned();
    Err(std::io::Error::other(format!("the service does not take the contacts of the day: {status}")))
}
