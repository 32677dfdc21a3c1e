//! Every form that is read, with an example of each.

use super::forms;
use super::told::FileForm;

/// A form that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatEntry {
    /// Its name, as `--explain` gives it.
    pub name: &'static str,
    /// Whose it is.
    pub about: &'static str,
    /// What it looks like.
    pub example: &'static str,
}

/// Our own forms and the tables; for containers the example says what is inside.
const OWN: [FormatEntry; 6] = [
    FormatEntry {
        name: "tingxin.contact.v1",
        about: "Tingxin's own form: JSON or NDJSON",
        example: r#"{"source":"hotline-10086","contact_id":"H-1","channel":"hotline","utterances":[{"speaker":"agent","text":"您好，请问什么事？","start_ms":0},{"speaker":"customer","text":"我家宽带又断了。","start_ms":2600}]}"#,
    },
    FormatEntry {
        name: "text",
        about: "plain text: who speaks and a colon before every turn",
        example: "编号：H-1\n[00:00:01] 客服：您好，请问什么事？\n[00:00:03] 客户：我家宽带又断了。\n",
    },
    FormatEntry {
        name: "csv",
        about: "tables with a header line: one row a turn, two columns 客服 and 客户, or one row a call",
        example: "接触编号,角色,内容,开始毫秒\nH-1,客服,您好，请问什么事？,0\nH-1,客户,我家宽带又断了。,2600\n",
    },
    FormatEntry {
        name: "xlsx",
        about: "Excel workbooks, also .xls: the same tables, with titles above the header line",
        example: "a workbook; its first sheet with such a header line is read",
    },
    FormatEntry { name: "gzip", about: "any of these, compressed with gzip", example: "a .gz file" },
    FormatEntry {
        name: "zip",
        about: "archives: every file in them as if it lay in a folder",
        example: "a .zip file",
    },
];

/// Whose a form of another system is.
fn about(form: &dyn FileForm) -> &'static str {
    match form.name() {
        "webvtt" => "subtitles with voice tags or speakers before the words",
        "srt" => "subtitles with speakers before the words",
        "minutes" => "text exported from 通义听悟, 讯飞听见 and 飞书妙记: speaker and time above the words",
        "wechat" => "chats copied from WeChat and QQ: name and time above the words",
        "labelled-lines" => "lines of recognisers: SPEAKER_00, 说话人1, A and B before the words",
        "vcon" => "vCon 0.0.1 to 0.4.0: text dialogs, transcripts, WTF, the CC extension",
        "contact-lens" => "Amazon Connect Contact Lens and Transcribe Call Analytics",
        "amazon-transcribe" => "Amazon Transcribe with speakers or channels told apart",
        "post-call-analytics" => "Amazon's post-call analytics",
        "google-insights" => "Google CX Insights: uploaded entries and conversations",
        "aliyun-sca" => "阿里云智能对话分析: tickets as uploaded, results as returned",
        "genesys" => "Genesys Cloud transcripts",
        "twilio" => "Twilio: sentences of transcripts, messages of conversations",
        "chatwoot" => "Chatwoot messages",
        "zendesk" => "Zendesk: tickets with comments, chats, conversations",
        "huawei-cloud" => "华为云 quality inspection",
        "openai-messages" => "lists of messages as language models take them, and ShareGPT",
        "tingwu" => "通义听悟 (API)",
        "xfyun" => "讯飞 (API)",
        "paraformer" => "阿里云百炼 Paraformer",
        "whisper" => "Whisper, WhisperX, whisper.cpp",
        "nemo" => "NeMo manifests and its recogniser with speakers",
        "funasr" => "FunASR",
        _ => "any JSON with a list of turns: words, and who says them",
    }
}

/// All of them: our own first, then those of other systems in the order in which they are tried.
#[must_use]
pub fn formats() -> Vec<FormatEntry> {
    let foreign = forms::TEXT.iter().chain(&forms::JSON);
    let foreign =
        foreign.map(|form| FormatEntry { name: form.name(), about: about(*form), example: form.example() });
    OWN.into_iter().chain(foreign).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::{Placed, ReadError, ReadOptions, SpeakerMap, read};
    use super::formats;
    use crate::domain::Speaker;

    fn contacts(text: &str, speakers: &str) -> (Vec<Placed>, Vec<ReadError>) {
        let mut map = SpeakerMap::default();
        map.add(speakers).unwrap();
        let options = ReadOptions { speakers: map, ..ReadOptions::default() };
        let items = read(Box::new(Cursor::new(text.as_bytes().to_vec())), "call.any", &options);
        let (taken, others): (Vec<_>, Vec<_>) = items.partition(Result::is_ok);
        (taken.into_iter().flatten().collect(), others.into_iter().filter_map(Result::err).collect())
    }

    #[test]
    fn every_example_is_read_with_both_sides() {
        for entry in formats() {
            if ["xlsx", "gzip", "zip"].contains(&entry.name) {
                continue;
            }
            let answers = "SPEAKER_00=agent,SPEAKER_01=customer,0=agent,1=customer,2=customer,spk_0=agent,spk_1=customer";
            // 听悟 and 讯飞 count from one.
            let answers = match entry.name {
                "tingwu" | "xfyun" => "1=agent,2=customer",
                "twilio" => "",
                _ => answers,
            };

            let (taken, others) = contacts(entry.example, answers);

            assert!(others.is_empty() && taken.len() == 1, "{}: {others:?}", entry.name);
            let said: Vec<_> = taken[0].contact.body.texts().map(|(who, _)| who.unwrap()).collect();
            assert!(
                said.contains(&Speaker::Agent) && said.contains(&Speaker::Customer),
                "{}: {said:?}",
                entry.name
            );
            assert_eq!(said.len(), 2, "{}", entry.name);
        }
    }

    #[test]
    fn neutral_labels_are_asked_about_and_never_guessed() {
        for name in
            ["labelled-lines", "whisper", "funasr", "paraformer", "tingwu", "xfyun", "amazon-transcribe"]
        {
            let entry = formats().into_iter().find(|entry| entry.name == name).unwrap();

            let (taken, others) = contacts(entry.example, "");

            let [ReadError::Refused(refusal)] = &*others else { panic!("{name}: {taken:?} {others:?}") };
            assert_eq!((refusal.code, taken.len()), ("ambiguous_speakers", 0), "{name}");
            assert!(refusal.message.contains("--speakers"), "{}", refusal.message);
        }
    }
}
