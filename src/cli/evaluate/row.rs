//! A row of a table of labels, as the JSON object that says the same.

use serde_json::{Map, Value};

use crate::domain::{Channel, Emotion, Speaker};

/// The field that a column of that name holds.
pub(super) fn meaning(column: &str) -> Option<&'static str> {
    let column = column.trim().trim_start_matches('\u{feff}').to_lowercase();
    Some(match column.as_str() {
        "text" | "文本" | "内容" | "话术" | "句子" => "text",
        "speaker" | "说话人" | "角色" => "speaker",
        "channel" | "渠道" => "channel",
        "emotion" | "情绪" | "情感" => "emotion",
        "valence_class" | "valence" | "极性" | "情感极性" | "倾向" => "valence_class",
        "abuse" | "辱骂" => "abuse",
        "weight" | "权重" => "weight",
        "id" | "编号" => "id",
        _ => return None,
    })
}

/// The object. Numbers are no classes: in one set 0 is negative, in another neutral. What is no known value stays as it is, and is refused by its field.
pub(super) fn to_json(cells: Vec<(&'static str, String)>) -> String {
    let fields = cells.into_iter().map(|(field, cell)| (field.to_owned(), value(field, cell)));
    Value::Object(fields.collect::<Map<_, _>>()).to_string()
}

fn value(field: &str, cell: String) -> Value {
    let known = match field {
        "speaker" => Speaker::ALL.iter().find(|one| one.zh() == cell).map(|one| one.as_str()).or_else(|| {
            Some(match cell.as_str() {
                "客服" | "座席" => "agent",
                "用户" | "顾客" => "customer",
                "备注" | "工单" => "note",
                _ => return None,
            })
        }),
        "channel" => Channel::ALL.iter().find(|one| one.zh() == cell).map(|one| one.as_str()),
        "emotion" => Emotion::ALL.iter().find(|one| one.zh() == cell).map(|one| one.as_str()),
        "valence_class" => match cell.as_str() {
            "负面" | "消极" => Some("negative"),
            "中性" => Some("neutral"),
            "正面" | "积极" => Some("positive"),
            _ => None,
        },
        "abuse" => match cell.to_lowercase().as_str() {
            "true" | "1" | "yes" | "是" => return Value::Bool(true),
            "false" | "0" | "no" | "否" => return Value::Bool(false),
            _ => None,
        },
        "weight" => return cell.parse::<f64>().map_or(Value::String(cell), Value::from),
        _ => None,
    };
    Value::String(known.map_or(cell, str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_the_json_line_says() {
        let row = [("text", "气死我了"), ("speaker", "客服"), ("emotion", "愤怒"), ("valence_class", "负面")];
        let more = [("abuse", "否"), ("weight", "2"), ("id", "7")];
        let cells = row.into_iter().chain(more).map(|(field, cell)| (field, cell.to_owned())).collect();

        let read: Value = serde_json::from_str(&to_json(cells)).unwrap();

        assert_eq!(
            read,
            serde_json::json!({
                "text": "气死我了", "speaker": "agent", "emotion": "anger", "valence_class": "negative",
                "abuse": false, "weight": 2.0, "id": "7",
            })
        );
    }
}
