//! An example for every request and answer, made from its schema: what stands there fits by
//! construction, and no example is forgotten.

use serde_json::{Map, Value, json};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Components, Content, RefOr};

/// Schemas within schemas beyond which an example ends: an example is to be read.
const DEEPEST: usize = 12;

/// The schemas that references lead to.
pub(super) struct Schemas(Value);

impl Schemas {
    pub(super) fn of(components: &Components) -> Self {
        Self(serde_json::to_value(&components.schemas).unwrap_or_default())
    }

    /// Gives every body of an operation that has none an example.
    pub(super) fn illustrate(&self, operation: &mut Operation) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.content.iter_mut().for_each(|(kind, content)| self.put(kind, content));
        }
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                response.content.iter_mut().for_each(|(kind, content)| self.put(kind, content));
            }
        }
    }

    fn put(&self, kind: &str, content: &mut RefOr<Content>) {
        let RefOr::T(content) = content else { return };
        if content.example.is_some() || !content.examples.is_empty() {
            return;
        }
        let Some(schema) = content.schema.as_ref().and_then(|schema| serde_json::to_value(schema).ok())
        else {
            return;
        };
        content.example =
            if kind == "application/x-ndjson" && schema.get("type").is_some_and(|kind| kind == "string") {
                // A stream of contacts: the schema says no more than that it is text.
                let contact = self.example(&json!({"$ref": "#/components/schemas/ContactV1"}), 0);
                Some(Value::String(format!("{contact}\n")))
            } else {
                Some(self.example(&schema, 0))
            };
    }

    fn example(&self, schema: &Value, depth: usize) -> Value {
        if let Some(example) = given(schema) {
            return example;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
            let named = self.0.get(name).filter(|_| depth <= DEEPEST);
            return named.map_or(Value::Null, |schema| self.example(schema, depth + 1));
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(some) =
                schema[choice].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"))
            {
                return self.example(some, depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts = parts.iter().map(|part| self.example(part, depth + 1));
            let fields = parts.filter_map(|part| match part {
                Value::Object(fields) => Some(fields),
                _ => None,
            });
            return Value::Object(fields.flatten().collect());
        }
        self.plain(schema, depth)
    }

    fn plain(&self, schema: &Value, depth: usize) -> Value {
        match kind(schema) {
            "object" => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                let fields = fields.map(|(name, field)| (name.clone(), self.example(field, depth + 1)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            "array" => {
                let items = schema["prefixItems"].as_array();
                let tuple =
                    items.map(|items| items.iter().map(|item| self.example(item, depth + 1)).collect());
                Value::Array(tuple.unwrap_or_else(|| vec![self.example(&schema["items"], depth + 1)]))
            }
            "integer" => schema["minimum"].as_i64().map_or(json!(1), Value::from),
            "number" => schema["minimum"].as_f64().map_or(json!(0.5), Value::from),
            "boolean" => json!(true),
            "string" => json!(text(schema)),
            _ => Value::Null,
        }
    }
}

/// What the schema itself gives.
fn given(schema: &Value) -> Option<Value> {
    let first = |list: &Value| list.as_array().and_then(|all| all.first()).cloned();
    let own = ["example", "default", "const"].into_iter().find_map(|key| schema.get(key).cloned());
    own.or_else(|| first(&schema["examples"])).or_else(|| first(&schema["enum"]))
}

/// The type that is not `null`.
fn kind(schema: &Value) -> &str {
    let several = schema["type"]
        .as_array()
        .and_then(|all| all.iter().find_map(|one| one.as_str().filter(|one| *one != "null")));
    let said = schema["type"].as_str().or(several);
    said.unwrap_or(if schema["properties"].is_object() { "object" } else { "" })
}

fn text(schema: &Value) -> &'static str {
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("date-time"), _) => "2026-11-01T08:00:00+08:00",
        (Some("date"), _) => "2026-11-01",
        (Some("uuid"), _) => "0198c5a0-0000-7000-8000-000000000001",
        (_, Some(pattern)) if pattern.starts_with("^[a-z]") => "broadband_fault",
        _ => "A1001",
    }
}
