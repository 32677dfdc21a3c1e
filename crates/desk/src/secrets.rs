//! Random tokens, their digests, and passwords.
//!
//! A token of 256 random bits cannot be guessed, so a plain SHA-256 of it is what the store keeps
//! and looks up. A password can be guessed, so it is kept as Argon2id, which makes every guess cost
//! memory.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every API key begins with, so that a leaked one can be recognised by a secret scanner.
pub const API_KEY_PREFIX: &str = "tx_";

/// Shortest password that is accepted, in characters.
///
/// **Source**: NIST SP 800-63B-4 and OWASP ASVS 5.0 item 6.2.1. Longer is advised, see
/// [`ADVISED_PASSWORD_CHARS`].
pub const MIN_PASSWORD_CHARS: usize = 8;

/// Password length that the console and the command line recommend, in characters (ASVS 5.0 item
/// 6.2.1).
pub const ADVISED_PASSWORD_CHARS: usize = 15;

/// Longest password that is accepted, in bytes. Far above the 64 characters that ASVS item 6.2.9
/// asks for, and small enough that hashing it costs nothing beside Argon2 itself.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// Memory of one Argon2id run in KiB. **Source**: the OWASP password storage cheat sheet's second
/// setting (19 MiB, 2 passes, 1 lane).
const ARGON2_MEMORY_KIB: u32 = 19 * 1024;
const ARGON2_PASSES: u32 = 2;
const ARGON2_LANES: u32 = 1;

/// One password a line, lower case.
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoEntropy(#[source] getrandom::Error);

/// Why a password is not accepted. The text never repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`MIN_PASSWORD_CHARS`].
    #[error(
        "a password needs at least {MIN_PASSWORD_CHARS} characters; {ADVISED_PASSWORD_CHARS} or more are advised"
    )]
    TooShort,
    /// More than [`MAX_PASSWORD_BYTES`].
    #[error("a password may have at most {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
    /// Stands in the list of common passwords, or repeats the account's name.
    #[error("this password is among the first that an attacker tries; choose another")]
    Common,
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed: {0}")]
pub struct HashFailed(String);

/// A random 256-bit secret as 64 hexadecimal digits.
///
/// # Errors
/// [`NoEntropy`].
pub fn random_token() -> Result<String, NoEntropy> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(NoEntropy)?;
    Ok(hex(&bytes))
}

/// A new API key, [`API_KEY_PREFIX`] and 256 random bits. It is shown once and kept as [`digest`].
///
/// # Errors
/// [`NoEntropy`].
pub fn new_api_key() -> Result<String, NoEntropy> {
    random_token().map(|token| format!("{API_KEY_PREFIX}{token}"))
}

/// The first characters of an API key, by which people recognise it: the prefix and 32 of its 256
/// bits.
#[must_use]
pub fn api_key_label(key: &str) -> String {
    key.chars().take(API_KEY_PREFIX.len() + 8).collect()
}

/// SHA-256 of a token or a body, lower-case hexadecimal.
#[must_use]
pub fn digest(secret: &[u8]) -> String {
    hex(&Sha256::digest(secret))
}

/// HMAC-SHA-256.
///
/// # Panics
/// Never: HMAC takes keys of every length.
#[must_use]
pub fn mac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-256 of a text, lower-case hexadecimal: whoever lacks the key cannot make it.
///
/// # Panics
/// Never: HMAC takes keys of every length.
#[must_use]
pub fn seal(key: &str, text: &str) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut seal = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of every length");
    seal.update(text.as_bytes());
    hex(&seal.finalize().into_bytes())
}

/// Whether two secrets are equal, in a time that does not depend on where they differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Checks a new password of account `name`: long enough, not too long, not a common one. There are
/// no rules about kinds of characters: they make passwords worse (ASVS 5.0 item 6.2.5).
///
/// # Errors
/// [`WeakPassword`] says what to change.
pub fn check_password(name: &str, password: &str) -> Result<(), WeakPassword> {
    let lower = password.to_lowercase();
    if password.chars().count() < MIN_PASSWORD_CHARS {
        Err(WeakPassword::TooShort)
    } else if password.len() > MAX_PASSWORD_BYTES {
        Err(WeakPassword::TooLong)
    } else if is_common(&lower) || lower == name.to_lowercase() {
        Err(WeakPassword::Common)
    } else {
        Ok(())
    }
}

/// Hashes a password with a fresh salt. Takes tens of milliseconds and 19 MiB: keep it off an event
/// loop.
///
/// # Errors
/// [`HashFailed`] when the operating system gives no salt.
pub fn hash_password(password: &str) -> Result<String, HashFailed> {
    let hash = hasher()?.hash_password(password.as_bytes()).map_err(|e| HashFailed(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether `password` is the one that `stored` was made from; takes as long as hashing one.
///
/// `None` stands for an account that does not exist: the same work is done in vain, so that the
/// time of the answer does not tell which names exist.
#[must_use]
pub fn verify_password(stored: Option<&str>, password: &str) -> bool {
    if password.len() > MAX_PASSWORD_BYTES {
        return false;
    }
    let Some(known) = stored.and_then(|hash| PasswordHash::new(hash).ok()) else {
        // The result is of no interest, only the time it takes.
        let _ = hash_password(password);
        return false;
    };
    hasher().is_ok_and(|argon| argon.verify_password(password.as_bytes(), &known).is_ok())
}

fn hasher() -> Result<Argon2<'static>, HashFailed> {
    let params = Params::new(ARGON2_MEMORY_KIB, ARGON2_PASSES, ARGON2_LANES, None)
        .map_err(|e| HashFailed(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_common(lower: &str) -> bool {
    let repeated = lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 3;
    repeated || COMMON_PASSWORDS.lines().any(|common| common == lower)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let stored = hash_password("五月的风很大").unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify_password(Some(&stored), "五月的风很大"));
        assert!(!verify_password(Some(&stored), "五月的风很小"));
        assert!(!verify_password(None, "五月的风很大"));
        assert!(!verify_password(Some("not a hash"), "五月的风很大"));
    }

    #[test]
    fn length_and_the_list_decide_and_nothing_else() {
        assert_eq!(check_password("li", "Xy9!Xy9"), Err(WeakPassword::TooShort));
        assert_eq!(check_password("li", "Password123"), Err(WeakPassword::Common));
        assert_eq!(check_password("li", "88888888"), Err(WeakPassword::Common));
        assert_eq!(check_password("zhang.wei", "Zhang.Wei"), Err(WeakPassword::Common));
        assert_eq!(check_password("li", &"长".repeat(400)), Err(WeakPassword::TooLong));
        assert_eq!(check_password("li", "only letters in here"), Ok(()));
        assert_eq!(check_password("li", "五月的风一直很大"), Ok(()));
    }

    #[test]
    fn two_keys_differ_and_each_has_256_bits() {
        let (one, two) = (new_api_key().unwrap(), new_api_key().unwrap());

        assert_ne!(one, two);
        assert_eq!(one.len(), API_KEY_PREFIX.len() + 64);
        assert_eq!(api_key_label(&one).len(), API_KEY_PREFIX.len() + 8);
        assert!(one.starts_with(&api_key_label(&one)));
    }

    #[test]
    fn a_digest_is_the_published_one() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "abcd"));
    }
}
