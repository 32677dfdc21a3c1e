//! Bodies that are packed with gzip, unpacked as they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::dev::{Decompress, Payload};
use actix_web::error::PayloadError;
use actix_web::http::header::{self, ContentEncoding, HeaderMap};
use actix_web::web::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};

use super::error::{ApiError, Problem};

/// Bytes that are unpacked at once: what comes out is at most a thousand times as much.
const PIECE: usize = 1024;

/// So many times larger than packed is nobody's stream of contacts, as in `ingest::archive`.
const MOST_TIMES: usize = 200;

/// Unpacked bytes that are let through whatever they were packed into.
const LET_THROUGH: usize = 64 * 1024 * 1024;

type UnpackedPart = Result<Bytes, PayloadError>;

/// Whether a body is packed with gzip.
///
/// # Errors
/// [`Problem::UnsupportedMediaType`] when it is packed in another way.
pub(super) fn is_gzip(headers: &HeaderMap) -> Result<bool, ApiError> {
    let named = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or_default());
    match named.map(str::to_ascii_lowercase).as_deref() {
        None | Some("identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(_) => {
            let detail = "send the body as it is or with `Content-Encoding: gzip`";
            Err(ApiError::new(Problem::UnsupportedMediaType, detail))
        }
    }
}

/// The same body unpacked. Ends with [`PayloadError::Overflow`] when far more comes out than went in.
pub(super) fn unpacked(payload: Payload) -> Payload {
    let packed = Arc::new(AtomicUsize::new(0));
    let pieces = Box::pin(in_pieces(payload, Arc::clone(&packed)));
    let mut unpacked = 0_usize;
    let parts = Decompress::new(pieces, ContentEncoding::Gzip).map(move |part: UnpackedPart| {
        let part = part?;
        unpacked = unpacked.saturating_add(part.len());
        let most = packed.load(Ordering::Relaxed).saturating_mul(MOST_TIMES);
        if unpacked > LET_THROUGH && unpacked > most { Err(PayloadError::Overflow) } else { Ok(part) }
    });
    Payload::Stream { payload: Box::pin(parts) }
}

/// Cuts what comes into pieces and counts them. A part of a body is 64 KiB, and a bomb would make
/// 64 MiB of it before anybody could look.
fn in_pieces(payload: Payload, count: Arc<AtomicUsize>) -> impl Stream<Item = UnpackedPart> {
    payload.flat_map(move |part| {
        let pieces: Vec<UnpackedPart> = match part {
            Ok(part) => {
                count.fetch_add(part.len(), Ordering::Relaxed);
                part.chunks(PIECE).map(|piece| Ok(part.slice_ref(piece))).collect()
            }
            Err(broken) => vec![Err(broken)],
        };
        stream::iter(pieces)
    })
}

/// Why a body ended before its end.
pub(super) fn broken(cause: &PayloadError) -> ApiError {
    match cause {
        PayloadError::Overflow => {
            let detail = "the body unpacks to more than 200 times its size: nobody's contacts do";
            ApiError::new(Problem::BodyTooLarge, detail)
        }
        PayloadError::EncodingCorrupted | PayloadError::Io(_) => {
            ApiError::new(Problem::InvalidJson, "the body broke off or is not packed with gzip")
        }
        _ => ApiError::new(Problem::InvalidJson, "the body broke off"),
    }
}
