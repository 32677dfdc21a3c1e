//! Prints what the tagger of redaction knows about every line of standard input, for `models/redaction/train.py`.
//!
//! ```text
//! cargo run -p tingxin-text --example tagger_traits < texts > traits
//! ```
//!
//! A line is a JSON string. For each line, in little-endian 32-bit numbers: how many characters; for each its first
//! and last place in the line, how many traits and how many keys of the gate it has, then these; how many places the rules find, then their first
//! and last places. With `traits` as argument there are none, with `places` those that rules and tagger find together.

use std::error::Error;
use std::io::{BufRead as _, BufWriter, Write, stdin, stdout};

use tingxin_text::domain::RawText;
use tingxin_text::redact::{CharacterTraits, PseudonymKey, Redactor, traits_of};

fn main() -> Result<(), Box<dyn Error>> {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let argument = std::env::args().nth(1).unwrap_or_default();
    let mut out = BufWriter::new(stdout().lock());
    let mut write = |number: usize| out.write_all(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    for line in stdin().lock().lines() {
        let text = RawText::new(serde_json::from_str(&line?)?);
        let characters = traits_of(&text);
        write(characters.len())?;
        for CharacterTraits { place, traits, keys } in characters {
            write(place.start)?;
            write(place.end)?;
            write(traits.len())?;
            write(keys.len())?;
            for number in traits.into_iter().chain(keys) {
                write(usize::try_from(number)?)?;
            }
        }
        let places = match argument.as_str() {
            "traits" => Vec::new(),
            "places" => redactor.places(&text),
            _ => redactor.rules(&text),
        };
        write(places.len())?;
        for place in places {
            write(place.span.start)?;
            write(place.span.end)?;
        }
    }
    out.flush()?;
    Ok(())
}
