//! What the classes of somebody else's classifier mean.

use std::collections::BTreeMap;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::Deserialize;

use tingxin_text::domain::Emotion;

/// The optional file that says what classes mean whose names are none of ours.
pub(super) const FILE: &str = "labels.toml";

/// Names of the three valences, which stand for several emotions.
const VALENCES: [&str; 3] = ["negative", "neutral", "positive"];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// Name of a class → one of our names.
    labels: BTreeMap<String, String>,
}

/// How the probability of one class is put on the eight emotions.
pub(super) type EmotionShare = [f32; Emotion::COUNT];

/// Names of the classes in the order of the outputs.
pub(super) fn read_names(id2label: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    let name = |at: usize| {
        let name = id2label.get(&at.to_string()).cloned();
        name.ok_or_else(|| format!("config.json: `id2label` has {} names and none for {at}", id2label.len()))
    };
    if id2label.len() < 2 {
        return Err("config.json: `id2label` must name at least two classes".to_owned());
    }
    (0..id2label.len()).map(name).collect()
}

/// What each class means: by its own name, or by what `file`, a [`FILE`], says of it.
pub(super) fn assign_shares(names: &[String], file: Option<&str>) -> Result<Vec<EmotionShare>, String> {
    let given: Given = match file {
        Some(text) => {
            Figment::from(Toml::string(text)).extract().map_err(|cause| format!("{FILE}: {cause}"))?
        }
        None => Given::default(),
    };
    if let Some(stranger) = given.labels.keys().find(|name| !names.contains(name)) {
        return Err(format!("{FILE}: the model has no class `{stranger}`; it has {}", names.join(", ")));
    }
    let meaning = |name: &String| share(given.labels.get(name).unwrap_or(name));
    let unknown: Vec<&str> =
        names.iter().filter(|name| meaning(name).is_none()).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(names.iter().filter_map(meaning).collect());
    }
    let known: Vec<&str> = Emotion::ALL.iter().map(|emotion| emotion.as_str()).chain(VALENCES).collect();
    Err(format!(
        "nobody says what these classes mean: {}; write into {FILE} in the model's folder, under [labels], \
         \"name\" = one of {}",
        unknown.join(", "),
        known.join(", ")
    ))
}

/// A class that is an emotion counts for that one. A valence does not say which emotion, and none
/// is claimed: positive and negative are spread evenly over their emotions, neutral is `neutral`.
fn share(name: &str) -> Option<EmotionShare> {
    let name = name.trim().to_ascii_lowercase();
    let mut share = EmotionShare::default();
    let mut members = 0.0;
    for (part, emotion) in share.iter_mut().zip(Emotion::ALL) {
        if names_emotion(&name, *emotion) {
            *part = 1.0;
            members += 1.0;
        }
    }
    (members > 0.0).then(|| share.map(|part| part / members))
}

/// Whether a class of this name means the emotion.
fn names_emotion(name: &str, emotion: Emotion) -> bool {
    match name {
        "negative" => emotion.is_negative(),
        "positive" => emotion.is_positive(),
        other => emotion.as_str() == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_valence_claims_no_single_emotion() {
        let shares = assign_shares(&owned(&["Negative", "neutral", "POSITIVE"]), None).unwrap();

        for (class, share) in [(Emotion::Anger, 0.25), (Emotion::Neutral, 1.0), (Emotion::Gratitude, 0.5)] {
            let place = Emotion::ALL.iter().position(|emotion| *emotion == class).unwrap();
            assert!(shares.iter().any(|shares| (shares[place] - share).abs() < 1e-6), "{class}: {shares:?}");
        }
        assert!(shares.iter().all(|share| (share.iter().sum::<f32>() - 1.0).abs() < 1e-6));
    }

    #[test]
    fn foreign_names_are_refused_until_a_file_says_what_they_mean() {
        let names = owned(&["LABEL_0", "好评", "anger"]);
        let refused = assign_shares(&names, None).unwrap_err();
        assert!(refused.contains("LABEL_0, 好评;") && refused.contains("gratitude"), "{refused}");

        let file = "[labels]\nLABEL_0 = \"neutral\"\n\"好评\" = \"positive\"\n";
        assert_eq!(assign_shares(&names, Some(file)).unwrap().len(), 3);

        let stranger = assign_shares(&names, Some("[labels]\nLABEL_9 = \"neutral\"\n")).unwrap_err();
        assert!(stranger.contains("no class `LABEL_9`"), "{stranger}");
    }

    #[test]
    fn classes_without_a_gap_in_their_numbers() {
        let map = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), format!("c{key}"))).collect();

        assert_eq!(read_names(&map(&["1", "0"])).unwrap(), ["c0", "c1"]);
        assert!(read_names(&map(&["0", "2"])).unwrap_err().contains("none for 1"));
        assert!(read_names(&map(&["0"])).is_err());
    }
}
