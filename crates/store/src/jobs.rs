//! Finishing work: analyses and their flags.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::index::{index, thousandths};
use super::news::{RaisedDetail, SatisfactionDetail, WithdrawnDetail, news};
use super::search_words::ContactWords;
use super::sql_statistics::WEEKS_BEFORE;
use super::{Store, StoreError, Ticket, decode, sql, sql_cases, sql_queue, sql_statistics, writing};
use tingxin_text::domain::{
    Analysed, Analysis, ContactRef, ContentDigest, Flag, FlagId, FollowUp, NewsKind, NormalText, Severity,
    SignalName, Speaker, UtcMillis, UtteranceAnalysis, Why,
};

/// Urgency of the least likely flag of a severity is above the likeliest of the next lower one:
/// probabilities are counted in millionths.
const SEVERITY_STEP: i64 = 10_000_000;

/// An analysis whose texts are ready to be bound.
struct PreparedAnalysis<'a> {
    position: usize,
    ticket: Ticket,
    analysis: &'a Analysis,
    engine: String,
    curve: String,
    body: String,
    measures: Option<String>,
    words: ContactWords,
    dissatisfied: Option<i64>,
    mood: Option<i64>,
    priority: i64,
    flags: Vec<PreparedFlag<'a>>,
    follow_up: Option<FollowUp>,
    predicted: Option<String>,
}

struct PreparedFlag<'a> {
    id: FlagId,
    flag: &'a Flag,
    utterances: String,
    facts: Option<String>,
    reason: String,
    wording: Option<String>,
    raised: String,
}

impl<'a> PreparedAnalysis<'a> {
    fn new(position: usize, ticket: Ticket, done: &'a Analysed) -> Result<Self, StoreError> {
        let Analysed { analysis, measures, follow_up } = done;
        let to_json = |measures| decode::to_json("contact_measures.body", measures);
        let mut flags: Vec<PreparedFlag<'a>> = Vec::with_capacity(analysis.flags.len());
        for flag in &analysis.flags {
            let earlier = flags.iter().filter(|other| other.flag.rule == flag.rule).count();
            let id = flag_id(ticket.contact, flag, earlier);
            flags.push(PreparedFlag {
                id,
                raised: raised(id, flag, analysis.revision)?,
                flag,
                utterances: decode::to_json("flags.utterances", &flag.utterances)?,
                facts: match &flag.why {
                    Why::Facts(facts) => Some(decode::to_json("flags.facts", facts)?),
                    Why::Sentence(_) => None,
                },
                reason: flag.reason(),
                wording: wording(analysis, flag),
            });
        }
        Ok(Self {
            position,
            ticket,
            analysis,
            engine: analysis.engine.fingerprint(),
            curve: decode::to_json("analyses.curve", &curve(analysis))?,
            body: decode::to_json("analyses.body", analysis)?,
            measures: measures.as_ref().map(to_json).transpose()?,
            words: words(analysis),
            dissatisfied: analysis.satisfaction.as_ref().map(|expected| thousandths(expected.dissatisfied)),
            mood: mood(analysis),
            priority: analysis.flags.iter().map(urgency).max().unwrap_or_default(),
            predicted: predicted(analysis)?,
            flags,
            follow_up: *follow_up,
        })
    }
}

/// The news of a flag.
fn raised(flag: FlagId, what: &Flag, revision: u32) -> Result<String, StoreError> {
    let Flag { rule, severity, probability, utterances, .. } = what;
    let (rule, severity, probability) = (*rule, *severity, *probability);
    decode::to_json("news.detail", &RaisedDetail { flag, rule, severity, probability, utterances, revision })
}

/// The news of a prediction; `None` where there is none.
fn predicted(analysis: &Analysis) -> Result<Option<String>, StoreError> {
    let Some(expected) = &analysis.satisfaction else { return Ok(None) };
    let (value, dissatisfied) = (expected.value, expected.dissatisfied);
    let detail = SatisfactionDetail { value, dissatisfied, revision: analysis.revision };
    decode::to_json("news.detail", &detail).map(Some)
}

/// Valence of the customer's turns that can be read, as a listener hears them.
fn curve(analysis: &Analysis) -> Vec<f32> {
    analysis
        .utterances
        .iter()
        .filter(|turn| turn.speaker == Speaker::Customer)
        .filter_map(UtteranceAnalysis::mood)
        .map(|mood| mood.valence)
        .collect()
}

