//! Words and cues: what is found in an utterance, and in whose mouth.

use proptest::prelude::*;
use tingxin::domain::{About, CueKind, Emotion, LapseAct, NoteOutcome, Speaker, Threat};
use tingxin::segment::Segmenter;

use crate::support::words::cut;

const CUSTOMER: Option<Speaker> = Some(Speaker::Customer);
const AGENT: Option<Speaker> = Some(Speaker::Agent);
const NOTE: Option<Speaker> = None;

fn words(text: &str) -> Vec<String> {
    cut(CUSTOMER, text).words().map(str::to_owned).collect()
}

fn kinds(speaker: Option<Speaker>, text: &str) -> Vec<CueKind> {
    cut(speaker, text).cues.iter().map(|cue| cue.kind).collect()
}

#[test]
fn telecom_words_stay_whole_and_marks_are_no_words() {
    assert_eq!(
        words("光猫不亮了，携号转网怎么办理？"),
        ["光猫", "不", "亮", "了", "携号转网", "怎么", "办理"]
    );
}

#[test]
fn a_placeholder_of_redaction_is_one_word() {
    assert_eq!(words("我的[身份证号]和[电话]"), ["我", "的", "[身份证号]", "和", "[电话]"]);
    assert_eq!(words("[图片]这个"), ["图片", "这个"]);
}

#[test]
fn word_positions_count_characters_of_the_text_as_written() {
    let text = "５Ｇ宽带\u{200b}断了！";

    let cut = cut(CUSTOMER, text);

    let shown: Vec<&str> = cut.tokens.iter().map(|token| token.span.slice(text)).collect();
    assert_eq!(shown, ["５Ｇ", "宽带", "断", "了"]);
}

#[test]
fn a_system_voice_has_words_and_no_cues() {
    let cut = cut(Some(Speaker::System), "您要投诉到工信部吗，普通话服务请按一");

    assert!(cut.cues.is_empty() && !cut.tokens.is_empty());
}

#[test]
fn naming_a_regulator_and_threatening_with_one_differ_in_strength() {
    let named = cut(CUSTOMER, "工信部是管什么的");
    let threatened = cut(CUSTOMER, "我要去工信部投诉你们");

    let strength = |text: &tingxin::domain::SegmentedText| {
        text.cues.iter().find(|cue| cue.kind == CueKind::Threat(Threat::Regulator)).map(|cue| cue.strength)
    };
    assert_eq!(strength(&named), Some(2));
    assert_eq!(strength(&threatened), Some(4));
}

#[test]
fn a_threat_is_heard_from_customers_and_notes_and_a_lapse_from_staff_alone() {
    let threat = "再不修我就去工信部投诉";
    let lapse = "谁让你不看清楚的";

    assert!(kinds(CUSTOMER, threat).contains(&CueKind::Threat(Threat::Regulator)));
    assert!(kinds(NOTE, threat).contains(&CueKind::Threat(Threat::Regulator)));
    assert!(!kinds(AGENT, threat).contains(&CueKind::Threat(Threat::Regulator)));
    assert!(kinds(AGENT, lapse).contains(&CueKind::Lapse(LapseAct::Blame)));
    assert!(!kinds(CUSTOMER, lapse).contains(&CueKind::Lapse(LapseAct::Blame)));
}

#[test]
fn what_staff_must_do_is_found() {
    assert!(kinds(AGENT, "我已经帮您登记了，二十四小时内给您回复").contains(&CueKind::DeadlineTold));
    assert!(kinds(AGENT, "我已经帮您登记了").contains(&CueKind::ComplaintTaken));
    assert!(kinds(AGENT, "您对本次服务还满意吗").contains(&CueKind::SatisfactionAsked));
    assert!(kinds(CUSTOMER, "家里宽带又断网了").contains(&CueKind::ProblemRaised));
}

#[test]
fn an_insult_hidden_behind_wide_letters_is_still_one() {
    let insults: Vec<u8> = cut(CUSTOMER, "你个ＳＢ")
        .cues
        .iter()
        .filter(|cue| cue.kind == CueKind::Abuse)
        .map(|cue| cue.strength)
        .collect();

    assert_eq!(insults, [2]);
}

