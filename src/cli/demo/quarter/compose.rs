//! From a slot to a contact: a scene, and what people say before, within and after it.

use serde_json::json;

use crate::domain::{Channel, Rule, Speaker};

use super::assets::{Assets, Scene, SceneCourse, register_of};
use super::cast::Cast;
use super::chance::SeededChance;
use super::plan::Slot;

/// Of a thousand customers, so many were there before.
const COME_AGAIN: u32 = 100;

/// Of a thousand customers, so many answer the survey.
const ANSWER: u32 = 150;

/// A contact that was put together, and what a person would find in it.
pub(super) struct Composed {
    /// `tingxin.contact.v1`.
    pub(super) json: String,
    /// Rules that apply.
    pub(super) truth: Vec<Rule>,
}

/// Who says what.
type Line = (Speaker, &'static str);

/// Puts contacts together, each always the same way.
pub(super) struct Composer {
    pub(super) assets: Assets,
    pub(super) cast: Cast,
}

/// A contact that is being put together.
struct TalkDraft<'a> {
    assets: &'a Assets,
    channel: Channel,
    chance: SeededChance,
    lines: Vec<Line>,
    truth: Vec<Rule>,
}

impl Composer {
    /// With everything that is compiled in.
    pub(super) fn new() -> Self {
        Self { assets: Assets::read(), cast: Cast::read() }
    }

    /// The contact of a slot.
    pub(super) fn compose(&self, slot: &Slot) -> Composed {
        let mut chance = SeededChance::of(&[slot.number, 1]);
        let usual = self.cast.course(&slot.staff, slot.weeks_ago, &mut chance);
        let scene = if slot.outage {
            let own: Vec<&Scene> =
                self.assets.outage.iter().filter(|one| one.channel == slot.channel).collect();
            chance.pick(&own).copied()
        } else {
            self.scene(slot.channel, usual, &mut chance)
        };
        let Some(scene) = scene else { return Composed { json: String::new(), truth: Vec::new() } };
        // An outage is nobody's manner.
        let course = if slot.outage { scene.course } else { usual };
        if scene.is_note() {
            return Composed { json: note(slot, scene, &mut chance), truth: scene.truth.clone() };
        }
        let assets = &self.assets;
        let mut draft = TalkDraft {
            assets,
            channel: slot.channel,
            chance,
            lines: Vec::new(),
            truth: scene.truth.clone(),
        };
        draft.begin(scene);
        draft.middle(scene, slot);
        draft.end(course, scene.course == course);
        let TalkDraft { lines, truth, mut chance, .. } = draft;
        Composed { json: transcript(slot, scene, &lines, &mut chance, course), truth }
    }

    /// A scene that goes so; a calm or sour one is made worse where none was written.
    fn scene(&self, channel: Channel, course: SceneCourse, chance: &mut SeededChance) -> Option<&Scene> {
        let instead = match course {
            SceneCourse::Abuse | SceneCourse::Threat => SceneCourse::Sour,
            _ => SceneCourse::Calm,
        };
        [course, instead, SceneCourse::Calm]
            .into_iter()
            .find_map(|one| chance.pick(self.assets.scenes(channel, one)))
    }
}