/// The customer's mean valence in thousandths, where it was measured.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "clamped to ±1,000")]
fn mood(analysis: &Analysis) -> Option<i64> {
    let mean = analysis.signals.iter().find(|signal| signal.name == SignalName::CustomerMean)?;
    Some((mean.value.clamp(-1.0, 1.0) * 1000.0).round() as i64)
}

/// Words by which the contact is found: those of its redacted text.
fn words(analysis: &Analysis) -> ContactWords {
    let turns = analysis.utterances.iter().map(|turn| turn.text.as_str());
    ContactWords::of(turns.chain(analysis.reported.iter().map(|sentence| sentence.text.as_str())))
}

/// A digest of the sentences that a flag points at, the same for near-identical ones: without what redaction put in, numbers,
/// marks, and the particles that say nothing. A digest, so that the list of flags holds no words.
fn wording(analysis: &Analysis, flag: &Flag) -> Option<String> {
    let said = flag.utterances.iter().filter_map(|at| analysis.utterances.get(*at));
    let words: String = said.map(|turn| plain_words(turn.text.as_str())).collect::<Vec<_>>().join("\n");
    (!words.trim().is_empty()).then(|| {
        let digest = ContentDigest(Sha256::digest(words.as_bytes()).into());
        digest.to_hex().chars().take(32).collect()
    })
}

/// The letters of a text that carry its sense.
fn plain_words(text: &str) -> String {
    const PARTICLES: &str = "啊吧呢吗哦嗯呀啦嘛哈哎唉诶喔";
    let mut redacted = false;
    let mut plain = String::with_capacity(text.len());
    for letter in NormalText::of(text).as_str().chars() {
        match letter {
            '[' => redacted = true,
            ']' => redacted = false,
            _ if redacted
                || letter.is_numeric()
                || !letter.is_alphanumeric()
                || PARTICLES.contains(letter) => {}
            _ => plain.push(letter),
        }
    }
    plain
}

/// How urgent a flag is: first by severity, then by probability.
pub(super) fn urgency(flag: &Flag) -> i64 {
    let severity = match flag.severity {
        Severity::High => 3,
        Severity::Medium => 2,
        Severity::Low => 1,
        Severity::Info => 0,
    };
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "clamped to 0..=1,000,000")]
    let millionths = (flag.probability.clamp(0.0, 1.0) * 1e6).round() as i64;
    severity * SEVERITY_STEP + millionths
}

/// The same contact, rule and place give the same key, so that a link to a flag outlives
/// re-scoring.
fn flag_id(contact: ContactRef, flag: &Flag, earlier_of_rule: usize) -> FlagId {
    let digest = Sha256::new()
        .chain_update(contact.0.as_bytes())
        .chain_update(flag.rule.as_str())
        .chain_update(earlier_of_rule.to_string())
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = digit);
    FlagId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Makes the analysis the current one of its contact.
macro_rules! replace_analysis {
    ($tx:ident, $item:ident, $contact:ident, $now:ident) => {
        sqlx::query(sql::SUPERSEDE).bind($contact).bind($now).execute(&mut *$tx).await?;
        sqlx::query(sql::PUT_ANALYSIS)
            .bind($contact)
            .bind(i64::from($item.analysis.revision))
            .bind(&$item.engine)
            .bind($now)
            .bind(&$item.curve)
            .bind(&$item.body)
            .execute(&mut *$tx)
            .await?;
    };
}

/// Tells which flags come, which of those `before` go, and what is predicted.
macro_rules! tell {
    ($tx:ident, $item:ident, $contact:ident, $now:ident, $before:ident) => {
        for PreparedFlag { id, raised, .. } in &$item.flags {
            if !$before.iter().any(|(known, _)| *known == id.0) {
                news!($tx, NewsKind::FlagRaised, Some($contact), id.0.to_string(), raised, $now);
            }
        }
        for (flag, rule) in
            $before.iter().filter(|(known, _)| $item.flags.iter().all(|flag| flag.id.0 != *known))
        {
            let detail = WithdrawnDetail { flag: *flag, rule, revision: $item.analysis.revision };
            let detail = decode::to_json("news.detail", &detail)?;
            news!($tx, NewsKind::FlagWithdrawn, Some($contact), flag.to_string(), detail, $now);
        }
        if let Some(predicted) = &$item.predicted {
            let kind = NewsKind::SatisfactionPredicted;
            news!($tx, kind, Some($contact), $contact.to_string(), predicted, $now);
        }
    };
}

