//! Finds postal addresses: after cues such as «住在», and by their own shape («朝阳里12号», «3栋2单元501»).

use std::sync::LazyLock;

use regex::{Match, Regex};

use crate::domain::RedactionKind;

use super::line::{Hit, SearchedLine};
use super::pattern::compiled;
use super::places::{
    BEFORE, BESIDE, BUILDING, COUNT, DOOR, ESTATE, KINDS, NAME, NARROW, NO_DOOR, NO_STREET, PART, ROOM, SIDE,
    STREET, TOWER, UNIT, VILLAGE, WIDE,
};
use super::words::is_before_unit;

/// A cue and the address behind it.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    let part = format!("(?:{NAME}{{1,10}}?(?:{NARROW}|{WIDE})|{COUNT}(?:{UNIT}))");
    compiled(&format!(
        r"(?:(?:家住|住在|住到|住址|住的是|我住|们住|他住|她住|还住|我家在|家在|租在|搬到|搬去|寄到|送到|寄往|户籍|装在|装到|改到|迁到|小区是|小区叫|停在?|屋在|人在|都住|发票寄|我家|上门:|家:)(?:[是在到为了:,\s]|就是|那个|嗯)*|地址(?:[是在为:]|写的是?|改成|改到|换成|就是|填的是?|\s)*)(?P<body>{part}(?:[\s,、\-的]{{0,2}}{part})*(?:[\s,、\-]?{COUNT})?)"
    ))
});

/// Addresses that need no cue, by what they are made of. All have a `body`.
static SHAPED: LazyLock<[Regex; 12]> = LazyLock::new(|| {
    let apart = r"[\s,、\-]{0,2}";
    let further = format!(
        r"(?:{apart}(?:{NAME}{{1,8}}?)?{COUNT}(?:号楼|栋|幢|座|单元|室|期)|{apart}{COUNT}(?:{UNIT}))*(?:[\s\-]?{ROOM}|[\s\-]?{COUNT})?"
    );
    let building = format!("{COUNT}(?:{BUILDING})");
    let part = format!("{COUNT}(?:{BUILDING}|{PART})");
    [
        // A street or an estate with its number.
        format!(r"(?P<body>{NAME}{{2,12}}?(?:{STREET})[\s,]?{COUNT}(?:{DOOR}){further})"),
        // Building, stair and room, of which two are enough.
        format!(
            r"(?P<body>(?:{part}{apart})+{building}(?:{apart}{part})*(?:{apart}{ROOM})?|{building}(?:{apart}{part})+(?:{apart}{ROOM})?|{building}{apart}{ROOM}|{COUNT}[楼层]{apart}{COUNT}室)"
        ),
        // A village and its group.
        format!(r"(?P<body>{NAME}{{1,8}}?(?:{VILLAGE})\s?(?:{COUNT}(?:小组|组|队|社|号|区|巷|排)){{1,3}})"),
        // A tower and the room in it.
        format!(r"(?P<body>{NAME}{{2,10}}?(?:{TOWER})\s?(?:[1-9][0-9]{{2,3}}|[一二三四五六七八九][零〇一二三四五六七八九]{{2,3}})(?:室|房)?)"),
        // Regions down to a street.
        format!(
            r"(?P<body>(?:{NAME}{{1,7}}?(?:{WIDE})){{2,5}}\s?(?:{NAME}{{1,10}}?(?:{NARROW}))+(?:{NAME}{{0,8}}?{COUNT}(?:{UNIT}))*)"
        ),
        // One region and two narrow places: «岳麓区茶子山路赏江苑».
        format!(r"(?P<body>{NAME}{{1,7}}?(?:{WIDE})\s?{NAME}{{1,10}}?(?:{NARROW}){NAME}{{1,10}}?(?:{NARROW}))"),
        // An estate whose name only its building tells.
        format!(r"(?P<body>{NAME}{{1,8}}?(?:{ESTATE})\s?(?:{COUNT}[期区])?{COUNT}(?:号楼|栋|幢|座)(?:{apart}{part})*(?:{apart}{ROOM})?)"),
        // Where somebody lives, beside what: «住南街口子上供销社后面那个院子».
        format!(
            r"(?:家住|住在|我住|们住|都住|还住|我家在|家在|住)(?P<body>{NAME}{{3,16}}?(?:后面|后头|前头|旁边|隔壁|对面|边上|里头|背后|斜对过)的?(?:那[个栋幢座]?)?(?:大?院子?|楼|房子?|平房)?)"
        ),
        // A room by its number alone, tied to people: «502那户».
        r"(?:^|[^0-9零〇一二三四五六七八九])(?P<body>[1-9][0-9]{2,3}|[一二三四五六七八九][零〇一二三四五六七八九]{2,3})(?:室|房|号)?(?:那户|那家人?|的?住户|的?业主|户主|住着)".to_owned(),
        // A part of an estate and a room.
        format!(
            r"(?P<body>{NAME}{{2,10}}?(?:{ESTATE}|村|里)[东西南北]?[一二三四五六七八九十0-9]{{1,2}}区(?:\s|,|嗯|呃)?(?:[1-9][0-9]{{2,3}}|[一二三四五六七八九]百[零〇一二三四五六七八九十]{{1,3}}|[一二三四五六七八九][零〇一二三四五六七八九幺]{{2,3}}|{COUNT}(?:{BUILDING})))"
        ),
        // A street, something beside it, and the building.
        format!(r"(?P<body>{NAME}{{1,8}}?(?:路|街|巷|村|道|胡同){NAME}{{1,10}}?{COUNT}(?:号楼|栋|幢|单元)(?:{apart}{part})*)"),
        // Building, stair and room of which only the numbers are written.
        r"(?:^|[^0-9a-z\-])(?P<body>[0-9]{1,2}-[0-9]{1,2}-[1-9][0-9]?0[0-9])(?:$|[^0-9\-])".to_owned(),
    ]
    .map(|pattern| compiled(&pattern))
});

