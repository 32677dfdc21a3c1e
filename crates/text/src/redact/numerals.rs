//! The characters that write or say a digit, and those that tell a number from a quantity.

/// The digit that `c` writes or says.
pub(super) fn numeral(c: char) -> Option<(u8, bool)> {
    let spoken = |digit| Some((digit, true));
    match c {
        '0'..='9' => u8::try_from(c).ok().map(|digit| (digit, false)),
        '零' | '〇' | '○' => spoken(b'0'),
        '一' | '幺' | '壹' => spoken(b'1'),
        '二' | '贰' => spoken(b'2'),
        '三' | '叁' => spoken(b'3'),
        '四' | '肆' => spoken(b'4'),
        '五' | '伍' => spoken(b'5'),
        '六' | '陆' => spoken(b'6'),
        '七' | '柒' => spoken(b'7'),
        '八' | '捌' => spoken(b'8'),
        '九' | '玖' => spoken(b'9'),
        _ => None,
    }
}

/// Words that are digits only between digits: radio speech, and what recognisers write for «幺».
///
/// The second value says whether the word is a digit also at the edge of a group: «洞洞洞洞», «幺两三拐».
pub(super) fn between_digits(c: char) -> Option<(u8, bool)> {
    match c {
        '洞' => Some((b'0', true)),
        '拐' => Some((b'7', true)),
        '勾' => Some((b'9', true)),
        '要' | '腰' | '妖' | '吆' | '么' => Some((b'1', false)),
        '两' => Some((b'2', false)),
        _ => None,
    }
}

/// The digit that a letter looks like: `l38OOOO1234`.
pub(super) fn looks_like(c: char) -> Option<u8> {
    match c {
        'o' => Some(b'0'),
        'l' | 'i' => Some(b'1'),
        _ => None,
    }
}

/// A mark that people put between the groups of a number: `138.0000.1234`, `138/0000/1234`.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '.' | '/' | '|' | '丨' | '·' | '•' | '~' | '*' | '#' | '=' | '→' | '>' | '\\')
}

/// Makes a quantity of the numeral before it: «五点», «三百», «两个».
pub(super) fn is_measure(c: char) -> bool {
    matches!(
        c,
        '十' | '百'
            | '千'
            | '万'
            | '亿'
            | '点'
            | '块'
            | '元'
            | '角'
            | '个'
            | '次'
            | '天'
            | '月'
            | '日'
            | '年'
            | '层'
            | '楼'
            | '岁'
            | '分'
            | '秒'
            | '米'
            | '兆'
            | '条'
            | '张'
            | '位'
            | '人'
            | '户'
            | '台'
            | '家'
            | '遍'
            | '回'
            | '趟'
            | '口'
            | '份'
            | '成'
            | '倍'
            | '折'
            | '小'
            | '周'
            | '度'
            | '种'
            | '项'
            | '笔'
            | '封'
            | '档'
            | '%'
            | 'g'
            | 'm'
            | 'k'
            | 't'
    )
}
