#!/usr/bin/env bash
# Works off a hundred flags of the demo by keys in Chromium, and prints keys, pages and the server's time per verdict.
# Wanted: at most 3 keys a verdict, no full page load, 95 % of the verdicts within 100 ms.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo test --test browser ${PROFILE:+--profile "$PROFILE"} -- hundred --nocapture
