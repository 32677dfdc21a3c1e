//! What waits for a trainer, at the top of the page that is a trainer's home.

use crate::text::{Lang, fill, texts};
use tingxin_desk::TrainerDesk;
use tingxin_staff::{Figure, StaffLine};
use tingxin_statistics::naming::{Direction, Standing};
use tingxin_store::Coaching;

texts! {
    /// The words of these figures in one language. `{n}` marks the place of a value.
    pub(super) WaitingWords, by SpokenOfWaiting::waiting:

    title: "今天要做的", "For today";
    people: "建议辅导，还没有约定", "To be coached, not agreed yet";
    people_more: "共 {n} 人在名单上", "{n} people on the list";
    to_people: "看名单", "See the list";
    agreed: "进行中的辅导", "Coaching under way";
    agreed_more: "已超期 {n}，待签阅 {n2}", "{n} overdue, {n2} not acknowledged";
    to_agreed: "看约定", "See the agreements";
    care: "待关怀", "Care owed";
    care_more: "已超期 {n}", "{n} overdue";
    to_care: "打开关怀", "Open care";
    examples: "可选用的好做法", "Examples to choose from";
    examples_more: "已选用待发布 {n}", "{n} chosen, not released";
    to_examples: "去选用", "Choose";
}

/// A figure that leads to where something is done about it.
#[derive(Debug)]
pub(super) struct WaitingTile {
    pub(super) name: &'static str,
    pub(super) value: usize,
    pub(super) more: String,
    pub(super) alarming: bool,
    pub(super) href: &'static str,
    pub(super) link: &'static str,
}

/// The figures; `named` people stand on the list, and with `open` of them nothing is agreed yet.
pub(super) fn tiles(desk: TrainerDesk, (named, open): (usize, usize), lang: Lang) -> Vec<WaitingTile> {
    let w = lang.waiting();
    let TrainerDesk { care, care_overdue, agreed, agreed_overdue, unread, proposed, chosen } = desk;
    vec![
        WaitingTile {
            name: w.people,
            value: open,
            more: fill(w.people_more, named),
            alarming: false,
            href: "#named",
            link: w.to_people,
        },
        WaitingTile {
            name: w.agreed,
            value: agreed,
            more: fill(&w.agreed_more.replace("{n2}", &unread.to_string()), agreed_overdue),
            alarming: agreed_overdue > 0,
            href: "#agreed",
            link: w.to_agreed,
        },
        WaitingTile {
            name: w.care,
            value: care,
            more: fill(w.care_more, care_overdue),
            alarming: care_overdue > 0,
            href: "/care",
            link: w.to_care,
        },
        WaitingTile {
            name: w.examples,
            value: proposed,
            more: fill(w.examples_more, chosen),
            alarming: false,
            href: "/learning",
            link: w.to_examples,
        },
    ]
}

/// How many people coaching is suggested for, and with how many of them none is agreed.
pub(super) fn to_coach(own: &[&StaffLine], open: &[Coaching]) -> (usize, usize) {
    let for_coaching = |figure: &Figure| {
        figure.verdict.standing == Standing::Named && figure.verdict.direction == Direction::Worse
    };
    let named: Vec<_> = own.iter().filter(|line| line.figures.iter().any(for_coaching)).collect();
    let without = named.iter().filter(|line| open.iter().all(|one| one.staff != line.staff)).count();
    (named.len(), without)
}