/// What goes on with an address behind the part that was recognised: further parts, and where in the building or
/// beside what it is: «…大院里头靠近锅炉房那栋三门六楼左手», «…号，7幢2楼东侧», «…之二302房».
static FURTHER: LazyLock<Regex> = LazyLock::new(|| {
    let number = "[0-9零〇一二三四五六七八九十百幺两甲乙丙丁a-z]{1,6}";
    let apart = r"(?:[\s,、\-的]|嗯|呃|那个|就是){0,2}";
    compiled(&format!(
        r"^(?:{apart}(?:{NAME}{{0,8}}?第?{number}(?:{UNIT}|区|排|巷|社|村)|(?:靠近?|挨着)?(?:{NAME}{{1,8}}?(?:{NARROW})|{NAME}{{0,8}}?(?:{BESIDE}))里?头?(?:那[栋个幢]|[东南西北][侧边面头户门]|[左右]手边?|旁边|对面|门口)*|(?:靠近?|挨着){NAME}{{1,6}}?那[栋个幢座]|(?:最|往)?{SIDE}|那[栋个幢](?:单元)?|之{number}|\p{{Han}}{{0,4}}[组社排户]|大?院里?头?|里头?)|[\s\-](?:嗯|呃)?[a-z]?[0-9]{{3,4}}|嗯?{number}(?:室|房)|[零〇一二三四五六七八九幺]{{3,4}})+"
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
        "(?P<name>\\p{Han}{2,})(?:小区|花园|花苑|家园|佳园|嘉园|公寓|大厦|大道|大街|胡同|新村|新城|山庄|别墅|豪庭|华庭|华府|路|街|巷|弄|苑|村|庄)",
    )
});

/// What an address goes back to at most, in characters.
const REACH: usize = 30;
/// These end the sentence before an address that begins without a break.
const STOPS: &str = "这那哪我你您他她它们的了吗呢吧就还也没不有是什么怎另某在到给用从往为住寄送去来说要把被让请查修叫着过听啊哎好嗯遍呃哦";

/// Finds addresses in one line.
pub(super) fn find(line: &mut SearchedLine) {
    let text = line.text();
    let mut hits: Vec<Hit> = Vec::new();
    if text.contains(['住', '屋', '停', ':', '址', '搬', '寄', '送', '装', '籍', '租', '迁', '改'])
        || text.contains("家在")
        || text.contains("小区")
    {
        let announced = ANNOUNCED.captures_iter(text).filter_map(|found| found.name("body"));
        let announced = announced.filter(|body| is_found_by_somebody(body.as_str()));
        hits.extend(announced.map(|body| hit(body.start(), body.end())));
    }
    for pattern in SHAPED.iter() {
        let shaped = pattern.captures_iter(text).filter_map(|found| found.name("body"));
        let shaped = shaped.filter(|body| is_address(text, body));
        hits.extend(shaped.map(|body| hit(beginning(text, &body), body.end())));
    }
    let longer: Vec<Hit> = hits.into_iter().map(|found| hit(found.from, goes_on(text, found.to))).collect();
    for hit in longer {
        line.mark(hit);
    }
}

/// Where the address ends of which the part before `to` was recognised.
fn goes_on(text: &str, to: usize) -> usize {
    let rest = text.get(to..).unwrap_or_default();
    let window = rest.char_indices().nth(REACH).map_or(rest, |(end, _)| rest.get(..end).unwrap_or(rest));
    to + FURTHER.find(window).map_or(0, |found| found.end())
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

fn is_address(text: &str, body: &Match<'_>) -> bool {
    let rest = text.get(body.end()..).unwrap_or_default();
    let kind = KINDS.iter().any(|kind| {
        body.as_str().find(kind).is_some_and(|at| {
            let behind = body.as_str().get(at + kind.len()..).unwrap_or_default();
            ["小区", "村", "宿舍", "大楼", "广场"].iter().any(|place| behind.starts_with(place))
        })
    });
    let amount = body.as_str().ends_with(|c: char| c.is_ascii_digit())
        && ((is_before_unit(text, body.end()) && !rest.starts_with(['户', '家', '的', '住']))
            || rest.starts_with(['多', '余', '-', '.', ':']));
    is_street(body.as_str()) && !kind && !amount && !NO_DOOR.iter().any(|word| rest.starts_with(word))
}

fn is_street(body: &str) -> bool {
    !NO_STREET.iter().any(|word| body.contains(word))
}

/// Where the address begins of which `body` was recognised: region, street and estate may stand before it, and the
/// body itself may begin in the sentence before: «麻烦您送朝阳里12号».
fn beginning(text: &str, body: &Match<'_>) -> usize {
    let head = text.get(..body.start()).unwrap_or_default();
    let mut from = body.start();
    for (at, c) in head.char_indices().rev().take(REACH) {
        let next = text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let han = ('\u{4e00}'..='\u{9fff}').contains(&c) && !STOPS.contains(c);
        let digit = c.is_ascii_alphanumeric() || c == '·';
        // «张家港市杨舍镇那个城北新村».
        let region = |head: &str| head.ends_with(['省', '市', '区', '县', '镇', '乡', '那']);
        let filler = (c == '那' && next == Some('个')) || matches!(c, '嗯' | '呃');
        let filler = filler && head.get(..at).is_some_and(region);
        let blank = c == ' '
            && next.is_some()
            && head.get(..at).is_some_and(|head| {
                head.ends_with([
                    '省', '市', '区', '县', '镇', '乡', '路', '街', '道', '号', '村', '苑', '园', '府', '庭',
                    '湾', '城',
                ])
            });
        if !(han || digit || blank || filler) {
            break;
        }
        from = at;
    }
    let whole = text.get(from..body.end()).unwrap_or_default();
    let door = TO_THE_DOOR.find(whole).map_or(body.start() - from, |door| door.start());
    let name = whole.get(..door).unwrap_or_default();
    from + BEFORE.iter().filter_map(|cue| name.rfind(cue).map(|at| at + cue.len())).max().unwrap_or(0)
}