#[test]
fn overlapping_finds_of_one_kind_are_one_cue() {
    let regulator: Vec<_> = cut(CUSTOMER, "我现在就打12315，再去工信部投诉")
        .cues
        .into_iter()
        .filter(|cue| cue.kind == CueKind::Threat(Threat::Regulator))
        .collect();

    assert!(regulator.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{regulator:?}");
}

#[test]
fn a_cue_begins_and_ends_with_a_word() {
    let text = "行了，滚！！";

    for cue in cut(CUSTOMER, text).cues {
        let place = cue.span.slice(text);
        assert!(place.chars().next().unwrap().is_alphanumeric(), "{place}");
        assert!(place.chars().last().unwrap().is_alphanumeric(), "{place}");
    }
}

#[test]
fn a_note_reports_whose_emotion_it_was_and_what_became_of_it() {
    let kinds = kinds(NOTE, "客户情绪激动，已安抚客户情绪。");

    assert!(
        kinds.contains(&CueKind::Reported { about: About::Customer, emotion: Emotion::Anger }),
        "{kinds:?}"
    );
    assert!(kinds.contains(&CueKind::Outcome(NoteOutcome::Soothed)), "{kinds:?}");
}

#[test]
fn of_a_sentence_about_both_the_customer_comes_first() {
    let both = cut(NOTE, "本人当时也着急上火，客户非常愤怒");

    assert_eq!(both.reported_about(), Some(About::Customer));
}

#[test]
fn phrases_close_to_a_pattern_are_told_apart_from_it() {
    let media = CueKind::Threat(Threat::Media);
    let reported = CueKind::Reported { about: About::Customer, emotion: Emotion::Fear };
    let resolved = CueKind::Outcome(NoteOutcome::Resolved);
    for (speaker, kind, said, not_said) in [
        (AGENT, CueKind::Lapse(LapseAct::Dismissal), "又没人求着您用", "是您家人求着您办的吗"),
        (AGENT, CueKind::Lapse(LapseAct::Impatience), "我没空陪您聊", "您现在没空的话我晚点打来"),
        (AGENT, CueKind::Lapse(LapseAct::Blame), "您冲我嚷嚷也没用", "您的声音有点小"),
        (AGENT, CueKind::ComplaintTaken, "我先给您记一笔", "快递单号稍后短信发您"),
        (CUSTOMER, CueKind::ProblemRaised, "我家光猫坏了", "家里老人高兴坏了"),
        (CUSTOMER, CueKind::ProblemRaised, "你们赶紧来修网", "谢谢修网的师傅"),
        (CUSTOMER, media, "不行的话电视台我也找", "我在电视台上班"),
        (NOTE, resolved, "回访客户满意,已归档", "回访宽带装机满意度"),
        (NOTE, reported, "解释后仍未打消顾虑", "解释后客户打消顾虑"),
    ] {
        assert!(kinds(speaker, said).contains(&kind), "{kind:?} is not found in {said}");
        assert!(!kinds(speaker, not_said).contains(&kind), "{kind:?} is found in {not_said}");
    }
}

#[test]
fn loading_a_second_segmenter_shares_the_first_ones_dictionary() {
    let first = Segmenter::new().unwrap();
    let second = Segmenter::new().unwrap();

    assert!(first.shares_tables_with(&second));
}

proptest! {
    #[test]
    fn every_place_lies_inside_the_text(text in "[\\PC你们我要投诉气死了滚,。！\\[\\]电话]{0,60}") {
        for speaker in [CUSTOMER, AGENT, NOTE, Some(Speaker::System)] {
            let cut = cut(speaker, &text);
            let length = text.chars().count();
            for span in cut.tokens.iter().map(|token| token.span).chain(cut.cues.iter().map(|cue| cue.span)) {
                prop_assert!(span.start < span.end && span.end <= length, "{span:?} of {length}");
            }
            prop_assert!(cut.tokens.windows(2).all(|pair| pair[0].to <= pair[1].from));
        }
    }
}
