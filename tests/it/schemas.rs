//! The published schemas: they are current, they are valid, and what the program writes fits them.

use std::path::Path;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Value, json};
use tingxin::http::schemas;

use crate::support::docs::assert_current;
use crate::support::shell::{Shell, sample};

/// A published schema, compiled.
pub(crate) struct Published(Schemas, SchemaIndex);

impl Published {
    pub(crate) fn of(name: &str) -> Self {
        let (mut all, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler.add_resource("urn:of-the-test", schemas::schema(name).unwrap()).unwrap();
        let index = compiler.compile("urn:of-the-test", &mut all).unwrap();
        Self(all, index)
    }

    /// Why a value does not fit; nothing when it does.
    pub(crate) fn problem(&self, value: &Value) -> Option<String> {
        self.0.validate(value, self.1).err().map(|error| format!("{error:#}"))
    }

    pub(crate) fn fits(&self, value: &Value) -> bool {
        self.problem(value).is_none()
    }
}

#[test]
fn the_files_are_what_the_program_says() {
    for name in schemas::names() {
        let text = serde_json::to_string_pretty(&schemas::schema(name).unwrap()).unwrap() + "\n";
        assert_current(Path::new(&format!("docs/schema/tingxin.{name}.v1.schema.json")), &text);
    }
}

#[test]
fn every_analysis_of_every_sample_fits_the_schema() {
    let validator = Published::of("analysis");
    let ended = Shell::new().run(&["analyze", &sample("")]);
    assert_eq!(ended.status, 0, "{}", ended.err);

    for line in ended.out.lines() {
        let analysis: Value = serde_json::from_str(line).unwrap();
        assert_eq!(validator.problem(&analysis), None, "{}", analysis["contact_id"]);
    }
    assert!(ended.out.lines().count() >= 80);
}

#[test]
fn an_analysis_that_lost_a_field_or_has_another_schema_does_not_fit() {
    let validator = Published::of("analysis");
    let ended = Shell::new().run(&["analyze", &sample("hotline")]);
    let whole: Value = serde_json::from_str(ended.out.lines().next().unwrap()).unwrap();
    let without = |field: &str| {
        let mut analysis = whole.clone();
        analysis.as_object_mut().unwrap().remove(field);
        analysis
    };
    let mut other = whole.clone();
    other["schema"] = json!("tingxin.contact.v1");

    assert!(validator.fits(&whole));
    assert!(!validator.fits(&without("engine")) && !validator.fits(&without("signals")));
    assert!(!validator.fits(&other));
}

#[test]
fn the_contact_of_the_readme_fits_and_an_unknown_field_does_not() {
    let validator = Published::of("contact");
    let mut contact = json!({"source": "hotline-10086", "contact_id": "H-1", "channel": "hotline",
        "utterances": [{"speaker": "customer", "text": "又断了", "start_ms": 0}]});

    assert_eq!(validator.problem(&contact), None);
    contact["channel"] = json!("fax");
    assert!(!validator.fits(&contact));
    contact["channel"] = json!("chat");
    contact["fax"] = json!(1);
    assert!(!validator.fits(&contact));
}

#[test]
fn the_command_writes_the_schema_and_knows_its_names() {
    let shell = Shell::new();

    let written = shell.run(&["schema", "event"]);
    let schema: Value = serde_json::from_str(&written.out).unwrap();

    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], "urn:tingxin:schema:event:v1");
    assert_eq!(schema["properties"]["schema"]["const"], "tingxin.event.v1");
    assert_eq!(shell.run(&["schema", "fax"]).status, 64);
}
