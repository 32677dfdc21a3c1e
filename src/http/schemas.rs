//! JSON Schema 2020-12 of what goes in and out, cut out of the description of the API: `OpenAPI` 3.1
//! has the same schemas, and one source cannot differ from itself.

use serde_json::{Map, Value, json};

use super::openapi;

/// What has a published schema: the name on the command line, the component, the version.
const PUBLISHED: [(&str, &str, &str); 3] =
    [("contact", "ContactV1", "v1"), ("analysis", "Analysis", "v1"), ("event", "Event", "v1")];

/// Where a component stands in the description, and where in a schema of its own.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The names that have a schema.
#[must_use]
pub fn names() -> Vec<&'static str> {
    PUBLISHED.iter().map(|(name, ..)| *name).collect()
}

/// The schema of that name, with everything it refers to; `None` for a name that has none.
#[must_use]
pub fn schema(name: &str) -> Option<Value> {
    let (name, component, version) = PUBLISHED.iter().find(|(known, ..)| *known == name)?;
    let document = serde_json::to_value(openapi::document()).ok()?;
    let components = document.pointer("/components/schemas")?.as_object()?;
    let mut root = components.get(*component)?.clone();
    let mut definitions = Map::new();
    let mut wanted = rewritten(&mut root);
    while let Some(next) = wanted.pop() {
        if definitions.contains_key(&next) {
            continue;
        }
        let mut found = components.get(&next)?.clone();
        wanted.extend(rewritten(&mut found));
        definitions.insert(next, found);
    }
    let fields = root.as_object_mut()?;
    // What every document of this version says of itself.
    if let Some(own) = fields.get_mut("properties").and_then(|all| all.get_mut("schema")) {
        *own = json!({"type": "string", "const": format!("tingxin.{name}.{version}")});
    }
    fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    fields.insert("$id".to_owned(), json!(format!("urn:tingxin:schema:{name}:{version}")));
    fields.insert("$defs".to_owned(), Value::Object(definitions));
    Some(root)
}

/// Points every reference to the definitions of the schema itself; the names that it refers to.
fn rewritten(value: &mut Value) -> Vec<String> {
    let mut found = Vec::new();
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let target = field.as_str().and_then(|text| text.strip_prefix(COMPONENTS)).map(str::to_owned);
                match target {
                    Some(name) if key == "$ref" => {
                        *field = Value::String(format!("{DEFINITIONS}{name}"));
                        found.push(name);
                    }
                    _ => found.extend(rewritten(field)),
                }
            }
        }
        Value::Array(items) => found.extend(items.iter_mut().flat_map(rewritten)),
        _ => {}
    }
    found
}
