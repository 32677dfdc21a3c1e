//! Looks into JSON of others, where field names differ in case and strings hold JSON once more.

use serde_json::Value;

/// The field of that name; also with a capital at its beginning, and in snake or camel case.
pub(super) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = value.as_object()?;
    let found = fields.get(name).or_else(|| {
        let wanted = plain(name);
        fields.iter().find(|(key, _)| plain(key) == wanted).map(|(_, value)| value)
    });
    found.filter(|value| !value.is_null())
}

/// `Begin_Time`, `beginTime` and `BeginTime` are one name.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The first of these fields that is there.
pub(super) fn any<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| field(value, name))
}

/// The field at «a.b.c».
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => field(value, name),
    })
}

/// A text or a number as text; nothing when it is blank.
pub(super) fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The text or number of a field.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    field(value, name).and_then(word)
}

/// The items of a field; none when it is no array.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    field(value, name).map(items).unwrap_or_default()
}

/// The items of an array.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether a field is an array with something in it.
pub(super) fn has_list(value: &Value, name: &str) -> bool {
    !list(value, name).is_empty()
}

/// JSON inside a string.
pub(super) fn unwrapped(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok()).flatten()
}

/// The value whose name is written in different ways, without tags: «<p>好</p>».
pub(super) fn without_tags(text: &str) -> String {
    let (mut plain, mut inside) = (String::with_capacity(text.len()), false);
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => plain.push(c),
            _ => {}
        }
    }
    let entities =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(plain, |text, (name, sign)| text.replace(name, sign)).trim().to_owned()
}

/// The number of a field.
pub(super) fn number_of(value: &Value, name: &str) -> Option<f64> {
    field(value, name).and_then(super::told::number)
}