/// Puts the flags of the analysis in the place of those before; key and rule of each of those, in order.
macro_rules! replace_flags {
    ($tx:ident, $item:ident, $contact:ident) => {{
        let mut before: Vec<(Uuid, String)> =
            sqlx::query_as(sql::DROP_FLAGS).bind($contact).fetch_all(&mut *$tx).await?;
        before.sort_unstable();
        for PreparedFlag { id, flag, utterances, facts, reason, wording, raised: _ } in &$item.flags {
            sqlx::query(sql::ADD_FLAG)
                .bind(id.0)
                .bind($contact)
                .bind(flag.rule.as_str())
                .bind(flag.severity.as_str())
                .bind(flag.status.as_str())
                .bind(flag.probability)
                .bind(utterances)
                .bind(facts)
                .bind(reason)
                .bind($item.priority)
                .bind(wording)
                .execute(&mut *$tx)
                .await?;
        }
        before
    }};
}

/// Puts the numbers of the contact in the place of those before, and marks the sums that hold them.
macro_rules! replace_measures {
    ($tx:ident, $item:ident, $contact:ident) => {
        match &$item.measures {
            Some(measures) => {
                sqlx::query(sql_statistics::PUT_MEASURES)
                    .bind($contact)
                    .bind(measures)
                    .execute(&mut *$tx)
                    .await?
            }
            None => sqlx::query(sql_statistics::DROP_MEASURES).bind($contact).execute(&mut *$tx).await?,
        };
        sqlx::query(sql_statistics::MARK_CONTACT)
            .bind($contact)
            .bind(WEEKS_BEFORE)
            .execute(&mut *$tx)
            .await?;
    };
}

impl Store {
    /// Stores analyses with their flags and numbers and ends their jobs in one transaction. `false`
    /// for a ticket whose lease another worker took over meanwhile: nothing is stored for it then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn complete(
        &self,
        done: &[(Ticket, Analysed)],
        now: UtcMillis,
    ) -> Result<Vec<bool>, StoreError> {
        if done.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = done
            .iter()
            .enumerate()
            .map(|(position, (ticket, done))| PreparedAnalysis::new(position, *ticket, done))
            .collect::<Result<Vec<_>, _>>()?;
        // The lock order of the store, see `queue.rs`.
        prepared.sort_by(|a, b| {
            (&a.analysis.source, &a.analysis.contact_id).cmp(&(&b.analysis.source, &b.analysis.contact_id))
        });
        let (now, dialect) = (now.as_millis(), self.dialect());
        let mut stored: Vec<(usize, bool)> = writing!(self, |tx| {
            let mut stored = Vec::with_capacity(prepared.len());
            for item in &prepared {
                let contact: Uuid = item.ticket.contact.0;
                sqlx::query(sql_queue::LOCK_CONTACT).bind(contact).execute(&mut *tx).await?;
                let taken = sqlx::query(sql_queue::TAKE_JOB)
                    .bind(item.ticket.job)
                    .bind(contact)
                    .bind(i64::from(item.ticket.attempt))
                    .execute(&mut *tx)
                    .await?
                    .rows_affected();
                stored.push((item.position, taken > 0));
                if taken == 0 {
                    continue;
                }
                replace_analysis!(tx, item, contact, now);
                let before = replace_flags!(tx, item, contact);
                tell!(tx, item, contact, now, before);
                replace_measures!(tx, item, contact);
                sqlx::query(sql::SET_ANALYSED)
                    .bind(contact)
                    .bind(i64::try_from(item.flags.len()).unwrap_or(i64::MAX))
                    .bind(item.dissatisfied)
                    .bind(item.mood)
                    .execute(&mut *tx)
                    .await?;
                if let Some(FollowUp { promised, promised_hours, unsettled }) = item.follow_up {
                    let lead = sqlx::query(sql_cases::ADD_LEAD).bind(contact).bind(promised);
                    lead.bind(promised_hours.map(i64::from)).bind(unsettled).execute(&mut *tx).await?;
                }
                index!(tx, dialect, contact, &item.words);
            }
            stored
        });
        stored.sort_by_key(|(position, _)| *position);
        Ok(stored.into_iter().map(|(_, stored)| stored).collect())
    }
}
