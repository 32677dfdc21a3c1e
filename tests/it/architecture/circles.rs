//! No two files need each other: whoever reads one must never have to read the other first.
//!
//! The finder reads paths, not types: `use` lines and paths in the code that begin with `crate`,
//! `super`, `self` or a child. A name is followed to the file that holds it, so that a parent may
//! re-export its children. Such a façade is no dependency unless the parent's own code names what
//! it re-exports. Code for tests and for documentation alone is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{code_folders, report, rust_files};

/// A module as its path below the crate; the crate's root is empty.
type Module = Vec<String>;

/// Re-exports that lead to re-exports: more than any name has.
const MOST_STEPS: usize = 8;

/// An imported name.
struct Import {
    path: Vec<String>,
    name: String,
    public: bool,
}

/// What a file names.
#[derive(Default)]
struct File {
    imports: Vec<Import>,
    /// Paths in the code beside the imports.
    paths: Vec<Vec<String>>,
    /// Names in the code, but for those of methods and fields.
    names: BTreeSet<String>,
}

/// Identifiers, `::` and other signs one by one, without comments, strings and lifetimes.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if let Some(length) = string(rest) {
            length
        } else if c == '_' || c.is_alphanumeric() {
            let length = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !c.is_whitespace() && c != '\'' {
                tokens.push(c.to_string());
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Length of the string or character that begins here, if one does.
fn string(text: &str) -> Option<usize> {
    if let Some(inner) = text.strip_prefix('\'') {
        let end = if inner.starts_with('\\') {
            inner[2..].find('\'')? + 2
        } else {
            inner.chars().next()?.len_utf8()
        };
        return inner[end..].starts_with('\'').then_some(end + 2);
    }
    let start = text.trim_start_matches(['b', 'c']);
    if let Some(raw) = start.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let from = text.len() - raw.len() + hashes + 1;
            return Some(text[from..].find(&close).map_or(text.len(), |at| from + at + close.len()));
        }
    }
    let from = text.len() - start.strip_prefix('"')?.len();
    let mut escaped = false;
    let end = text[from..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    Some(end.map_or(text.len(), |at| from + at + 1))
}

/// Where the item that begins at `at` is over: behind its `;` or its braces.
fn end_of_item(tokens: &[String], at: usize) -> usize {
    let mut depth = 0_usize;
    for (step, token) in tokens[at..].iter().enumerate() {
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(token.as_str(), ";" | "}") {
            return at + step + 1;
        }
    }
    tokens.len()
}

/// The names of an import, with `{…}` written out.
fn expand(tokens: &[String], before: &[String], public: bool, found: &mut Vec<Import>) {
    let mut path = before.to_vec();
    let mut alias = None;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => {
                let inner = &tokens[at + 1..tokens.len() - 1];
                for item in items(inner) {
                    expand(item, &path, public, found);
                }
                return;
            }
            "as" => {
                alias = tokens.get(at + 1).cloned();
                break;
            }
            "::" => {}
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    if let Some(last) = path.last().cloned() {
        found.push(Import { name: alias.unwrap_or(last), path, public });
    }
}

/// What commas divide, but for those in braces.
fn items(tokens: &[String]) -> Vec<&[String]> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&tokens[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[from..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Number of tokens of `pub` with its place, as in `pub(in crate::http)`.
fn visibility(tokens: &[String]) -> usize {
    match tokens {
        [open, paren, ..] if open == "pub" && paren == "(" => {
            tokens.iter().position(|token| token == ")").map_or(1, |at| at + 1)
        }
        [open, ..] if open == "pub" => 1,
        _ => 0,
    }
}

impl File {
    fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut file = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            at = file.step(&tokens, at);
        }
        file
    }

    /// Reads what stands at `at`; answers where the next begins.
    fn step(&mut self, tokens: &[String], at: usize) -> usize {
        let is = |from: usize, words: &[&str]| {
            words.iter().enumerate().all(|(n, w)| tokens.get(from + n).is_some_and(|t| t == w))
        };
        if ["test", "doc"].iter().any(|only| is(at, &["#", "[", "cfg", "(", only, ")", "]"])) {
            return end_of_item(tokens, at + 7);
        }
        let item = at + visibility(&tokens[at..]);
        if is(item, &["use"]) && !is(item, &["use", "<"]) {
            let length = tokens[item..].iter().position(|token| token == ";").unwrap_or_default();
            expand(&tokens[item + 1..item + length], &[], item > at, &mut self.imports);
            return item + length + 1;
        }
        if is(item, &["mod"]) && is(item + 2, &[";"]) {
            return item + 3;
        }
        if item > at {
            return item;
        }
        let before = at.checked_sub(1).map_or("", |before| tokens[before].as_str());
        let mut path = vec![tokens[at].clone()];
        let mut end = at + 1;
        let word = |at: usize| {
            tokens.get(at).filter(|token| token.starts_with(|c: char| c == '_' || c.is_alphabetic()))
        };
        while let (true, Some(next)) = (is(end, &["::"]), word(end + 1)) {
            path.push(next.clone());
            end += 2;
        }
        if !matches!(before, "." | "fn") {
            self.names.insert(path[0].clone());
        }
        if path.len() > 1 && !matches!(before, "$" | "::") {
            self.paths.push(path);
        }
        end
    }

    fn import(&self, name: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.name == name)
    }
}

/// The files of a crate by module.
struct Crate(BTreeMap<Module, File>);

