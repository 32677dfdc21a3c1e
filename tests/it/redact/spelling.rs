//! Invented numbers, and their spellings as people write and recognisers hear them.

use proptest::prelude::*;

const PLAIN: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

fn spoken(digits: &str) -> String {
    digits
        .chars()
        .map(|c| c.to_digit(10).map_or("叉", |d| if d == 1 { "幺" } else { PLAIN[d as usize] }))
        .collect()
}

fn wide(digits: &str) -> String {
    digits.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32('０' as u32 + d).unwrap())).collect()
}

fn groups(number: &str, sizes: &[usize], glue: &str) -> String {
    let mut rest = number;
    let mut parts = Vec::new();
    for size in sizes {
        let (part, after) = rest.split_at((*size).min(rest.len()));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts.join(glue)
}

pub(super) fn parts(number: &str, sizes: &[usize], aloud: bool) -> Vec<String> {
    groups(number, sizes, "|")
        .split('|')
        .map(|part| if aloud { spoken(part) } else { part.to_owned() })
        .collect()
}

pub(super) fn luhn(body: &str) -> String {
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(place, c)| {
            let value = c.to_digit(10).unwrap() << ((place + 1) % 2);
            value / 10 + value % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

pub(super) fn id_card(region: u32, serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("{}19000101{serial:03}", 110_101 + region);
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize])
}

pub(super) fn number() -> impl Strategy<Value = (String, Vec<usize>)> {
    prop_oneof![
        (0..10_000_u32).prop_map(|n| (format!("1990000{n:04}"), vec![3, 4])),
        (0..2_u32, 0..1000_u32).prop_map(|(region, n)| (id_card(region, n), vec![6, 8])),
        (0..100_000_000_u32).prop_map(|n| (luhn(&format!("62220000{n:010}")), vec![4, 4, 4, 4])),
    ]
}

pub(super) fn spelled() -> impl Strategy<Value = (String, usize)> {
    (number(), 0..4_usize, 0..6_usize).prop_map(|((number, sizes), glue, style)| {
        let apart = |glue: &str| groups(&number, &sizes, glue);
        let plain = number.len();
        let text = match style {
            0 => number.clone(),
            1 => apart([" ", "-", " - ", "  "][glue]),
            2 => wide(&apart(["", " ", "-", ""][glue])),
            3 => spoken(&apart("")),
            4 => groups(&number, &sizes, "|")
                .split('|')
                .map(spoken)
                .collect::<Vec<_>>()
                .join([" ", "，", " 嗯 ", "那个"][glue]),
            _ => {
                let parts = groups(&number, &sizes, "|");
                let (head, tail) = parts.split_once('|').unwrap();
                format!("{head} {}", spoken(&tail.replace('|', "")))
            }
        };
        (text, plain)
    })
}
