//! CSV and plain text.

use tingxin::domain::{Body, Channel, Speaker};
use tingxin::ingest::ReadOptions;

use super::{bytes, fixture, raw, spoken, text, times};

#[test]
fn a_quality_export_with_chinese_headers_bom_and_crlf_is_read() {
    let contacts = fixture("quality-export.csv");

    let [first, second] = contacts.as_slice() else { panic!("{contacts:?}") };
    let (first, second) = (first.as_ref().unwrap(), second.as_ref().unwrap());
    assert_eq!(first.header.contact_id.as_str(), "C-1");
    assert_eq!(first.header.source.as_str(), "file");
    assert_eq!(first.header.started_at.unwrap().to_rfc3339(), "2026-11-03T00:05:00.000Z");
    assert_eq!(first.header.survey.unwrap().scale, 5);
    assert_eq!(first.header.staff.clone().unwrap().id.as_str(), "A1001");
    assert_eq!(times(first), [(Some(0), None), (Some(2600), None)]);
    assert_eq!(spoken(first)[1], (Some(Speaker::Customer), raw("宽带又断了；\r\n这都第三次了!")));
    assert_eq!(second.header.channel, Channel::Chat);
    assert_eq!(spoken(second)[0], (Some(Speaker::Customer), raw("我说\"不要\"套餐")));
    assert_eq!(spoken(second)[1].0, Some(Speaker::System));
}

#[test]
fn a_table_s_refusals_name_line_and_column_and_spare_the_neighbours() {
    let head = "contact_id,speaker,text,start_ms,end_ms,team,staff_id,satisfaction,scale,revision\n";
    for (rows, line, column, code) in [
        ("1,boss,好", 2, "speaker", "ambiguous_speakers"),
        ("1,,好", 2, "speaker", "missing_field"),
        ("1,agent,好,0,,,,,,\n1,agent,好,x,,,,,,", 3, "start_ms", "invalid_value"),
        ("1,agent,好,0,,,,,,\n1,agent,好,9,5,,,,,", 3, "end_ms", "invalid_value"),
        ("1,agent,好,,,a,7,,,\n1,agent,好,,,b,7,,,", 3, "team", "inconsistent"),
        ("1,agent,好,,,a,,,,", 2, "staff_id", "missing_field"),
        ("1,agent,好,,,,,4,,", 2, "scale", "missing_field"),
        ("1,agent,好,,,,,4,3,", 2, "satisfaction", "invalid_value"),
        ("1,agent,好,,,,,,,0", 2, "revision", "invalid_value"),
        ("1,agent,好,,,,,,,v2", 2, "revision", "invalid_value"),
        (",agent,好", 2, "contact_id", "invalid_value"),
    ] {
        let contacts = text(&format!("{head}{rows}\n2,customer,没问题\n"));
        let refused = contacts[0].as_ref().unwrap_err();
        assert_eq!(
            (refused.line, refused.field.as_deref(), refused.code),
            (Some(line), Some(column), code),
            "{rows}"
        );
        assert!(contacts[1].is_ok() && contacts.len() == 2, "{rows}");
    }
}

#[test]
fn rows_of_one_contact_that_do_not_stand_together_are_one_contact() {
    let contacts = text("contact_id,speaker,text\n1,agent,好\n2,agent,好\n1,customer,好\n");

    let taken: Vec<_> =
        contacts.iter().flatten().map(|one| (one.header.contact_id.as_str(), one.body.len())).collect();
    assert_eq!(taken, [("2", 1), ("1", 2)]);
}

#[test]
fn a_header_line_that_is_not_understood_refuses_the_table() {
    for (head, code, column) in [
        ("contact_id,speaker,text,内容", "duplicate_field", "text"),
        ("contact_id,speaker,start_ms", "missing_field", "text"),
    ] {
        let contacts = text(&format!("{head}\n1,agent,好,1\n"));
        let refused = contacts[0].as_ref().unwrap_err();
        assert_eq!((contacts.len(), refused.line, refused.code), (1, Some(1), code), "{head}");
        assert_eq!(refused.field.as_deref(), Some(column));
    }
}

#[test]
fn a_note_may_stand_in_a_table() {
    let contacts = text("contact_id\tkind\ttext\nN-1\t记录\t已回访。客户满意。\n");

    assert_eq!(contacts[0].as_ref().unwrap().body.len(), 2);
}

#[test]
fn a_gb18030_text_with_three_contacts_is_read() {
    let contacts = fixture("hall-gb18030.txt");

    let [first, second, third] = contacts.as_slice() else { panic!("{contacts:?}") };
    let first = first.as_ref().unwrap();
    assert_eq!(first.header.contact_id.as_str(), "HALL-20261102-0007");
    assert_eq!(first.header.channel, Channel::Hall);
    assert_eq!(first.header.started_at.unwrap().to_beijing(), "2026-11-02 09:15");
    assert_eq!(times(first)[1], (Some(8000), None));
    assert_eq!(
        spoken(first)[1],
        (Some(Speaker::Customer), raw("我手机卡坏了，想补一张，\n昨天晚上就没信号了。"))
    );
    assert_eq!(second.as_ref().unwrap().header.contact_id.as_str(), "HALL-20261102-0008");
    let third = third.as_ref().unwrap();
    assert_eq!(third.header.contact_id.as_str(), "day-3");
    assert_eq!(third.body, Body::Note(vec![raw("客户来厅咨询过户，材料不齐，已告知所需材料。")]));
}

#[test]
fn dates_and_times_of_day_become_offsets() {
    let dated = text("2026-11-01 08:00:05 客服：您好\n2026-11-01 08:00:09 客户：你好\n");
    let clocked = text("[23:59:58] 客服：您好\n[00:00:03] 客户：你好\n");
    let told = text("时间：2026-11-01 08:00\n2026-11-01 08:00:05 客服：您好\n");

    let dated = dated[0].as_ref().unwrap();
    assert_eq!(dated.header.started_at.unwrap().to_rfc3339(), "2026-11-01T00:00:05.000Z");
    assert_eq!(times(dated), [(Some(0), None), (Some(4000), None)]);
    assert_eq!(times(clocked[0].as_ref().unwrap()), [(Some(0), None), (Some(5000), None)]);
    assert_eq!(times(told[0].as_ref().unwrap()), [(Some(5000), None)]);
}

#[test]
fn text_that_nobody_says_is_refused_where_it_stands() {
    let contacts = text("---\n通话记录如下\n客服：您好\n---\n客服：您好\n");

    let refused = contacts[0].as_ref().unwrap_err();
    assert_eq!((refused.line, refused.code), (Some(2), "unknown_line"));
    assert!(!refused.message.contains("通话记录"));
    assert_eq!(contacts[1].as_ref().unwrap().header.contact_id.as_str(), "day-2");
}

#[test]
fn the_other_side_s_own_name_is_asked_about_and_its_words_are_not_those_of_the_agent() {
    let lines = "客服：您好\n张先生：我要退费\n客服：好的\n张先生：快点\n";

    let asked = text(lines).remove(0).unwrap_err();

    assert_eq!(asked.code, "ambiguous_speakers");
    assert!(asked.message.contains("--speakers 张先生=agent|customer"), "{}", asked.message);
    let mut options = ReadOptions::default();
    options.speakers.add("张先生=customer").unwrap();
    let answered = bytes(lines.as_bytes(), &options).remove(0).unwrap();
    assert_eq!(spoken(&answered)[1], (Some(Speaker::Customer), raw("我要退费")));
    assert_eq!(answered.body.len(), 4);
}
