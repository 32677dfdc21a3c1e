//! The words that announce a name, and those that follow one.

/// How much of the text behind a cue may be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// A name follows: «我叫王伟查一下».
    Name,
    /// A name follows if nothing else does: «机主是王伟。».
    Alone,
    /// The same, but too often something else follows to look for it elsewhere: «我是王芳。».
    Introduction,
    /// Somebody's part, then often the name and always something else: «客户王建国来电», «客户高兴».
    Role,
    /// A surname follows: «我姓王».
    Surname,
}

/// Longer ones first where one begins another.
pub(super) const CUES: &[(&str, Cue)] = &[
    ("名字叫做", Cue::Name),
    ("名字叫", Cue::Name),
    ("名字是", Cue::Name),
    ("姓名是", Cue::Name),
    ("姓名为", Cue::Name),
    ("姓名:", Cue::Name),
    ("姓名", Cue::Alone),
    ("我叫做", Cue::Name),
    ("我叫", Cue::Name),
    ("她叫", Cue::Name),
    ("他叫", Cue::Name),
    ("机主叫", Cue::Name),
    ("机主是", Cue::Alone),
    ("机主:", Cue::Alone),
    ("机主", Cue::Alone),
    ("户主本人", Cue::Alone),
    ("机主本人", Cue::Alone),
    ("业主", Cue::Alone),
    ("客户", Cue::Role),
    ("用户", Cue::Role),
    ("其妻", Cue::Role),
    ("其夫", Cue::Role),
    ("其子", Cue::Role),
    ("其女", Cue::Role),
    ("其父", Cue::Role),
    ("其母", Cue::Role),
    ("户主是", Cue::Alone),
    ("户主叫", Cue::Name),
    ("户主", Cue::Alone),
    ("联系人是", Cue::Alone),
    ("联系人:", Cue::Alone),
    ("联系人", Cue::Alone),
    ("收件人是", Cue::Alone),
    ("收件人:", Cue::Alone),
    ("收件人", Cue::Alone),
    ("登记的是", Cue::Alone),
    ("我是", Cue::Introduction),
    ("儿子叫", Cue::Name),
    ("女儿叫", Cue::Name),
    ("老公叫", Cue::Name),
    ("老婆叫", Cue::Name),
    ("妈叫", Cue::Name),
    ("爸叫", Cue::Name),
    ("师傅叫", Cue::Alone),
    ("免贵姓", Cue::Surname),
    ("姓", Cue::Surname),
];

/// «王先生», «李小姐», «张伟女士»: a given name may stand between.
pub(super) const TITLES: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "师傅",
    "同志",
    "同学",
    "经理",
    "主任",
    "老师",
    "班长",
    "队长",
    "主管",
    "科长",
    "处长",
    "局长",
    "院长",
    "校长",
    "店长",
    "站长",
    "组长",
    "部长",
    "老板",
    "律师",
    "医生",
    "大夫",
    "警官",
    "会计",
    "工程师",
    "阿姨",
    "大爷",
    "大妈",
    "大娘",
    "大叔",
    "叔叔",
    "大哥",
    "大姐",
    "奶奶",
    "爷爷",
    "书记",
    "厂长",
    "村长",
    "镇长",
    "教授",
    "护士",
    "法官",
    "警察",
    "总监",
    "专员",
    "客服",
    "董事长",
    "秘书",
    "大嫂",
    "大婶",
    "大伯",
    "大妹子",
    "太太",
];

/// So many of them, from the first, are addressed to people whose name is known.
pub(super) const CERTAIN: usize = 3;

/// Titles of one character, which stand in many words: only directly behind a surname, and only where
/// the text breaks off or turns to somebody.
pub(super) const SHORT_TITLES: &str = "总姐哥工董叔婶嫂伯姨队爷";
