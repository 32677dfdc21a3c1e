//! Text that is read whole, because only the whole shows what it is: subtitles, minutes, copied chats.

use std::collections::VecDeque;
use std::io::Read as _;
use std::sync::Arc;

use super::assemble::Assembler;
use super::item::{Placed, ReadError, ReadOptions};
use super::lines::{Input, damaged, failed, is_damaged};
use super::told::{Document, FileForm};
use super::{code, limits};
use crate::domain::Refusal;

/// The contacts of a text in `form`.
pub(super) struct WholeStream {
    input: Option<Input>,
    form: &'static dyn FileForm,
    assembler: Assembler,
    name: Arc<str>,
    ready: VecDeque<Result<Placed, ReadError>>,
}

impl WholeStream {
    pub(super) fn new(input: Input, name: &str, options: &ReadOptions, form: &'static dyn FileForm) -> Self {
        let name: Arc<str> = name.into();
        let assembler = Assembler::new(&name, options);
        Self { input: Some(input), form, assembler, name, ready: VecDeque::new() }
    }

    fn read(&mut self, input: Input) -> Result<(), ReadError> {
        let mut bytes = Vec::new();
        let most = u64::try_from(limits::DOCUMENT_BYTES).unwrap_or(u64::MAX);
        input
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|cause| failed(&self.name, cause))?;
        let refused = |refusal: Refusal| ReadError::Refused(refusal.in_file(&self.name, 1));
        if bytes.len() > limits::DOCUMENT_BYTES {
            let message = format!("longer than {} MiB", limits::DOCUMENT_BYTES / 1024 / 1024);
            return Err(refused(Refusal::new(code::TOO_LARGE, message)));
        }
        if is_damaged(&bytes) {
            return Err(refused(damaged()));
        }
        let text = String::from_utf8(bytes).map_err(|_| refused(damaged()))?;
        let told = self.form.contacts(&Document::Text(&text)).map_err(refused)?;
        for told in told {
            self.ready.extend(self.assembler.put(told, self.form.name(), 1));
        }
        Ok(())
    }
}

impl Iterator for WholeStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(input) = self.input.take()
            && let Err(error) = self.read(input)
        {
            return Some(Err(error));
        }
        self.ready.pop_front()
    }
}
