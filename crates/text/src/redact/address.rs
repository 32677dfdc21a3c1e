//! Finds postal addresses: after cues such as «住在», and by their own shape («朝阳里12号»).

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::RedactionKind;

use super::line::{Hit, SearchedLine};
use super::pattern::compiled;

/// Characters of a place's name: Chinese ones without those that begin another thought.
const NAME: &str = r"[\p{Han}&&[^这那哪我你您他她它们的了吗呢吧都就还也没不有是什么怎个另某在到给用从往为]]";
/// Suffixes that name a place narrowly enough to find somebody there.
const NARROW: &str =
    "小区|花园|家园|公寓|大厦|大道|大街|胡同|新村|新城|街道|社区|路|街|巷|弄|里|苑|村|庄|屯|园|府|湾|庭|寨";
/// Suffixes of regions.
const WIDE: &str = "自治区|自治州|省|市|州|盟|区|县|旗|镇|乡";
/// Numbers of houses, stairs and rooms, written or spoken.
const COUNT: &str = "[甲乙丙丁]?[0-9零〇一二三四五六七八九十百幺两a-z]{1,6}";
/// What such numbers count.
const UNIT: &str = "号楼|号院|号|栋|幢|座|单元|室|层|楼|弄|门|组|户|房|期|队";
/// Those of them that lead to a door.
const DOOR: &str = "号楼|号院|号|栋|幢|座|单元|室|弄|组";

/// A cue and the address behind it.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    let part = format!("(?:{NAME}{{1,10}}?(?:{NARROW}|{WIDE})|{COUNT}(?:{UNIT}))");
    compiled(&format!(
        r"(?:(?:家住|住在|住到|住址|住的是|我住|们住|他住|她住|还住|我家在|家在|搬到|搬去|寄到|送到|寄往|户籍|装在|装到)(?:[是在到为了:,\s]|就是)*|地址(?:[是在为:]|写的是|改成|改到|换成|就是|填的是|\s)*)(?P<body>{part}(?:[\s,、\-的]{{0,2}}{part})*(?:[\s,、\-]?{COUNT})?)"
    ))
});

/// A street or an estate with its number.
static SHAPED: LazyLock<Regex> = LazyLock::new(|| {
    let tail = format!(r"(?:[\s,、\-]{{0,2}}{COUNT}(?:{UNIT}))*(?:[\s\-]?{COUNT})?");
    compiled(&format!(
        r"(?P<body>{NAME}{{2,12}}?(?:小区|花园|家园|公寓|大厦|大道|大街|胡同|新村|新城|路|街|巷|弄|里|苑|村|庄)[\s,]?{COUNT}(?:{DOOR}){tail})"
    ))
});

static TO_THE_DOOR: LazyLock<Regex> = LazyLock::new(|| compiled(&format!("{COUNT}(?:{DOOR})")));
/// Where no place is named: «送到1号» is a terminal or a counter, «住在3号楼» is a door,
/// «住两室一厅» is a size and «住五零一室» a door.
static DOOR_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!("{COUNT}(?:号楼|号院|栋|幢|单元|弄)|[0-9零〇一二三四五六七八九幺]{{3,4}}室"))
});
static NARROW_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        "(?P<name>\\p{Han}{2,})(?:小区|花园|家园|公寓|大厦|大道|大街|胡同|新村|新城|路|街|巷|弄|苑|村|庄)",
    )
});

/// «高层小区», «老旧小区»: a kind of place, not its name.
const KINDS: &[&str] =
    &["高层", "老旧", "新建", "封闭", "回迁", "整个", "附近", "隔壁", "同一", "农村", "普通", "智慧"];
/// Before these «里» and «路» end another word: «线路1号», «公里», «家里3号».
const NO_STREET: &[&str] = &[
    "线路", "电路", "网路", "链路", "光路", "专线", "公里", "这里", "那里", "哪里", "家里", "厅里", "店里",
    "屋里", "房里", "楼里", "月里", "年里", "天里", "城里", "村里", "区里", "柜里", "包里", "卡里", "机里",
    "手里", "心里", "夜里", "群里", "司里", "信里", "统里", "单里", "餐里", "录里", "走路", "一路", "马路",
    "思路", "半路",
];
/// After these «号» counted days, counters or lines.
const NO_DOOR: &[&str] = &[
    "窗口", "柜台", "台席", "线", "机房", "口", "之前", "以前", "前", "后", "左右", "那天", "晚上", "早上",
    "上午", "下午",
];

/// Finds addresses in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    if text.contains(['住', '址', '搬', '寄', '送', '装', '籍']) || text.contains("家在") {
        let found: Vec<Hit> = ANNOUNCED
            .captures_iter(text)
            .filter_map(|found| found.name("body"))
            .filter(|body| is_found_by_somebody(body.as_str()))
            .map(|body| hit(body.start(), body.end()))
            .collect();
        for hit in found {
            line.mark(hit);
        }
    }
    let text = line.text();
    if text.contains(['号', '弄', '栋', '幢', '座', '室']) || text.contains("单元") {
        let found: Vec<Hit> = SHAPED
            .captures_iter(text)
            .filter_map(|found| found.name("body"))
            .filter(|body| {
                let rest = text.get(body.end()..).unwrap_or_default();
                is_street(body.as_str()) && !NO_DOOR.iter().any(|word| rest.starts_with(word))
            })
            .map(|body| hit(body.start() + spare(body.as_str()), body.end()))
            .collect();
        for hit in found {
            line.mark(hit);
        }
    }
}

fn hit(from: usize, to: usize) -> Hit {
    Hit { from, to, kind: RedactionKind::Address }
}

/// A region alone, or a floor alone, says too little to be taken out: «住在朝阳区», «住在六楼».
fn is_found_by_somebody(body: &str) -> bool {
    let named = NARROW_PLACE
        .captures_iter(body)
        .filter_map(|found| found.name("name"))
        .any(|name| !KINDS.iter().any(|kind| name.as_str().ends_with(kind)));
    (named || DOOR_ALONE.is_match(body)) && is_street(body)
}

fn is_street(body: &str) -> bool {
    !NO_STREET.iter().any(|word| body.contains(word))
}

/// Bytes at the beginning of a shaped address that belong to the sentence before: «麻烦您送朝阳里12号».
fn spare(body: &str) -> usize {
    let cues = [
        "麻烦", "位于", "就住", "家住", "现在", "帮忙", "宽带", "师傅", "上门", "地址", "住", "去", "送",
        "寄", "来", "查", "看",
    ];
    let door = TO_THE_DOOR.find(body).map_or(body.len(), |door| door.start());
    let name = body.get(..door).unwrap_or(body);
    cues.iter().filter_map(|cue| name.find(cue).map(|at| at + cue.len())).max().unwrap_or(0)
}
