//! What the tagger adds to the rules, on lines that neither the rules nor the tagger have met.

use crate::domain::RawText;
use crate::redact::{PseudonymKey, Redactor};

fn redacted(text: &str) -> String {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    redactor.line(&RawText::new(text.to_owned())).text.as_str().to_owned()
}

/// The lines of which something of the second part is left.
fn lost(lines: &[(&str, &str)]) -> Vec<String> {
    let texts = lines.iter().map(|(line, personal)| (redacted(line), personal));
    texts
        .filter(|(text, personal)| personal.chars().any(|c| text.contains(c)))
        .map(|(text, _)| text)
        .collect()
}

#[test]
fn names_that_nothing_announces_are_found() {
    let lines = [
        ("上回是柯慧敏给我登记的你帮我查一下", "柯慧敏"),
        ("这张卡平时都是骆春生在用", "骆春生"),
        ("我弟媳覃雪莲的号也停了", "覃雪莲"),
        ("让骆家兴明天来厅里签个字", "骆家兴"),
    ];

    assert_eq!(lost(&lines), Vec::<String>::new());
}

#[test]
fn a_house_that_only_its_neighbours_know_is_an_address() {
    let lines = [
        ("装到柳塘湾后面第三排贴白瓷砖那家", "柳塘湾第三排瓷砖"),
        ("我家在石门岭村下屋组没有门牌", "石岭村下屋组"),
        ("宽带装在鸿达电子厂宿舍C栋四一二", "鸿达厂C栋四一二"),
    ];

    assert_eq!(lost(&lines), Vec::<String>::new());
}

#[test]
fn a_day_of_birth_needs_no_word_for_birth() {
    let lines = [
        ("老爷子四三年八月的身份证没期限", "四三八月"),
        ("小孩二零一九年五月二十六号出生要办手表卡", "零九五"),
    ];

    assert_eq!(lost(&lines), Vec::<String>::new());
}

#[test]
fn accounts_and_mail_are_found_as_people_spell_them() {
    let lines = [
        ("加我飞信 lin_xiao_09 就行", "linxao_09"),
        ("登录密码大写M小写k然后七七九二", "大Mk七二"),
        ("发到chenyu五二零艾特qq点com", "chenyu五艾特"),
    ];

    assert_eq!(lost(&lines), Vec::<String>::new());
}

#[test]
fn what_is_nobodys_stays() {
    let lines = [
        "高兴归高兴钱还是要退的",
        "白天没人晚上七点以后再来",
        "从成都到重庆一路上都没网",
        "我到柳州以后信号就没有了",
        "今年六月十五号到期",
        "康乐园那边昨天停电了",
        "路由器是AX3000的换过一次",
        "你们那个阳光套餐怎么取消",
        "工单号20260917003321已经派了两次",
        "我打10086打了半个小时",
        "一个月七十九块，剩余九个月是七百一十一",
    ];

    let changed: Vec<String> =
        lines.iter().map(|line| redacted(line)).filter(|text| !lines.contains(&text.as_str())).collect();
    assert_eq!(changed, Vec::<String>::new());
}

#[test]
fn what_touches_the_place_of_a_rule_becomes_one_with_it() {
    // The rule knows the building; the tagger knows the way to the door.
    let text = redacted("送到翠屏路18号院里头靠水塔那栋楼的三楼东户");

    assert_eq!(text.matches('[').count(), 1, "{text}");
}

#[test]
fn a_character_that_became_several_goes_as_a_whole() {
    let once = redacted("微信号是㎏_xiao_09，住㎡路3号");

    assert_eq!(redacted(&once), once);
}

#[test]
fn a_line_of_nothing_is_read() {
    assert_eq!(["", " ", "[", "]", "[]", "[[]]"].map(redacted), ["", " ", "[", "]", "[]", "[[]]"]);
}
