//! The sizes above which input is no contact but an accident or an attack.
//!
//! The figures are those of the fault model: a contact is held in memory while it is worked on, so
//! its size bounds the memory of the whole service.

/// Longest JSON text of one contact, in bytes; also the longest line of any file.
pub(super) const CONTACT_BYTES: usize = 2 * 1024 * 1024;
/// Most turns of a transcript, and most sentences of a note.
pub(super) const UTTERANCES: usize = 20_000;
/// Longest turn, in UTF-8 bytes.
pub(super) const UTTERANCE_BYTES: usize = 64 * 1024;
/// Longest note, in UTF-8 bytes.
pub(super) const NOTE_BYTES: usize = 256 * 1024;
/// Longest document of another system that is one contact or a few, such as the JSON of a recogniser with a time for every word.
pub(super) const DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// Most entries in a row of a file that are refused, before the rest of it is. Each costs some thirty microseconds and a sentence.
pub(super) const REFUSED_IN_A_ROW: usize = 10_000;
