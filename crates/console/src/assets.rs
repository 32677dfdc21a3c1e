//! Style sheet, script and icon, compiled into the binary.

use std::sync::LazyLock;

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "src/assets/"]
struct AssetFiles;

/// One file as it is served under `/static/`.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Content of the file.
    pub body: std::borrow::Cow<'static, [u8]>,
    /// Media type with charset.
    pub media_type: &'static str,
    /// First 16 hexadecimal digits of its SHA-256: the entity tag, and the version in its URL.
    pub version: String,
}

/// The file of that name, for example `console.css`.
#[must_use]
pub fn asset(name: &str) -> Option<Asset> {
    let file = AssetFiles::get(name)?;
    let version = version_of(&file);
    Some(Asset { media_type: media_type(name), version, body: file.data })
}

/// The URL of a file. Its version is part of it, so a browser may keep the file for ever and still
/// gets the new one after an upgrade.
#[must_use]
pub fn asset_url(name: &str) -> String {
    asset(name)
        .map_or_else(|| format!("/static/{name}"), |asset| format!("/static/{name}?v={}", asset.version))
}

/// The URLs that every page names, made once.
pub(super) static CSS: LazyLock<String> = LazyLock::new(|| asset_url("console.css"));
pub(super) static JS: LazyLock<String> = LazyLock::new(|| asset_url("console.js"));
pub(super) static ICON: LazyLock<String> = LazyLock::new(|| asset_url("icon.svg"));

fn version_of(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let half: [u8; 8] = std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default());
    format!("{:016x}", u64::from_be_bytes(half))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_a_page_names_is_there_and_names_its_version() {
        for url in [&*CSS, &*JS, &*ICON] {
            assert!(url.contains("?v="), "{url}");
        }
        assert!(asset("../mod.rs").is_none());
    }

    #[test]
    fn the_console_loads_nothing_from_elsewhere() {
        for name in AssetFiles::iter() {
            let file = AssetFiles::get(&name).unwrap();
            let text = String::from_utf8(file.data.into_owned()).unwrap();
            let outside = text.replace("http://www.w3.org/", "");

            assert!(!outside.contains("http://") && !outside.contains("https://"), "{name}");
            assert!(!text.contains("@import") && !text.contains("eval("), "{name}");
        }
    }
}
