//! The words that announce a name, and those that follow one.

/// How much of the text behind a cue may be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameCue {
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
pub(super) const CUES: &[(&str, NameCue)] = &[
    ("名字叫做", NameCue::Name),
    ("名字叫", NameCue::Name),
    ("名字是", NameCue::Name),
    ("姓名是", NameCue::Name),
    ("姓名为", NameCue::Name),
    ("姓名:", NameCue::Name),
    ("姓名", NameCue::Alone),
    ("我叫做", NameCue::Name),
    ("我叫", NameCue::Name),
    ("她叫", NameCue::Name),
    ("他叫", NameCue::Name),
    ("机主叫", NameCue::Name),
    ("机主是", NameCue::Alone),
    ("机主:", NameCue::Alone),
    ("机主", NameCue::Alone),
    ("户主本人", NameCue::Alone),
    ("机主本人", NameCue::Alone),
    ("业主", NameCue::Alone),
    ("客户", NameCue::Role),
    ("用户", NameCue::Role),
    ("其妻", NameCue::Role),
    ("其夫", NameCue::Role),
    ("其子", NameCue::Role),
    ("其女", NameCue::Role),
    ("其父", NameCue::Role),
    ("其母", NameCue::Role),
    ("户主是", NameCue::Alone),
    ("户主叫", NameCue::Name),
    ("户主", NameCue::Alone),
    ("联系人是", NameCue::Alone),
    ("联系人:", NameCue::Alone),
    ("联系人", NameCue::Alone),
    ("收件人是", NameCue::Alone),
    ("收件人:", NameCue::Alone),
    ("收件人", NameCue::Alone),
    ("登记的是", NameCue::Alone),
    ("我是", NameCue::Introduction),
    ("儿子叫", NameCue::Name),
    ("女儿叫", NameCue::Name),
    ("老公叫", NameCue::Name),
    ("老婆叫", NameCue::Name),
    ("妈叫", NameCue::Name),
    ("爸叫", NameCue::Name),
    ("师傅叫", NameCue::Alone),
    ("免贵姓", NameCue::Surname),
    ("姓", NameCue::Surname),
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
