//! Every export is described with what it takes: the five share a struct of parameters, and refuse what is not about them.

use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use crate::domain::ExportForm;

/// Parameters that an export does not take.
const WITHOUT: [(&str, &[&str]); 3] = [
    ("export_flags", &["staff"]),
    ("export_staff", &["channel", "since", "until"]),
    ("export_teams", &["channel", "since", "until", "staff"]),
];

/// Leaves out of an export's description what the export refuses.
pub(super) fn narrow(operation: &mut Operation) {
    let Some((_, without)) =
        WITHOUT.iter().find(|(name, _)| operation.operation_id.as_deref() == Some(*name))
    else {
        return;
    };
    let Some(parameters) = &mut operation.parameters else { return };
    parameters.retain(|one| !matches!(one, RefOr::T(one) if without.contains(&one.name.as_str())));
    for parameter in parameters {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.name == "format" {
            // A vCon holds a contact.
            let forms = ExportForm::ALL.iter().filter(|form| **form != ExportForm::Vcon);
            let words = ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .enum_values(Some(forms.map(|form| json!(form.as_str()))));
            parameter.schema = Some(RefOr::T(Schema::Object(words.build())));
        }
    }
}
