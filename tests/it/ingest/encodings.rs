//! Files in GB18030, and bytes that are no characters in any encoding.

use encoding_rs::GB18030;
use tingxin::domain::{RawContact, Refusal};
use tingxin::ingest::ReadOptions;

use super::{bytes, raw, spoken};

const WORDS: &str = "我家宽带又断了，这都第三次了！";

fn line(number: usize) -> String {
    format!(
        "{{\"source\":\"s\",\"contact_id\":\"L-{number}\",\"channel\":\"chat\",\
         \"utterances\":[{{\"speaker\":\"customer\",\"text\":\"{WORDS}\"}}]}}\n"
    )
}

/// NDJSON of `count` contacts; the words of the one on line `damaged` have two bytes that are none.
fn with_a_damaged_line(count: usize, damaged: usize) -> Vec<u8> {
    let lines = (1..=count).map(|number| {
        let mut line = line(number).into_bytes();
        if number == damaged {
            let at = line.len() - 20;
            line[at..at + 2].copy_from_slice(b"\xff\xfe");
        }
        line
    });
    lines.collect::<Vec<_>>().concat()
}

fn read(content: &[u8]) -> Vec<Result<RawContact, Refusal>> {
    bytes(content, &ReadOptions::default())
}

/// The ids of what was read, and line and code of what was refused.
fn told(contacts: &[Result<RawContact, Refusal>]) -> Vec<Result<&str, (u64, &str)>> {
    contacts
        .iter()
        .map(|contact| match contact {
            Ok(contact) => Ok(contact.header.contact_id.as_str()),
            Err(refusal) => Err((refusal.line.unwrap(), refusal.code)),
        })
        .collect()
}

#[test]
fn a_line_in_another_encoding_does_not_cost_its_neighbours() {
    let good: String = (1..=20).map(line).collect();
    let content = [good.as_bytes(), &GB18030.encode(&line(21)).0, line(22).as_bytes()].concat();

    let contacts = read(&content);

    assert_eq!(contacts.len(), 22);
    assert_eq!(told(&contacts)[20], Err((21, "invalid_encoding")));
    let others = [&contacts[..20], &contacts[21..]].concat();
    assert!(others.iter().all(|contact| spoken(contact.as_ref().unwrap())[0].1 == raw(WORDS)));
}

#[test]
fn a_damaged_byte_in_a_long_file_is_not_turned_into_a_replacement_character() {
    let contacts = read(&with_a_damaged_line(3_000, 2_501));

    assert_eq!(contacts.len(), 3_000);
    for (at, contact) in told(&contacts).into_iter().enumerate() {
        let expected = format!("L-{}", at + 1);
        assert_eq!(contact, if at == 2_500 { Err((2_501, "invalid_encoding")) } else { Ok(&*expected) });
    }
}

#[test]
fn a_damaged_byte_in_a_gb18030_file_costs_one_contact_too() {
    let mut lines: Vec<_> = (1..=5).map(|number| GB18030.encode(&line(number)).0.into_owned()).collect();
    let at = lines[2].len() - 20;
    lines[2][at..at + 2].copy_from_slice(b"\xff\xff");

    let contacts = read(&lines.concat());

    assert_eq!(told(&contacts), [Ok("L-1"), Ok("L-2"), Err((3, "invalid_encoding")), Ok("L-4"), Ok("L-5")]);
    assert_eq!(spoken(contacts[4].as_ref().unwrap())[0].1, raw(WORDS));
}

#[test]
fn an_encoding_that_shows_itself_late_is_recognised_for_the_whole_file() {
    let ascii = line(1).replace(WORDS, "hello");
    let content = [ascii.repeat(2_000).as_bytes(), &GB18030.encode(&line(2).repeat(50)).0].concat();

    let contacts = read(&content);

    assert_eq!(contacts.len(), 2_050);
    let words = contacts[2_000..].iter().map(|contact| spoken(contact.as_ref().unwrap())[0].1.clone());
    assert!(words.into_iter().all(|text| text == raw(WORDS)));
}

#[test]
fn a_damaged_row_of_a_table_costs_its_contact_and_no_other() {
    let mut content = "contact_id,speaker,text\n1,客户,宽带断了好几天\n2,客户,宽".as_bytes().to_vec();
    content.extend_from_slice(b"\xff\n");
    content.extend_from_slice("2,客服,马上为您处理\n3,客户,宽带断了好几天\n".as_bytes());

    assert_eq!(told(&read(&content)), [Ok("1"), Err((3, "invalid_encoding")), Ok("3")]);
}

#[test]
fn a_damaged_element_of_an_array_costs_no_other() {
    let (one, two) = (line(1), line(2));
    let damaged = two.replace("又断了", "又\u{1}断了").into_bytes();
    let damaged: Vec<u8> = damaged.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();

    let content = [b"[\n", one.as_bytes(), b",", &damaged, b",", one.as_bytes(), b"]"].concat();

    assert_eq!(told(&read(&content)), [Ok("L-1"), Err((3, "invalid_encoding")), Ok("L-1")]);
}

#[test]
fn a_damaged_line_of_plain_text_costs_its_contact_and_no_other() {
    let good = "客户：宽带断了好几天\n客服：马上为您处理\n";
    let turn = [good.as_bytes(), b"---\n", "客户：宽".as_bytes(), b"\xff\n---\n", good.as_bytes()].concat();
    let mark = [good.as_bytes(), b"=== H-\xff ===\n", good.as_bytes(), b"---\n", good.as_bytes()].concat();

    assert_eq!(told(&read(&turn)), [Ok("day"), Err((4, "invalid_encoding")), Ok("day-3")]);
    assert_eq!(told(&read(&mark)), [Ok("day"), Err((3, "invalid_encoding")), Ok("day-3")]);
}
