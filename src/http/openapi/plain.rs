//! The same schemas in a form that generators of clients understand: no composition where one object
//! says it, and no nameless object within a choice.

use utoipa::openapi::schema::{AllOf, Object, ObjectBuilder, Schema};
use utoipa::openapi::{Components, Ref, RefOr};

/// Merges the parts of composed choices, and names the objects within choices.
pub(super) fn simplify(components: &mut Components) {
    let known = components.schemas.clone();
    let mut named = Vec::new();
    for (name, schema) in &mut components.schemas {
        let RefOr::T(Schema::OneOf(choices)) = schema else { continue };
        for choice in &mut choices.items {
            if let RefOr::T(Schema::AllOf(parts)) = choice
                && let Some(merged) = merged(parts, &|name| known.get(name))
            {
                *choice = RefOr::T(Schema::Object(merged));
            }
            let RefOr::T(Schema::Object(object)) = choice else { continue };
            for (field, inner) in &mut object.properties {
                if matches!(inner, RefOr::T(Schema::Object(inline)) if !inline.properties.is_empty()) {
                    let title = format!("{name}{}", capitalised(field));
                    let reference = RefOr::Ref(Ref::from_schema_name(&title));
                    named.push((title, std::mem::replace(inner, reference)));
                }
            }
        }
    }
    components.schemas.extend(named);
}

/// One object with the fields of all parts; none where a part is no object.
fn merged<'a>(parts: &AllOf, known: &impl Fn(&str) -> Option<&'a RefOr<Schema>>) -> Option<Object> {
    let mut whole = ObjectBuilder::new().build();
    whole.description.clone_from(&parts.description);
    for part in &parts.items {
        let part = match part {
            RefOr::Ref(reference) => known(reference.ref_location.rsplit('/').next()?)?,
            here @ RefOr::T(_) => here,
        };
        let RefOr::T(Schema::Object(part)) = part else { return None };
        whole.required.extend(part.required.iter().cloned());
        whole.properties.extend(part.properties.iter().map(|(name, field)| (name.clone(), field.clone())));
    }
    (!whole.properties.is_empty()).then_some(whole)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
