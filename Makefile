# The same words as CI and the README.
.PHONY: demo test fmt lint docs bench resilience advisories sbom

demo:   ## fill a throw-away database with an invented quarter and serve the console
	cargo run --release -- demo

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

sbom:   ## what the binary is made of, as CycloneDX; builds the tool once, from crates.io
	scripts/sbom.sh

resilience: ## break the program on purpose; writes docs/evidence.md
	scripts/resilience.sh

advisories: ## known weaknesses of what is linked; fetches the database, so it needs a network
	scripts/test-tools.sh
	target/tools/checks/bin/cargo-deny --locked --log-level error check advisories
