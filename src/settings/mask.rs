//! Database URLs without their secrets.

/// The URL with its password, in the authority or in the query, replaced by `****`.
#[must_use]
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let authority_end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    // The last `@`: a password that was not percent-encoded may hold one.
    let shown = match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{name}:****@{host}"),
            None => authority.to_owned(),
        },
        None => authority.to_owned(),
    };
    let mut masked = format!("{scheme}://{shown}{path}");
    if let Some(query) = query {
        masked.push('?');
        let pairs: Vec<_> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}=****"),
                _ => pair.to_owned(),
            })
            .collect();
        masked.push_str(&pairs.join("&"));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_the_url_shows_the_password() {
        for (url, shown) in [
            ("postgres://tingxin:geheim@db/tingxin", "postgres://tingxin:****@db/tingxin"),
            ("postgres://tingxin:ge@heim@db:5432/tingxin", "postgres://tingxin:****@db:5432/tingxin"),
            ("postgres://db/tingxin?user=a&password=geheim", "postgres://db/tingxin?user=a&password=****"),
            ("postgres://tingxin@db/tingxin", "postgres://tingxin@db/tingxin"),
            ("sqlite://tingxin.db?mode=rwc", "sqlite://tingxin.db?mode=rwc"),
            ("sqlite::memory:", "sqlite::memory:"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