impl TalkDraft<'_> {
    fn say(&mut self, speaker: Speaker, purpose: &str) {
        let line = self.chance.pick(self.assets.lines(purpose, self.channel)).copied();
        self.lines.extend(line.map(|line| (speaker, line)));
    }

    fn maybe(&mut self, per_mille: u32, lines: &[(Speaker, &str)]) {
        if self.chance.happens(per_mille) {
            for (speaker, purpose) in lines {
                self.say(*speaker, purpose);
            }
        }
    }

    fn begin(&mut self, scene: &Scene) {
        if register_of(self.channel) == "spoken" {
            self.lines.push((Speaker::System, "来电已接入人工服务"));
        }
        if scene.lines.first().is_none_or(|(speaker, _)| *speaker != Some(Speaker::Agent)) {
            self.say(Speaker::Agent, "greet");
        }
    }

    /// The scene, with what is asked and said in passing.
    fn middle(&mut self, scene: &Scene, slot: &Slot) {
        let (verify, hold) = (self.chance.happens(250), self.chance.happens(250));
        let mut answered = 0;
        for (speaker, said) in &scene.lines {
            let speaker = speaker.unwrap_or(Speaker::Agent);
            self.lines.push((speaker, said));
            if speaker == Speaker::Customer {
                answered += 1;
            }
            match (speaker, answered) {
                (Speaker::Customer, 1) if verify => {
                    self.maybe(1_000, &[(Speaker::Agent, "verify-ask"), (Speaker::Customer, "verify-say")]);
                    answered += 1;
                }
                (Speaker::Customer, 3) if hold => {
                    self.maybe(1_000, &[(Speaker::Agent, "hold"), (Speaker::Customer, "assent")]);
                    answered += 1;
                }
                (Speaker::Agent, 2..) if slot.curt => self.maybe(350, &[(Speaker::Agent, "curt")]),
                (Speaker::Agent, 2..) => self.maybe(70, &[(Speaker::Agent, "warm")]),
                _ => {}
            }
        }
    }

    /// How it ends. `written` says that the scene itself goes so already.
    fn end(&mut self, course: SceneCourse, written: bool) {
        use Speaker::{Agent, Customer};
        match course {
            SceneCourse::Calm | SceneCourse::Pleased => {
                self.maybe(300, &[(Agent, "ask-content"), (Customer, "content")]);
                self.maybe(600, &[(Customer, "bye-calm"), (Agent, "close")]);
            }
            SceneCourse::Recovery => {
                if !written {
                    self.maybe(1_000, &[(Agent, "solve"), (Customer, "relief")]);
                }
                self.maybe(500, &[(Agent, "ask-content"), (Customer, "content")]);
                self.maybe(700, &[(Agent, "close")]);
            }
            SceneCourse::Sour | SceneCourse::Silent => {
                self.maybe(400, &[(Agent, "taken")]);
                self.maybe(300, &[(Agent, "told")]);
                self.maybe(500, &[(Agent, "close")]);
            }
            SceneCourse::Lapse => {
                self.maybe(
                    1_000,
                    &[(Agent, "lapse"), (Customer, "hurt"), (Agent, "curt"), (Customer, "sour-end")],
                );
                self.found(&[Rule::AgentLapse, Rule::NegativeEnding]);
            }
            SceneCourse::Abuse => {
                self.maybe(1_000, &[(Customer, "abuse"), (Agent, "calm-down"), (Customer, "sour-end")]);
                self.found(&[Rule::Abuse, Rule::NegativeEnding]);
            }
            SceneCourse::Threat => {
                self.maybe(1_000, &[(Customer, "threat"), (Agent, "taken")]);
                self.maybe(500, &[(Agent, "told")]);
                self.found(&[Rule::RegulatorRisk, Rule::NegativeEnding]);
            }
        }
    }

    fn found(&mut self, rules: &[Rule]) {
        for rule in rules {
            if !self.truth.contains(rule) {
                self.truth.push(*rule);
            }
        }
    }
}

fn transcript(
    slot: &Slot,
    scene: &Scene,
    lines: &[Line],
    chance: &mut SeededChance,
    course: SceneCourse,
) -> String {
    let lines: Vec<_> =
        lines.iter().map(|(speaker, text)| json!({"speaker": speaker.as_str(), "text": text})).collect();
    let mut contact = head(slot, scene, chance);
    if let Some(fields) = contact.as_object_mut() {
        fields.insert("utterances".to_owned(), json!(lines));
        if chance.happens(ANSWER) {
            fields.insert("survey".to_owned(), json!({"satisfaction": answer(course, chance), "scale": 5}));
        }
    }
    contact.to_string()
}

fn note(slot: &Slot, scene: &Scene, chance: &mut SeededChance) -> String {
    let sentences: Vec<&str> = scene.lines.iter().map(|(_, said)| said.trim_end_matches('。')).collect();
    let mut contact = head(slot, scene, chance);
    if let Some(fields) = contact.as_object_mut() {
        fields.insert("note".to_owned(), json!({"text": format!("{}。", sentences.join("。"))}));
    }
    contact.to_string()
}

fn head(slot: &Slot, scene: &Scene, chance: &mut SeededChance) -> serde_json::Value {
    let source = match register_of(slot.channel) {
        "spoken" => "hotline-10086",
        "typed" => "online-service",
        _ => "service-desk",
    };
    let customer = if chance.happens(COME_AGAIN) { slot.number + 90 } else { slot.number };
    json!({
        "schema": "tingxin.contact.v1",
        "source": source,
        "contact_id": format!("Q-{:06}", slot.number),
        "channel": slot.channel.as_str(),
        "started_at": slot.at.to_rfc3339(),
        "business_process": scene.process,
        "staff": {"id": slot.staff, "team": slot.team},
        "customer": {"id": format!("1990000{:04}", customer % 10_000)},
    })
}

/// What the customer answers afterwards; the angry answer less often than others, and some say what nobody expects.
fn answer(course: SceneCourse, chance: &mut SeededChance) -> usize {
    let usual: &[usize] = match course {
        SceneCourse::Calm => &[5, 5, 5, 4, 4, 3],
        SceneCourse::Pleased | SceneCourse::Recovery => &[5, 5, 5, 4],
        SceneCourse::Silent => &[2, 3, 3, 4],
        _ => &[1, 1, 2, 3],
    };
    chance.pick(usual).copied().unwrap_or(5)
}
