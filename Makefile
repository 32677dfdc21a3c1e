# The same words as CI and the README.
.PHONY: demo day test fmt lint docs bench fuzz hostile pages keys resilience advisories sbom wheel wheel-test contract

demo:   ## fill a throw-away database with an invented quarter and serve the console
	cargo run --release -- demo

day:    ## play a day with an outage before a real Prometheus; which alerts fired, and when
	cargo build --release
	scripts/day.py

test:   ## everything that must hold before a change is merged
	scripts/test.sh

fmt:
	cargo fmt

lint:
	cargo clippy --all-targets -- -D warnings

docs:   ## rewrite what is generated: metrics, OpenAPI, samples, alert rules, dashboards
	scripts/prometheus_rules.py
	scripts/dashboards.py
	UPDATE_DOCS=1 cargo test --test it

bench:  ## run the benches and print the table of docs/performance.md
	scripts/bench.sh

pages:  ## every page of the console as each role sees it, as pictures in target/pages
	scripts/pages.py

keys:   ## what a verdict costs: keys, page loads and server time of 100 flags judged by keys
	scripts/keys.py

sbom:   ## what the binary is made of, as CycloneDX; builds the tool once, from crates.io
	scripts/sbom.sh

fuzz:   ## every fuzz target for a minute (FUZZ_SECONDS); needs cargo-fuzz
	scripts/fuzz.sh

hostile: ## 500 broken files, then a gigabyte of NDJSON and a workbook of 200,000 rows
	cargo build --release
	scripts/hostile.py
	scripts/hostile.py --big

resilience: ## break the program on purpose; writes docs/evidence.md
	scripts/resilience.sh

advisories: ## known weaknesses of what is linked; fetches the database, so it needs a network
	scripts/test-tools.sh
	target/tools/checks/bin/cargo-deny --locked --log-level error check advisories

wheel:  ## the Python package as one wheel, target/wheels; needs PyPI once
	scripts/wheel.sh

wheel-test: ## the same, its tests and its notebook
	scripts/wheel.sh test

contract: ## the running service against docs/openapi.json; needs PyPI once
	scripts/contract.sh
