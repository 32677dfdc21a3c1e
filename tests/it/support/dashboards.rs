//! The dashboards of the deployment.

use std::path::Path;

use serde_json::Value;

/// Every board.
pub(crate) fn all() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/grafana/dashboards");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()).collect()
}

/// Its panels, without the headings between them.
pub(crate) fn panels(board: &Value) -> impl Iterator<Item = &Value> {
    board["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row")
}

/// Every expression of a board, as it is written.
pub(crate) fn expressions(board: &Value) -> Vec<String> {
    let targets = panels(board).flat_map(|panel| panel["targets"].as_array().unwrap());
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// An expression with what Grafana puts into it: everything chosen, and short times, since the tests are short.
pub(crate) fn filled(expression: &str) -> String {
    let names = ["$channel", "$instance", "$team", "$topic"];
    let filled = names.iter().fold(expression.to_owned(), |filled, name| filled.replace(name, ".*"));
    filled.replace("$__rate_interval", "10s").replace("$__range", "1h")
}
