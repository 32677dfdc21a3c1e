//! What is planted in the demo: the page on which whoever tries it out looks it up.

use askama::Template;

use crate::frame::Frame;
use crate::text::Lang;
use tingxin_text::domain::Permission;

/// One thing that is planted.
#[derive(Debug, Clone, Copy)]
struct PlantedThing {
    zh: (&'static str, &'static str),
    en: (&'static str, &'static str),
    /// The page on which it is found, and what one must be allowed for that.
    at: (&'static str, Permission),
}

const THINGS: [PlantedThing; 13] = [
    PlantedThing {
        zh: (
            "一次故障",
            "两周前的周三上午，城东光缆被挖断，热线集中来电；已登记为故障时段，这段时间不算在任何人头上。",
        ),
        en: (
            "An outage",
            "On Wednesday two weeks ago a cable was cut and the hotline was flooded. It is declared as an incident; nobody is blamed for it.",
        ),
        at: ("/teams", Permission::StaffRead),
    },
    PlantedThing {
        zh: (
            "越谈越糟的一位",
            "A1004 对客户不耐烦，不少通话越谈越糟；质检员已确认足够多的记录，所以列入辅导名单。",
        ),
        en: (
            "One whose contacts go worse",
            "A1004 loses patience with customers. Reviewers have confirmed enough contacts, so the list suggests coaching.",
        ),
        at: ("/coaching/A1004", Permission::StaffRead),
    },
    PlantedThing {
        zh: (
            "善于安抚的一位",
            "A2003 接到的客户多是气着来、平静着走：看个人页的“负面开场之后的收尾”，比同事平和得多。",
        ),
        en: (
            "One who recovers customers",
            "Many customers of A2003 come upset and leave calm: on the person's page, endings after a negative beginning are far calmer than colleagues'.",
        ),
        at: ("/coaching/A2003", Permission::StaffRead),
    },
    PlantedThing {
        zh: ("一次有变化的辅导", "七周前和 A1005 约定了辅导，之后负面收尾明显减少，超出同事同期的变化。"),
        en: (
            "A coaching with an effect",
            "A1005 was coached seven weeks ago; negative endings fell by more than colleagues' did.",
        ),
        at: ("/coaching", Permission::StaffRead),
    },
    PlantedThing {
        zh: ("一次没有变化的辅导", "同一周也和 A2005 约定了辅导，前后没有差别。"),
        en: ("A coaching without one", "A2005 was coached in the same week; nothing changed."),
        at: ("/coaching/A2005", Permission::StaffRead),
    },
    PlantedThing {
        zh: ("一个有情绪的班组", "hotline-02 一周生硬一周正常，组员一起变；这叫班组语气，不叫传染。"),
        en: (
            "A team with a mood",
            "hotline-02 is curt every other week, all of it together. That is the tone of a team, not contagion.",
        ),
        at: ("/teams", Permission::StaffRead),
    },
    PlantedThing {
        zh: ("一条不准的规则", "“未告知时限”的标记大多被判为误报，规则已自动降为“仅提示”。"),
        en: (
            "A rule with poor precision",
            "Most flags of «no time limit told» were rejected, so that the rule has made itself a hint.",
        ),
        at: ("/rules", Permission::QualityRead),
    },
    PlantedThing {
        zh: ("几件申诉", "各个阶段都有：待答复、已超期、已答复、待复审、改判、维持。"),
        en: ("Appeals", "One in every state: filed, overdue, answered, forwarded, overturned, upheld."),
        at: ("/appeals", Permission::AppealsRead),
    },
    PlantedThing {
        zh: ("常被辱骂的一位", "A3003 在故障专席，常被客户辱骂；这不是过失，是需要关怀。"),
        en: (
            "One who is insulted",
            "A3003 of the fault desk is insulted often: no fault, but a need for support.",
        ),
        at: ("/coaching/A3003", Permission::StaffRead),
    },
    PlantedThing {
        zh: ("做过的和没做的关怀", "每次被辱骂都生成一项关怀：早的已经谈过，近几天的还等着，有的已经超期。"),
        en: (
            "Care, given and owed",
            "Every confirmed insult made a task: older ones are done, those of the last days wait, some for too long.",
        ),
        at: ("/care", Permission::CareWrite),
    },
    PlantedThing {
        zh: (
            "超期的回访",
            "四周的回访工单：多数按时办结，几件已超期，有的在部门之间转派，三位客户办结后又来说没解决。",
        ),
        en: (
            "Overdue call backs",
            "Four weeks of cases: most were closed in time, some are overdue, some went from department to department, and three customers came back because nothing was settled.",
        ),
        at: ("/cases", Permission::CasesRead),
    },
    PlantedThing {
        zh: ("发布过的好做法", "培训师从已确认的情绪缓和里选了四段，三段已发布给全员，一段待发布。"),
        en: (
            "Examples to learn from",
            "The trainer has chosen four confirmed recoveries; three are released to everybody, one waits.",
        ),
        at: ("/learning", Permission::LearningRead),
    },
    PlantedThing {
        zh: ("本人结果", "用 yuangong 登录看到的是 A1001：每一项数字都有足够的记录。"),
        en: ("Own results", "The account yuangong shows A1001, who has contacts enough for every figure."),
        at: ("/me", Permission::StaffOwn),
    },
];

/// The page of the demo.
#[derive(Debug, Template)]
#[template(path = "planted.html")]
pub struct PlantedPage {
    /// What surrounds it.
    pub frame: Frame,
}

/// One thing as the page shows it.
struct PlantedRow {
    title: &'static str,
    text: &'static str,
    href: Option<&'static str>,
}

impl PlantedPage {
    fn title(&self) -> &'static str {
        match self.frame.lang {
            Lang::Zh => "演示数据里埋了什么",
            Lang::En => "What is planted in the demo",
        }
    }

    fn lead(&self) -> &'static str {
        match self.frame.lang {
            Lang::Zh => {
                "八个班组、四十二人、九个渠道，截至现在的一个季度。人物、号码和事件都是编的，句子是本项目自己写的；每次启动都一样。多数服务记录是平静的，下面这些是有意埋下的。"
            }
            Lang::En => {
                "Eight teams, 42 people, nine channels, a quarter up to now. All of it is invented and the same at every start. Most contacts are calm; these things are planted on purpose."
            }
        }
    }

    fn rows(&self) -> Vec<PlantedRow> {
        let row = |thing: &PlantedThing| {
            let (title, text) = match self.frame.lang {
                Lang::Zh => thing.zh,
                Lang::En => thing.en,
            };
            let (href, permission) = thing.at;
            PlantedRow { title, text, href: self.frame.allows(permission).then_some(href) }
        };
        THINGS.iter().map(row).collect()
    }
}
