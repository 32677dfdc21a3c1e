//! Builds scored contacts by hand, so that signals and rules can be tested without any model.

use tingxin::domain::{
    Body, Channel, ContactId, Cue, CueKind, Emotion, EmotionScores, Evidence, Header, Heard, NormalText,
    RedactedLine, SatisfactionScores, ScoredContact, ScoredText, SegmentedText, SourceId, Span, Speaker,
    Token, Utterance, UtteranceScore,
};

/// One text with its score. Words are written with bars between them: «网络|断|了».
#[derive(Debug, Clone)]
pub(crate) struct Line {
    text: String,
    tokens: Vec<Token>,
    cues: Vec<Cue>,
    evidence: Vec<Evidence>,
    emotions: EmotionScores,
    scorable: bool,
    abuse: f32,
    heard: Option<Heard>,
}

/// A calm line.
pub(crate) fn line(words: &str) -> Line {
    let text: String = words.split('|').collect();
    let (mut chars, mut bytes) = (0, 0);
    let tokens = words
        .split('|')
        .map(|word| {
            let (start, from) = (chars, bytes);
            chars += word.chars().count();
            bytes += word.len();
            Token { span: Span::new(start, chars), from, to: bytes }
        })
        .collect();
    Line {
        text,
        tokens,
        cues: vec![],
        evidence: vec![],
        emotions: mostly(Emotion::Neutral, 0.96),
        scorable: true,
        abuse: 0.0,
        heard: None,
    }
}

/// `share` on one emotion, the rest spread evenly over the others.
pub(crate) fn mostly(emotion: Emotion, share: f32) -> EmotionScores {
    let mut weights = [(1.0 - share) / 7.0; Emotion::COUNT];
    let at = Emotion::ALL.iter().position(|e| *e == emotion).unwrap();
    weights[at] = share;
    EmotionScores::from_weights(weights).unwrap()
}

impl Line {
    /// Gives it an emotion.
    pub(crate) fn felt(mut self, emotion: Emotion, share: f32) -> Self {
        self.emotions = mostly(emotion, share);
        self
    }

    /// Gives it any distribution.
    pub(crate) fn scored(mut self, emotions: EmotionScores) -> Self {
        self.emotions = emotions;
        self
    }

    /// Marks a part of it as a cue.
    pub(crate) fn cue(mut self, kind: CueKind, words: &str, strength: u8) -> Self {
        let span = self.place(words);
        self.cues.push(Cue { kind, span, strength });
        self
    }

    /// Marks a part of it as evidence.
    pub(crate) fn because(mut self, words: &str, weight: f32) -> Self {
        let Span { start, end } = self.place(words);
        self.evidence.push(Evidence { start, end, weight });
        self
    }

    /// Has it heard in its context with that emotion, and the customer that satisfied by then, from
    /// 1 to 5.
    pub(crate) fn heard(mut self, emotion: Emotion, share: f32, satisfaction: usize) -> Self {
        let mut steps = [0.05; 5];
        steps[satisfaction - 1] = 0.8;
        let satisfaction = SatisfactionScores::from_weights(steps).unwrap();
        self.heard = Some(Heard { emotions: mostly(emotion, share), satisfaction });
        self
    }

    /// Makes it too short to be read.
    pub(crate) fn unreadable(mut self) -> Self {
        self.scorable = false;
        self
    }

    /// Sets the model's probability of an insult.
    pub(crate) fn abusive(mut self, probability: f32) -> Self {
        self.abuse = probability;
        self
    }

    fn place(&self, words: &str) -> Span {
        let byte = self.text.find(words).expect("the words stand in the line");
        let start = self.text[..byte].chars().count();
        Span::new(start, start + words.chars().count())
    }

    fn segmented(self) -> (SegmentedText, UtteranceScore) {
        let line: RedactedLine = serde_json::from_value(serde_json::json!({ "text": self.text })).unwrap();
        let segmented = SegmentedText {
            simplified: None,
            normal: NormalText::of(line.text.as_str()),
            line,
            tokens: self.tokens,
            cues: self.cues,
        };
        (segmented, UtteranceScore::from_emotions(self.emotions, self.scorable, self.abuse, self.evidence))
    }

    fn scored_text(self) -> ScoredText {
        let heard = self.heard;
        let (segmented, score) = self.segmented();
        ScoredText { segmented, score: Some(score), heard }
    }
}

/// A transcript or a note in the making.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    id: String,
    turns: Vec<(Speaker, Line)>,
}

/// An empty contact.
pub(crate) fn contact(id: &str) -> Script {
    Script { id: id.to_owned(), turns: vec![] }
}

impl Script {
    /// The customer speaks.
    pub(crate) fn customer(self, line: Line) -> Self {
        self.says(Speaker::Customer, line)
    }

    /// The agent speaks.
    pub(crate) fn agent(self, line: Line) -> Self {
        self.says(Speaker::Agent, line)
    }

    /// A machine speaks.
    pub(crate) fn system(self, line: Line) -> Self {
        self.says(Speaker::System, line)
    }

    fn says(mut self, speaker: Speaker, line: Line) -> Self {
        self.turns.push((speaker, line));
        self
    }

    /// Customer turns of these moods, each answered by a calm agent.
    pub(crate) fn moods(self, moods: &[EmotionScores]) -> Self {
        moods.iter().fold(self, |script, mood| {
            script.customer(line("我|来|说|一件|事").scored(*mood)).agent(line("我|来|帮|您|看"))
        })
    }

    /// The contact as a transcript.
    pub(crate) fn transcript(self) -> ScoredContact {
        let body = Body::Transcript(
            self.turns
                .into_iter()
                .map(|(speaker, line)| {
                    let mut text = line.scored_text();
                    if speaker == Speaker::System {
                        text.score = None;
                    }
                    Utterance { speaker, text, start_ms: None, end_ms: None }
                })
                .collect(),
        );
        Self::with(&self.id, body)
    }

    /// The contact as a note; speakers do not matter.
    pub(crate) fn note(self) -> ScoredContact {
        let body = Body::Note(self.turns.into_iter().map(|(_, line)| line.scored_text()).collect());
        Self::with(&self.id, body)
    }

    fn with(id: &str, body: Body<ScoredText>) -> ScoredContact {
        ScoredContact { header: header(id), customer: None, body }
    }
}

/// The header of a hotline contact.
pub(crate) fn header(id: &str) -> Header {
    Header {
        source: SourceId::new("test").unwrap(),
        contact_id: ContactId::new(id).unwrap(),
        revision: 1,
        channel: Channel::Hotline,
        started_at: None,
        business_process: None,
        staff: None,
        survey: None,
    }
}

/// An angry line.
pub(crate) fn angry() -> Line {
    line("你们|太|气人|了").felt(Emotion::Anger, 0.95)
}

/// Four calm turns of the customer, then three angry ones.
pub(crate) fn escalating() -> Script {
    let (calm, anger) = (mostly(Emotion::Neutral, 0.98), mostly(Emotion::Anger, 0.98));
    contact("escalating").moods(&[calm, calm, calm, calm, anger, anger, anger])
}
