//! A file of nothing but faults is given up: nobody reads a million refusals, and whoever sends them on purpose would
//! hold a processor for minutes.

use super::item::{ContactStream, Placed, ReadError};
use super::{code, limits};
use crate::domain::Refusal;

/// A stream that ends when too much of it is refused in a row.
pub(super) struct GivenUp {
    inner: ContactStream,
    name: String,
    in_a_row: usize,
    over: bool,
}

impl GivenUp {
    pub(super) fn new(inner: ContactStream, name: &str) -> Self {
        Self { inner, name: name.to_owned(), in_a_row: 0, over: false }
    }
}

impl Iterator for GivenUp {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        if self.in_a_row >= limits::REFUSED_IN_A_ROW {
            self.over = true;
            let message = format!(
                "{} entries in a row are no contacts: the rest of the file is not read; `--explain` says how it was understood",
                limits::REFUSED_IN_A_ROW
            );
            return Some(Err(ReadError::Refused(
                Refusal::new(code::TOO_LARGE, message).in_file(&self.name, 1),
            )));
        }
        let item = self.inner.next()?;
        match &item {
            Err(ReadError::Refused(_)) => self.in_a_row += 1,
            Ok(_) => self.in_a_row = 0,
            Err(_) => {}
        }
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::{ReadOptions, read};
    use super::*;

    #[test]
    fn a_file_of_nothing_but_faults_is_given_up_and_one_contact_among_them_is_not_lost() {
        let fault = "{\"a\":\"宽\"}\n";
        let contact = "{\"contact_id\":\"c-1\",\"channel\":\"hotline\",\"utterances\":[{\"speaker\":\"customer\",\"text\":\"您好\"}]}\n";
        let lines = fault.repeat(6_000) + contact + &fault.repeat(20_000) + contact;

        let items: Vec<_> =
            read(Box::new(Cursor::new(lines)), "faults.ndjson", &ReadOptions::default()).collect();

        assert_eq!(items.iter().filter(|item| item.is_ok()).count(), 1);
        assert_eq!(items.len(), 6_000 + 1 + limits::REFUSED_IN_A_ROW + 1);
        let Some(Err(ReadError::Refused(last))) = items.last() else { panic!("a refusal") };
        assert_eq!(last.code, "too_large");
        assert!(last.message.contains("the rest of the file is not read"), "{}", last.message);
    }
}
