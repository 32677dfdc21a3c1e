//! Text → token numbers with their places.

use tokenizers::Tokenizer;

/// A text as token numbers, without the special tokens.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) ids: Vec<u32>,
    /// Where each token stands in the text, in characters.
    pub(crate) places: Vec<(usize, usize)>,
}

/// A tokenizer with its beginning and end marks.
pub(crate) struct TokenReader {
    tokenizer: Tokenizer,
    begin: u32,
    end: u32,
}

impl TokenReader {
    /// Reads a `tokenizer.json`. `vocabulary` is the number of tokens that the model knows.
    pub(crate) fn new(file: &[u8], vocabulary: usize) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(file).map_err(|cause| cause.to_string())?;
        // Cutting and filling up are the model's business: it neither loses words nor pads.
        tokenizer.with_truncation(None).map_err(|cause| cause.to_string())?;
        tokenizer.with_padding(None);
        let last = tokenizer.get_vocab(true).into_values().max().and_then(|id| usize::try_from(id).ok());
        if last.is_none_or(|last| last >= vocabulary) {
            return Err("the tokenizer has more tokens than the weights".to_owned());
        }
        let mark = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| tokenizer.token_to_id(name));
            found.ok_or_else(|| format!("the tokenizer has neither {} nor {}", names[0], names[1]))
        };
        let (begin, end) = (mark(["<s>", "[CLS]"])?, mark(["</s>", "[SEP]"])?);
        Ok(Self { tokenizer, begin, end })
    }

    /// Cuts a text into tokens.
    pub(crate) fn read(&self, text: &str) -> Result<Tokens, String> {
        let encoding = self.tokenizer.encode_char_offsets(text, false).map_err(|cause| cause.to_string())?;
        Ok(Tokens { ids: encoding.get_ids().to_vec(), places: encoding.get_offsets().to_vec() })
    }

    /// Parts of at most `inner` tokens, each with its marks. A text without tokens is one part.
    pub(crate) fn parts(&self, ids: &[u32], inner: usize) -> Vec<Vec<u32>> {
        let marked = |part: &[u32]| {
            let mut marked = Vec::with_capacity(part.len() + 2);
            marked.push(self.begin);
            marked.extend_from_slice(part);
            marked.push(self.end);
            marked
        };
        if ids.is_empty() { vec![marked(&[])] } else { ids.chunks(inner).map(marked).collect() }
    }
}
