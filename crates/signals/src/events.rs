//! What happened, in closed sets, and who is told.
//!
//! An [`Event`] carries no text: no customer's words, no staff id and no unbounded label can reach
//! the metrics through it. A [`ContactRead`] names team and topic, and nothing else that is not from a closed set. Layers note events; only `metrics` knows how they are counted.

use tingxin_text::domain::{Channel, Emotion, Rule, Speaker, closed_set};

closed_set! {
    /// What became of one contact at the door.
    IngestOutcome {
        /// New, waiting to be analysed.
        Queued => "queued", "已排队";
        /// A newer revision replaced an older one.
        Updated => "updated", "已更新";
        /// Already there with the same content.
        Unchanged => "unchanged", "无变化";
        /// Same revision, other content.
        Conflict => "conflict", "冲突";
        /// Not a contact.
        Refused => "refused", "被拒绝";
    }
}

closed_set! {
    /// A stage of the pipeline.
    Stage {
        /// Personal data is taken out.
        Redact => "redact", "脱敏";
        /// Text is cut into words.
        Segment => "segment", "分词";
        /// Emotions are read.
        Score => "score", "评分";
        /// Signals are measured.
        Contagion => "contagion", "情绪感染";
        /// Flags are raised.
        Flag => "flag", "标记";
        /// Results are stored.
        Store => "store", "存储";
    }
}

closed_set! {
    /// How a contact ended for the customer, by the most probable reading.
    Ending {
        /// The customer left in a negative mood.
        Negative => "negative", "负面收尾";
        /// The customer did not.
        Calm => "calm", "平稳收尾";
        /// Nothing can be said: a note, or too few turns of the customer that can be read.
        Unknown => "unknown", "无法判断";
    }
}

/// The route a request was answered by: a template of the route table, never a path that was asked
/// for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteName(pub &'static str);

impl RouteName {
    /// Requests that no route answers share this one name, so that probing cannot create series.
    pub const UNMATCHED: Self = Self("unmatched");
}

/// Something worth counting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// A contact came in; `channel` is unknown for what is refused.
    Ingested {
        /// Touchpoint.
        channel: Option<Channel>,
        /// What became of it.
        outcome: IngestOutcome,
    },
    /// A contact was analysed and its analysis stored.
    Analysed {
        /// Touchpoint.
        channel: Channel,
        /// From intake to stored analysis.
        queue_seconds: f64,
    },
    /// A contact whose analysis was stored ended for the customer like this.
    Ended {
        /// Touchpoint.
        channel: Channel,
        /// How.
        ending: Ending,
    },
    /// Utterances were read, and their analysis stored.
    Scored {
        /// Touchpoint.
        channel: Channel,
        /// Who spoke.
        speaker: Speaker,
        /// Most probable emotion.
        emotion: Emotion,
        /// How many.
        count: u64,
    },
    /// How an utterance of a stored analysis sounds.
    Heard {
        /// Who spoke.
        speaker: Speaker,
        /// Mean valence, in [-1, 1].
        valence: f64,
    },
    /// Utterances of a stored analysis in which nothing can be read.
    Unread {
        /// Touchpoint.
        channel: Channel,
        /// How many.
        count: u64,
    },
    /// The customer of a contact whose analysis was stored is probably dissatisfied.
    Dissatisfied {
        /// Touchpoint.
        channel: Channel,
        /// Whether they let it be felt: an escalation, a negative ending, abuse or a threat.
        spoken: bool,
    },
    /// A flag was raised, and its analysis stored.
    Flagged {
        /// What raised the flag.
        rule: Rule,
        /// Touchpoint.
        channel: Channel,
    },
    /// One batch went through a stage.
    StageDone {
        /// The stage.
        stage: Stage,
        /// How long it took.
        seconds: f64,
    },
    /// An attempt to analyse a contact failed and will be repeated.
    AttemptFailed,
    /// A contact failed so often that it was set aside.
    Quarantined,
    /// The worker has begun, has dealt with contacts, or has found that none waits. Silence means
    /// that it is stuck.
    WorkWentOn,
    /// Scores were found in the cache, or not.
    CacheLooked {
        /// Found.
        hits: u64,
        /// Not found.
        misses: u64,
    },
    /// A request was answered.
    Answered {
        /// Template of the route.
        route: RouteName,
        /// HTTP method, upper case.
        method: &'static str,
        /// Status code.
        status: u16,
        /// How long it took.
        seconds: f64,
    },
    /// A request was turned away because the service is busy.
    Shed,
    /// The audit log was checked.
    AuditChecked {
        /// Whether every entry is as it was written.
        intact: bool,
        /// When, in seconds since 1970.
        at_seconds: i64,
    },
}

/// What was read in one contact whose analysis was stored. Borrowed: team and topic are names that an operator gives, and whoever
/// keeps them must bound them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContactRead<'a> {
    /// The team that served.
    pub team: Option<&'a str>,
    /// What it was about.
    pub topic: Option<&'a str>,
    /// How it ended for the customer.
    pub ending: Ending,
    /// What it was flagged for, each once.
    pub rules: &'a [Rule],
}

/// Whoever wants to hear of events. Must not block and must not fail.
pub trait Observer: Send + Sync {
    /// Takes note of one event.
    fn note(&self, event: Event);

    /// Takes note of what was read in a contact.
    fn note_contact(&self, _read: &ContactRead<'_>) {}
}

/// Hears everything and does nothing, for commands without metrics.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deaf;

impl Observer for Deaf {
    fn note(&self, _event: Event) {}
}
