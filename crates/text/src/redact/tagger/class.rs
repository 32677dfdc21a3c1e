//! What kind of character one is.

use std::sync::LazyLock;

/// Stands for what was taken out, however long it was: a text that is redacted again reads the same.
pub(super) const GONE: char = ']';

pub(super) const DIGIT: u8 = 1;
pub(super) const SPOKEN: u8 = 2;
pub(super) const LATIN: u8 = 3;
const HAN: u8 = 4;

/// Characters that end parts of addresses, by what they end, and other characters that say much about their place.
const LISTS: &[(u8, &str)] = &[
    (10, "路街巷弄道胡同"),
    (11, "号栋幢楼座层室户排院门"),
    (12, "村屯庄寨组队社沟坳坪坡塆湾岭堡店营桥乡镇"),
    (13, "苑园城府庭邸居里坊轩阁郡墅湖岸庐公馆"),
    (14, "省市县区州旗盟"),
    (15, "东西南北中上下左右前后内外旁边头口"),
    (16, "年月日岁生"),
    (17, "百千万亿两十廿"),
    (18, "点块元兆个次天周分秒折"),
    (19, "我你您他她它咱俺"),
    (20, "的了是在有和跟给把被让叫找说"),
    (21, "姓名字"),
    (22, "呃嗯那个啊哦呀嘛吧呢哎诶"),
    (23, "爸妈哥姐弟妹叔姨爷奶婶舅嫂婆公儿女"),
    (24, "总工师老小阿大"),
    (25, "洞拐勾幺"),
    (26, "杠艾圈特"),
    (27, "甲乙丙丁戊"),
    (28, "这不没就都也还要又很才再"),
];

/// The classes of the lists by character, for this is asked of every character of every line.
static OF_HAN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut classes = vec![HAN; 0x5200];
    // A character of two lists is of the first.
    for (class, list) in LISTS.iter().rev() {
        for at in list.chars().filter_map(place) {
            if let Some(of) = classes.get_mut(at) {
                *of = *class;
            }
        }
    }
    classes
});

/// How far behind the first Chinese character it stands.
fn place(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(0x4e00)?).ok()
}

const MARKS: &str = ",。:;?!-_.@/、()\"~*#+=·&<>'|…";

pub(super) fn of(c: char) -> u8 {
    match c {
        GONE => 0,
        '0'..='9' => DIGIT,
        'a'..='z' | 'A'..='Z' => LATIN,
        '零' | '〇' | '○' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '壹' | '贰'
        | '叁' | '肆' | '伍' | '陆' | '柒' | '捌' | '玖' => SPOKEN,
        '\u{4e00}'..='\u{9fff}' => place(c).and_then(|place| OF_HAN.get(place)).copied().unwrap_or(HAN),
        _ => {
            MARKS.chars().position(|mark| mark == c).map_or(5, |at| u8::try_from(at).map_or(5, |at| 40 + at))
        }
    }
}