impl Crate {
    fn of<'a>(files: impl IntoIterator<Item = (&'a Path, String)>) -> Self {
        let modules = files.into_iter().filter_map(|(path, text)| Some((module(path)?, File::read(&text))));
        Self(modules.collect())
    }

    /// The module that holds what a path in `from` leads to; `None` outside the crate.
    fn holder(&self, from: &[String], path: &[String], steps: usize) -> Option<Module> {
        let first = path.first().filter(|_| steps < MOST_STEPS)?;
        let mut place = from.to_vec();
        let mut rest = path;
        match first.as_str() {
            "crate" => (place, rest) = (Module::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while let Some(more) = rest.strip_prefix(&["super".to_owned()]) {
                    place.pop()?;
                    rest = more;
                }
            }
            _ if self.0.contains_key(&child(from, first)) => {}
            _ if steps == 0 => return None,
            _ => {
                let import = self.0.get(from)?.import(first).filter(|import| import.path != path)?;
                return self.holder(from, &[&import.path, &path[1..]].concat(), steps + 1);
            }
        }
        while let Some(next) = rest.first() {
            let inner = child(&place, next);
            if self.0.contains_key(&inner) {
                (place, rest) = (inner, &rest[1..]);
            } else if let Some(import) = self.0.get(&place)?.import(next) {
                return self.holder(&place, &[&import.path, &rest[1..]].concat(), steps + 1);
            } else {
                break;
            }
        }
        self.0.contains_key(&place).then_some(place)
    }

    /// The modules that a file needs.
    fn needs(&self, module: &Module, file: &File) -> BTreeSet<Module> {
        let imported = file.imports.iter().filter_map(|import| {
            let holder = self.holder(module, &import.path, 0)?;
            let facade = import.public && holder.starts_with(module) && !file.names.contains(&import.name);
            (!facade).then_some(holder)
        });
        let written = file.paths.iter().filter_map(|path| {
            let begins = matches!(path[0].as_str(), "crate" | "super" | "self");
            (begins || file.import(&path[0]).is_none()).then(|| self.holder(module, path, 0)).flatten()
        });
        imported.chain(written).filter(|needed| needed != module).collect()
    }

    /// Every set of modules of which each needs every other, by a detour or none.
    fn circles(&self) -> BTreeSet<BTreeSet<Module>> {
        let needs: BTreeMap<&Module, BTreeSet<Module>> =
            self.0.iter().map(|(module, file)| (module, self.needs(module, file))).collect();
        let reached = |from: &Module| {
            let mut reached = BTreeSet::new();
            let mut next: Vec<&Module> = needs[from].iter().collect();
            while let Some(module) = next.pop() {
                if reached.insert(module) {
                    next.extend(&needs[module]);
                }
            }
            reached
        };
        let all: BTreeMap<&Module, BTreeSet<&Module>> =
            needs.keys().map(|module| (*module, reached(module))).collect();
        all.iter()
            .filter(|(module, reached)| reached.contains(*module))
            .map(|(module, reached)| {
                reached.iter().filter(|other| all[*other].contains(module)).copied().cloned().collect()
            })
            .collect()
    }
}

fn child(of: &[String], name: &str) -> Module {
    [of, &[name.to_owned()]].concat()
}

/// The module of a file below `src`; `None` for programs, which nobody imports, and for tests.
fn module(path: &Path) -> Option<Module> {
    let mut parts: Module =
        path.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if parts.iter().any(|part| part == "tests") || parts == ["main"] {
        return None;
    }
    if parts == ["lib"] || parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    Some(parts)
}

#[test]
fn no_files_of_a_layer_depend_on_each_other_in_a_circle() {
    let mut problems = Vec::new();
    let mut read = 0;
    for folder in code_folders() {
        let mut paths = Vec::new();
        rust_files(&folder, &mut paths);
        let inside = |path| Path::strip_prefix(path, &folder).unwrap();
        let files = Crate::of(paths.iter().map(|path| (inside(path), fs::read_to_string(path).unwrap())));
        read += files.0.len();
        for circle in files.circles() {
            let named: Vec<String> = circle
                .iter()
                .map(|module| if module.is_empty() { "lib".to_owned() } else { module.join("::") })
                .collect();
            problems.push(format!("{}: a circle of {}", folder.display(), named.join(", ")));
        }
    }
    assert!(read > 200, "the walk over the workspace found only {read} files");
    report(&problems);
}

#[test]
fn the_finder_sees_a_circle_through_a_name_that_the_parent_hands_on() {
    let of = |files: [(&str, &str); 4]| {
        Crate::of(files.map(|(path, text)| (Path::new(path), text.to_owned()))).circles().len()
    };
    let lib = ("lib.rs", "mod hall;");
    let hall = ("hall/mod.rs", "mod door; mod key; pub use door::Door; pub(super) use key::Key;");
    let door =
        ("hall/door.rs", "use super::{Key}; /// `super::Door` in words is no need.\npub struct Door(Key);");

    assert_eq!(of([lib, hall, door, ("hall/key.rs", "pub struct Key(&'static str);")]), 0);
    assert_eq!(of([lib, hall, door, ("hall/key.rs", "pub struct Key(crate::hall::Door);")]), 1);
    let needy = ("hall/mod.rs", "mod door; mod key; pub use door::Door; pub struct Key(Door);");
    assert_eq!(of([lib, needy, door, ("hall/key.rs", "")]), 1);
}
