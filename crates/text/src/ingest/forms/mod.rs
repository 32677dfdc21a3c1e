//! The forms in which other systems write contacts down, one file for each.

mod aliyun;
mod chatwoot;
mod contact_lens;
mod funasr;
mod genesys;
mod google;
mod headed;
mod huawei;
mod messages;
mod nemo;
mod pca;
mod subtitles;
mod tingwu;
mod turns;
mod twilio;
mod vcon;
mod whisper;
mod xfyun;
mod zendesk;

pub(super) use messages::is_message;
pub(super) use turns::is_turn;

use super::told::{Document, FileForm};

/// Forms of JSON. The first one that recognises a document reads it; the last takes any list of turns.
pub(super) const JSON: [&dyn FileForm; 19] = [
    &vcon::Vcon,
    &contact_lens::ContactLens,
    &contact_lens::Transcribe,
    &pca::PostCall,
    &google::GoogleInsights,
    &aliyun::Aliyun,
    &genesys::Genesys,
    &twilio::Twilio,
    &chatwoot::Chatwoot,
    &zendesk::Zendesk,
    &huawei::Huawei,
    &messages::Messages,
    &tingwu::Tingwu,
    &xfyun::Xfyun,
    &funasr::Paraformer,
    &whisper::Whisper,
    &nemo::Nemo,
    &funasr::FunAsr,
    &turns::AnyTurns,
];

/// Forms of text, in the order in which they are asked.
pub(super) const TEXT: [&dyn FileForm; 5] =
    [&subtitles::WebVtt, &subtitles::Srt, &headed::Minutes, &headed::CopiedChat, &headed::Neutral];

/// The form of JSON in which a document is written.
pub(super) fn of_json(document: &Document<'_>) -> Option<&'static dyn FileForm> {
    JSON.iter().find(|form| form.recognises(document)).copied()
}
