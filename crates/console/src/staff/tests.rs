mod world;

use super::PersonOfPage;
use crate::Lang;
use tingxin_staff::{Checks, Shown};
use tingxin_text::domain::Role;
use world::{
    branch, checks, coaching_page, few, lines, nothing, numbers_page, pages, person_page, signals_page,
    teams_page,
};

/// The part of a page from one id to another.
fn part<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let start = html.find(&format!("id=\"{from}\"")).unwrap();
    let end = html.find(&format!("id=\"{to}\"")).unwrap();
    &html[start..end]
}

#[test]
fn every_page_has_a_language_a_heading_a_main_part_and_ids_that_are_there_once() {
    for (lang, tag) in [(Lang::Zh, "<html lang=\"zh-CN\">"), (Lang::En, "<html lang=\"en\">")] {
        for (name, html) in pages(lang) {
            assert!(html.contains(tag), "{name}");
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
            assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{name}");
            let mut ids: Vec<&str> =
                html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "{name} has an id twice");
        }
    }
}

#[test]
fn no_page_needs_a_looser_content_security_policy() {
    for (name, html) in pages(Lang::Zh) {
        for banned in [" style=", "<style", "<script>", " onclick=", "javascript:", "http://", "https://"] {
            assert!(!html.contains(banned), "{name} holds {banned}");
        }
    }
}

#[test]
fn pages_say_after_and_never_a_cause_and_put_nobody_below_another() {
    for lang in [Lang::Zh, Lang::En] {
        for (name, html) in pages(lang) {
            let html = html.to_lowercase();
            for banned in ["因为", "because", "排名", "rank", "不真诚", "insincere", "工资", "salary", "nan"]
            {
                let found = html.replace("governance", "").contains(banned);
                assert!(!found, "{name} says {banned}");
            }
        }
    }
}

#[test]
fn the_english_pages_are_english() {
    for (name, html) in pages(Lang::En) {
        let html = ["中文", "王芳", "未经确认", "已经确认", "先复述", "问题", "再解释"]
            .iter()
            .fold(html, |html, words| html.replace(words, ""));
        let han: String = html.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();

        assert!(han.is_empty(), "{name}: {han}");
    }
}

#[test]
fn the_named_appear_with_their_evidence_and_the_watched_without_their_name() {
    for (lang, worse, better) in
        [(Lang::Zh, "建议辅导", "值得表扬"), (Lang::En, "Coaching suggested", "Deserves praise")]
    {
        let html = coaching_page(lang, Role::Trainer, &lines(), true);
        let named = part(&html, "named", "funnel");
        let drawn = part(&html, "funnel", "agreed");

        assert!(named.contains("A1001") && named.contains("A1004"), "{named}");
        assert!(named.find("A1001") < named.find("A1004"), "by work number");
        assert!(named.contains(worse) && named.contains(better) && named.contains("1.90"), "{named}");
        assert!(named.contains("href=\"/coaching/A1001\""));
        assert!(drawn.contains("A1001") && drawn.contains("A1004"), "the named carry their number");
        for silent in ["A1002", "A1003"] {
            assert!(!named.contains(silent) && !drawn.contains(silent), "{silent} is named");
        }
    }
}

#[test]
fn nobody_named_is_said_calmly_and_a_chart_without_people_says_how_many_contacts_are_missing() {
    let zh = coaching_page(Lang::Zh, Role::Trainer, &few(), false);
    let en = coaching_page(Lang::En, Role::Trainer, &few(), false);

    assert!(zh.contains("证据不足，暂不列名单"));
    assert!(zh.contains("目前最多的人有 12 条，还需 18 条。"));
    assert!(en.contains("The most that anybody has is 12: 18 more are needed."));
    assert!(zh.contains("2 人没有点"), "both lack a quadrant");
}

#[test]
fn what_came_after_coaching_is_shown_with_everything_it_consists_of() {
    let html = coaching_page(Lang::Zh, Role::Trainer, &lines(), true);

    for part in ["之后的差别", "−5.0", "−9.0 至 −1.0", "−8.0", "−2.0", "之后明显减少", "还不能比较"]
    {
        assert!(html.contains(part), "{part}");
    }
    assert!(html.contains("&#60;b&#62;问题"), "a note is never markup");
}

#[test]
fn only_trainers_agree_coaching_and_only_supervisors_declare_incidents() {
    let trainer = coaching_page(Lang::Zh, Role::Trainer, &lines(), true);
    let supervisor = coaching_page(Lang::Zh, Role::Supervisor, &lines(), true);
    assert!(trainer.contains("href=\"/trainings\"") && trainer.contains("/coaching/agreements/"));
    assert!(!supervisor.contains("method=\"post\" action=\"/coaching") && !supervisor.contains("/trainings"));

    let (trainer, supervisor) = (teams_page(Lang::Zh, Role::Trainer), teams_page(Lang::Zh, Role::Supervisor));
    assert!(!trainer.contains("action=\"/teams"));
    assert!(supervisor.contains("action=\"/teams/incidents\"") && supervisor.contains("/revoke\""));
}

