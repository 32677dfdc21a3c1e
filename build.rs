//! Tells programs with the feature `rust-bert` where libtorch lies, so that they find it without
//! `LD_LIBRARY_PATH`. Does nothing without the feature.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_RUST_BERT").is_none() {
        return;
    }
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    if let Some(folder) = std::env::var_os("LIBTORCH") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}/lib", folder.display());
    }
}
