//! Scenes and lines that contacts are put together from. They are compiled in.

use std::collections::BTreeMap;

use crate::domain::{Channel, Rule, Speaker, closed_set};

closed_set! {
    /// How the customer's mood goes in a scene.
    SceneCourse {
        /// Nothing happens.
        Calm => "calm", "平静";
        /// The customer is pleased.
        Pleased => "pleased", "满意";
        /// Upset at first, calm or grateful in the end.
        Recovery => "recovery", "情绪缓和";
        /// It goes worse, and the customer leaves so.
        Sour => "sour", "越谈越糟";
        /// Dissatisfied without a word of complaint.
        Silent => "silent", "沉默的不满";
        /// Staff lose patience.
        Lapse => "lapse", "坐席失当";
        /// Staff are insulted.
        Abuse => "abuse", "辱骂";
        /// The customer means to go elsewhere.
        Threat => "threat", "扬言投诉";
    }
}

/// One contact as it was written, without who, when and where.
pub(super) struct Scene {
    /// Where it could have been.
    pub(super) channel: Channel,
    /// What it is about.
    pub(super) process: &'static str,
    /// How it goes.
    pub(super) course: SceneCourse,
    /// What a person would find in it.
    pub(super) truth: Vec<Rule>,
    /// Who says what; without a speaker it is a sentence of a note.
    pub(super) lines: Vec<(Option<Speaker>, &'static str)>,
}

impl Scene {
    /// Whether staff wrote it down afterwards.
    pub(super) fn is_note(&self) -> bool {
        self.lines.iter().any(|(speaker, _)| speaker.is_none())
    }
}

/// How people speak on a channel.
pub(super) fn register_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Hotline | Channel::Outbound => "spoken",
        Channel::Chat | Channel::OnlineHall => "typed",
        _ => "face",
    }
}

/// Everything that is compiled in.
pub(super) struct Assets {
    scenes: BTreeMap<(Channel, SceneCourse), Vec<Scene>>,
    /// Contacts of the planted outage.
    pub(super) outage: Vec<Scene>,
    lines: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Assets {
    /// Reads them, of each kind every second one. What cannot be read is left out: a test counts what is there.
    pub(super) fn read() -> Self {
        let mut scenes: BTreeMap<(Channel, SceneCourse), Vec<Scene>> = BTreeMap::new();
        for scene in parse_scenes(include_str!("scenes.txt")) {
            scenes.entry((scene.channel, scene.course)).or_default().push(scene);
        }
        scenes.values_mut().for_each(thin_out);
        let outage = parse_scenes(include_str!("outage.txt")).collect();
        Self { scenes, outage, lines: parse_lines(include_str!("lines.txt")) }
    }

    /// Scenes of a channel that go so.
    pub(super) fn scenes(&self, channel: Channel, course: SceneCourse) -> &[Scene] {
        self.scenes.get(&(channel, course)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Lines for a purpose as people speak on a channel.
    pub(super) fn lines(&self, purpose: &str, channel: Channel) -> &[&'static str] {
        let section = format!("{purpose} {}", register_of(channel));
        self.lines.get(section.as_str()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Scenes of one kind that are kept at least.
const KEPT: usize = 4;

/// Keeps every second one where there are many: a model reads every sentence once however often it is said, and these
/// readings are most of what filling a quarter takes. Not the shorter ones: they end before anybody can hear how.
fn thin_out(scenes: &mut Vec<Scene>) {
    if scenes.len() > KEPT {
        let mut place = 0;
        scenes.retain(|_| {
            place += 1;
            place % 2 == 1 || place < KEPT
        });
    }
}

fn parse_scenes(text: &'static str) -> impl Iterator<Item = Scene> {
    text.split("\n\n").filter_map(|block| {
        let mut lines = block.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let mut header = lines.next()?.strip_prefix("@ ")?.split(' ').skip(1);
        let channel = Channel::from_name(header.next()?)?;
        let (process, course) = (header.next()?, SceneCourse::from_name(header.next()?)?);
        let truth = header
            .next()
            .into_iter()
            .flat_map(|rules| rules.split(','))
            .filter_map(Rule::from_name)
            .collect();
        let lines = lines.filter_map(|line| {
            let (who, said) = line.split_once(' ')?;
            let speaker = match who {
                "A" => Some(Speaker::Agent),
                "C" => Some(Speaker::Customer),
                _ => None,
            };
            Some((speaker, said))
        });
        Some(Scene { channel, process, course, truth, lines: lines.collect() })
    })
}

fn parse_lines(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let (mut sections, mut open) = (BTreeMap::<&str, Vec<&str>>::new(), "");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => open = name,
            None => sections.entry(open).or_default().push(line),
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_has_scenes_of_every_course_it_needs_and_every_purpose_has_lines() {
        let assets = Assets::read();

        for channel in Channel::ALL {
            for course in [SceneCourse::Calm, SceneCourse::Sour, SceneCourse::Recovery] {
                assert!(!assets.scenes(*channel, course).is_empty(), "{channel} {course}");
            }
            for purpose in [
                "greet",
                "verify-ask",
                "verify-say",
                "hold",
                "assent",
                "ask-content",
                "content",
                "bye-calm",
                "close",
                "warm",
                "curt",
                "lapse",
                "hurt",
                "sour-end",
                "relief",
                "solve",
                "threat",
                "abuse",
                "calm-down",
                "taken",
                "told",
            ] {
                assert!(!assets.lines(purpose, *channel).is_empty(), "{purpose} {channel}");
            }
        }
        assert!(assets.outage.len() >= 6);
    }
}
