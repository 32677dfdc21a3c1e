//! Amazon's post-call analytics: `ConversationAnalytics` beside `SpeechSegments`.

use serde_json::Value;

use super::super::columns;
use super::super::roles;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{at, has_list, list, text};

pub(super) struct PostCall;

impl FileForm for PostCall {
    fn name(&self) -> &'static str {
        "post-call-analytics"
    }

    fn example(&self) -> &'static str {
        r#"{"ConversationAnalytics":{"GUID":"g-1","Agent":"A1001","SpeakerLabels":[{"Speaker":"spk_0","DisplayText":"Agent"},{"Speaker":"spk_1","DisplayText":"Customer"}]},"SpeechSegments":[{"SegmentStartTime":0.0,"SegmentEndTime":2.3,"SegmentSpeaker":"spk_0","OriginalText":"您好，请问什么事？"},{"SegmentStartTime":2.6,"SegmentEndTime":5.1,"SegmentSpeaker":"spk_1","OriginalText":"我家宽带又断了。"}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        matches!(document, Document::Json(value) if has_list(value, "SpeechSegments"))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let about = value.get("ConversationAnalytics").unwrap_or(value);
        let names: Vec<(String, String)> = list(about, "SpeakerLabels")
            .iter()
            .filter_map(|one| Some((text(one, "Speaker")?, text(one, "DisplayText")?)))
            .collect();
        let turns = list(value, "SpeechSegments").iter().map(|segment| turn(segment, &names)).collect();
        Ok(vec![ToldContact {
            id: text(about, "GUID").or_else(|| {
                at(about, "SourceInformation.0.TranscribeJobInfo.TranscriptionJobName")
                    .and_then(super::super::values::word)
            }),
            started_at: text(about, "ConversationTime").as_deref().and_then(columns::moment),
            staff: text(about, "Agent"),
            customer: text(about, "Cust"),
            turns,
            ..ToldContact::default()
        }])
    }
}

fn turn(segment: &Value, names: &[(String, String)]) -> ToldTurn {
    let label = text(segment, "SegmentSpeaker");
    let name = names.iter().find(|(known, _)| Some(known) == label.as_ref()).map(|(_, name)| name.as_str());
    ToldTurn {
        speaker: name.and_then(roles::label),
        label,
        text: text(segment, "DisplayText")
            .or_else(|| text(segment, "OriginalText"))
            .map(|text| super::super::values::without_tags(&text))
            .unwrap_or_default(),
        start: segment.get("SegmentStartTime").and_then(When::seconds),
        end: segment.get("SegmentEndTime").and_then(When::seconds),
    }
}
