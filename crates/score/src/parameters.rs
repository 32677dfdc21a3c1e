//! Which engine reads the parameters of an encoder.

use std::sync::Arc;

use super::EngineKind;
use super::encoder::{BertShape, EngineOfEncoder, Parameters, ReadParameters, Tensors, Weights};

/// The engine with its way to read parameters. A program without the engine says so before it reads
/// anything.
#[cfg_attr(
    feature = "rust-bert",
    expect(clippy::unnecessary_wraps, reason = "fails in a program that was built without the engine")
)]
pub(super) fn on(engine: EngineKind) -> Result<EngineOfEncoder, String> {
    let read_parameters: ReadParameters = match engine {
        EngineKind::Embedded => embedded,
        #[cfg(feature = "rust-bert")]
        EngineKind::RustBert => libtorch,
        #[cfg(not(feature = "rust-bert"))]
        EngineKind::RustBert => return Err(super::engine::NOT_BUILT.to_owned()),
    };
    Ok(EngineOfEncoder { engine, read_parameters })
}

fn embedded(tensors: &Tensors<'_>, shape: &BertShape) -> Result<Box<dyn Parameters>, String> {
    Ok(Box::new(Arc::new(Weights::read(tensors, shape)?)))
}

#[cfg(feature = "rust-bert")]
fn libtorch(tensors: &Tensors<'_>, shape: &BertShape) -> Result<Box<dyn Parameters>, String> {
    Ok(Box::new(super::torch::Encoder::read(tensors, shape)?))
}
