//! A small recurrent layer over the vectors of utterances: what somebody hears who heard the turns
//! before.
//!
//! It reads the turns of both sides once, in order, and says after each one how it sounds in its
//! context and how satisfied the customer is by now. It never looks ahead, so a contact that is
//! still going on can be read turn by turn. What the encoder said of an utterance alone stays as it
//! is: statistics of contagion need readings that have not seen their neighbours.
//!
//! A layer of attention over all turns was rejected: the contacts to learn from are few, and a
//! state that is carried along costs the same for the hundredth turn as for the first.

use super::math::{DenseRow, LANES, sigmoid, softmax};
use super::voice_row::voice_row;
use super::weights::Tensors;
use crate::Voice;
use tingxin_text::domain::{
    Emotion, EmotionScores, Heard, SatisfactionScores, ScoredContact, UtteranceScore,
};

/// Places for the voices, by [`voice_row`]. The others stay 0: products are computed in lanes of
/// eight.
const SIDES: usize = 8;
/// Places for the numbers of the course so far, see [`MoodHistory::numbers`]; for the same reason
/// two more than there are.
const COURSE: usize = 8;
/// Turns of the customer that count as recent.
const RECENT: usize = 3;
/// Steps of satisfaction.
const STEPS: usize = 5;
/// Probabilities below this count as this much: their logarithm says nothing more.
const LEAST: f32 = 1e-4;

/// The layer that reads a turn after those before it.
pub(super) struct ContextLayer {
    /// From the encoder's pooled state to the vector that is kept of an utterance.
    project: DenseRow,
    /// Gates «reset», «update» and «new» over the input, and over the state before.
    input: DenseRow,
    state: DenseRow,
    mood: DenseRow,
    emotion: DenseRow,
    /// How much the reading alone weighs in the reading in context.
    own: f32,
    course: DenseRow,
    satisfaction: DenseRow,
}

impl ContextLayer {
    /// Reads the layer, and checks that its parts fit together and to states of `width` values.
    pub(super) fn open(file: &[u8], width: usize) -> Result<Self, String> {
        let tensors = Tensors::open(file)?;
        let project = tensors.head("project", width)?;
        let inputs = project.bias.len() + SIDES + Emotion::COUNT;
        let input = tensors.head("input", inputs)?;
        let hidden = input.bias.len() / 3;
        let mood = tensors.head("mood", hidden + inputs)?;
        let course = tensors.head("course", hidden + COURSE)?;
        let own = tensors.values("own")?;
        let context = Self {
            state: tensors.head("state", hidden)?,
            emotion: tensors.head("emotion", mood.bias.len())?,
            satisfaction: tensors.head("satisfaction", course.bias.len())?,
            own: own.first().copied().unwrap_or(1.0),
            project,
            input,
            mood,
            course,
        };
        let lanes = [hidden, context.project.bias.len(), context.mood.bias.len(), context.course.bias.len()];
        let fits = lanes.iter().all(|width| *width > 0 && width.is_multiple_of(LANES))
            && own.len() == 1
            && context.state.bias.len() == 3 * hidden
            && context.input.bias.len() == 3 * hidden
            && context.emotion.bias.len() == Emotion::COUNT
            && context.satisfaction.bias.len() == STEPS;
        fits.then_some(context).ok_or_else(|| "the parts of the layer do not fit together".to_owned())
    }

    /// What is kept of an utterance.
    pub(super) fn vector(&self, pooled: &[f32]) -> Vec<f32> {
        self.project.apply(pooled)
    }

    /// Hears a contact from its first turn to its last. System voices are not heard.
    pub(super) fn hear(&self, contact: &mut ScoredContact) {
        let mut hidden = vec![0.0; self.state.inputs];
        let mut course = MoodHistory::default();
        let channel = contact.header.channel;
        contact.body.each_mut(|speaker, text| {
            let Some((score, voice)) = text.score.as_ref().zip(Voice::of(speaker, channel)) else { return };
            let Some(vector) = score.vector.as_deref() else { return };
            let known = score.emotions.parts().map(|p| p.max(LEAST).ln());
            let mut input: Vec<f32> = vector.to_vec();
            input.extend((0..SIDES).map(|at| if at == voice_row(voice) { 1.0 } else { 0.0 }));
            input.extend(known.iter().map(|value| value / 4.0));
            hidden = self.step(&input, &hidden);
            course.add(voice, score);
            text.heard = self.read(&input, &hidden, &known, &course);
        });
    }

