//! Every export is described with what it takes and gives: the five share a struct of parameters, refuse what is not about them, and
//! answer in the form that was asked for.

use serde_json::json;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, RefOr};

use crate::domain::ExportForm;

/// Parameters that an export does not take.
const WITHOUT: [(&str, &[&str]); 5] = [
    ("export_contacts", &[]),
    ("export_analyses", &[]),
    ("export_flags", &["staff"]),
    ("export_staff", &["channel", "since", "until"]),
    ("export_teams", &["channel", "since", "until", "staff"]),
];

/// Leaves out of an export's description what the export refuses, and names the types of its answers.
pub(super) fn narrow(operation: &mut Operation) {
    let named = |(name, _): &&(&str, &[&str])| operation.operation_id.as_deref() == Some(*name);
    let Some((_, without)) = WITHOUT.iter().find(named) else { return };
    // A vCon holds a contact, and flags and figures are none.
    let forms: Vec<ExportForm> = ExportForm::ALL
        .iter()
        .copied()
        .filter(|form| without.is_empty() || *form != ExportForm::Vcon)
        .collect();
    if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
        for form in &forms {
            let kind = form.media_type().split(';').next().unwrap_or_default();
            let bytes = (!matches!(form, ExportForm::Csv | ExportForm::Vcon))
                .then_some(SchemaFormat::KnownFormat(KnownFormat::Binary));
            let file = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).format(bytes).build();
            let content = ContentBuilder::new().schema(Some(Schema::Object(file))).build();
            answer.content.entry(kind.to_owned()).or_insert(RefOr::T(content));
        }
    }
    let Some(parameters) = &mut operation.parameters else { return };
    parameters.retain(|one| !matches!(one, RefOr::T(one) if without.contains(&one.name.as_str())));
    for parameter in parameters {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.name == "format" && !without.is_empty() {
            let words = ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .enum_values(Some(forms.iter().map(|form| json!(form.as_str()))));
            parameter.schema = Some(RefOr::T(Schema::Object(words.build())));
        }
    }
}
