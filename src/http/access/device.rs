//! Browsers in which an account has logged in before.
//!
//! After a login the browser keeps a random number, sealed for that account. It opens nothing:
//! whoever brings it is counted apart from everybody else when a password is wrong, so that
//! strangers cannot slow down the owner of an account (OWASP, «Slow down online guessing attacks
//! with device cookies»).

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::http::exposure::Exposure;
use crate::secrets::{self, NoEntropy};

/// As long as somebody may be away: after that the browser is a stranger again.
const REMEMBERED: Duration = Duration::days(90);

/// Longest value that is looked at, in bytes; ours have 129.
const MAX_BYTES: usize = 256;

/// Name of the cookie.
pub(super) const fn cookie_name(exposure: &Exposure) -> &'static str {
    if exposure.secure_cookies { "__Host-tingxin_device" } else { "tingxin_device" }
}

/// A new mark for the browser.
pub(super) fn mark(exposure: &Exposure, key: &str, account: &str) -> Result<Cookie<'static>, NoEntropy> {
    let number = secrets::random_token()?;
    let value = format!("{number}.{}", seal(key, account, &number));
    let cookie = Cookie::build(cookie_name(exposure), value).path("/").http_only(true).max_age(REMEMBERED);
    Ok(cookie.same_site(SameSite::Strict).secure(exposure.secure_cookies).finish())
}

/// The number of the browser, if the mark was made for this account.
pub(super) fn known<'a>(key: &str, account: &str, value: &'a str) -> Option<&'a str> {
    let (number, sealed) = value.split_once('.').filter(|_| value.len() <= MAX_BYTES)?;
    secrets::same(sealed, &seal(key, account, number)).then_some(number)
}

fn seal(key: &str, account: &str, number: &str) -> String {
    // The number is hexadecimal: no account name can move the border between the two.
    secrets::seal(key, &format!("{number} {account}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_good_for_one_account_and_cannot_be_made_up() {
        let cookie = mark(&Exposure::default(), "key", "li").unwrap();
        let value = cookie.value();

        assert_eq!(known("key", "li", value), value.split('.').next());
        assert_eq!(known("key", "wang", value), None);
        assert_eq!(known("other", "li", value), None);
        for made_up in ["", ".", "00", "00.00", &"0".repeat(9000)] {
            assert_eq!(known("key", "li", made_up), None, "{made_up}");
        }
    }
}
