//! Words for who speaks, in fields of other systems.

use super::columns;
use super::turn_line;
use crate::domain::Speaker;

/// Words for who speaks that stand alone, as fields of other systems have them. In running text they would be words.
const ROLES: [(&str, Speaker); 62] = [
    ("operator", Speaker::Agent),
    ("representative", Speaker::Agent),
    ("rep", Speaker::Agent),
    ("csr", Speaker::Agent),
    ("assistant", Speaker::Agent),
    ("human_agent", Speaker::Agent),
    ("internal", Speaker::Agent),
    ("admin", Speaker::Agent),
    ("support", Speaker::Agent),
    ("servicer", Speaker::Agent),
    ("seat", Speaker::Agent),
    ("supervisor", Speaker::Agent),
    ("business", Speaker::Agent),
    ("outgoing", Speaker::Agent),
    ("customer service", Speaker::Agent),
    ("customer_service", Speaker::Agent),
    ("service", Speaker::Agent),
    ("kefu", Speaker::Agent),
    ("人工", Speaker::Agent),
    ("人工坐席", Speaker::Agent),
    ("人工座席", Speaker::Agent),
    ("接线员", Speaker::Agent),
    ("坐席人员", Speaker::Agent),
    ("座席人员", Speaker::Agent),
    ("坐席侧", Speaker::Agent),
    ("客服侧", Speaker::Agent),
    ("客服方", Speaker::Agent),
    ("坐席端", Speaker::Agent),
    ("店员", Speaker::Agent),
    ("经办人", Speaker::Agent),
    ("human", Speaker::Customer),
    ("end_user", Speaker::Customer),
    ("end-user", Speaker::Customer),
    ("enduser", Speaker::Customer),
    ("end user", Speaker::Customer),
    ("visitor", Speaker::Customer),
    ("contact", Speaker::Customer),
    ("external", Speaker::Customer),
    ("subscriber", Speaker::Customer),
    ("consumer", Speaker::Customer),
    ("incoming", Speaker::Customer),
    ("来电者", Speaker::Customer),
    ("来访者", Speaker::Customer),
    ("访客", Speaker::Customer),
    ("客户侧", Speaker::Customer),
    ("客户方", Speaker::Customer),
    ("用户侧", Speaker::Customer),
    ("用户端", Speaker::Customer),
    ("消费者", Speaker::Customer),
    ("市民", Speaker::Customer),
    ("业主", Speaker::Customer),
    ("automated_agent", Speaker::System),
    ("virtual_agent", Speaker::System),
    ("agent_bot", Speaker::System),
    ("chatbot", Speaker::System),
    ("acd", Speaker::System),
    ("workflow", Speaker::System),
    ("voicemail", Speaker::System),
    ("developer", Speaker::System),
    ("tool", Speaker::System),
    ("function", Speaker::System),
    ("trigger", Speaker::System),
];

/// The speaker whom a field of another system names.
pub(super) fn label(text: &str) -> Option<Speaker> {
    let plain = text.trim().to_lowercase();
    let known = |text: &str| ROLES.iter().find(|(word, _)| *word == text).map(|(_, who)| *who);
    columns::speaker(&plain).or_else(|| known(&plain))
}

/// The speaker whom a label means: a word alone, or with a name or a number behind it («客服 王芳», «Agent 1», `agent_2`).
pub(super) fn meant(text: &str) -> Option<Speaker> {
    let text = text.trim();
    label(text).or_else(|| {
        let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
        if !word.is_empty() {
            return label(&word);
        }
        let glued: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        turn_line::parse(&format!("{glued}：")).map(|turn| turn.speaker)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_behind_the_word_does_not_hide_it_and_a_name_that_begins_like_one_is_none() {
        for (label, who) in [
            ("客服 王芳", Some(Speaker::Agent)),
            ("客户", Some(Speaker::Customer)),
            ("Agent 1", Some(Speaker::Agent)),
            ("END_USER", Some(Speaker::Customer)),
            ("Botond", None),
            ("SPEAKER_00", None),
            ("张伟", None),
        ] {
            assert_eq!(meant(label), who, "{label}");
        }
    }
}
