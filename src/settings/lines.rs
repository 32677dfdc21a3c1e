//! The effective settings as text, without secrets.

use std::fmt::{Debug, Display, Formatter, Result};

use super::mask::without_password;
use super::{LimitSettings, Loaded, Settings, source};

impl Settings {
    /// Every setting with its value as TOML; the database password is masked.
    fn lines(&self) -> Vec<(&'static str, String)> {
        // Destructured without `..`: whoever adds a setting decides here whether it is a secret.
        let Self {
            listen,
            metrics_listen,
            metrics_token_file,
            role,
            database_url,
            key_file,
            model,
            engine,
            threads,
            lane_queue,
            log,
            session_hours,
            session_idle_minutes,
            secure_cookies,
            trusted_proxies,
            proxy_header,
            limits,
            retention,
            appeals,
            review,
            hooks,
            sources,
            traces,
        } = self;
        let LimitSettings {
            body_bytes,
            body_seconds,
            in_flight,
            bulk_streams,
            requests_per_second,
            request_burst,
            oldest_unscored_seconds,
            held_audit_entries,
        } = limits;
        let text = |value: &str| serde_json::Value::from(value).to_string();
        let proxies: Vec<_> = trusted_proxies.iter().map(|address| text(&address.to_string())).collect();
        let mut lines = vec![
            ("listen", text(&listen.to_string())),
            ("metrics_listen", text(&metrics_listen.map(|address| address.to_string()).unwrap_or_default())),
            ("metrics_token_file", text(&metrics_token_file.to_string_lossy())),
            ("role", text(role.as_str())),
            ("database_url", text(&without_password(database_url))),
            ("key_file", text(&key_file.to_string_lossy())),
            ("model", text(model)),
            ("engine", text(engine.as_str())),
            ("threads", threads.to_string()),
            ("lane_queue", lane_queue.to_string()),
            ("log", text(log)),
            ("session_hours", session_hours.to_string()),
            ("session_idle_minutes", session_idle_minutes.to_string()),
            ("secure_cookies", secure_cookies.to_string()),
            ("trusted_proxies", format!("[{}]", proxies.join(", "))),
            ("proxy_header", text(proxy_header.name())),
            ("limits.body_bytes", body_bytes.to_string()),
            ("limits.body_seconds", body_seconds.to_string()),
            ("limits.in_flight", in_flight.to_string()),
            ("limits.bulk_streams", bulk_streams.to_string()),
            ("limits.requests_per_second", requests_per_second.to_string()),
            ("limits.request_burst", request_burst.to_string()),
            ("limits.oldest_unscored_seconds", oldest_unscored_seconds.to_string()),
            ("limits.held_audit_entries", held_audit_entries.to_string()),
        ];
        let others = retention.lines().into_iter().chain(appeals.lines()).chain(review.lines());
        lines.extend(others.chain(hooks.lines()).chain(traces.lines()).chain(sources.lines()));
        lines
    }
}

impl Debug for Settings {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_map().entries(self.lines()).finish()
    }
}

impl Display for Loaded {
    /// The effective settings as TOML, each with the place it came from.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (name, value) in self.settings.lines() {
            let line = format!("{name} = {value}");
            writeln!(f, "{line:<48} # {}", source::place_of(&self.figment, name))?;
        }
        Ok(())
    }
}