#[test]
fn the_own_page_speaks_to_the_person_and_shows_confirmed_flags_only() {
    let (own, other) = (person_page(Lang::Zh, true, &lines()[0]), person_page(Lang::Zh, false, &lines()[0]));

    assert!(own.contains("您自己的结果") && own.contains("申诉") && own.contains("联系您的培训师"));
    assert!(own.contains("可以和培训师聊聊这一项") && !own.contains("建议辅导"));
    assert!(own.contains("已确认的标记") && !own.contains("未经确认") && !own.contains("/review/"));
    assert!(!own.contains("href=\"/coaching"), "staff may not open the pages of trainers");
    assert!(!own.contains("id=\"power\"") && other.contains("/coaching/A1001/agree"));
    assert!(!other.contains("未经确认") && other.contains("/review/0190a1b2"));
    assert!(person_page(Lang::En, true, &lines()[0]).contains("You may contest every figure"));
}

#[test]
fn a_person_is_shown_with_intervals_and_with_what_is_missing() {
    let html = person_page(Lang::Zh, false, &lines()[0]);
    for part in [
        "1.90（1.33 至 2.66）",
        "客户愤怒之后，语气比预期更温和",
        "−0.05，95% 区间 −0.09 至 −0.01，依据 412 条服务记录",
        "数据不足：还需 270 通（现有 130，最少 400）",
        "数据不足：还需 380 通（现有 120，最少 500）",
        "越过提醒线",
        "提醒线 4.5",
        "其中 3 次在登记的故障时段内",
        "负面开场的服务记录，收尾比同事处理同类服务记录的预期更平和",
        "从未交谈的配对 0.00 ± 0.01",
        "未收缩 −0.05，各周偏差正负随机时 ± 0.01",
        "近期每 100 次比预期多 2.1 次（平稳时在 ± 4.8 以内）",
        "还有 3 组周汇总正在更新",
        "<td>17.0</td><td>−6.2 → 10.8</td><td>5</td>",
        "目前的服务记录太少：即使完全不再发生，也看不出来",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let few = person_page(Lang::Zh, false, &few()[1]);
    assert!(few.contains("目前 12 条服务记录，还需 18 条") && !few.contains("id=\"trend-unsoothed-w-t\""));
}

#[test]
fn an_account_without_a_work_number_learns_how_it_gets_one() {
    let html = nothing(Lang::Zh, &PersonOfPage::Unlinked);

    assert!(html.contains("tingxin user link peixun --staff A1001"));
}

#[test]
fn teams_are_no_contagion_and_say_what_a_day_needs() {
    let (zh, en) = (teams_page(Lang::Zh, Role::Supervisor), teams_page(Lang::En, Role::Supervisor));

    assert!(zh.contains("这不是“情绪感染”") && en.contains("not «emotional contagion»"));
    assert!(zh.contains("−0.06，95% 区间 −0.09 至 −0.03，依据 412 条服务记录"));
    assert!(zh.contains("同一天至少 5 人、50 条服务记录") && zh.contains("只有一天达到条件"));
    assert!(zh.contains("id=\"team-0-w-t\"") && !zh.contains("id=\"team-1-w-t\""));
}

#[test]
fn signals_are_intervals_or_say_how_much_is_missing() {
    let low = Shown::Estimate(branch(-0.05, -0.09, -0.01));
    let html = signals_page(Lang::Zh, low, &checks());
    for part in [
        "客户愤怒之后，语气比预期更温和",
        "热线 · 宽带故障",
        "营业厅 · 未分类",
        "还需 22 个不愉快的客户轮次",
        "0.00 ± 0.01",
        "+0.01（−0.02 至 +0.04，412 次）",
        "−0.08 / −0.01 ± 0.02",
        "还需 40 通（现有 60，最少 100）",
        "id=\"forest-infection-w-t\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let few = signals_page(Lang::En, Shown::TooFew { needed: 400, have: 130 }, &Checks::default());
    assert!(few.contains("270 more contacts needed") && few.contains("Not enough contacts for random"));
}

#[test]
fn every_question_mark_leads_to_an_explanation() {
    let anchors = super::numbers::anchors();
    let page = numbers_page(Lang::Zh);
    for anchor in &anchors {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    for (name, html) in pages(Lang::Zh) {
        for rest in html.split("/numbers#").skip(1) {
            let anchor = rest.split('"').next().unwrap_or_default();
            assert!(anchors.contains(&anchor), "{name} leads to {anchor}");
        }
    }
}