    /// The state after one more turn: a gated recurrent unit (Cho et al. 2014) in the form of
    /// `torch.nn.GRU`.
    fn step(&self, input: &[f32], before: &[f32]) -> Vec<f32> {
        let (from_input, from_state) = (self.input.apply(input), self.state.apply(before));
        let width = before.len();
        before
            .iter()
            .enumerate()
            .map(|(at, before)| {
                let both = |which| gate(&from_input, width, which, at) + gate(&from_state, width, which, at);
                let (reset, update) = (sigmoid(both(0)), sigmoid(both(1)));
                // tanh by the same exponential as everywhere, and not by the C library's.
                let new =
                    2.0 * sigmoid(
                        2.0 * (gate(&from_input, width, 2, at) + reset * gate(&from_state, width, 2, at)),
                    ) - 1.0;
                (1.0 - update) * new + update * before
            })
            .collect()
    }

    fn read(
        &self,
        input: &[f32],
        hidden: &[f32],
        known: &[f32; Emotion::COUNT],
        course: &MoodHistory,
    ) -> Option<Heard> {
        let mood = rectified(self.mood.apply(&[hidden, input].concat()));
        let mut emotions = [0.0; Emotion::COUNT];
        for ((logit, added), known) in emotions.iter_mut().zip(self.emotion.apply(&mood)).zip(known) {
            *logit = added + self.own * known;
        }
        softmax(&mut emotions);
        let felt = rectified(self.course.apply(&[hidden, &course.numbers()].concat()));
        let mut satisfaction: [f32; STEPS] = self.satisfaction.apply(&felt).try_into().ok()?;
        softmax(&mut satisfaction);
        Some(Heard {
            emotions: EmotionScores::from_weights(emotions).ok()?,
            satisfaction: SatisfactionScores::from_weights(satisfaction)?,
        })
    }
}

/// One value of one of the three gates.
fn gate(gates: &[f32], width: usize, which: usize, at: usize) -> f32 {
    gates.get(which * width + at).copied().unwrap_or_default()
}

/// What was heard so far, in numbers: the customer's valence (or what a note reports of it) and the
/// staff's.
#[derive(Default)]
struct MoodHistory {
    customer: ValenceHistory,
    staff: ValenceHistory,
}

/// The valences of one side.
#[derive(Default)]
struct ValenceHistory {
    turns: usize,
    sum: f32,
    worst: f32,
    /// The last ones, the latest in front.
    recent: [f32; RECENT],
}

impl MoodHistory {
    fn add(&mut self, voice: Voice, score: &UtteranceScore) {
        let side = if voice.is_staff() { &mut self.staff } else { &mut self.customer };
        side.add(score.valence.get());
    }

    /// The customer's mean, worst and last valence, the mean of the last three, the staff's mean,
    /// and the number of turns.
    fn numbers(&self) -> [f32; COURSE] {
        let Self { customer, staff } = self;
        let turns = size(customer.turns + staff.turns);
        [
            customer.mean(),
            customer.worst,
            customer.recent.first().copied().unwrap_or_default(),
            customer.mean_of_recent(),
            staff.mean(),
            (1.0 + turns).ln() / 3.0,
            0.0,
            0.0,
        ]
    }
}

impl ValenceHistory {
    fn add(&mut self, valence: f32) {
        self.turns += 1;
        self.sum += valence;
        self.worst = self.worst.min(valence);
        self.recent.rotate_right(1);
        if let Some(latest) = self.recent.first_mut() {
            *latest = valence;
        }
    }

    fn mean(&self) -> f32 {
        self.sum / size(self.turns.max(1))
    }

    fn mean_of_recent(&self) -> f32 {
        self.recent.iter().sum::<f32>() / size(self.turns.clamp(1, RECENT))
    }
}

fn size(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}

fn rectified(mut values: Vec<f32>) -> Vec<f32> {
    for value in &mut values {
        *value = value.max(0.0);
    }
    values
}
